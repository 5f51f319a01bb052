"""Gated recurrent units from PyTorch, and the linear network that they are around a state."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from heddle import _core
from heddle._core import DomainError, FormatError, GatedUnits, Network
from heddle.io.state_dicts import arrays_of, cell_gates, find_layout, numbers, within
from heddle.io.state_dicts import refuse_other_cells as refuse
from heddle.training import TrainableNetwork

__all__ = ["linearised", "read_gru"]

LAYER = ("weight_ih", "bias_ih", "bias_hh")
LAYOUTS = {
    "torch.nn.GRU": (("weight_hh_l0",), tuple(f"{name}_l0" for name in LAYER)),
    "torch.nn.GRUCell": (("weight_hh",), LAYER),
}
INSTEAD = {"LSTM": "expected a torch.nn.GRU; the cell state of an LSTM is not read"}


def read_gru(
    source: str | PathLike[str] | Mapping[str, Any] | Any, *, prefix: str | None = None
) -> GatedUnits:
    """The GatedUnits of a torch.nn.GRU or torch.nn.GRUCell; torch itself is not needed.

    source  a torch.nn.Module, a state dict, or a file of one (.pt, .pth, read without running
            anything in it, .safetensors, .npz)
    prefix  which module in it, such as "gru"; needed if several would do

    Every number as it was. `gated_states` runs the layer, `gated_fixed_points` finds the states
    that it keeps, `linearised` takes the linear network around one. Raises FormatError for other
    cells (LSTM, nn.RNN, several layers, both directions), naming them. O(size).
    """
    label, arrays = arrays_of(source)
    inside = within(label, arrays, prefix)
    refuse(label, inside, INSTEAD)
    for name, array in inside.items():
        if cell_gates(name.rpartition(".")[2], array) == 1:
            raise FormatError(f"{label} holds {name} of a plain RNN; from_torch reads it")
    _, found = find_layout(label, arrays, prefix, LAYOUTS)
    values = {name.removesuffix("_l0"): numbers(label, name, a) for name, a in found.items()}
    w = values["weight_hh"]
    return GatedUnits(
        recurrent=w,
        input=values.get("weight_ih", np.zeros((len(w), 0))),
        recurrent_bias=values.get("bias_hh", np.zeros(len(w))),
        input_bias=values.get("bias_ih", np.zeros(len(w))),
    )


def linearised(
    layer: GatedUnits,
    state: ArrayLike,
    input: ArrayLike | None = None,
    *,
    step: float = 0.01,
    readout: ArrayLike | None = None,
) -> TrainableNetwork:
    """The linear network that GatedUnits are around a state h̄ and an input s̄.

        h' ≈ F(h̄, s̄) + J (h − h̄) + L (s − s̄) ,   J = ∂F/∂h ,   L = ∂F/∂s

    as x' = W x + b + B s with W = J, B = L, b = F(h̄, s̄) − J h̄ − L s̄, τ = `step`: its eigenvalues
    are multipliers of one step, stable inside the unit circle.

    state    h̄, shape (n,); at a fixed point of `gated_fixed_points` the network keeps it
    input    s̄, shape (k,); zero
    step     what one step of the layer lasts, s
    readout  C, shape (d, n), of the layer's h

    The error of a step is O(|h − h̄|² + |s − s̄|²). Raises ShapeError or DomainError naming the
    argument. Cost: 5 n (n + k) flops. Sussillo & Barak (2013), Neural Comput 25:626.
    """
    if not isinstance(layer, GatedUnits):
        raise DomainError(f"layer is a {type(layer).__name__}; give GatedUnits, from read_gru")
    h = np.asarray(state, dtype=float)
    s = np.zeros(layer.inputs) if input is None else np.asarray(input, dtype=float)
    following, jacobian, through = _core.gated_linearisation(layer, h, s)
    network = Network(
        weights=jacobian,
        tau=step,
        bias=following - jacobian @ h - through @ s,
        readout=np.zeros((0, layer.units)) if readout is None else readout,
    )
    return TrainableNetwork(network, input=through if layer.inputs else None, initial=h)
