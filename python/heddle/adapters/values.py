"""Low-rank adapters as plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Real
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heddle._core import DomainError, ShapeError
from heddle.brief import Brief

Array = NDArray[np.floating[Any]]
DTYPES = ("F64", "F32", "F16", "BF16")  # of adapters
OF_NUMPY = {"float64": "F64", "float32": "F32", "float16": "F16"}


@dataclass(frozen=True, eq=False, repr=False)
class AdapterModule(Brief):
    """What an adapter adds to one linear map y = W x: ΔW = s B A, of rank r at most.

        s = alpha / r,   or alpha / √r if `rslora`

    A           input weights, shape (r, in): V of loops, transposed
    B           output weights, shape (out, r): U of loops
    alpha       scaling; None for the alpha that makes s = 1
    rslora      whether the scaling is rank-stabilised
    transposed  whether the base stores the map as (in, out) and not as (out, in), as Conv1D
                (fan_in_fan_out) and embeddings do; ΔW here is (out, in) all the same
    embedding   whether the map looks up the columns of W by index
    dtype       F64, F32, F16 or BF16, the type of both in files; None for that of the arrays

    On a square recurrent map, B and A are r loops with U = s B and V = Aᵀ. Raises ShapeError for
    factors that do not fit each other, DomainError for NaN, infinity or an alpha that is no finite
    number. See Hu et al. (2022) for adapters and Kalajdzievski (2023) for rank-stabilised ones.
    """

    A: Array
    B: Array
    alpha: float | None = None
    rslora: bool = False
    transposed: bool = False
    embedding: bool = False
    dtype: str | None = None

    def __post_init__(self) -> None:
        a, b = (_factor(name, getattr(self, name)) for name in ("A", "B"))
        if a.shape[0] != b.shape[1] or a.shape[0] == 0:
            raise ShapeError(
                f"A has shape {a.shape} and B {b.shape}; expected (r, in) and (out, r), r > 0"
            )
        dtype = self.dtype or OF_NUMPY.get(str(np.result_type(a, b)), "F64")
        if dtype not in DTYPES:
            raise DomainError(f"dtype is {self.dtype!r}; give one of {', '.join(DTYPES)}")
        alpha = self.alpha
        if alpha is None:
            alpha = a.shape[0] ** 0.5 if self.rslora else a.shape[0]
        if not is_finite_number(alpha):
            raise DomainError(
                f"alpha is {alpha!r:.60}; give a finite number, such as r = {a.shape[0]}"
            )
        for name, value in (("A", a), ("B", b), ("alpha", alpha), ("dtype", dtype)):
            object.__setattr__(self, name, value)

    @property
    def rank(self) -> int:
        """r, the width of the factors; the rank of ΔW may be smaller."""
        return self.A.shape[0]

    @property
    def shape(self) -> tuple[int, int]:
        """(out, in), that of ΔW."""
        return self.B.shape[0], self.A.shape[1]

    @property
    def scale(self) -> float:
        """s = alpha / r, or alpha / √r if `rslora`."""
        return float(self.alpha) / (self.rank**0.5 if self.rslora else self.rank)

    @property
    def delta(self) -> NDArray[np.float64]:
        """ΔW = s B A, shape (out, in), in double precision; formed anew each time, O(out in r)."""
        return self.scale * (self.B.astype(np.float64) @ self.A.astype(np.float64))


def is_finite_number(value: Any) -> bool:
    """Whether a value is a real number that double precision can hold; True and False are none."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def _factor(name: str, values: Any) -> Array:
    array = np.array(values)  # a copy: a value does not change with what it was made from
    if array.dtype.kind in "iub":
        array = array.astype(np.float64)
    if array.dtype.kind != "f":
        raise DomainError(f"{name} is of type {array.dtype}; give real numbers")
    if array.ndim != 2:
        raise ShapeError(f"{name} has shape {array.shape}; give a matrix")
    if not np.all(np.isfinite(array)):
        raise DomainError(f"{name} holds NaN or infinity; give finite numbers")
    array.flags.writeable = False
    return array


@dataclass(frozen=True, eq=False, repr=False)
class Adapter(Brief):
    """Low-rank changes of the linear maps of one model, by the names of its modules.

    modules   name in the base model, such as "layers.0.q_proj", to AdapterModule
    config    what else adapter_config.json says, kept for writing; {} for the least that is needed
    left_out  names of arrays that the file holds and that were left out on request

    Raises DomainError for an adapter without modules or with a module that is none.
    """

    modules: Mapping[str, AdapterModule]
    config: Mapping[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        modules = dict(self.modules)
        if not modules:
            raise DomainError("modules is empty; give at least one AdapterModule")
        for name, module in modules.items():
            if not isinstance(name, str) or not name or not isinstance(module, AdapterModule):
                raise DomainError(
                    f"modules: {name!r} is {type(module).__name__}; give names and AdapterModules"
                )
        object.__setattr__(self, "modules", MappingProxyType(modules))
