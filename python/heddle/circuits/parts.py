"""The parts of a circuit from the tables of a file."""

from __future__ import annotations

from typing import Any

import numpy as np

from heddle._core import (
    Adaptation,
    CurrentInput,
    Distribution,
    DomainError,
    Edges,
    EscapeNeuron,
    ExponentialNeuron,
    Input,
    LeakyNeuron,
    Noise,
    OrnsteinUhlenbeckInput,
    PoissonInput,
    Population,
    Projection,
    QuadraticNeuron,
    SpikeReadout,
    did_you_mean,
    neuron_parameters,
)
from heddle.circuits.laws import read_law, read_rule, read_synapse, weight_unit
from heddle.circuits.tables import Table
from heddle.circuits.units import quantity

NEURONS: dict[str, Any] = {
    "lif": LeakyNeuron,
    "gif": EscapeNeuron,
    "adex": ExponentialNeuron,
    "qif": QuadraticNeuron,
}
DRIVES = ["constant", "current", "poisson", "ornstein_uhlenbeck"]


def read_population(name: str, table: Table) -> Population:
    """[populations.E]: a distribution in place of a number makes the parameter quenched."""
    law = _choice(table, "neuron", list(NEURONS))
    quenched: dict[str, Distribution] = {}
    fields = _parameters(table, law, quenched)
    population = Population(
        name,
        table.whole("size"),
        NEURONS[law](**fields),
        noise=_noise(table, law, quenched),
        adaptation=_adaptation(table, law, quenched),
        quenched=quenched,
    )
    table.end()
    return population


def _parameters(table: Table, law: str, quenched: dict[str, Distribution]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for row in neuron_parameters(law):
        _put(fields, row["name"], table, row["name"], row["unit"], quenched)
    if law == "gif":
        if "hazard" in table:
            fields["hazard"] = table.text("hazard")
        fields["reset"] = table.flag("reset", True)
    if "V_m" in table:
        unit = "" if law == "qif" else "mV"
        quenched["V_m"] = read_law(table.take("V_m"), unit, table, "V_m")
    return fields


def _put(
    fields: dict[str, Any],
    field: str,
    table: Table,
    quenched_name: str,
    unit: str,
    quenched: dict[str, Distribution],
) -> None:
    """A number into `fields`, or a law into `quenched`."""
    if field not in table:
        return
    law = read_law(table.take(field), unit, table, field)
    if law.kind == "constant":
        fields[field] = law.location
    else:
        quenched[quenched_name] = law


def _noise(table: Table, law: str, quenched: dict[str, Distribution]) -> Noise:
    if "noise" not in table:
        return Noise()
    noise = table.table("noise")
    fields: dict[str, Any] = {"tau": noise.number("tau", "ms", 0.0)}
    _put(fields, "sigma", noise, "sigma", "" if law == "qif" else "mV", quenched)
    noise.end()
    return Noise(**fields)


def _adaptation(table: Table, law: str, quenched: dict[str, Distribution]) -> list[Adaptation]:
    made: list[Adaptation] = []
    for part in table.tables("adaptation"):
        kind = _choice(part, "kind", ["threshold", "current"])
        position = sum(one.kind == kind for one in made)
        ending = f"{'sfa' if kind == 'threshold' else 'stc'}[{position}]"
        unit = "mV" if kind == "threshold" else "" if law == "qif" else "pA"
        fields: dict[str, Any] = {}
        _put(fields, "tau", part, f"tau_{ending}", "ms", quenched)
        _put(fields, "q", part, f"q_{ending}", unit, quenched)
        part.end()
        made.append(Adaptation(kind, **fields))
    return made


def _choice(table: Table, key: str, known: list[str]) -> str:
    value = table.text(key)
    if value not in known:
        raise DomainError(f"{table.path(key)} is {value!r}{did_you_mean(value, known)}")
    return value


def read_projections(table: Table, laws: dict[str, str]) -> list[Projection]:
    """[[projections]]: one for each pair of the sources and targets that it names."""
    sources, targets = table.names("source"), table.names("target")
    _known(table, "source", sources, laws)
    _known(table, "target", targets, laws)
    synapse = read_synapse(table)
    units = {weight_unit(synapse, laws[target]) for target in targets}
    if len(units) > 1:
        raise DomainError(
            f"{table.name}: quadratic and other targets need projections of their own"
        )
    unit = units.pop()
    fields: dict[str, Any] = {"rule": read_rule(table, unit), "synapse": synapse}
    for key, of in (("weight", unit), ("delay", "ms")):
        fields[key] = _law_unless_given(table, key, of, fields["rule"])
    for key in ("left", "right"):
        if key in table:
            fields[key] = _array(table, key, "")
    fields["autapses"] = table.flag("autapses", False)
    table.end()
    return [Projection(source, target, **fields) for source in sources for target in targets]


def _law_unless_given(table: Table, key: str, unit: str, rule: Any) -> Any:
    """Edges may carry weights and delays of their own."""
    own = isinstance(rule, Edges) and getattr(rule, key).size > 0
    if not own:
        return read_law(table.take(key), unit, table, key)
    if key in table:
        raise DomainError(f"{table.path(key)} is given twice: the edges carry it; drop one")
    return 1.0


def _known(table: Table, key: str, names: list[str], laws: dict[str, str]) -> None:
    for name in names:
        if name not in laws:
            hint = did_you_mean(name, list(laws))
            raise DomainError(f"{table.path(key)}: there is no population {name!r}{hint}")


def read_inputs(table: Table, laws: dict[str, str]) -> list[Input]:
    """[[inputs]]: the same drive to every population that it names."""
    targets = table.names("target")
    _known(table, "target", targets, laws)
    kind = table.only(DRIVES)
    if len({laws[target] == "qif" for target in targets}) > 1:
        raise DomainError(f"{table.name}: quadratic and other targets need inputs of their own")
    drive = _drive(table, kind, laws[targets[0]])
    table.end()
    return [Input(target, drive) for target in targets]


def _drive(table: Table, kind: str, law: str) -> Any:
    unit = "" if law == "qif" else "pA"
    if kind == "constant":
        return CurrentInput([0.0], [[table.number(kind, unit)]])
    parts = table.table(kind)
    drive = {"current": _current, "poisson": _poisson, "ornstein_uhlenbeck": _noise_current}[kind](
        parts, law, unit
    )
    parts.end()
    return drive


def _current(parts: Table, _: str, unit: str) -> CurrentInput:
    values = np.atleast_2d(_array(parts, "values", unit))
    if parts.only(["times", "interval"]) == "times":
        times = np.ravel(_array(parts, "times", "ms"))
    else:
        times = parts.number("interval", "ms") * np.arange(values.shape[1])
    return CurrentInput(times, values)


def _poisson(parts: Table, law: str, _: str) -> PoissonInput:
    synapse = read_synapse(parts)
    fields: dict[str, Any] = {key: parts.number(key, "ms", None) for key in ("start", "stop")}
    weight = parts.number("weight", weight_unit(synapse, law))
    return PoissonInput(parts.number("rate", "Hz"), weight, synapse, **fields)


def _noise_current(parts: Table, _: str, unit: str) -> OrnsteinUhlenbeckInput:
    return OrnsteinUhlenbeckInput(
        parts.number("mean", unit, 0.0),
        parts.number("sigma", unit),
        parts.number("tau", "ms"),
        parts.flag("shared", False),
    )


def read_readout(name: str, table: Table, laws: dict[str, str]) -> SpikeReadout:
    source = table.text("source")
    _known(table, "source", [source], laws)
    weights = np.atleast_2d(_array(table, "weights", ""))
    readout = SpikeReadout(name, source, weights, table.number("tau", "ms", 100.0))
    table.end()
    return readout


def _array(table: Table, key: str, unit: str) -> np.ndarray:
    """Numbers, written in the file or in one beside it (.npy, .csv)."""
    value = table.take(key)
    if not isinstance(value, str):
        return _written(value, unit, table.path(key))
    path = table.folder / value
    try:
        found = np.load(path) if path.suffix == ".npy" else np.loadtxt(path, delimiter=",")
    except (OSError, ValueError) as error:
        raise DomainError(f"{table.path(key)}: {path} cannot be read: {error}") from error
    return np.asarray(found, dtype=float)


def _written(value: Any, unit: str, key: str) -> np.ndarray:
    if not isinstance(value, list):
        return np.array(quantity(value, unit, key))
    rows = [_written(item, unit, f"{key}[{i}]") for i, item in enumerate(value)]
    if len({row.shape for row in rows}) > 1:
        raise DomainError(f"{key} has rows that differ in length")
    return np.array(rows)
