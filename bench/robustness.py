"""What does it buy to turn the modes of a motif apart?

Output error that 2 % white noise causes (closed form), with least-norm directions (spread 0) and
with the default (spread 1): the same network, letters, fits and loops.
"""

import string
from pathlib import Path

import numpy as np
from table import show

import heddle

DATA = Path(__file__).parents[2] / "shared" / "data" / "uji"


def main() -> None:
    if not DATA.is_dir():
        print(f"skipped: the recordings are not at {DATA}")
        return
    motifs = heddle.read_unipen(
        DATA / "UJIpenchars-w01.txt", characters=string.ascii_lowercase, duration=1.0, samples=201
    )
    names = [motif.name for motif in motifs]
    rows = []
    for spread in (0.0, 0.3, 1.0, 3.0):
        library = heddle.design(motifs, seed=1, spread=spread)
        run = heddle.perform(library, names, noise=0.02, spectra=False, transitions=False)
        expected = [item.predicted_error for item in run.items]
        condition = np.median([design.condition.max() for design in library.motifs])
        gain = max(design.gain for design in library.motifs)
        rows.append(
            [
                f"{spread:.1f}",
                f"{np.median(expected):.4f}",
                f"{max(expected):.4f}",
                f"{condition:.1f}",
                f"{gain:.2f}",
            ]
        )
    show(
        [
            "spread",
            "expected error, median",
            "most",
            "worst condition of a letter, median",
            "gain, most",
        ],
        rows,
    )


if __name__ == "__main__":
    main()
