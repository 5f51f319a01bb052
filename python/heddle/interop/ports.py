"""The synapses onto a population, and how NEST's neurons tell them apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from heddle._core import (
    Circuit,
    DomainError,
    Edges,
    PoissonInput,
    Population,
    Projection,
    Synapse,
)
from heddle.interop.laws import sign_of

__all__ = ["Ports", "kind_of", "ports_of"]


@dataclass(frozen=True)
class Ports:
    """Distinct synapses onto a population, in order, and the signs of the weights at each."""

    synapses: list[Synapse]
    signs: list[set[int]]  # of 1, −1; both where weights of both signs may occur

    def of(self, synapse: Synapse) -> int:
        return self.synapses.index(synapse)


def ports_of(circuit: Circuit, population: Population) -> Ports:
    """From projections first, then Poisson inputs, each in their order."""
    ports = Ports([], [])
    for synapse, signs in _arrivals(circuit, population.name):
        if synapse not in ports.synapses:
            ports.synapses.append(synapse)
            ports.signs.append(set())
        ports.signs[ports.of(synapse)].update(signs)
    return ports


def _arrivals(circuit: Circuit, name: str) -> Iterator[tuple[Synapse, set[int]]]:
    for projection in circuit.projections:
        if projection.target == name:
            yield projection.synapse, _signs(projection)
    for given in circuit.inputs:
        if given.target == name and isinstance(given.drive, PoissonInput):
            yield given.drive.synapse, {1 if given.drive.weight >= 0 else -1}


def _signs(projection: Projection) -> set[int]:
    if projection.left.size:
        return {-1, 1}
    if isinstance(projection.rule, Edges) and len(projection.rule.weight):
        return {-1 if weight < 0 else 1 for weight in np.unique(projection.rule.weight)}
    sign = sign_of(projection.weight)
    return {sign} if sign else {-1, 1}


def kind_of(ports: Ports, population: Population) -> tuple[str, bool]:
    """("exponential", False), … of all ports: kind, and whether they are conductances."""
    kinds = {(synapse.kind, synapse.conductance) for synapse in ports.synapses}
    if len(kinds) > 1:
        found = " and ".join(sorted(f"{k}{' conductance' * g}" for k, g in kinds))
        raise DomainError(
            f"population {population.name!r} receives {found} synapses; NEST's neurons take one "
            "kind for all (export_brian2 writes such a circuit)"
        )
    return kinds.pop() if kinds else ("exponential", False)
