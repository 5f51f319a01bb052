"""The same circuit with more neurons, or fewer: what a finite size is measured with."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from heddle._core import (
    AllToAll,
    Bernoulli,
    Circuit,
    CorrelatedDegrees,
    CurrentInput,
    Distribution,
    DomainError,
    Edges,
    FixedIndegree,
    FixedOutdegree,
    FixedTotal,
    Input,
    OneToOne,
    Projection,
    SpikeReadout,
    did_you_mean,
)

KEEPS = ["probability", "indegree"]


def scaled(circuit: Circuit, factor: float, *, keep: str = "probability") -> Circuit:
    """The circuit with `factor` times as many neurons and the same mean inputs.

        N → c N ;   "probability": K → c K, J → J / c ;   "indegree": K → K, J → J

    K is the mean number of synapses of a neuron in a projection, J their weight: K J stays, in
    either way exactly, autapses or not. With "probability" all fluctuations that a neuron gets from
    the circuit go to 0 as c grows, private and shared ones; with "indegree" the private ones stay
    as they are (the sparse limit). All-to-all connections of one weight have K → c K in both; with
    a law of weights, "indegree" keeps the law of their sum by drawing K sources. One-to-one
    connections stay so. Inputs from outside do not change.

    factor  c, > 0; sizes are rounded. Whole where something is given for each neuron: edges,
            low-rank weights, rows of currents and of readouts, which are repeated
    keep    "probability" or "indegree"

    Raises DomainError, naming what cannot be scaled.
    """
    if keep not in KEEPS:
        raise DomainError(f"keep is {keep!r}{did_you_mean(keep, KEEPS)}")
    if not (factor > 0 and math.isfinite(factor)):
        raise DomainError(f"factor is {factor:g}; expected a positive number")
    old = {p.name: int(p.size) for p in circuit.populations}
    new = {name: max(1, round(factor * size)) for name, size in old.items()}
    return Circuit(
        populations=[changed(p, size=new[p.name]) for p in circuit.populations],
        projections=[_Scaled(p, old, new, factor, keep).projection() for p in circuit.projections],
        inputs=[_input(one, factor) for one in circuit.inputs],
        readouts=[_readout(one, factor) for one in circuit.readouts],
    )


def changed(value: Any, **fields: Any) -> Any:
    """A value of the core with some of its fields replaced."""
    return type(value)(**{name: getattr(value, name) for name in value._fields} | fields)


def times(law: Distribution, factor: float) -> Distribution:
    """The law of factor x, factor > 0."""
    if factor == 1:
        return law
    ends = ("location", "scale", "low", "high")
    return changed(law, **{name: factor * getattr(law, name) for name in ends})


class _Scaled:
    """One projection on its way."""

    def __init__(
        self,
        old: Projection,
        before: dict[str, int],
        after: dict[str, int],
        factor: float,
        keep: str,
    ) -> None:
        self._old, self._factor, self._keep = old, factor, keep
        alone = int(old.source == old.target and not old.autapses)
        self._before = max(1, before[old.source] - alone)  # neurons that may be sources
        self._after = max(1, after[old.source] - alone)
        self._sources = after[old.source] / before[old.source]
        self._targets = after[old.target] / before[old.target]
        self._sizes = before[old.source], before[old.target]

    def projection(self) -> Projection:
        rule, weight = self._rule()
        tables = {name: getattr(self._old, name) for name in ("left", "right")}
        if np.size(tables["left"]):
            copies = whole(self._factor, f"{self._where()}: low-rank weights are given by neuron")
            tables = {name: np.tile(table, (copies, 1)) for name, table in tables.items()}
            tables["left"] *= weight * self._sources  # 1 / N_source and the density are others now
        return changed(self._old, rule=rule, weight=times(self._old.weight, weight), **tables)

    def _rule(self) -> tuple[Any, float]:
        """The rule, and what weights are multiplied by."""
        rule, ratio = self._old.rule, self._after / self._before
        if isinstance(rule, OneToOne):
            return rule, 1.0
        if isinstance(rule, Edges):
            return self._edges(rule)
        if isinstance(rule, AllToAll):
            drawn = self._keep == "indegree" and self._old.weight.kind != "constant"
            if drawn and ratio > 1:
                return FixedIndegree(indegree=self._before), 1.0
            return rule, 1 / ratio
        if isinstance(rule, (Bernoulli, CorrelatedDegrees)):
            if self._keep == "probability":
                return rule, 1 / ratio
            return changed(rule, p=rule.p / ratio), 1.0
        return self._counted(rule)

    def _counted(self, rule: Any) -> tuple[Any, float]:
        """Rules that count synapses: of each target, of each source, of all."""
        more = self._sources if self._keep == "probability" else 1.0
        if isinstance(rule, FixedIndegree):
            law, left = _counts(rule.indegree, more)
            return changed(rule, indegree=law), left
        if isinstance(rule, FixedOutdegree):
            each = more * self._targets / self._sources
            law, left = _counts(rule.outdegree, each)
            return changed(rule, outdegree=law), left * each / more
        assert isinstance(rule, FixedTotal)
        synapses = round(rule.synapses * more * self._targets)
        return FixedTotal(synapses=synapses), rule.synapses * self._targets / max(1, synapses)

    def _edges(self, rule: Edges) -> tuple[Edges, float]:
        """Copies of the circuit; an edge goes from each to one other, or to all of them."""
        copies = whole(self._factor, f"{self._where()}: edges are given one by one")
        edges = np.arange(len(rule.source))
        dense = self._keep == "probability"
        pairs = [
            (a, np.full(len(edges), b) if dense else (a + b + edges) % copies)
            for a in range(copies)
            for b in (range(copies) if dense else (0,))
        ]
        n_source, n_target = self._sizes
        given = {"source": [np.asarray(rule.source, np.int64) + b * n_source for _, b in pairs]}
        given["target"] = [np.asarray(rule.target, np.int64) + a * n_target for a, _ in pairs]
        share = 1 / copies if dense else 1.0
        for name, part in (("weight", share), ("delay", 1.0)):
            values = np.asarray(getattr(rule, name), float)
            if values.size:
                given[name] = [values * part for _ in pairs]
        return Edges(**{name: np.concatenate(parts) for name, parts in given.items()}), share

    def _where(self) -> str:
        return f"projection '{self._old.source}' → '{self._old.target}'"


def _counts(law: Distribution, factor: float) -> tuple[Distribution, float]:
    """Numbers of synapses times `factor`, and what weights then lack; a constant stays whole."""
    if law.kind != "constant":
        return times(law, factor), 1 / factor
    count = max(1, round(law.location * factor)) if law.location > 0 else 0
    return Distribution("constant", count), law.location / count if count else 1.0


def whole(factor: float, why: str) -> int:
    """The factor as a number of copies. Raises DomainError, saying why it must be one."""
    copies = round(factor)
    if copies < 1 or abs(copies - factor) > 1e-9:
        raise DomainError(f"{why}, so that factor must be a whole number; found {factor:g}")
    return copies


def _input(one: Input, factor: float) -> Input:
    drive = one.drive
    if not isinstance(drive, CurrentInput) or len(drive.values) == 1:
        return one
    copies = whole(factor, f"input to '{one.target}': it has a row for each neuron")
    return changed(one, drive=changed(drive, values=np.tile(drive.values, (copies, 1))))


def _readout(one: SpikeReadout, factor: float) -> SpikeReadout:
    copies = whole(factor, f"readout '{one.name}': it has a weight for each neuron")
    return changed(one, weights=np.tile(one.weights, (1, copies)) / copies)
