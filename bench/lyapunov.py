"""How long do Lyapunov exponents of large structured networks take, in how much memory?

Rank 10 plus a diagonal at n = 10,000: the first 50 exponents. Dense networks of a few hundred units
beside it, and rectified ones along their exact flow. Each size in a process of its own, whose peak
memory is measured; `--json` prints the numbers as JSON.
"""

import argparse
import json
import resource
import subprocess
import sys
import time

import numpy as np
from table import show

import heddle

TAU = 0.01
CASES = {  # kind: n, exponents, time constants averaged over
    "rank 10 + diagonal, n = 1,000": ("structured", 1000, 50, 500),
    "rank 10 + diagonal, n = 10,000": ("structured", 10_000, 50, 500),
    "dense tanh, g = 2, n = 500": ("dense", 500, 50, 1000),
    "dense rectified, exact, n = 100": ("rectified", 100, 20, 1000),
}


def structured(n: int) -> heddle.Network:
    """Self-weights and ten directions with random gains of variance 8²/10."""
    rng = np.random.default_rng(0)
    m = rng.standard_normal((n, 10))
    mix = 8 * rng.standard_normal((10, 10)) / np.sqrt(10)
    weights = heddle.structured_weights(
        diagonal=rng.uniform(-0.5, 0.5, n), low_rank=(m @ mix, m / n)
    )
    return heddle.make_network(weights, channels=0, tau=TAU, response="tanh")


def system(kind: str, n: int):
    if kind == "structured":
        return structured(n)
    if kind == "dense":
        weights = heddle.gaussian_weights(n, 2.0, seed=1)
        return heddle.make_network(weights, channels=0, tau=TAU, response="tanh")
    weights = heddle.gaussian_weights(n, 1.8, seed=1) - 0.5 / n
    network = heddle.Network(
        weights=weights, tau=TAU, response="rectified", bias=np.ones(n), readout=np.zeros((0, n))
    )
    return heddle.input_form(network)


def gib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def measure(name: str) -> dict:
    kind, n, count, constants = CASES[name]
    network = system(kind, n)
    before = gib()
    start = time.perf_counter()
    found = heddle.lyapunov_spectrum(
        network, count=count, duration=constants * TAU, transient=constants * TAU / 5
    )
    seconds = time.perf_counter() - start
    return {
        "case": name,
        "exponents": len(found.exponents),
        "time_constants": constants,
        "seconds": seconds,
        "steps": found.steps,
        "ms_a_step": 1e3 * seconds / found.steps,
        "step_of_tau": found.step / TAU,
        "memory_before_gib": before,
        "memory_gib": gib() - before,
        "tangents_gib": n * count * 8 / 2**30,
        "largest": found.exponents[0] * TAU,
        "standard_error": found.standard_errors[0] * TAU,
        "step_error": found.step_error * TAU,
        "trusted": found.trusted,
        "statement": found.statement,
    }


def alone(name: str) -> dict:
    done = subprocess.run(
        [sys.executable, __file__, "--case", name], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def cells(row: dict) -> list[str]:
    return [
        row["case"],
        str(row["exponents"]),
        f"{row['seconds']:.1f} s for {1.2 * row['time_constants']:.0f} τ",
        f"{row['steps']} of {row['step_of_tau']:.3g} τ",
        f"{row['ms_a_step']:.2f} ms",
        f"{1024 * row['memory_gib']:.0f} MiB ({1024 * row['tangents_gib']:.1f} for Q)",
        f"{row['largest']:.4f} ± {row['standard_error']:.4f}",
        f"{row['step_error']:.0e}",
        "yes" if row["trusted"] else "no",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--case", choices=CASES)
    arguments = parser.parse_args()
    if arguments.case:
        print(json.dumps(measure(arguments.case)))
        return
    rows = [alone(name) for name in CASES]
    if arguments.json:
        print(json.dumps(rows))
        return
    show(
        [
            "network",
            "q",
            "time",
            "steps",
            "a step",
            "added memory",
            "λ₁ τ",
            "by step",
            "trusted",
        ],
        [cells(row) for row in rows],
    )
    for row in rows:
        print(f"{row['case']}: {row['statement']}")


if __name__ == "__main__":
    main()
