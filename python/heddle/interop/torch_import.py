"""Networks that PyTorch trained, as TrainableNetwork; torch itself is not needed."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heddle._core import DomainError, FormatError, Loops, Network
from heddle.interop.network_parts import RESPONSES, parts_of
from heddle.interop.torch_cells import leaky_network, positive, vector
from heddle.interop.torch_layouts import LAYOUTS, OPTIONS, TRAINED, start_of
from heddle.io.state_dicts import (
    arrays_of,
    find_layout,
    numbers,
    refuse_other_cells,
    response_told,
    within,
)
from heddle.training import TrainableNetwork

__all__ = ["from_torch"]

Array = NDArray[np.float64]
INSTEAD = {
    "GRU": "read_gru reads it",
    "LSTM": "its cell state is not the state of a rate network; expected torch.nn.RNN, or read_gru "
    "for a GRU",
}


def from_torch(
    source: str | PathLike[str] | Mapping[str, Any] | Any,
    *,
    prefix: str | None = None,
    response: str | None = None,
    step: float | None = None,
    alpha: float | None = None,
    scale: float | None = None,
    readout: str | ArrayLike | None = None,
    initial: ArrayLike | None = None,
) -> TrainableNetwork:
    """The network that a PyTorch module or state dict is, with every number as it was.

    source    a torch.nn.Module, a state dict, or a file of one (.pt, .pth, read without torch and
              without running anything in it, .safetensors, .npz)
    prefix    which module in it, such as "rnn"; needed if several would do
    response  "tanh", "rectified", "linear" or "softplus": a state dict does not say, a torch.nn.RNN
              does
    step      what one step of it lasts, s; 0.01. It is the h of a TrainingTask
    readout   C (d, n), or the name of a torch.nn.Linear beside the RNN, such as "fc"
    initial   h_0 of a torch.nn.RNN, (n,) or (trials, n); 0, as in PyTorch
    alpha     h / τ of a leaky or low-rank cell, in (0, 1]
    scale     of m nᵀ and of the readout in a low-rank cell; 1 / n

    torch.nn.RNN, torch.nn.RNNCell   h_{t+1} = φ(W_hh h_t + b_hh + b_ih + W_ih s_t). Its h is our
        rate: h_t = φ(x_t), with τ = `step` and x_{t+1} = W_hh φ(x_t) + …; what it puts out at
        position t is r_{t+1}
    leaky cell   wrec (n, n), wi (k, n), wo (n, d), b, h0, si, so: h_{t+1} = (1 − α) h_t + α
        (wrec φ(h_t) + (si wi)ᵀ s_t). Its h is our x, τ = step / α
    low-rank cell   the same with `scale` m nᵀ for wrec: W = 0 and a loop U = `scale` m, V = n
    RateNetwork   what `to_torch` made, trained on or not; it says all by itself

    Raises FormatError for other cells (LSTM, GRU, several layers, both directions, projections),
    naming them, ShapeError and DomainError for what does not fit. O(size). Mastrogiuseppe & Ostojic
    (2018), Neuron 99:609, for low-rank networks.
    """
    label, arrays = arrays_of(source)
    refuse_other_cells(label, within(label, arrays, prefix), INSTEAD)
    form, found = find_layout(label, arrays, prefix, LAYOUTS)
    given = {"response": response, "step": step, "alpha": alpha, "scale": scale}
    given |= {"readout": readout, "initial": initial}
    _refuse_unused(form, given)
    values = {name: numbers(label, name, array) for name, array in found.items()}
    if form == "RateNetwork":
        return _checked(_rate_network(label, values))
    phi = _response(label, response, response_told(source, prefix))
    seconds = positive("step", 0.01 if step is None else step)
    if form in TRAINED:
        return _checked(_plain(label, arrays, values, phi, seconds, readout, initial))
    return _checked(leaky_network(label, values, phi, seconds, alpha, scale))


def _refuse_unused(form: str, given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        if value is not None and name not in OPTIONS[form]:
            raise DomainError(f"{name} is given, but a {form} has none to choose; leave it out")


def _response(label: str, given: str | None, told: str | None) -> str:
    """φ as it is given, or as the module says."""
    if given is None and told is None:
        raise DomainError(
            f"response: {label} does not say which φ it was trained with; give 'tanh' (PyTorch's "
            "default) or 'rectified'"
        )
    if given is not None and given not in RESPONSES:
        raise DomainError(f"response: found {given!r}, expected one of {', '.join(RESPONSES)}")
    if None not in (given, told) and given != told:
        raise DomainError(f"response: found {given!r}, but {label} is {told}; leave it out")
    return given or told


def _checked(found: TrainableNetwork) -> TrainableNetwork:
    parts_of(found, found.network.tau)
    return found


def _rate_network(label: str, values: Mapping[str, Array]) -> TrainableNetwork:
    extra = values["_extra_state"]
    if extra.shape != (3,) or extra[2] not in range(len(RESPONSES)):
        raise FormatError(f"{label}: _extra_state is not that of a RateNetwork")
    loops = sum(f"u{i}" in values for i in range(len(values)))
    for i in range(loops):
        if not {f"u{i}", f"v{i}"} <= set(values):
            raise FormatError(f"{label} lacks u{i} or v{i} of its {loops} loops")
    return TrainableNetwork(
        Network(
            weights=values["weights"],
            tau=float(extra[1]),
            response=RESPONSES[int(extra[2])],
            bias=values["bias"],
            readout=values["readout"],
        ),
        loops=tuple(Loops(u=values[f"u{i}"], v=values[f"v{i}"]) for i in range(loops)),
        input=values.get("input"),
        initial=values["initial"],
        gains=values.get("gains"),
    )


def _plain(
    label: str,
    arrays: Mapping[str, Any],
    values: Mapping[str, Array],
    phi: str,
    step: float,
    readout: str | ArrayLike | None,
    initial: ArrayLike | None,
) -> TrainableNetwork:
    named = {name.removesuffix("_l0"): array for name, array in values.items()}
    w = named["weight_hh"]
    bias = sum(vector(named, name, len(w), 0.0) for name in ("bias_hh", "bias_ih"))
    network = Network(
        weights=w,
        tau=step,
        response=phi,
        bias=bias,
        readout=_readout(label, arrays, readout, len(w)),
    )
    start = start_of(np.zeros(len(w)) if initial is None else initial, phi, len(w))
    given = named.get("weight_ih")
    return TrainableNetwork(
        network, input=None if given is None or given.shape[1] == 0 else given, initial=start
    )


def _readout(
    label: str, arrays: Mapping[str, Any], readout: str | ArrayLike | None, n: int
) -> Array:
    """C, of a Linear layer without bias or as it is given."""
    if readout is None:
        return np.zeros((0, n))
    if not isinstance(readout, str):
        return np.asarray(readout, dtype=float)
    weight, bias = (arrays.get(f"{readout}.{name}") for name in ("weight", "bias"))
    if weight is None:
        raise DomainError(f"readout: {label} holds no {readout}.weight; name a torch.nn.Linear")
    if bias is not None and np.any(bias):
        raise DomainError(
            f"readout: {readout!r} has a bias, and y = C r has none; take {readout}.bias off the "
            f"targets and give readout=state[{readout + '.weight'!r}]"
        )
    return numbers(label, f"{readout}.weight", weight)
