"""How fast are optimal preparatory loops found, against the published optimisation in NumPy?

The published network (seed 2, n = 500, 50 loops). NumPy runs until its loss is the published one
and is timed there; Heddle is timed from the network to the loops with all evidence, decay times
included, once as loosely as that loss asks for and once at its default tolerance. One process, one
BLAS thread. `python bench/preparation.py --json` prints the numbers as JSON.
"""

import argparse
import json
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from published_preparation import Descent, adam, published_problem
from scipy.optimize import minimize
from table import show

import heddle

PUBLISHED = {0.0: 0.63368476, 0.01: 0.64046323}
TOLERANCES = (1e-2, 1e-3)


class ReachedError(Exception):
    """The published loss is reached."""


def published_seconds(weights, u, v, w, beta: float, loss: float) -> tuple[float, int]:
    """Seconds and evaluations until the published optimisation is at the published loss."""
    descent = Descent(weights, w, beta)

    def evaluate(raw):
        answer = descent(raw)
        if descent.losses[-1] <= loss:
            raise ReachedError
        return answer

    try:
        raw = adam(evaluate, np.array([u, v]).ravel())
        options = {"maxiter": 200, "ftol": 1e-9, "gtol": 1e-6, "maxcor": 10}
        minimize(evaluate, raw, jac=True, method="L-BFGS-B", options=options)
    except ReachedError:
        return descent.seconds[-1], len(descent.losses)
    return float("nan"), len(descent.losses)


def ours(network, rank: int, beta: float, tolerance: float) -> dict:
    start = time.perf_counter()
    found = heddle.optimise_preparation(network, rank, beta=beta, tolerance=tolerance)
    return {
        "seconds": time.perf_counter() - start,
        "loss": found.loss,
        "evaluations": found.evaluations,
        "decay": (found.time_to_5_percent, found.time_to_1_percent),
    }


def measure(beta: float, n: int, rank: int) -> dict:
    weights, u, v, w = published_problem(n, rank)
    network = heddle.Network(weights=weights, readout=w[None, :], tau=0.01, bias=np.zeros(n))
    # Heddle before and after NumPy, and the slower of the two, in case the machine is not idle.
    runs = [[ours(network, rank, beta, t) for t in TOLERANCES]]
    seconds, evaluations = published_seconds(weights, u, v, w, beta, PUBLISHED[beta])
    runs.append([ours(network, rank, beta, t) for t in TOLERANCES])
    slower = [max(pair, key=lambda run: run["seconds"]) for pair in zip(*runs, strict=True)]
    return {
        "beta": beta,
        "numpy_seconds": seconds,
        "numpy_evaluations": evaluations,
        "heddle": slower,
    }


def rows(result: dict) -> list[list[str]]:
    numpy_cells = [
        f"{result['beta']:g}",
        f"{PUBLISHED[result['beta']]:.5f}",
        f"{result['numpy_seconds']:.1f} s",
        str(result["numpy_evaluations"]),
    ]
    return [
        [
            *numpy_cells,
            f"{tolerance:g}",
            f"{run['loss']:.5f}",
            f"{run['seconds']:.2f} s",
            str(run["evaluations"]),
            f"{result['numpy_seconds'] / run['seconds']:.1f} ×",
            f"{run['decay'][0]:.2f} τ, {run['decay'][1]:.2f} τ",
        ]
        for tolerance, run in zip(TOLERANCES, result["heddle"], strict=True)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    results = [measure(beta, 500, 50) for beta in PUBLISHED]
    if arguments.json:
        print(json.dumps(results))
        return
    print("Preparatory loops, n = 500, 50 loops")
    show(
        [
            "β",
            "published loss",
            "NumPy",
            "evaluations",
            "tolerance",
            "loss",
            "Heddle",
            "evaluations",
            "faster",
            "5 %, 1 %",
        ],
        [row for result in results for row in rows(result)],
    )


if __name__ == "__main__":
    main()
