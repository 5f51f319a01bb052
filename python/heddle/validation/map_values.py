"""Errors of a reduction over two parameters, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
TERMS = ("discretisation", "finite_size", "closure", "transfer", "total")


@dataclass(frozen=True, repr=False)
class ValidityMap:
    """Errors at every pair of two parameters; see `heddle.validity_map`.

    Arrays of points have shape (y, x), those of errors (terms, y, x, populations); NaN where there
    is nothing.
    """

    x_name: str
    y_name: str
    x: Array
    y: Array
    observable: str  # "rate", "deviation", "power", "response", "gain" or "phase"
    populations: list[str]
    terms: list[str]  # discretisation, finite_size, closure, transfer, total
    error: Array  # in the unit of the observable
    reach: Array  # half the interval of 95 %, the longer half
    neurons: Array  # shape (y, x, populations)
    done: NDArray[np.bool_]
    levels: list[str]  # the reduction at each point, row by row
    reasons: list[str]  # why there is none, or why it is not to be trusted; row by row
    tolerance: float  # relative
    settings: dict[str, Any]  # what the points were computed with

    @property
    def relative(self) -> Array:
        """The error of the worst population, shape (y, x).

        |total| / neurons of rates, deviations and gains; |total| of responses, which is relative
        already, of log powers and of phases in radians.
        """
        total = np.abs(self.error[TERMS.index("total")]) / self._unit
        return np.where(np.isnan(total).all(axis=-1), np.nan, np.max(_filled(total), axis=-1))

    @property
    def refused(self) -> NDArray[np.bool_]:
        """Points that are done and have no error: their `reasons` say why."""
        return np.asarray(self.done & np.isnan(self.relative))

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Is every population within the tolerance, its interval included?"""
        k = TERMS.index("total")
        far = (np.abs(self.error[k]) + self.reach[k]) / self._unit
        return np.asarray((far <= self.tolerance).all(axis=-1))

    @property
    def _unit(self) -> Array:
        """What an error is divided by, shape (y, x, populations)."""
        if self.observable in ("power", "response"):
            return np.ones_like(self.neurons)
        if self.observable == "phase":
            return np.full_like(self.neurons, np.degrees(1.0))
        return np.maximum(self.neurons, 1e-12)

    @property
    def statement(self) -> str:
        done, of = int(self.done.sum()), self.done.size
        parts = [f"{done} of {of} points", f"{int(self.valid.sum())} within {self.tolerance:.3g}"]
        if self.refused.any():
            reasons = [r for r, no in zip(self.reasons, self.refused.ravel(), strict=True) if no]
            most = max(sorted(set(reasons)), key=reasons.count)
            parts.append(f"{len(reasons)} refused, most often: {most}")
        return "; ".join(parts)

    def __repr__(self) -> str:
        return f"ValidityMap({self.y_name} over {self.x_name}: {self.statement})"


def _filled(table: Array) -> Array:
    return np.where(np.isnan(table), -np.inf, table)


def empty_map(
    x: tuple[str, Any],
    y: tuple[str, Any],
    observable: str,
    populations: list[str],
    tolerance: float,
    settings: dict[str, Any],
) -> ValidityMap:
    """Nothing done yet."""
    along, up = np.asarray(x[1], float), np.asarray(y[1], float)
    shape = (len(up), len(along), len(populations))
    return ValidityMap(
        x_name=x[0],
        y_name=y[0],
        x=along,
        y=up,
        observable=observable,
        populations=populations,
        terms=list(TERMS),
        error=np.full((len(TERMS), *shape), np.nan),
        reach=np.full((len(TERMS), *shape), np.nan),
        neurons=np.full(shape, np.nan),
        done=np.zeros(shape[:2], bool),
        levels=[""] * (shape[0] * shape[1]),
        reasons=[""] * (shape[0] * shape[1]),
        tolerance=float(tolerance),
        settings=settings,
    )
