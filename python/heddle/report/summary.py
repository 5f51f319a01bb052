"""The numbers of the report: one row for every performed motif, and those of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from heddle.performance import Performance

MOST_ROWS = 60  # of the table; longer sequences show the worst occurrence of each motif


@dataclass(frozen=True)
class Row:
    """One performed motif: how it was designed and how well it was performed."""

    position: int
    name: str
    occurrences: int
    pairs: int
    loops: int
    gain: float
    condition: float
    fit: float
    isolated: float
    error: float
    state: float
    predicted: float
    mean: float
    spread: float
    failed: bool
    trusted: bool
    reason: str


def rows(performance: Performance) -> list[Row]:
    """One row for every motif of the sequence, in order."""
    names = list(performance.sequence)
    counts = {name: names.count(name) for name in set(names)}

    def row(position: int, name: str, item: Any) -> Row:
        motif = performance.motifs[name]
        return Row(
            position=position + 1,
            name=name,
            occurrences=counts[name],
            pairs=len(motif.eigenvalues),
            loops=int(motif.loops),
            gain=float(motif.gain),
            condition=float(np.max(motif.condition)),
            fit=float(motif.fit_error),
            isolated=item.isolated_error,
            error=item.error,
            state=item.state_error,
            predicted=item.predicted_error,
            mean=item.mean_error,
            spread=item.standard_error,
            failed=bool(item.failed),
            trusted=bool(motif.trusted),
            reason=str(motif.reason),
        )

    return [row(k, *pair) for k, pair in enumerate(zip(names, performance.items, strict=True))]


def table_rows(every: list[Row]) -> list[Row]:
    """All rows of a short sequence; of a long one, each motif where its error was largest."""
    if len(every) <= MOST_ROWS:
        return every
    worst: dict[str, Row] = {}
    for row in every:
        if row.name not in worst or row.error > worst[row.name].error:
            worst[row.name] = row
    return list(worst.values())


def modes(performance: Performance, name: str) -> list[dict[str, float]]:
    """The placed eigenvalues of a motif with their condition and placement error."""
    motif = performance.motifs[name]
    columns = zip(motif.eigenvalues, motif.condition, motif.error, strict=True)
    return [
        {"re": float(z.real), "im": float(z.imag), "condition": float(c), "error": float(e)}
        for z, c, e in columns
    ]


def _rounded(value: Any) -> Any:
    """Four digits: more cannot be seen, and the page is smaller."""
    return float(f"{value:.4g}") if isinstance(value, float) else value


def plotted(every: list[Row]) -> list[dict[str, Any]]:
    """What the figures need of each row."""
    keys = ("isolated", "error", "predicted", "mean", "spread", "failed")
    return [{key: _rounded(getattr(row, key)) for key in keys} for row in every]


def is_letters(performance: Performance) -> bool:
    """Whether the motifs are called by single characters, as letters are."""
    return all(len(name) == 1 for name in performance.motifs)


def word(performance: Performance, most: int = 28) -> str:
    """The sequence as text, cut after `most` characters."""
    text = ("" if is_letters(performance) else " ").join(performance.sequence)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
