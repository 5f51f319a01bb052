"""What rectified thalamic units need to stay linear: as data and in words."""

from __future__ import annotations

from typing import Any

import numpy as np
from rich.console import Console

from heddle._core import LinearRegime
from heddle.commands.output import number


def regime_data(found: LinearRegime, names: list[str]) -> dict[str, Any]:
    """The linear regime in numbers; motifs in the order of `names`."""
    return {
        "statement": found.statement,
        "bias": dict(zip(names, found.bias.motifs, strict=True)),
        "preparation_bias": found.bias.preparation,
        "inhibition": found.inhibition,
        "inhibition_preparing": found.inhibition_preparing,
        "inhibition_preparatory": found.inhibition_preparatory,
        "slack": found.slack,
    }


def print_regime(console: Console, data: dict[str, Any]) -> None:
    """The bias that suffices for all, and the inhibition that silences what is closed."""
    motifs = max(float(np.max(bias)) for bias in data["bias"].values())
    closed = np.concatenate([np.ravel(data["inhibition"]), data["inhibition_preparing"]])
    silent = max(np.nanmax(closed), np.max(data["inhibition_preparatory"]))
    console.print(
        f"[bold]Thalamic units[/bold] that rectify stay linear, proven for planned trajectories, "
        f"with a bias of {number(motifs)} (motifs) and "
        f"{number(float(np.max(data['preparation_bias'])))} (preparation); closed ones stay silent "
        f"with {number(float(silent))} more inhibition than bias"
    )
