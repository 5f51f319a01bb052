"""The network as a torch.nn.Module. Imports torch; `to_torch` imports this file when it is used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from heddle.interop.network_parts import RESPONSES, NetworkParts
from heddle.interop.torch_shapes import Given, run_sizes

__all__ = ["RateNetwork"]

PHI = {
    "linear": lambda x: x,
    "rectified": torch.relu,
    "tanh": torch.tanh,
    "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),  # no threshold cuts it off
}


class RateNetwork(nn.Module):
    """A network that goes in steps. With η = h / τ and rates r_t = (G a_t) ∘ φ(x_t),

        x_{t+1} = (1 − η) x_t + η (W r_t + Σ_l g_l(t) U_l V_lᵀ r_t + b + B s_t) ,   y_t = C r_t .

    Parameters: `weights` W (n, n), `bias` b (n,), `readout` C (d, n), `initial` x_0 (n,) or
    (trials, n), and where there are some `input` B (n, k), `gains` G (n, m), and for each loop
    `u0`, `v0`, `u1`, … (n, k_l). Numbers: `h` and `tau`, s, and `response`, the name of φ; they
    are in the state dict, too, as `_extra_state`.
    """

    def __init__(self, parts: NetworkParts, dtype: torch.dtype) -> None:
        super().__init__()
        self.h, self.tau, self.response = parts.h, parts.tau, parts.response
        self.loops = len(parts.loops)
        for name in ("weights", "bias", "readout", "initial", "input", "gains"):
            self._register(name, getattr(parts, name), dtype)
        for i, (u, v) in enumerate(parts.loops):
            self._register(f"u{i}", u, dtype)
            self._register(f"v{i}", v, dtype)

    def _register(self, name: str, values: Any, dtype: torch.dtype) -> None:
        given = None
        if values is not None:  # row by row, as safetensors wants it
            given = nn.Parameter(torch.tensor(values, dtype=dtype).contiguous())
        self.register_parameter(name, given)

    def get_extra_state(self) -> Tensor:
        numbers = [self.h, self.tau, RESPONSES.index(self.response)]
        return torch.tensor(numbers, dtype=torch.float64)

    def set_extra_state(self, state: Tensor) -> None:
        self.h, self.tau, response = (float(number) for number in state)
        self.response = RESPONSES[int(response)]

    def extra_repr(self) -> str:
        return f"{len(self.weights)} units, {self.response}, {self.loops} loops, h={self.h} s"

    def forward(
        self,
        inputs: Tensor | None = None,
        *,
        steps: int | None = None,
        start: Tensor | None = None,
        gates: Sequence[Tensor] | None = None,
        gain_weights: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Outputs y, shape (T + 1, trials, d), and states x, shape (T + 1, trials, n).

        inputs        s, shape (T, trials, k)
        steps         T; not needed with inputs, gates or gain_weights
        start         added to x_0, shape (trials, n)
        gates         g_l, one tensor of shape (T, trials) for each loop; all open if left out
        gain_weights  a, shape (T + 1, trials, m); needed with gains

        y_0 and x_0 come first: x at T steps is the last of T + 1. Raises ShapeError or DomainError
        naming the argument.
        """
        given = Given(inputs, start, gates, gain_weights)
        length, trials = run_sizes(self, steps, given)
        x = self.initial if start is None else self.initial + start
        states = [x.expand(trials, -1)]
        gain = None if gain_weights is None else gain_weights @ self.gains.T
        drive = self.bias if inputs is None else self.bias + inputs @ self.input.T
        loops, eta = self._loops(gates), self.h / self.tau
        for t in range(length):
            rates = self._rates(states[t], gain, t)
            sent = rates @ self.weights.T + (drive if inputs is None else drive[t])
            if loops is not None:
                u, v, gate = loops
                sent = sent + ((rates @ v) if gate is None else (rates @ v) * gate[t]) @ u.T
            states.append((1 - eta) * states[t] + eta * sent)
        x = torch.stack(states)
        rates = PHI[self.response](x)
        return (rates if gain is None else gain * rates) @ self.readout.T, x

    def _rates(self, x: Tensor, gain: Tensor | None, t: int) -> Tensor:
        rates = PHI[self.response](x)
        return rates if gain is None else gain[t] * rates

    def _loops(self, gates: Sequence[Tensor] | None) -> tuple[Tensor, Tensor, Tensor | None] | None:
        """All U and V side by side, and a gate for each of their columns, (T, trials, Σ k_l)."""
        if self.loops == 0:
            return None
        u, v = ([getattr(self, f"{letter}{i}") for i in range(self.loops)] for letter in "uv")
        if gates is None:
            return torch.cat(u, 1), torch.cat(v, 1), None
        wide = [
            g[..., None].expand(*g.shape, each.shape[1]) for g, each in zip(gates, u, strict=True)
        ]
        return torch.cat(u, 1), torch.cat(v, 1), torch.cat(wide, -1)
