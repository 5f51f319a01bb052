"""How large may a network be? Placement by Krylov spaces or structure, never forming W.

20 targets on the stability line, 4 loops; every error and condition measured, and what the loops
add beyond the targets counted. Prints time, peak memory and the exponent of the time's growth, for
sparse networks of in-degree 50; then the kinds of structure at n = 100,000; then the closed
spectrum around two designed eigenvalues, and one motif designed and performed.
"""

import multiprocessing
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from table import show

import heddle

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
LARGE = 100_000
IN_DEGREE = 50
TARGETS = 1 + 1j * np.linspace(-0.9, 0.9, 20)


def sparse(n: int, g: float = 0.9) -> Any:
    return heddle.sparse_weights(n, IN_DEGREE / n, g, seed=1)


def diagonal_and_low_rank(n: int) -> Any:
    rng = np.random.default_rng(1)
    factors = tuple(rng.normal(size=(n, 8)) / np.sqrt(n) for _ in range(2))
    return heddle.structured_weights(diagonal=rng.uniform(-0.9, 0.9, n), low_rank=factors)


def blocks_and_sparse(n: int) -> Any:
    blocks = [[0.8, -1.0, 0.1], [0.9, -0.9, 0.0], [0.2, -0.3, 0.4]]
    return heddle.block_weights(blocks, [n // 2, n // 4, n // 4], sparse=sparse(n, 0.8))


def kronecker(n: int) -> Any:
    a = 250
    factors = [
        heddle.gaussian_weights(size, np.sqrt(0.8), seed=seed)
        for size, seed in ((a, 1), (n // a, 2))
    ]
    return heddle.structured_weights(kronecker=[tuple(factors)])


def alone(task: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """The task's result in a process of its own, and that process's peak memory in GiB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measured, (task, *arguments))


def measured(task: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    result = task(*arguments)
    return result, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def place(make: Callable[[int], Any], n: int, solver: str) -> tuple[float, heddle.Placement]:
    network = heddle.make_network(make(n), 0)
    start = time.perf_counter()
    placement = heddle.place_eigenvalues(
        network, TARGETS, loops=4, whole_spectrum=False, solver=solver
    )
    return time.perf_counter() - start, placement


def row(name: str, seconds: float, peak: float, placement: heddle.Placement) -> list[str]:
    return [
        name,
        f"{seconds:.2f} s",
        f"{peak:.2f} GiB",
        f"{placement.error.max():.1e}",
        f"{placement.condition.max():.1f}",
        f"{placement.gain:.2f}",
        str(placement.outliers),
        "yes" if placement.trusted else "no",
    ]


COLUMNS = ["time", "memory", "error", "condition", "gain", "outliers", "trusted"]


def sizes() -> None:
    rows, times = [], []
    for n in SIZES:
        (seconds, placement), peak = alone(place, sparse, n, "krylov")
        times.append(seconds)
        rows.append(row(f"{n:,}", seconds, peak, placement))
    show(["n", *COLUMNS], rows)
    exponent = np.polyfit(np.log(SIZES[2:]), np.log(times[2:]), 1)[0]
    print(f"time ~ n^{exponent:.2f} from n = {SIZES[2]:,} on (products with W alone: n^1)")


def structures() -> None:
    rows = []
    for name, make, solver in (
        ("diagonal + rank 8", diagonal_and_low_rank, "structured"),
        ("3 populations + sparse", blocks_and_sparse, "krylov"),
        ("Kronecker, 250 × 400", kronecker, "structured"),
        ("Kronecker, 250 × 400", kronecker, "krylov"),
    ):
        (seconds, placement), peak = alone(place, make, LARGE, solver)
        rows.append(row(f"{name}, {solver}", seconds, peak, placement))
    show([f"n = {LARGE:,}", *COLUMNS], rows)


def around(
    make: Callable[[int], Any], n: int, more: tuple[complex, ...]
) -> tuple[float, list[heddle.NearbyEigenvalues]]:
    network = heddle.make_network(make(n), 0)
    loops = heddle.place_eigenvalues(network, TARGETS, loops=4, whole_spectrum=False).loops
    start = time.perf_counter()
    found = heddle.eigenvalues_near(network, loops, [TARGETS[0], TARGETS[9], *more], count=2)
    return time.perf_counter() - start, found


def spectra() -> None:
    rows = []
    for name, make, n, more in (
        ("diagonal + rank 8", diagonal_and_low_rank, LARGE, ()),
        ("sparse", sparse, 10_000, (0.8,)),  # A shift of 0.85 lies within the bulk.
    ):
        (seconds, found), _ = alone(around, make, n, more)
        for near in found:
            distance = f"{abs(near.values[0] - near.point):.1e}" if len(near.values) else "none"
            residual = f"{near.residual.max():.1e}" if len(near.residual) else "none"
            said = "yes" if near.converged else near.reason
            rows.append(
                [name, f"{n:,}", f"{seconds:.1f} s", f"{near.point:.3f}", distance, residual, said]
            )
    show(["weights", "n", "time, all points", "point", "nearest", "residual", "converged"], rows)


def perform(make: Callable[[int], Any], n: int) -> list[str]:
    network = heddle.make_network(make(n), 1, seed=1)
    t = np.linspace(0, 2 * np.pi, 61)
    motif = heddle.Motif("wave", (np.sin(t) + 0.5 * np.cos(3 * t))[:, None], network.tau)
    fit = heddle.fit_modes(motif, pairs=3, tau=network.tau)
    start = time.perf_counter()
    (design,) = heddle.design_motif_loops(network, [motif], [fit], loops=4)
    designed = time.perf_counter()
    run = heddle.perform_motif(network, design)
    ended = time.perf_counter()
    return [
        f"{n:,}",
        f"{designed - start:.2f} s",
        f"{design.error.max():.1e}",
        f"{ended - designed:.2f} s",
        str(run.products),
        f"{run.deviation:.1e}",
    ]


def motifs() -> None:
    rows = []
    for name, make in (("sparse", sparse), ("diagonal + rank 8", diagonal_and_low_rank)):
        result, peak = alone(perform, make, LARGE)
        rows.append([name, *result, f"{peak:.2f} GiB"])
    show(["weights", "n", "design", "error", "perform", "products", "deviation", "memory"], rows)


def lines() -> None:
    rows = []
    for name, make, n in (
        ("sparse", sparse, 20_000),
        ("diagonal + rank 8", diagonal_and_low_rank, LARGE),
    ):
        (seconds, enough), peak = alone(frontier, make, n)
        rows.append([name, f"{n:,}", f"{seconds:.1f} s", f"{peak:.2f} GiB", str(enough)])
    show(["frontier, k = 1 … 6", "n", "time", "memory", "loops that suffice"], rows)


def frontier(make: Callable[[int], Any], n: int) -> tuple[float, int]:
    network = heddle.make_network(make(n), 0)
    start = time.perf_counter()
    line = heddle.frontier(network, TARGETS, most_loops=6)
    return time.perf_counter() - start, line.enough


if __name__ == "__main__":
    sizes()
    structures()
    lines()
    spectra()
    motifs()
