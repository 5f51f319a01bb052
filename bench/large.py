"""How large may a network be? Placement by Krylov spaces, in sparse networks of in-degree 50.

20 targets on the stability line, 4 loops; every error and condition measured, and what the loops
add beyond the targets counted. Prints time, peak memory and the exponent of the time's growth.
"""

import multiprocessing
import resource
import time

import numpy as np
from table import show

import heddle

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
IN_DEGREE = 50


def place(n: int) -> tuple[float, float, heddle.Placement]:
    network = heddle.make_network(heddle.sparse_weights(n, IN_DEGREE / n, 0.9, seed=1), 0)
    targets = 1 + 1j * np.linspace(-0.9, 0.9, 20)
    start = time.perf_counter()
    placement = heddle.place_eigenvalues(
        network, targets, loops=4, whole_spectrum=False, solver="krylov"
    )
    seconds = time.perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, placement


def main() -> None:
    rows, times = [], []
    for n in SIZES:
        # A process of its own for each, so that the peak of memory is its own.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, peak, placement = pool.apply(place, (n,))
        times.append(seconds)
        rows.append(
            [
                f"{n:,}",
                f"{seconds:.2f} s",
                f"{peak:.2f} GiB",
                f"{placement.error.max():.1e}",
                f"{placement.condition.max():.1f}",
                f"{placement.gain:.2f}",
                str(placement.outliers),
                "yes" if placement.trusted else "no",
            ]
        )
    show(["n", "time", "memory", "error", "condition", "gain", "outliers", "trusted"], rows)
    exponent = np.polyfit(np.log(SIZES[2:]), np.log(times[2:]), 1)[0]
    print(f"time ~ n^{exponent:.2f} from n = {SIZES[2]:,} on (products with W alone: n^1)")


if __name__ == "__main__":
    main()
