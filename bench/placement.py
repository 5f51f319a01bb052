"""How fast and how accurate is a placement, against the published formula in NumPy?

Prints one table for single placements and one for a library of 26 motifs, measured in one process
on one BLAS thread. `python bench/placement.py --json` prints the numbers as JSON.
"""

import argparse
import json
import time

import numpy as np
import scipy.linalg
from published import place, placement_error
from table import show

import heddle

PAIRS = 12
LOOPS = (1, 6)
LIBRARY = 26


def seconds(action, repeats: int) -> float:
    """The best of several runs."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def motif_targets(rng: np.random.Generator) -> np.ndarray:
    """12 conjugate pairs as a letter of 100 τ has them."""
    frequency = 2 * np.pi / 125 * (np.arange(PAIRS) + 0.5) * rng.uniform(0.9, 1.1, PAIRS)
    upper = 1 - rng.uniform(0.005, 0.03, PAIRS) + 1j * frequency
    return np.concatenate([upper, upper.conj()])


def lapack_limit(weights: np.ndarray, loops: int, repeats: int) -> float:
    """What LAPACK needs for one Hessenberg reduction with its transformation, and for each pair
    the cheapest O(n²) solve it has: a complex triangular one with as many right-hand sides."""
    n = len(weights)
    reduce = seconds(lambda: scipy.linalg.hessenberg(weights, calc_q=True), repeats)
    triangle = np.asfortranarray(np.triu(weights) + 2 * np.eye(n), dtype=complex)
    right = np.asfortranarray(np.ones((n, loops), dtype=complex))
    solve = seconds(lambda: scipy.linalg.lapack.ztrtrs(triangle, right), 3)
    return reduce + PAIRS * solve


def single(n: int, rng: np.random.Generator) -> dict:
    weights = 0.9 * rng.standard_normal((n, n)) / np.sqrt(n)
    network = heddle.make_network(weights, 2, seed=1)
    targets = motif_targets(rng)
    v = rng.standard_normal(n) / np.sqrt(n)
    repeats = 3 if n <= 500 else 1
    row = {"n": n}
    row["numpy_s"] = seconds(lambda: place(weights, targets, v), repeats)
    row["numpy_error"] = placement_error(weights, targets, np.outer(place(weights, targets, v), v))
    for loops in LOOPS:
        options = {"loops": loops, "whole_spectrum": False}
        row[f"heddle_{loops}_s"] = seconds(
            lambda options=options: heddle.place_eigenvalues(network, targets, **options),
            max(2, repeats),
        )
        placement = heddle.place_eigenvalues(network, targets, **options)
        row[f"heddle_{loops}_error"] = placement_error(
            weights, targets, placement.loops.u @ placement.loops.v.T
        )
        row[f"lapack_{loops}_s"] = lapack_limit(weights, loops, max(2, repeats))
    return row


def synthetic_motif(name: str, rng: np.random.Generator):
    """A motif that is exactly 12 pairs, so that only the design is measured."""
    t = np.arange(201) * 0.005
    targets = motif_targets(rng)[:PAIRS]
    rates = (targets - 1) / 0.01
    amplitudes = (rng.standard_normal((2, PAIRS)) + 1j * rng.standard_normal((2, PAIRS))) / PAIRS
    values = np.real(np.exp(np.outer(t, rates)) @ amplitudes.T)
    motif = heddle.Motif(name, values, 0.005)
    fit = heddle.ModeFit(
        eigenvalues=targets,
        amplitudes=amplitudes,
        offset=np.zeros(2),
        error=0.0,
        amplitude=1.0,
        gain=0.0,
        separation=0.0,
        reached=True,
    )
    return motif, fit


def library(n: int, rng: np.random.Generator) -> dict:
    weights = 0.9 * rng.standard_normal((n, n)) / np.sqrt(n)
    network = heddle.make_network(weights, 2, seed=1)
    motifs = [synthetic_motif(f"m{i}", rng) for i in range(LIBRARY)]
    v = rng.standard_normal(n) / np.sqrt(n)
    all_targets = [np.concatenate([fit.eigenvalues, fit.eigenvalues.conj()]) for _, fit in motifs]

    def ours():
        heddle.design_motif_loops(
            network, [m for m, _ in motifs], [f for _, f in motifs], loops=6, threads=1
        )

    def per_motif():
        for targets in all_targets:
            place(weights, targets, v)

    def shared():
        eigen = np.linalg.eig(weights)
        for targets in all_targets:
            place(weights, targets, v, eigen)

    row = {"n": n, "heddle_s": seconds(ours, 2), "numpy_shared_eig_s": seconds(shared, 1)}
    # 26 identical eigendecompositions: time two and scale, so that the benchmark ends this week.
    once = seconds(lambda: place(weights, all_targets[0], v), 2)
    row["numpy_per_motif_s"] = LIBRARY * once if n > 500 else seconds(per_motif, 1)
    return row


def single_cells(row: dict) -> list[str]:
    cells = [f"{row['numpy_s']:.3f} s", f"{row['numpy_error']:.1e}"]
    for k in LOOPS:
        ours = row[f"heddle_{k}_s"]
        cells += [
            f"{ours:.4f} s",
            f"{row[f'heddle_{k}_error']:.1e}",
            f"{row['numpy_s'] / ours:.1f} ×",
            f"{ours / row[f'lapack_{k}_s']:.2f} ×",
        ]
    return cells


def library_cells(row: dict) -> list[str]:
    cells = [f"{row['heddle_s']:.3f} s"]
    for peer in ("numpy_per_motif_s", "numpy_shared_eig_s"):
        cells += [f"{row[peer]:.2f} s", f"{row[peer] / row['heddle_s']:.1f} ×"]
    return cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 500, 1000, 2000])
    arguments = parser.parse_args()
    rng = np.random.default_rng(0)
    singles = [single(n, rng) for n in arguments.sizes]
    libraries = [library(n, rng) for n in arguments.sizes if n <= 1000]
    if arguments.json:
        print(json.dumps({"single": singles, "library": libraries}))
        return
    print(f"One motif, {2 * PAIRS} targets")
    show(
        ["n", "NumPy", "error"]
        + [f"{cell}, k = {k}" for k in LOOPS for cell in ("Heddle", "error", "faster", "LAPACK")],
        [[str(r["n"]), *single_cells(r)] for r in singles],
    )
    print(f"\nLibrary of {LIBRARY} motifs, {PAIRS} pairs, 2 channels, 6 loops each")
    show(
        ["n", "Heddle", "NumPy, eig for every motif", "", "NumPy, one eig for all", ""],
        [[str(r["n"]), *library_cells(r)] for r in libraries],
    )


if __name__ == "__main__":
    main()
