"""What the examples share: options, table, figure, a claim that is checked, stepped motifs."""

import argparse
import sys
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from rich import box
from rich.console import Console
from rich.table import Table

import heddle
from heddle.files import replacing
from heddle.plot.style import look

OUT = Path(__file__).parents[1] / "demo" / "examples"


def parser(doc: str) -> argparse.ArgumentParser:
    """`--quick` for a smaller version of the same claim, `--out` for where the figure goes."""
    found = argparse.ArgumentParser(description=doc.splitlines()[0])
    found.add_argument("--quick", action="store_true", help="small networks, seconds")
    found.add_argument("--out", type=Path, default=OUT, help="folder of the figure")
    return found


def step(text: str) -> None:
    """Says on the error stream what is being done."""
    print(f"  {text} …", file=sys.stderr, flush=True)


def show(title: str, columns: list[str], rows: list[list[str]]) -> None:
    table = Table(*columns, box=box.MARKDOWN)
    for row in rows:
        table.add_row(*row)
    print(f"\n{title}\n")
    Console(width=200, highlight=False).print(table)


def save(figure: Figure, folder: Path, script: str) -> None:
    """Writes the figure under the name of the example's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{Path(script).resolve().parent.name}.png"
    with look(), replacing(path) as part:
        figure.savefig(part, format="png", dpi=130, metadata={"Software": None})
    print(f"\nThe figure: {path}")


def claim(text: str, **parts: bool) -> None:
    """Ends the example: with exit code 1 if a part of the claim does not hold."""
    wrong = [name.replace("_", " ") for name, holds in parts.items() if not holds]
    if wrong:
        sys.exit(f"The claim does not hold ({', '.join(wrong)}): {text}")
    print(f"The claim holds: {text}")


def stepped_motif(name: str, seed: int) -> heddle.Motif:
    """Levels N(0, 0.81), each held for 5 to 50 τ, between zero ends; 0.1 τ = 1 ms a sample."""
    random = np.random.default_rng(seed)
    values = [0.0]
    while len(values) < 600:
        values += [0.9 * random.standard_normal()] * int(random.integers(50, 500))
    return heddle.Motif(name, np.array([*values[:950], *[0.0] * 51])[:, None], 0.001)


def modes_of(fit: heddle.ModeFit) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues and amplitudes of a fit of one channel, both members of every pair."""
    half = fit.amplitudes[0] / 2
    targets = np.concatenate([fit.eigenvalues, fit.eigenvalues.conj()])
    return targets, np.concatenate([half, half.conj()])


def duration_of(motif: heddle.Motif) -> float:
    return (len(motif.values) - 1) * motif.dt
