"""Lines of a Brian2 script that connect two populations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from heddle._core import (
    AllToAll,
    Bernoulli,
    Circuit,
    Edges,
    FixedIndegree,
    FixedOutdegree,
    FixedTotal,
    OneToOne,
    Projection,
    QuadraticNeuron,
    Synapse,
)
from heddle.interop.laws import constant_of, drawn, is_constant
from heddle.interop.script import Script, literal

__all__ = ["connect", "effect_of", "unit_of_weight"]


def unit_of_weight(synapse: Synapse, quadratic: bool) -> str:
    if quadratic:
        return "1"
    return "mV" if synapse.kind == "delta" else "nS" if synapse.conductance else "pA"


def effect_of(synapse: Synapse, port: int, quadratic: bool, weight: str, post: str = "") -> str:
    """What a spike does to the target, as a statement."""
    if synapse.kind == "delta" and quadratic:
        return f"theta{post} = 2 * arctan(tan(theta{post} / 2) + {weight})"
    if synapse.kind == "delta":
        return f"V{post} += {weight}"
    if synapse.kind == "alpha":
        return f"rise_{port}{post} += exp(1) * {weight}"
    return f"{'g' if synapse.conductance else 'I'}_{port}{post} += {weight}"


def connect(
    script: Script,
    circuit: Circuit,
    k: int,
    port: int,
    edges: Callable[[int], Edges] | None,
    step: float,
) -> None:
    projection = circuit.projections[k]
    target = next(p for p in circuit.populations if p.name == projection.target)
    quadratic = isinstance(target.neuron, QuadraticNeuron)
    unit = unit_of_weight(projection.synapse, quadratic)
    given = edges is not None
    constant = is_constant(projection.weight) and not given
    weight = _quantity(constant_of(projection.weight), unit) if constant else "weight"
    effect = effect_of(projection.synapse, port, quadratic, weight, "_post")
    dimension = {"mV": "volt", "pA": "amp", "nS": "siemens", "1": "1"}[unit]
    model = "" if constant else f'    "weight : {dimension} (constant)",\n'
    delay = "" if given else _constant_delay(projection, step)
    script.add("")
    script.add(
        f'synapses = Synapses(\n    populations["{projection.source}"],\n'
        f'    populations["{projection.target}"],\n{model}    on_pre="{effect}",\n{delay})'
    )
    at_once = projection.synapse.kind == "delta"
    if at_once:
        script.add('synapses.pre.when = "before_thresholds"')
    if given:
        _connect_edges(script, k, edges(k), unit, step if at_once else 0.0)
    else:
        _connect_rule(script, circuit, projection, constant, unit, step)
    script.add("network.add(synapses)")


def _quantity(number: float, unit: str) -> str:
    return literal(number) if unit == "1" else f"{literal(number)} * {unit}"


def _constant_delay(projection: Projection, step: float) -> str:
    """A jump may cross the threshold when it arrives: it comes before that is tested. There, the
    spikes of a step are those of the one before, so a delay is said to be a step shorter."""
    law = projection.delay
    if not is_constant(law):
        return ""
    steps = max(round(constant_of(law) / step), 1) - (projection.synapse.kind == "delta")
    return f"    delay={literal(round(steps * step, 9))} * ms,\n"


def _connect_rule(
    script: Script,
    circuit: Circuit,
    projection: Projection,
    constant: bool,
    unit: str,
    step: float,
) -> None:
    sizes = {p.name: p.size for p in circuit.populations}
    apart = projection.source == projection.target and not projection.autapses
    fixed = constant and is_constant(projection.delay)
    native = _native(projection.rule, apart) if fixed else None
    if native:
        script.add(f"synapses.connect({native})")
        return
    n, m = sizes[projection.source], sizes[projection.target]
    script.add(f"i, j = {_pairs(projection.rule, n, m, apart)}")
    script.add("synapses.connect(i=i, j=j)")
    if not constant:
        times = "" if unit == "1" else f" * {unit}"
        script.add(f"synapses.weight = {_each(drawn(projection.weight, 'len(i)'))}{times}")
    if not is_constant(projection.delay):
        delays = drawn(projection.delay, "len(i)")
        less = f" - {step}" if projection.synapse.kind == "delta" else ""
        script.add(f"synapses.delay = (np.maximum({delays}, {step}){less}) * ms")


def _each(expression: str) -> str:
    return expression if expression.startswith("draw") else f"np.full(len(i), {expression})"


def _native(rule: object, apart: bool) -> str | None:
    condition = 'condition="i != j"' if apart else ""
    if isinstance(rule, AllToAll):
        return condition or "True"
    if isinstance(rule, Bernoulli):
        return ", ".join(filter(None, [condition, f"p={literal(rule.p)}"]))
    return 'j="i"' if isinstance(rule, OneToOne) else None


def _pairs(rule: object, n: int, m: int, apart: bool) -> str:
    """The expression of the arrays i (sources) and j (targets)."""
    if isinstance(rule, FixedIndegree):
        degree = drawn(rule.indegree, m)
        return f"by_degree({n}, {m}, {degree}, {rule.multapses}, {apart})"
    if isinstance(rule, FixedOutdegree):
        degree = drawn(rule.outdegree, n)
        return f"by_degree({m}, {n}, {degree}, {rule.multapses}, {apart})[::-1]"
    if isinstance(rule, FixedTotal):
        return f"total_pairs({n}, {m}, {rule.synapses}, {apart})"
    if isinstance(rule, OneToOne):
        return f"np.arange({n}), np.arange({n})"
    p = rule.p if isinstance(rule, Bernoulli) else 1.0
    return f"bernoulli_pairs({n}, {m}, {literal(p)}, {apart})"


def _connect_edges(script: Script, k: int, edges: Edges, unit: str, less: float) -> None:
    def given(name: str, kind: type) -> str:
        return script.array(f"projection{k}_{name}", np.asarray(getattr(edges, name), dtype=kind))

    i, j = given("source", np.int32), given("target", np.int32)
    if not len(edges.source):
        script.add("synapses.connect(False)")
        return
    script.add(f"synapses.connect(i={i}, j={j})")
    script.add(f"synapses.weight = {given('weight', float)}{'' if unit == '1' else f' * {unit}'}")
    delays = script.array(f"projection{k}_delay", np.asarray(edges.delay, dtype=float) - less)
    script.add(f"synapses.delay = {delays} * ms")
