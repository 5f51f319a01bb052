"""Finished cells in a folder: a file for each cell and seed, whole or absent.

Layout: `protocol.json`, and `cells/<cell>-seed<k>.json` with the errors as they were computed:
numbers are written so that every bit comes back, and there are no times of writing.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np

from heddle._core import DomainError, FormatError, __version__
from heddle.files import PathLike, replacing
from heddle.robustness.measures import CellResult
from heddle.robustness.protocol import Cell, RobustnessProtocol, differences

FORMAT_VERSION = 1
ARRAYS = ("single", "pairs", "words", "added")
NUMBERS = ("interference", "unsegregated")


class CellStore:
    """The folder of one table. Raises DomainError if it belongs to another protocol."""

    def __init__(self, folder: PathLike, protocol: RobustnessProtocol) -> None:
        self.folder = Path(folder)
        self.cells = self.folder / "cells"
        if self.folder.exists() and not self.folder.is_dir():
            raise DomainError(f"{folder} is not a folder; give one, or a name that is not taken")
        described = self.folder / "protocol.json"
        if described.exists():
            _require_same(described, protocol)
        try:
            self.cells.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DomainError(f"{folder} cannot be made: {error.strerror}") from error
        if not described.exists():
            _write(described, {"heddle_version": __version__, "protocol": asdict(protocol)})

    def path(self, cell: Cell, seed: int) -> Path:
        return self.cells / f"{cell.name}-seed{seed}.json"

    def __contains__(self, key: tuple[Cell, int]) -> bool:
        return self.path(*key).is_file()

    def save(self, result: CellResult) -> None:
        """Writes a finished cell; there is no moment at which half of it is there."""
        data: dict[str, Any] = {
            "cell": asdict(result.cell),
            "seed": result.seed,
            "outcome": result.outcome,
            "reason": result.reason,
        }
        data |= {name: _number(getattr(result, name)) for name in NUMBERS}
        data |= {name: _listed(getattr(result, name)) for name in ARRAYS}
        _write(self.path(result.cell, result.seed), data)

    def load(self, cell: Cell, seed: int) -> CellResult:
        """What `save` wrote, bit for bit. Raises FormatError for a file that is damaged."""
        path = self.path(cell, seed)
        data = _read(path)
        try:
            arrays = {name: np.array(_floats(data[name])) for name in ARRAYS}
            numbers = {name: _floats(data[name]) for name in NUMBERS}
            found = CellResult(
                cell=Cell(**data["cell"]),
                seed=data["seed"],
                outcome=data["outcome"],
                reason=data["reason"],
                **arrays,
                **numbers,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise FormatError(
                f"{path} is damaged: {error!r}; delete it to compute it again"
            ) from error
        if (found.cell, found.seed) != (cell, seed):
            raise FormatError(f"{path} holds another cell; delete it to compute it again")
        return found


def _require_same(path: Path, protocol: RobustnessProtocol) -> None:
    data = _read(path)
    known = {field.name for field in fields(RobustnessProtocol)}
    stored = data.get("protocol")
    if not isinstance(stored, dict) or set(stored) != known:
        raise FormatError(f"{path} is damaged or of another version; give another folder")
    for name, old, new in differences(RobustnessProtocol(**stored), protocol):
        raise DomainError(
            f"{path.parent} holds cells with {name} {old}, and {new} is asked for; give another "
            "folder"
        )


def _write(path: Path, data: dict[str, Any]) -> None:
    text = json.dumps({"format_version": FORMAT_VERSION, **data}, allow_nan=False)
    with replacing(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FormatError(f"{path} cannot be read: {error}; delete it to go on") from error
    if not isinstance(data, dict) or data.get("format_version") != FORMAT_VERSION:
        raise FormatError(f"{path} is not a file of this version; delete it to go on")
    return data


def _listed(array: Any) -> Any:
    """Nested lists; what is not a finite number becomes its name."""
    return [_listed(part) for part in array] if np.ndim(array) else _number(float(array))


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


def _floats(data: Any) -> Any:
    return [_floats(part) for part in data] if isinstance(data, list) else float(data)
