"""A network as a torch.nn.Module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heddle._core import DomainError, Network
from heddle.interop.network_parts import parts_of
from heddle.training import TrainableNetwork

if TYPE_CHECKING:
    from heddle.interop.torch_module import RateNetwork

__all__ = ["to_torch"]

DTYPES = ("float32", "float64")


def to_torch(
    network: Network | TrainableNetwork, *, h: float | None = None, dtype: Any = None
) -> RateNetwork:
    """A torch.nn.Module that takes the same steps, with all that can be trained as parameters.

    With η = h / τ and rates r_t = (G a_t) ∘ φ(x_t),

        x_{t+1} = (1 − η) x_t + η (W r_t + Σ_l g_l(t) U_l V_lᵀ r_t + b + B s_t) ,   y_t = C r_t .

    network  a TrainableNetwork, or a Network that starts at 0; dense, linear, rectified, tanh or
             softplus, loops without thalamic lag and delay
    h        step, s, in (0, τ]; τ if left out
    dtype    "float32" or "float64", or torch's; torch's default if left out

    Its `forward(inputs, steps=, start=, gates=, gain_weights=)` returns outputs (T + 1, trials, d)
    and states (T + 1, trials, n), the initial one first; arrays are time-major, as in TrainingTask.
    In float64 a step is ours to rounding. In float32 it is off by 1e-7 or so, which a network whose
    trajectories part, as chaotic ones do, multiplies by e^{Λ t}, Λ its largest Lyapunov exponent.
    `from_torch` takes it back. Raises DomainError or ShapeError naming the argument, ImportError
    without torch. About 2 n² · T · trials flops a run.
    """
    torch = import_torch()
    step = _tau_of(network) if h is None else h
    parts = parts_of(network, step)
    from heddle.interop.torch_module import RateNetwork

    return RateNetwork(parts, _dtype(torch, dtype))


def import_torch() -> Any:
    try:
        import torch
    except ImportError as error:
        raise ImportError(
            "to_torch needs PyTorch, which is not installed; pip install torch, or heddle[torch]"
        ) from error
    return torch


def _tau_of(network: Network | TrainableNetwork) -> float:
    inner = getattr(network, "network", network)
    return float(getattr(inner, "tau", 1.0))


def _dtype(torch: Any, dtype: Any) -> Any:
    if dtype is None:
        return torch.get_default_dtype()
    name = str(dtype).removeprefix("torch.")
    if name not in DTYPES:
        raise DomainError(f"dtype: found {dtype!r}, expected one of {', '.join(DTYPES)}")
    return getattr(torch, name)
