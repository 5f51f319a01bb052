"""A script as it is written: lines, and the arrays that go into a file beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from heddle import __version__
from heddle._core import Circuit, DomainError

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

    def start(self, text: str, circuit: Circuit, settings: Mapping[str, Any]) -> None:
        """Fills in @name@, from the settings."""
        sizes = ", ".join(f"{p.name} {p.size}" for p in circuit.populations)
        known = {"stem": self.path.stem, "version": __version__, "sizes": sizes}
        for name, value in {**settings, **known}.items():
            text = text.replace(f"@{name}@", str(value))
        self.add(text)

    def section(self, title: str) -> None:
        self.lines += ["", f"# --- {title} " + "-" * max(3, 90 - len(title))]

    def array(self, name: str, values: Any) -> str:
        """The expression that gives these numbers in the script."""
        self.arrays[name] = np.asarray(values)
        return f"data[{name!r}]"

    def write(self, helpers: Mapping[str, str]) -> Path:
        """Puts the helpers that are called where it says # helpers, reads arrays at # data."""
        text = "\n".join(self.lines) + "\n"
        called = [code.strip("\n") for name, code in helpers.items() if f"{name}(" in text]
        definitions = "".join(f"\n\n{code}\n" for code in called)
        text = text.replace("# helpers\n", definitions)
        read = f'data = np.load(Path(__file__).with_name("{self.data_path.name}"))\n'
        text = text.replace("# data\n", read if self.arrays else "")
        if self.arrays:
            np.savez(self.data_path, **self.arrays)
        self.path.write_text(text, encoding="utf-8")
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
