"""Synapses exactly as `simulate` draws them, for scripts that list them."""

from __future__ import annotations

from collections.abc import Callable

from heddle import _core
from heddle._core import Circuit, CorrelatedDegrees, DomainError, Edges

__all__ = ["drawn_projections", "edge_source"]


def edge_source(circuit: Circuit, step: float, seed: int) -> Callable[[int], Edges]:
    """k → the synapses of projection k, with weights and delays of each."""

    def edges(k: int) -> Edges:
        return _core.edges_of(circuit, k, step=step, seed=seed)

    return edges


def drawn_projections(circuit: Circuit, synapses: str) -> list[bool]:
    """Is a projection written out, because that was asked for or other simulators lack its rule?"""
    if synapses not in ("rules", "drawn"):
        raise DomainError(f'synapses: found {synapses!r}, expected "rules" or "drawn"')
    return [
        synapses == "drawn"
        or isinstance(projection.rule, Edges | CorrelatedDegrees)
        or projection.left.size > 0
        for projection in circuit.projections
    ]
