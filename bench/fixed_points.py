"""All fixed points with proof: how long, how many partial supports, and are they all?

Random CTLNs (each edge with probability 1/2) of 40 units; rectified random weights of 60 units with
gain 1 and 1.5, under random input and the same input for all; 20 units against numpy's solution of
all 2²⁰ supports. The degree is left out: it is a check beside the proof.
`python bench/fixed_points.py --json` prints the numbers as JSON.
"""

import argparse
import json
import time

import numpy as np
from table import show

import heddle

HEADINGS = ["network", "units", "seed", "points", "nodes", "pruned", "proof up to Σz", "seconds"]


def ctln(n: int, seed: int) -> heddle.Network:
    graph = (np.random.default_rng(seed).random((n, n)) < 0.5).astype(float)
    np.fill_diagonal(graph, 0)
    return heddle.ctln_network(graph)


def gaussian(n: int, seed: int, g: float, same: bool) -> heddle.Network:
    weights = heddle.gaussian_weights(n=n, g=g, seed=seed)
    made = heddle.make_network(weights, channels=0, response="rectified")
    bias = np.ones(n) if same else np.random.default_rng(seed).standard_normal(n)
    fields = {name: getattr(made, name) for name in made._fields}
    return heddle.Network(**{**fields, "bias": bias})


def measured(name: str, network: heddle.Network, seed: int, threads: int) -> dict:
    system = heddle.rate_form(network)
    start = time.perf_counter()
    found = heddle.fixed_points(system, parity=False, threads=threads)
    seconds = time.perf_counter() - start
    return {
        "network": name,
        "units": network.size,
        "seed": seed,
        "points": len(found.points),
        "nodes": found.nodes,
        "pruned": found.pruned,
        "bound": found.bound,
        "complete": found.complete,
        "seconds": seconds,
        "supports": [tuple(point.support) for point in found.points],
    }


def enumerated(network: heddle.Network) -> set:
    """All 2ⁿ supports, those of one size at a time in batches."""
    w, b, n = np.asarray(network.weights), np.asarray(network.bias), network.size
    bits = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    found = set()
    for start in range(0, len(bits), 4096):
        on = bits[start : start + 4096].astype(bool)
        systems = np.eye(n) - on[:, :, None] * w * on[:, None, :]
        z = np.linalg.solve(systems, (on * b)[:, :, None])[:, :, 0]
        right = ((z @ w.T + b > 0) == on).all(axis=1)
        found |= {tuple(np.flatnonzero(row)) for row in on[right]}
    return found


def problems(quick: bool) -> list:
    seeds = range(1, 3 if quick else 6)
    small, large = (24, 30) if quick else (40, 60)
    made = [("CTLN, p = 1/2", ctln(small, seed), seed) for seed in seeds]
    for g in (1.0, 1.5):
        for same in (False, True):
            name = f"gaussian, g = {g:g}, b {'= 1' if same else 'random'}"
            made += [(name, gaussian(large, seed, g, same), seed) for seed in seeds]
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="smaller networks, seconds")
    parser.add_argument("--threads", type=int, default=0)
    chosen = parser.parse_args()
    size = 12 if chosen.quick else 20
    rows = [measured(*problem, chosen.threads) for problem in problems(chosen.quick)]
    for name, network in (("CTLN", ctln(size, 1)), ("gaussian", gaussian(size, 1, 1.5, False))):
        row = measured(f"{name}, against 2^{size} supports", network, 1, chosen.threads)
        start = time.perf_counter()
        row["equal"] = enumerated(network) == set(row["supports"])
        row["enumeration_seconds"] = time.perf_counter() - start
        rows.append(row)
    for row in rows:
        del row["supports"]
    if chosen.json:
        print(json.dumps(rows))
        return
    show(
        HEADINGS,
        [
            [
                row["network"]
                + (f" ({'equal' if row['equal'] else 'DIFFERENT'})" if "equal" in row else ""),
                str(row["units"]),
                str(row["seed"]),
                str(row["points"]),
                str(row["nodes"]),
                str(row["pruned"]),
                f"{row['bound']:.1e}" if row["complete"] else "not complete",
                f"{row['seconds']:.3g}"
                + (f" ({row['enumeration_seconds']:.3g})" if "enumeration_seconds" in row else ""),
            ]
            for row in rows
        ],
    )


if __name__ == "__main__":
    main()
