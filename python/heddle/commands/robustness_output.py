"""What `heddle robustness` writes: rows, the finding, what is left to do."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from heddle.commands.output import number, stdout, table

if TYPE_CHECKING:
    from heddle.robustness import RobustnessRow, RobustnessTable
    from heddle.robustness.intervals import Interval

COLUMNS = (
    "n",
    "architecture",
    "preparation",
    "response",
    "seeds",
    "single",
    "pairs",
    "single fail %",
    "pairs fail %",
    "words fail %",
    "interference",
)


def data_of(found: RobustnessTable) -> dict[str, Any]:
    rows = [asdict(row) | {"name": row.cell.name} for row in found.rows]
    return {
        "command": shlex.join(["heddle", *sys.argv[1:]]),
        "protocol": asdict(found.protocol),
        "completed": found.completed,
        "results": len(found.results),
        "rows": rows,
        "finding": found.finding,
    }


def cells_in_words(row: RobustnessRow) -> list[str]:
    """A row of the table as text, in the order of the columns."""
    cell = row.cell
    return [
        str(cell.n),
        cell.architecture,
        "yes" if cell.preparation else "no",
        cell.response,
        str(len(row.seeds)),
        _error(row.single),
        _error(row.pairs),
        _percent(row.single_failure),
        _percent(row.pair_failure),
        _percent(row.word_failure),
        "0" if row.interference == 0 else number(row.interference, 2),
    ]


def _error(found: Interval) -> str:
    return f"{number(found.estimate, 2)} [{number(found.low, 2)}, {number(found.high, 2)}]"


def _percent(found: Interval) -> str:
    low, high = max(0.0, found.low), min(1.0, found.high)
    return f"{_hundredths(found.estimate)} [{_hundredths(low)}, {_hundredths(high)}]"


def _hundredths(share: float) -> str:
    """Whole ones, and of less than one as much as there is."""
    return f"{100 * share:.0f}" if share == 0 or share >= 0.01 else f"{100 * share:.1g}"


def say(found: RobustnessTable, figure: Path | None) -> None:
    console = stdout()
    console.print(table(COLUMNS, map(cells_in_words, found.rows)))
    console.print()
    _say_lines(console, found.finding)
    if not found.completed:
        of = len(found.cells) * len(found.seeds)
        _say_lines(
            console, [f"{len(found.results)} of {of} are finished: the same command goes on."]
        )
    if figure is not None:
        _say_lines(console, [f"wrote {figure}"])


def _say_lines(console: Console, lines: Sequence[str]) -> None:
    for line in lines:
        console.print(line, soft_wrap=True, markup=False)
