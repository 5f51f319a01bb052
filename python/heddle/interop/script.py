"""A script as it is written: lines, and the arrays that go into a file beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from heddle._core import DomainError

__all__ = ["Script", "literal", "mapping"]


class Script:
    """Collects sections of Python text; arrays get names in `data`, an NPZ file."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = Path(path)
        if self.path.suffix != ".py":
            raise DomainError(f"path: found {str(path)!r}, expected a name that ends in .py")
        self.lines: list[str] = []
        self.arrays: dict[str, np.ndarray] = {}

    @property
    def data_path(self) -> Path:
        return self.path.with_name(self.path.stem + "_data.npz")

    def add(self, text: str) -> None:
        self.lines += text.strip("\n").split("\n")

    def section(self, title: str) -> None:
        self.lines += ["", f"# --- {title} " + "-" * max(3, 90 - len(title))]

    def array(self, name: str, values: Any) -> str:
        """The expression that gives these numbers in the script."""
        self.arrays[name] = np.asarray(values)
        return f"data[{name!r}]"

    def write(self) -> Path:
        if self.arrays:
            np.savez(self.data_path, **self.arrays)
        else:
            self.data_path.unlink(missing_ok=True)
        self.path.write_text("\n".join(self.lines) + "\n", encoding="utf-8")
        return self.path


def literal(value: Any) -> str:
    """A number or text as Python writes it."""
    if isinstance(value, float) and math.isinf(value):
        return "np.inf" if value > 0 else "-np.inf"
    return repr(value)


def mapping(entries: Mapping[str, str]) -> str:
    """A dictionary display of expressions, on one line or on many."""
    items = [f'"{key}": {value}' for key, value in entries.items()]
    line = "{" + ", ".join(items) + "}"
    if len(line) < 76:
        return line
    return "{\n" + "".join(f"    {item},\n" for item in items) + "}"
