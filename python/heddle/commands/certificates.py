"""What there is to say about a certificate: as data and in words."""

from __future__ import annotations

from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape

from heddle._core import Certificate
from heddle.commands.output import number

COLOURS = {"stable": "green", "unstable": "bold red", "undecided": "yellow"}
MOST_LETTERS = 12  # of a word or a list of motifs
RADIUS = ["lower", "lower_error", "upper", "norm", "ellipsoid", "products", "proof", "longest"]
RADIUS += ["growth", "constant", "condition", "truncation", "rank", "examined"]


def certificate_data(found: Certificate, names: list[str]) -> dict[str, Any]:
    """A certificate in numbers; `names` are the library's motifs, in the order of `contraction`."""
    return {
        "verdict": found.verdict,
        "proven": found.proven,
        "statement": found.statement,
        "names": names,
        "contraction": found.contraction,
        "breaking": found.breaking,
        "worst_word": found.worst_word,
        "radius": {name: getattr(found.radius, name) for name in RADIUS},
        "step": found.step,
        "bound": found.bound,
        "preparation": found.preparation,
        "safe_time": found.safe_time,
    }


def print_certificate(console: Console, data: dict[str, Any]) -> None:
    colour, radius = COLOURS[data["verdict"]], data["radius"]
    console.print(
        f"[bold]Certificate[/bold]  [{colour}]{data['verdict']}[/{colour}]: "
        f"{escape(data['statement'])}"
    )
    console.print(
        f"             growth a motif between {number(radius['lower'])} "
        f"({_shortened(data['worst_word'], ' → ')}) and {number(radius['upper'])} "
        f"({radius['proof']}, condition {number(radius['condition'])}, "
        f"truncation {number(radius['truncation'], 2)}); 2-norm {number(radius['norm'])}"
    )
    if data["breaking"]:
        worst = float(np.max(data["contraction"]))
        console.print(
            f"             the 2-norm grows after {_shortened(data['breaking'], ', ')} "
            f"(up to {number(worst)})"
        )
    if not np.isnan(data["safe_time"]):
        console.print(
            f"             shortest preparation proven stable "
            f"{number(1000 * data['safe_time'])} ms of {number(1000 * data['preparation'])} ms"
        )


def _shortened(names: list[str], between: str) -> str:
    shown = [escape(name) for name in names[:MOST_LETTERS]]
    return between.join([*shown, "…"] if len(names) > MOST_LETTERS else shown)
