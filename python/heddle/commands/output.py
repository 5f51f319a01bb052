"""What commands write: JSON and tables to stdout, progress and remarks to stderr."""

from __future__ import annotations

import json
import math
import os
import shlex
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from heddle import _core
from heddle import progress as progress_module

WIDTH_OF_FILES = 160  # columns where the output goes into a file or a pipe


def stdout() -> Console:
    """The console for results; wide where nobody's terminal is in the way."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH_OF_FILES
    return Console(width=width, highlight=False, soft_wrap=False)


def print_json(result: dict[str, Any]) -> None:
    """One JSON object; what is not a finite number becomes null."""
    sys.stdout.write(json.dumps(plain(result), ensure_ascii=False, allow_nan=False) + "\n")


def fields_of(value: Any, *without: str) -> dict[str, Any]:
    """A value's fields by name, but for those named."""
    return {name: getattr(value, name) for name in value._fields if name not in without}


def plain(value: Any) -> Any:
    """Lists instead of arrays, [re, im] instead of complex numbers, None instead of NaN and ∞."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, complex):
        return [plain(value.real), plain(value.imag)]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def number(value: float | None, digits: int = 3) -> str:
    """A number as people read it; a dash where there is none."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.{digits}g}"


def table(columns: Iterable[str], rows: Iterable[Iterable[str]], title: str | None = None) -> Table:
    """A compact table: the first column is text, the others are numbers."""
    made = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(columns):
        made.add_column(name, justify="left" if index == 0 else "right")
    for row in rows:
        made.add_row(*row)
    return made


@contextmanager
def progress_bar(what: str) -> Iterator[progress_module.Progress | None]:
    """A bar on stderr while the block runs; None where stderr is no terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def provenance(seed: int, threads: int) -> dict[str, Any]:
    """How a file was made, without the time, so that the same command writes the same bytes."""
    return {
        "command": shlex.join(["heddle", *sys.argv[1:]]),
        "seed": np.uint64(seed),
        "threads": threads,
        "cores": os.cpu_count() or 0,
        "blas_core": _core.blas_core(),
    }
