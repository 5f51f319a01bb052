"""How does the time of a placement grow with the network? Dense by reduction, sparse by products.

20 targets on the stability line, 4 loops; Gaussian weights, and sparse ones of in-degree 50. Prints
the processor times of one thread and the exponents of their growth beside the theoretical ones, and
draws both as a figure:

    python growth.py [FIGURE]
"""

import sys
import time
from collections.abc import Callable, Sequence

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from table import show

import heddle

DENSE = (100, 200, 500, 1_000, 2_000, 4_000)
SPARSE = (1_000, 3_000, 10_000, 30_000, 100_000)
TARGETS = 1 + 1j * np.linspace(-0.9, 0.9, 20)


def dense(n: int) -> heddle.Network:
    return heddle.make_network(heddle.gaussian_weights(n, 0.9, seed=1), 0)


def sparse(n: int) -> heddle.Network:
    return heddle.make_network(heddle.sparse_weights(n, 50 / n, 0.9, seed=1), 0)


def seconds(network: heddle.Network, **options: object) -> float:
    """Processor time of the fastest of some placements that together take about a second."""
    times: list[float] = []
    while not times or (sum(times) < 1.0 and len(times) < 20):
        start = time.process_time()
        heddle.place_eigenvalues(network, TARGETS, loops=4, threads=1, **options)
        times.append(time.process_time() - start)
    return min(times)


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float:
    """Of the largest three sizes, where lower orders matter least."""
    return float(np.polyfit(np.log(sizes[-3:]), np.log(times[-3:]), 1)[0])


QUESTIONS: list[tuple[str, Callable[[int], heddle.Network], Sequence[int], dict[str, object], int]]
QUESTIONS = [
    ("dense", dense, DENSE, {"whole_spectrum": False, "solver": "dense"}, 3),
    ("dense, whole spectrum", dense, DENSE, {"solver": "dense"}, 3),
    ("sparse, Krylov", sparse, SPARSE, {"whole_spectrum": False, "solver": "krylov"}, 1),
]


def main() -> None:
    figure, axes = plt.subplots(figsize=(5.6, 3.8), layout="constrained")
    rows, fits = [], []
    for name, make, sizes, options, order in QUESTIONS:
        times = []
        for n in sizes:
            times.append(seconds(make(n), **options))
            rows.append([name, f"{n:,}", f"{times[-1]:.4g} s"])
        slope = exponent(sizes, times)
        fits.append([name, f"n^{slope:.2f}", f"n^{order}"])
        (line,) = axes.loglog(sizes, times, "o-", label=f"{name}: n^{slope:.2f}")
        guide = times[-1] * (np.array(sizes) / sizes[-1]) ** order
        axes.loglog(sizes, guide, ":", color=line.get_color())
    show(["solver", "n", "time"], rows)
    show(["solver", "grows as, largest three", "theory"], fits)
    axes.set_xlabel("units n")
    axes.set_ylabel("processor time of a placement, s")
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(sys.argv[1] if len(sys.argv) > 1 else "growth.svg")


if __name__ == "__main__":
    main()
