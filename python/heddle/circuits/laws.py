"""Laws of numbers, synapses and rules, as a file writes them."""

from __future__ import annotations

from typing import Any

from heddle._core import (
    AllToAll,
    Bernoulli,
    CorrelatedDegrees,
    Distribution,
    DomainError,
    FixedIndegree,
    FixedOutdegree,
    FixedTotal,
    OneToOne,
    Synapse,
    did_you_mean,
)
from heddle.circuits.connections import read_edges
from heddle.circuits.tables import Table
from heddle.circuits.units import is_quantity, quantity

LAWS = ["constant", "normal", "lognormal", "lorentzian", "uniform"]
SYNAPSES = ["delta", "exponential", "alpha"]
PLAIN_RULES = {"all_to_all": AllToAll, "one_to_one": OneToOne}
RULES = [
    "fixed_indegree",
    "fixed_outdegree",
    "fixed_total",
    "bernoulli",
    "correlated_degrees",
    "edges",
]


def read_law(value: Any, unit: str, table: Table, key: str) -> Distribution:
    """A number with or without unit, or { normal = { mean = …, sd = … } } and its like."""
    if is_quantity(value):
        return Distribution("constant", quantity(value, unit, table.path(key)))
    law = Table(value, table.path(key), table.folder)
    kind = law.only(LAWS)
    if kind == "constant":
        made = Distribution("constant", law.number(kind, unit))
    else:
        parts = law.table(kind)
        made = _LAWS[kind](parts, unit)
        parts.end()
    law.end()
    return made


def _bounds(parts: Table, unit: str) -> dict[str, float]:
    given = {key: parts.number(key, unit, None) for key in ("low", "high")}
    return {key: value for key, value in given.items() if value is not None}


def _spread(parts: Table, mean: float, unit: str) -> float:
    """A standard deviation, or a coefficient of variation."""
    if parts.only(["sd", "cv"]) == "sd":
        return parts.number("sd", unit)
    return parts.number("cv", "") * abs(mean)


def _normal(parts: Table, unit: str) -> Distribution:
    mean = parts.number("mean", unit)
    return Distribution.normal(mean, _spread(parts, mean, unit), **_bounds(parts, unit))


def _lognormal(parts: Table, unit: str) -> Distribution:
    mean = parts.number("mean", unit)
    return Distribution.lognormal(mean, _spread(parts, mean, unit), **_bounds(parts, unit))


def _lorentzian(parts: Table, unit: str) -> Distribution:
    median, half_width = parts.number("median", unit), parts.number("half_width", unit)
    return Distribution.lorentzian(median, half_width, **_bounds(parts, unit))


def _uniform(parts: Table, unit: str) -> Distribution:
    return Distribution.uniform(parts.number("low", unit), parts.number("high", unit))


_LAWS = {
    "normal": _normal,
    "lognormal": _lognormal,
    "lorentzian": _lorentzian,
    "uniform": _uniform,
}


def read_synapse(table: Table) -> Synapse:
    """synapse = "exponential" with tau_syn, conductance and E_rev beside it, or all in a table."""
    value = table.take("synapse", "exponential")
    if isinstance(value, str):
        return _synapse(value, table, table.path("synapse"))
    parts = Table(value, table.path("synapse"), table.folder)
    made = _synapse(parts.text("kind", "exponential"), parts, parts.path("kind"))
    parts.end()
    return made


def _synapse(kind: str, parts: Table, key: str) -> Synapse:
    if kind not in SYNAPSES:
        raise DomainError(f"{key} is {kind!r}{did_you_mean(kind, SYNAPSES)}")
    if kind == "delta":
        return Synapse("delta")
    fields: dict[str, Any] = {"tau_syn": parts.number("tau_syn", "ms")}
    fields["conductance"] = parts.flag("conductance", False)
    if fields["conductance"]:
        fields["E_rev"] = parts.number("E_rev", "mV")
    return Synapse(kind, **fields)


def weight_unit(synapse: Synapse, neuron: str) -> str:
    """Of a weight: what the synapse adds, and to what."""
    if neuron == "qif":
        return ""
    if synapse.conductance:
        return "nS"
    return "mV" if synapse.kind == "delta" else "pA"


def read_rule(table: Table, unit: str) -> Any:
    """ "all_to_all", { fixed_indegree = 160, multapses = true }, { bernoulli = 0.2 }, …"""
    value = table.take("rule")
    if isinstance(value, str):
        if value not in PLAIN_RULES:
            known = [*PLAIN_RULES, *RULES]
            raise DomainError(f"{table.path('rule')} is {value!r}{_rule_hint(value, known)}")
        return PLAIN_RULES[value]()
    parts = Table(value, table.path("rule"), table.folder)
    rule = _rule(parts, unit)
    parts.end()
    return rule


def _rule_hint(value: str, known: list[str]) -> str:
    if value in RULES:
        return f"; it needs a value, as in {{ {value} = … }}"
    return did_you_mean(value, known)


def _rule(parts: Table, unit: str) -> Any:
    kind = parts.only(RULES)
    if kind == "edges":
        return read_edges(parts, unit)
    if kind in {"fixed_indegree", "fixed_outdegree"}:
        degree = read_law(parts.take(kind), "", parts, kind)
        make = FixedIndegree if kind == "fixed_indegree" else FixedOutdegree
        return make(degree, parts.flag("multapses", False))
    if kind == "fixed_total":
        return FixedTotal(parts.whole(kind))
    if kind == "bernoulli":
        return Bernoulli(parts.number(kind, ""))
    degrees = parts.table(kind)
    numbers = {key: degrees.number(key, "", 0.0) for key in ("in_cv", "out_cv", "correlation")}
    rule = CorrelatedDegrees(degrees.number("p", ""), **numbers)
    degrees.end()
    return rule
