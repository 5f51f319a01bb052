"""Series from CSV files."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from heddle._core import FormatError
from heddle.io.series import Series
from heddle.io.unipen import read_text


def read_csv(path: Path) -> list[Series]:
    rows = [
        (number, [cell.strip() for cell in next(csv.reader([line]))])
        for number, line in enumerate(read_text(path).splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if len(rows) < 2:
        raise FormatError(f"{path} has no rows of numbers; give a header t,x,y,... and samples")
    lines, names = [number for number, _ in rows[1:]], rows[0][1]
    _require_header(path, rows[0][0], names)
    table = np.array([_row(path, number, cells, names) for number, cells in rows[1:]])
    clock = [column for column, name in enumerate(names) if name.lower() in ("t", "time")]
    times = table[:, clock[0]] if clock else None
    channels = [name for column, name in enumerate(names) if column not in clock]
    return [Series(path.stem, np.delete(table, clock, axis=1), str(path), times, channels, lines)]


def _require_header(path: Path, line: int, names: list[str]) -> None:
    found = f"{path}, line {line}: the header {','.join(names)[:60]!r}"
    if any(_is_number(name) for name in names):
        raise FormatError(f"{found} holds numbers; begin with names such as t,x,y")
    if len(names) == 1 and any(mark in names[0] for mark in ";\t "):
        raise FormatError(f"{found} has one column; separate columns by commas")
    if "" in names or len(set(names)) < len(names):
        raise FormatError(f"{found} has empty or repeated names; give each column its own")
    if sum(name.lower() in ("t", "time") for name in names) > 1:
        raise FormatError(f"{found} names the time twice; keep one of t and time")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.lower() not in ("nan", "inf", "infinity")


def _row(path: Path, line: int, cells: list[str], names: list[str]) -> list[float]:
    if len(cells) != len(names):
        raise FormatError(
            f"{path}, line {line}: {len(cells)} values where the header names {len(names)} columns"
        )
    row = []
    for name, cell in zip(names, cells, strict=True):
        try:
            row.append(float(cell))
        except ValueError:
            raise FormatError(
                f"{path}, line {line}: {cell!r} in column {name!r} is not a number"
            ) from None
    return row
