"""Can one network write recorded handwriting, letter after letter?

For every writer of ../shared/data/uji: design the 26 lower-case letters (n = 500, g = 0.9, six
loops a letter, at most 12 mode pairs), compare performed and fitted errors in isolation, then
perform a random sequence of 1,000 letters. Prints one line a writer and repetition.
"""

import argparse
import json
import string
import time
from pathlib import Path

import numpy as np
from table import show

import heddle

DATA = Path(__file__).parents[2] / "shared" / "data" / "uji"
LETTERS = 1000


def study(path: Path, repetition: int) -> dict:
    motifs = heddle.read_unipen(
        path, characters=string.ascii_lowercase, repetition=repetition, duration=1.0, samples=201
    )
    start = time.perf_counter()
    library = heddle.design(motifs, n=500, g=0.9, seed=1, loops=6)
    designed = time.perf_counter()
    transitions = heddle.transitions(library)
    measured = time.perf_counter()
    names = [motif.name for motif in motifs]
    sequence = [names[i] for i in np.random.default_rng(0).integers(len(names), size=LETTERS)]
    run = heddle.perform(library, sequence)
    performed = time.perf_counter()
    fit = np.array([design.fit.error for design in library.motifs])
    isolated = {names[item.motif]: item.isolated_error for item in run.items}
    gap = np.array([abs(isolated[n] - e) for n, e in zip(names, fit, strict=True) if n in isolated])
    return {
        "writer": path.stem[-3:],
        "repetition": repetition,
        "letters": len(motifs),
        "within_1e-3": int(np.sum(fit <= 1e-3)),
        "fit_errors": dict(zip(names, fit.tolist(), strict=True)),
        "pairs_median": float(np.median([len(d.fit.eigenvalues) for d in library.motifs])),
        "pairs_most": max(len(d.fit.eigenvalues) for d in library.motifs),
        "isolated_minus_fit": float(gap.max()),
        "gain": max(d.gain for d in library.motifs),
        "condition": max(float(d.condition.max()) for d in library.motifs),
        "trusted": sum(d.trusted for d in library.motifs),
        "excess": max(item.error - item.isolated_error for item in run.items),
        "failed": sum(item.failed for item in run.items),
        "q": transitions.q,
        "safe_time_tau": transitions.safe_time / library.network.tau,
        "preparation_loops": library.preparation.loops.u.shape[1],
        "design_s": designed - start,
        "transitions_s": measured - designed,
        "perform_s": performed - measured,
    }


COLUMNS = [
    "writer",
    "repetition",
    "≤ 1e-3",
    "pairs (most)",
    "isolated − fit",
    "gain",
    "condition",
    "excess in sequence",
    "failed",
    "q",
    "safe t_p",
    "design",
    "transitions",
    "1,000 letters",
]


def cells(row: dict) -> list[str]:
    return [
        row["writer"],
        str(row["repetition"]),
        f"{row['within_1e-3']}/{row['letters']}",
        f"{row['pairs_median']:.1f} ({row['pairs_most']})",
        f"{row['isolated_minus_fit']:.1e}",
        f"{row['gain']:.2f}",
        f"{row['condition']:.1f}",
        f"{row['excess']:.1e}",
        str(row["failed"]),
        f"{row['q']:.1e}",
        f"{row['safe_time_tau']:.1f} τ",
        f"{row['design_s']:.2f} s",
        f"{row['transitions_s']:.1f} s",
        f"{row['perform_s']:.2f} s",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if not DATA.is_dir():
        print(f"skipped: the recordings are not at {DATA}")
        return
    rows = [study(path, r) for path in sorted(DATA.glob("*.txt")) for r in (0, 1)]
    if arguments.json:
        print(json.dumps(rows))
        return
    show(COLUMNS, [cells(row) for row in rows])
    good = sum(row["within_1e-3"] for row in rows)
    letters = sum(row["letters"] for row in rows)
    print(f"\n{good} of {letters} letters ({good / letters:.1%}) within an error of 1e-3")


if __name__ == "__main__":
    main()
