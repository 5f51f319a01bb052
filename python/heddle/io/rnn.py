"""Piecewise-linear RNNs in discrete time, from NPZ files, PyTorch state dicts and safetensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

import numpy as np
import numpy.typing as npt

from heddle import _core
from heddle._core import DomainError, FormatError, ShapeError, ThresholdMap
from heddle.io.state_dicts import (
    arrays_of,
    find_layout,
    numbers,
    refuse_other_cells,
    response_told,
    within,
)

LAYER = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
CELL = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
PLRNN = ("A", "W", "h")
SHALLOW = ("A", "W1", "W2", "h1", "h2")
INSTEAD = "expected a piecewise-linear RNN, such as torch.nn.RNN(nonlinearity='relu')"
# The arrays of each form: those it needs and those it may have.
FORMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "shallow PLRNN": (SHALLOW, ("clipped",)),
    "PLRNN": (PLRNN, ("rectified",)),
    "torch.nn.RNN": (("weight_hh_l0",), LAYER),
    "torch.nn.RNNCell": (("weight_hh",), CELL),
}


def read_rnn(
    source: str | PathLike[str] | Mapping[str, Any] | Any,
    *,
    prefix: str | None = None,
    input: npt.ArrayLike | None = None,
    rectified: Sequence[int] | None = None,
    clipped: bool | None = None,
) -> ThresholdMap:
    """The ThresholdMap z' = A z + P [Q z + c]₊ + h of an RNN that was trained elsewhere.

    source     a file, .npz, .pt or .pth (a PyTorch state dict, read without torch and without
               running anything in it) or .safetensors; or a mapping of names to arrays, or a
               torch.nn.Module
    prefix     which module of a state dict, such as "rnn"; needed if several would do
    input      constant input u of a torch.nn.RNN, shape (inputs,); zero
    rectified  units of a PLRNN that are rectified, if only some are (an almost-linear RNN)
    clipped    whether a shallow PLRNN is the clipped one

    By the names of its arrays it is one of

    PLRNN             A (n,) or (n, n), W, h: z' = A z + W [z]₊ + h; rectified, indices of units
    shallow PLRNN     A, W1, W2, h1, h2: z' = A z + W₁ [W₂ z + h₂]₊ + h₁; clipped
    torch.nn.RNN      weight_hh_l0, weight_ih_l0, bias_hh_l0, bias_ih_l0: z' = [W_hh z + b_hh + b_ih
                      + W_ih u]₊, for nonlinearity="relu", which a state dict does not tell
    torch.nn.RNNCell  the same without _l0

    Raises FormatError for a file or names that are none of these (LSTM, GRU and several layers
    among them), with a did-you-mean; DomainError and ShapeError for what does not fit.
    """
    label, arrays = arrays_of(source)
    refuse_other_cells(
        label,
        within(label, arrays, prefix),
        {"GRU": f"{INSTEAD}; read_gru takes GRUs", "LSTM": INSTEAD},
    )
    form, found = find_layout(label, arrays, prefix, FORMS)
    _refuse_unused(form, input=input, rectified=rectified, clipped=clipped)
    if response_told(source, prefix) == "tanh":
        raise FormatError(f"{label} has tanh units; {INSTEAD}, or from_torch for smooth networks")
    values = {
        name: numbers(label, name, array, vector=name.startswith(("h", "bias")))
        for name, array in found.items()
    }
    if form == "shallow PLRNN":
        flag = bool(np.any(values.pop("clipped", 0))) if clipped is None else clipped
        return _core.shallow_plrnn(
            _square(values["A"]), *(values[name] for name in SHALLOW[1:]), clipped=flag
        )
    if form == "PLRNN":
        units = values["rectified"] if rectified is None and "rectified" in values else rectified
        units = None if units is None else [int(unit) for unit in np.ravel(units)]
        return _core.plrnn(_square(values["A"]), values["W"], values["h"], rectified=units)
    return _recurrent(label, {name.removesuffix("_l0"): a for name, a in values.items()}, input)


def _refuse_unused(form: str, **given: Any) -> None:
    serves = {
        "input": ("torch.nn.RNN", "torch.nn.RNNCell"),
        "rectified": ("PLRNN",),
        "clipped": ("shallow PLRNN",),
    }
    for name, value in given.items():
        if value is not None and form not in serves[name]:
            raise DomainError(f"{name} is given, but a {form} has none; leave it out")


def _square(a: np.ndarray) -> np.ndarray:
    return np.diag(a) if a.ndim == 1 else a


def _recurrent(
    label: str, values: Mapping[str, np.ndarray], given: npt.ArrayLike | None
) -> ThresholdMap:
    w = values["weight_hh"]
    n = len(w)
    h = np.zeros(n)
    for name in ("bias_hh", "bias_ih"):
        if name in values:
            if values[name].shape != (n,):
                raise ShapeError(
                    f"{name}: found shape {values[name].shape}, expected ({n},), one per unit"
                )
            h += values[name]
    if given is not None:
        if "weight_ih" not in values:
            raise DomainError(f"input is given, but {label} holds no weight_ih; leave it out")
        u = np.asarray(given, dtype=np.float64).ravel()
        if u.size != values["weight_ih"].shape[1]:
            raise ShapeError(
                f"input: found {u.size} numbers, expected {values['weight_ih'].shape[1]}"
            )
        h += values["weight_ih"] @ u
    return _core.relu_rnn(w, h)
