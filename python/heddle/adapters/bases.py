"""The weights that an adapter changes: from arrays or from shards, one module at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heddle._core import DomainError, ShapeError, did_you_mean
from heddle.adapters.meaning import require_state_map
from heddle.adapters.values import Adapter, AdapterModule
from heddle.files import PathLike as AnyPath
from heddle.io.safetensors_file import read_safetensors, safetensors_shapes

Array = NDArray[np.float64]
Base = Mapping[str, Any] | AnyPath | Sequence[AnyPath]


class BaseWeights:
    """W of the modules that a base has. Shapes are checked at once, numbers when they are read."""

    def __init__(self, adapter: Adapter, base: Base | None) -> None:
        self._modules = adapter.modules
        self._places: dict[str, tuple[Mapping[str, Any] | Path, str]] = {}
        self.hints: dict[str, str] = {}  # What a module that is missing may be called.
        if base is None:
            return
        shapes = dict(_shapes(base))
        for name in adapter.modules:
            key = next((key for key in (name, f"{name}.weight") if key in shapes), None)
            if key is None:
                self.hints[name] = did_you_mean(f"{name}.weight", list(shapes))
                continue
            place, shape = shapes[key]
            _require_shape(key, shape, adapter.modules[name])
            self._places[name] = place, key
        if not self._places:
            first = next(iter(adapter.modules))
            raise DomainError(
                "base holds the weights of no module of the adapter, such as "
                f"{f'{first}.weight'!r}{self.hints[first]}"
            )

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def read(self, name: str) -> Array:
        """W, shape (out, in), in double precision; DomainError for what are no finite numbers."""
        place, key = self._places[name]
        values = (
            read_safetensors(place, [key])[key].values if isinstance(place, Path) else place[key]
        )
        array = np.asarray(values)
        if array.dtype.kind not in "iuf":
            raise DomainError(f"base, {key!r} is of type {array.dtype}; give real numbers")
        if not np.all(np.isfinite(array)):
            raise DomainError(f"base, {key!r} holds NaN or infinity; give finite numbers")
        turned = self._modules[name].transposed
        return np.asarray(array.T if turned else array, np.float64)


def _shapes(base: Base) -> Iterable[tuple[str, tuple[Any, tuple[int, ...]]]]:
    """Where each array of the base is, and its shape."""
    if isinstance(base, Mapping):
        for key, values in base.items():
            yield str(key), (base, np.shape(values))
        return
    shards = [base] if isinstance(base, (str, PathLike)) else base
    for shard in shards:
        path = Path(shard)
        for key, shape in safetensors_shapes(path).items():
            yield key, (path, shape)


def state_map(base: ArrayLike | Base, module: str, *, transposed: bool = False) -> Array:
    """W of a map of a state to itself, shape (n, n), from a matrix or from a base by name."""
    if not _is_base(base):
        base = {module: np.asarray(base)}
    shapes = {key: shape for key, (_, shape) in _shapes(base)}
    key = next((key for key in (module, f"{module}.weight") if key in shapes), None)
    if key is None:
        raise DomainError(
            f"base has no {module!r} and no {f'{module}.weight'!r}"
            f"{did_you_mean(f'{module}.weight', list(shapes))}"
        )
    if len(shapes[key]) != 2:
        raise ShapeError(f"base, {key!r} has shape {shapes[key]}; give a matrix")
    require_state_map("module", module, shapes[key])
    n = shapes[key][0]
    change = AdapterModule(np.zeros((1, n)), np.zeros((n, 1)), transposed=transposed)
    return BaseWeights(Adapter({module: change}), base).read(module)


def _is_base(base: Any) -> bool:
    """Whether it is arrays by name or files, and not one matrix."""
    if isinstance(base, (Mapping, str, PathLike)):
        return True
    return isinstance(base, Sequence) and all(isinstance(each, (str, PathLike)) for each in base)


def _require_shape(key: str, shape: tuple[int, ...], module: AdapterModule) -> None:
    expected = module.shape[::-1] if module.transposed else module.shape
    if shape == expected:
        return
    turned = "; its transpose fits: see AdapterModule.transposed" * (shape == expected[::-1])
    raise ShapeError(
        f"base, {key!r} has shape {shape}; the adapter changes one of shape {expected}{turned}"
    )
