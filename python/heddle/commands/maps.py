"""Fixed points and cycles of piecewise-linear maps, for the commands that print them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from heddle._core import DomainError, MapCycles, ThresholdMap
from heddle.commands.output import fields_of, number, progress_bar, stdout, table

IsMap = Annotated[
    bool,
    typer.Option("--map", help="The file holds a piecewise-linear RNN in discrete time."),
]
KINDS = (".pt", ".pth", ".safetensors")  # of files that can hold nothing else


def holds_map(source: str, said: bool) -> bool:
    return said or Path(source).suffix.lower() in KINDS


def read_map(source: str, **given: str | None) -> ThresholdMap:
    """The map that a file of RNN weights holds, see `heddle.read_rnn`; without the options that
    only networks have."""
    from heddle.io.rnn import read_rnn

    for name, value in given.items():
        if value is not None:
            raise DomainError(f"--{name} and a map are both given; leave out one of them")
    return read_rnn(source)


def find_cycles(
    map: ThresholdMap, periods: list[int], *, seed: int = 0, threads: int = 0
) -> list[MapCycles]:
    """The cycles of every period asked for, with a bar while they are looked for."""
    import heddle

    found = []
    for period in periods:
        what = "fixed points" if period == 1 else f"cycles of period {period}"
        with progress_bar(f"looking for {what}") as progress:
            found.append(
                heddle.cycles_of_map(map, period, seed=seed, threads=threads, progress=progress)
            )
    return found


def data_of_maps(found: list[MapCycles]) -> list[dict[str, Any]]:
    """What --json prints."""
    return [
        {
            **fields_of(one),
            "cycles": [fields_of(cycle) for cycle in one.cycles],
            "degenerate": [fields_of(word) for word in one.degenerate],
        }
        for one in found
    ]


def say_maps(found: list[MapCycles], most: int = 20) -> None:
    """A table of the cycles, and what can be missing."""
    console = stdout()
    rows = [row for one in found for row in _rows(one)]
    if rows:
        columns = ["period", "itinerary", "stable", "largest |multiplier|", "margin"]
        shown = table([*columns, "condition", "residual"], rows[:most])
        shown.columns[1].justify = "left"
        console.print(shown)
        if len(rows) > most:
            console.print(f"… and {len(rows) - most} more; --json prints all")
        console.print()
    for one in found:
        console.print(_capital(one.statement), markup=False)


def itinerary_text(itinerary: list[list[int]]) -> str:
    """Active units of each state: {0,2} {} {1}."""
    return " ".join("{" + ",".join(map(str, units)) + "}" for units in itinerary)


def _rows(found: MapCycles) -> list[list[str]]:
    return [
        [
            str(found.period),
            _short(itinerary_text(cycle.itinerary)),
            "yes" if cycle.stable else "no",
            number(cycle.spectral_radius, 4),
            "on a border" if cycle.on_border else number(cycle.margin, 2),
            number(cycle.condition, 2),
            number(cycle.residual, 1),
        ]
        for cycle in found.cycles
    ]


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
