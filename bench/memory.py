"""How much memory do the loops of 1,000 motifs at n = 1,000 need?

The fits are given, with 12 pairs each, the most that letters need."""

import resource
import time

import numpy as np
from placement import synthetic_motif

import heddle

N = MOTIFS = 1000


def main() -> None:
    rng = np.random.default_rng(0)
    motifs, fits = zip(*(synthetic_motif(f"m{i}", rng) for i in range(MOTIFS)), strict=True)
    network = heddle.gaussian_network(2, n=N, seed=1)
    start = time.perf_counter()
    designs = heddle.design_motif_loops(network, list(motifs), list(fits), loops=6)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{len(designs)} motifs of 12 pairs at n = {N}: loops designed in {seconds:.0f} s,"
        f" peak memory of the process {peak:.2f} GiB"
    )


if __name__ == "__main__":
    main()
