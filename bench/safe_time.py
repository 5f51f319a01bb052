"""How short can a preparation be that is safe for every sequence, before and after joint design?

Safe times are those that `certify` proves (joint spectral radius below 1). Settings: four
stepped motifs on 200 units; the demo's alphabet, which takes many minutes, only by `--settings`.
"""

import argparse
import time

import numpy as np
from table import show

import heddle

TAU = 0.01


def stepped(seed: int) -> heddle.Motif:
    """Two to seven levels, each held for 5 to 50 τ: 100 τ of one channel."""
    draw = np.random.default_rng(seed)
    levels = np.repeat(draw.normal(size=8), draw.integers(50, 240, 8))[:900]
    values = np.concatenate([[0.0], levels, np.zeros(1000 - levels.size)])
    return heddle.Motif(name=f"m{seed}", values=values[:, None], dt=0.1 * TAU)


def four_motifs(loops: int) -> heddle.Library:
    motifs = [stepped(k) for k in range(4)]
    return heddle.design(
        motifs, n=200, g=0.9, loops=loops, pairs=10, preparation_fraction=0.1, seed=1
    )


def alphabet(letters: str, n: int) -> heddle.Library:
    return heddle.design(heddle.font_motifs(letters, font="scripts"), n=n)


SETTINGS = {
    "4 stepped, n = 200, 2 loops": lambda: four_motifs(2),
    "4 stepped, n = 200, 4 loops": lambda: four_motifs(4),
    "a to z, n = 500": lambda: alphabet("abcdefghijklmnopqrstuvwxyz", 500),
}


def largest_error(library: heddle.Library, preparation: float) -> float:
    """The largest error in a random sequence of 100 motifs."""
    chosen = np.random.default_rng(0).choice(library.names, 100)
    found = heddle.perform(
        library, list(chosen), preparation=preparation, transitions=False, spectra=False
    )
    return max(item.error for item in found.items[1:])


def measure(library: heddle.Library, **blocks: bool) -> tuple[heddle.SafeDesign, float]:
    start = time.perf_counter()
    found = heddle.optimise_safe_time(library, **blocks)
    return found, time.perf_counter() - start


def row(name: str, which: str, library: heddle.Library, **blocks: bool) -> list[str]:
    found, seconds = measure(library, **blocks)
    assert found.trusted, found.reason
    errors = [
        f"{largest_error(library, time):.2g}, {largest_error(found.library, time):.2g}"
        for time in (1.5 * found.after, 1.5 * found.before)
    ]
    return [
        name,
        which,
        f"{found.before / TAU:.2f} τ",
        f"{found.after / TAU:.2f} τ",
        f"{found.before / found.after:.2f} ×",
        f"{found.step_before:.2g}, {found.step_after:.2g}",
        *errors,
        str(found.evaluations),
        f"{seconds:.1f} s",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--settings", nargs="*", default=list(SETTINGS)[:2], choices=list(SETTINGS))
    parser.add_argument("--only-together", action="store_true")
    arguments = parser.parse_args()
    rows = []
    for name in arguments.settings:
        library = SETTINGS[name]()
        if not arguments.only_together:
            rows.append(row(name, "preparation", library, motifs=False))
            rows.append(row(name, "motifs", library, preparation=False))
        rows.append(row(name, "both", library))
    columns = ["library", "changed", "safe before", "safe after", "shorter", "transitions leave"]
    columns += ["error at 1.5 × safe after", "error at 1.5 × safe before", "evaluations", "time"]
    show(columns, rows)


if __name__ == "__main__":
    main()
