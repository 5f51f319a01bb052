"""How long does it take to know what 1 … 16 loops can do?

50 targets on the stability line, Gaussian weights: the whole frontier, with measured gain,
condition and shift for every number of loops, beside the law's.
"""

import time

import numpy as np
from table import show

import heddle


def main() -> None:
    targets = 1 + 1j * np.linspace(-1, 1, 50)
    rows = []
    for n in (200, 500, 1000, 2000):
        network = heddle.gaussian_network(1, n=n, g=0.9, seed=1)
        start = time.perf_counter()
        line = heddle.frontier(network, targets, threads=1)
        seconds = time.perf_counter() - start
        law = max(
            abs(np.log(point.law_gain / point.gain)) for point in line.points if point.loops > 1
        )
        rows.append([str(n), f"{seconds:.2f} s", str(line.enough), f"{np.expm1(law):.0%}"])
    show(["n", "time", "loops that suffice", "law's gain off by at most, k > 1"], rows)


if __name__ == "__main__":
    main()
