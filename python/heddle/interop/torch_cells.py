"""Leaky and low-rank cells as networks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from heddle._core import DomainError, FormatError, Loops, Network, ShapeError
from heddle.interop.network_parts import is_finite_number
from heddle.training import TrainableNetwork

Array = NDArray[np.float64]


def positive(name: str, value: float, most: float = np.inf) -> float:
    if not (is_finite_number(value) and 0 < value <= most):
        upper = "" if most == np.inf else f" and at most {most:g}"
        raise DomainError(f"{name}: found {value!r}, expected a number above 0{upper}")
    return float(value)


def vector(values: Mapping[str, Array], name: str, length: int, otherwise: float) -> Array:
    """The array of that name, or `otherwise` in its place."""
    array = np.asarray(values.get(name, np.full(length, otherwise)))
    if array.shape != (length,):
        raise ShapeError(f"{name}: found shape {array.shape}, expected ({length},)")
    return array


def leaky_network(
    label: str,
    values: Mapping[str, Array],
    phi: str,
    step: float,
    alpha: float | None,
    scale: float | None,
) -> TrainableNetwork:
    """x' = (1 − α) x + α (W φ(x) + (si wi)ᵀ s), y = (so wo)ᵀ φ(x); W = wrec or `scale` m nᵀ."""
    if alpha is None:
        raise DomainError(f"alpha: {label} does not say h / τ of its cell; give it, in (0, 1]")
    if np.any(values.get("b", 0.0)):
        raise FormatError(
            f"{label} holds b, a threshold within φ(h + b) that the outputs of such cells leave "
            "out; expected zeros: take W, B, C and x = h + b into a TrainableNetwork yourself"
        )
    low_rank = "m" in values
    n = len(values["m"] if low_rank else values["wrec"])
    factor = (1.0 / n if scale is None else scale) if low_rank else 1.0
    readout, given = (
        values.get(name, np.zeros(shape)) for name, shape in (("wo", (n, 0)), ("wi", (0, n)))
    )
    for name, array, shape in (("wo", readout, "(n, d)"), ("wi", given, "(k, n)")):
        if array.ndim != 2:
            raise ShapeError(f"{name}: found shape {array.shape}, expected {shape}")
    network = Network(
        weights=np.zeros((n, n)) if low_rank else values["wrec"],
        tau=step / positive("alpha", alpha, 1.0),
        response=phi,
        readout=factor * (readout * vector(values, "so", readout.shape[1], 1.0)).T,
    )
    loops = (Loops(u=factor * values["m"], v=values["n"]),) if low_rank else ()
    input = given.T * vector(values, "si", len(given), 1.0)
    start = vector(values, "h0", n, 0.0)
    return TrainableNetwork(network, loops, input if len(given) else None, initial=start)
