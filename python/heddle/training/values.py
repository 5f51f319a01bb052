"""What is trained, and what is asked of it, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heddle._core import Loops, Network
from heddle.brief import Brief

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class TrainableNetwork(Brief):
    """A network as it is trained. With η = h / τ and rates r_t = (G a_t) ∘ φ(x_t),

        x_{t+1} = (1 − η) x_t + η (W r_t + Σ_l g_l(t) U_l V_lᵀ r_t + b + B s_t) ,   y_t = C r_t .

    Gates g, gain weights a and inputs s belong to the task. Without gains, G a = 1.
    """

    network: Network  # dense W, τ, φ, b, C
    loops: tuple[Loops, ...] = ()  # U_l, V_l; without thalamic lag and delay
    input: Array | None = None  # B, (n, k)
    initial: Array | None = None  # x_0, (n,) for all trials or (trials, n); 0 if left out
    gains: Array | None = None  # G, (n, m): one column for each setting of the units' gains


@dataclass(frozen=True, eq=False, repr=False)
class TrainingTask(Brief):
    """What a network is asked for in `trials` runs of `steps` steps, an array a time series.

    loss = Σ m ‖y − y*‖² / (d Σ m) + activity · mean r²
           + velocity · mean ((x_{t+1} − x_t) / h)²
    """

    h: float  # step, s; in (0, τ]
    steps: int  # T
    trials: int = 1
    start: Array | None = None  # added to the network's x_0, (trials, n)
    inputs: Array | None = None  # s, (T, trials, k)
    gates: tuple[Array, ...] | None = None  # g_l, each (T, trials); all open if left out
    gain_weights: Array | None = None  # a, (T + 1, trials, m)
    targets: Array | None = None  # y*, (T + 1, trials, d)
    weights: Array | None = None  # m ≥ 0, (T + 1, trials); all 1 if left out
    activity: float = 0.0
    velocity: float = 0.0  # s²
