"""The state dicts that `from_torch` knows, and how their states become ours."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heddle._core import DomainError, ShapeError

CELL = ("weight_ih", "bias_ih", "bias_hh")
LEAKY = ("wi", "wo", "b", "h0", "si", "so")
MOST_LOOPS = 1000
# The arrays that a layout needs, and those that it may have.
LAYOUTS = {
    "RateNetwork": (
        ("weights", "bias", "readout", "initial", "_extra_state"),
        ("input", "gains", *(f"{letter}{i}" for letter in "uv" for i in range(MOST_LOOPS))),
    ),
    "torch.nn.RNN": (("weight_hh_l0",), tuple(f"{name}_l0" for name in CELL)),
    "torch.nn.RNNCell": (("weight_hh",), CELL),
    "low-rank cell": (("m", "n"), LEAKY),
    "leaky cell": (("wrec",), LEAKY),
}
TRAINED = ("torch.nn.RNN", "torch.nn.RNNCell")
OPTIONS = {
    "RateNetwork": (),
    "torch.nn.RNN": ("response", "step", "readout", "initial"),
    "torch.nn.RNNCell": ("response", "step", "readout", "initial"),
    "low-rank cell": ("response", "step", "alpha", "scale"),
    "leaky cell": ("response", "step", "alpha"),
}


def start_of(rates: ArrayLike, response: str, n: int) -> NDArray[np.float64]:
    """x_0 with φ(x_0) = h_0. Raises DomainError for what φ never reaches."""
    h = np.asarray(rates, dtype=float)
    if h.ndim not in (1, 2) or h.shape[-1] != n:
        raise ShapeError(f"initial: found shape {h.shape}, expected ({n},) or (trials, {n})")
    reached = {
        "linear": (-np.inf, np.inf, "a finite number"),
        "rectified": (0.0, np.inf, "0 or more"),
        "tanh": (-1.0, 1.0, "a number between -1 and 1"),
        "softplus": (0.0, np.inf, "a number above 0"),
    }
    least, most, words = reached[response]
    inside = (h >= least if response == "rectified" else h > least) & (h < most)
    if not inside.all():
        bad = h[~inside].flat[0]
        raise DomainError(
            f"initial: found {bad:g}, which is φ(x) of no x for {response} units; expected {words}"
        )
    if response == "tanh":
        return np.arctanh(h)
    return h + np.log(-np.expm1(-h)) if response == "softplus" else h
