"""Checkpoints: all that a training goes on from, and what it was a training of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from heddle import _core, store
from heddle._core import Constraint, FormatError
from heddle.encoding import field_names
from heddle.files import PathLike

# What may change from one call to the next: when to stop.
FREE = ("steps", "target", "patience", "improvement")
ADAM = ("rate", "halving", "mean_decay", "square_decay", "epsilon", "clip", "explosion")
QUASI_NEWTON = ("evaluations", "memory")


@dataclass(frozen=True)
class Recipe:
    """All that a training depends on, but for a function that makes its tasks."""

    start: _core.NetworkParameters
    of: list[str]
    constraints: list[Constraint]
    optimiser: str
    options: _core.TrainingOptions
    task: _core.TaskArrays | None  # None: a function makes them
    validation: _core.TaskArrays | None

    def described(self) -> dict[str, str]:
        """What must be the same for a checkpoint to be gone on from."""
        unused = QUASI_NEWTON if self.optimiser == "adam" else ADAM
        options = {
            name: repr(getattr(self.options, name))
            for name in self.options._fields
            if name not in (*FREE, *unused)
        }
        return options | {
            "of": ", ".join(self.of),
            "optimiser": self.optimiser,
            "constraints": _digest(self.constraints),
            "trainable": _digest(self.start),
            "task": "a function" if self.task is None else _digest(self.task),
            "validation": _digest(self.validation),
        }


def continued(recipe: Recipe, path: PathLike | None) -> _core.TrainingState:
    """The state to go on from: that of the checkpoint, or the start. Raises FormatError."""
    start = _core.start_training(recipe.start, recipe.of, recipe.constraints)
    if path is None:
        return start
    if not Path(path).exists():
        with store.replacing(path) as temporary:  # can it be written? Better to know now.
            store.write_training(temporary, start, recipe.described())
        return start
    state, described = store.load_training(path)
    _require_same(path, described, recipe.described())
    return state


def keep(path: PathLike, recipe: Recipe, state: _core.TrainingState) -> None:
    """Replaces the checkpoint, whole or not at all."""
    with store.replacing(path) as temporary:
        store.write_training(temporary, state, recipe.described())


def _require_same(path: PathLike, kept: dict[str, str], asked: dict[str, str]) -> None:
    for name, value in asked.items():
        if kept.get(name) == value:
            continue
        if name in ("constraints", "trainable", "task", "validation"):
            raise FormatError(
                f"{path} is a checkpoint of another training: `{name}` was not the same; give the "
                "same one to go on, or another file to begin anew"
            )
        raise FormatError(
            f"{path} is a checkpoint of another training: `{name}` was {kept.get(name)} and is "
            f"{value} now; give {kept.get(name)} to go on, or another file to begin anew"
        )


def _digest(value: Any) -> str:
    """A fingerprint of every bit of a value."""
    digest = hashlib.sha256()
    for piece in _pieces(value):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(value: Any) -> Iterator[bytes]:
    if isinstance(value, np.ndarray):
        yield repr(value.shape).encode()
        yield np.ascontiguousarray(value).tobytes()
    elif isinstance(value, (list, tuple)):
        yield f"list of {len(value)}".encode()
        for item in value:
            yield from _pieces(item)
    elif hasattr(type(value), "_fields"):
        for name in field_names(type(value)):
            yield name.encode()
            yield from _pieces(getattr(value, name))
    else:
        yield repr(value).encode()
