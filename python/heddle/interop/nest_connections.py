"""Lines of a PyNEST script that connect two populations."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from heddle._core import (
    AllToAll,
    Bernoulli,
    Circuit,
    Distribution,
    Edges,
    FixedIndegree,
    FixedOutdegree,
    FixedTotal,
    OneToOne,
    Projection,
)
from heddle.interop.laws import constant_of, is_constant
from heddle.interop.nest_neurons import NestNeuron
from heddle.interop.script import Script, literal, mapping

__all__ = ["connect"]

MANY = 5_000_000  # synapses

EdgesOf = Callable[[int], Edges]


def connect(
    script: Script, circuit: Circuit, k: int, neuron: NestNeuron, port: int, edges: EdgesOf | None
) -> None:
    """Projection k, by NEST's rule, or along edges drawn here."""
    projection = circuit.projections[k]
    receptor, sign = neuron.receptors[port], neuron.signs[port]
    ends = f'populations["{projection.source}"], populations["{projection.target}"]'
    if edges is not None:
        _connect_edges(script, ends, k, edges(k), receptor, sign)
        return
    synapse = {} if not isinstance(projection.rule, FixedTotal) else _model(script, k, projection)
    synapse |= {
        "weight": parameter_of(projection.weight, sign),
        "delay": _delay(projection.delay),
    }
    script.add(f"nest.Connect({ends}, {_rule(projection)}, {_synapse(synapse, receptor)})")


def _model(script: Script, k: int, projection: Projection) -> dict[str, str]:
    """NEST takes 134 million synapses of a model and thread: large projections have their own."""
    if projection.rule.synapses < MANY:
        return {}
    script.add(f'nest.CopyModel("static_synapse", "static_synapse_{k}")')
    return {"synapse_model": f'"static_synapse_{k}"'}


def parameter_of(law: Distribution, sign: int = 1) -> str:
    """A number, or one of NEST's parameters that draws it."""
    if is_constant(law):
        return literal(sign * constant_of(law))
    inside = math.isinf(law.low) and math.isinf(law.high)
    text = _untruncated(law)
    if not inside and law.kind != "uniform":
        text = f"nest.math.redraw({text}, min={_bound(law.low)}, max={_bound(law.high)})"
    return text if sign > 0 else f"-1.0 * {text}"


def _untruncated(law: Distribution) -> str:
    at, width = literal(law.location), literal(law.scale)
    if law.kind == "uniform":
        return f"nest.random.uniform({literal(law.low)}, {literal(law.high)})"
    if law.kind == "normal":
        return f"nest.random.normal({at}, {width})"
    if law.kind == "lorentzian":  # a ratio of two normal numbers
        return f"{at} + {width} * nest.random.normal() / nest.random.normal()"
    spread = math.log1p((law.scale / law.location) ** 2)
    centre = math.log(abs(law.location)) - spread / 2
    text = f"nest.random.lognormal({literal(centre)}, {literal(math.sqrt(spread))})"
    return text if law.location > 0 else f"-1.0 * {text}"


def _bound(value: float) -> str:
    return literal(value) if math.isfinite(value) else ("1e300" if value > 0 else "-1e300")


def _delay(law: Distribution) -> str:
    """NEST rounds to the step, as we do, but refuses what is then 0."""
    return parameter_of(law) if is_constant(law) else f"nest.math.max({parameter_of(law)}, STEP)"


def _rule(projection: Projection) -> str:
    rule, autapses = projection.rule, {"allow_autapses": str(projection.autapses)}
    if isinstance(rule, OneToOne):
        return '"one_to_one"'
    if isinstance(rule, AllToAll):
        return mapping({"rule": '"all_to_all"'} | autapses)
    if isinstance(rule, Bernoulli):
        return mapping({"rule": '"pairwise_bernoulli"', "p": literal(rule.p)} | autapses)
    if isinstance(rule, FixedTotal):
        entries = {"rule": '"fixed_total_number"', "N": str(rule.synapses)}
        return mapping(entries | {"allow_multapses": "True"} | autapses)
    return mapping(_degrees(rule) | {"allow_multapses": str(rule.multapses)} | autapses)


def _degrees(rule: FixedIndegree | FixedOutdegree) -> dict[str, str]:
    name = "indegree" if isinstance(rule, FixedIndegree) else "outdegree"
    law = getattr(rule, name)
    number = str(round(constant_of(law))) if is_constant(law) else parameter_of(law)
    return {"rule": f'"fixed_{name}"', name: number}


def _synapse(entries: dict[str, str], receptor: int) -> str:
    return mapping(entries | ({"receptor_type": str(receptor)} if receptor else {}))


def _connect_edges(
    script: Script, ends: str, k: int, edges: Edges, receptor: int, sign: int
) -> None:
    arrays = {
        "source": np.asarray(edges.source, dtype=np.uint32),
        "target": np.asarray(edges.target, dtype=np.uint32),
        "weight": sign * np.asarray(edges.weight, dtype=float),
        "delay": np.asarray(edges.delay, dtype=float),
    }
    names = [script.array(f"projection{k}_{name}", values) for name, values in arrays.items()]
    script.add(f"connect_edges({ends}, {', '.join(names)}, receptor={receptor})")
