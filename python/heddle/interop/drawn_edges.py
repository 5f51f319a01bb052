"""Synapses exactly as `simulate` draws them, for scripts that list them."""

from __future__ import annotations

from collections.abc import Callable

from heddle import _core
from heddle._core import Circuit, Edges

__all__ = ["edge_source"]


def edge_source(circuit: Circuit, step: float, seed: int) -> Callable[[int], Edges]:
    """k → the synapses of projection k, with weights and delays of each."""

    def edges(k: int) -> Edges:
        return _core.edges_of(circuit, k, step=step, seed=seed)

    return edges
