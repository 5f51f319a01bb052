"""How much memory does a library of 1,000 motifs at n = 1,000 need?"""

import resource
import time

import numpy as np
from placement import synthetic_motif

import heddle

N = MOTIFS = 1000


def main() -> None:
    rng = np.random.default_rng(0)
    motifs = [synthetic_motif(f"m{i}", rng)[0] for i in range(MOTIFS)]
    start = time.perf_counter()
    library = heddle.design(motifs, n=N, g=0.9, seed=1, loops=6)
    designed = time.perf_counter()
    sequence = [library.motifs[i].motif.name for i in rng.integers(MOTIFS, size=20)]
    heddle.perform(library, sequence)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{MOTIFS} motifs at n = {N}: designed in {designed - start:.0f} s; peak memory of design and of a"
        f" performance of 20 motifs {peak:.2f} GiB"
    )


if __name__ == "__main__":
    main()
