"""Circuits from TOML, or from the same tables in Python."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heddle._core import Circuit, DomainError, Error, FormatError, Probe
from heddle.circuits.parts import read_inputs, read_population, read_projections, read_readout
from heddle.circuits.tables import Table
from heddle.files import PathLike

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TIMES = ("duration", "transient", "step", "bin", "probe_interval")


@dataclass(frozen=True)
class CircuitFile:
    """What a file holds: a circuit, and how it wants to be simulated."""

    circuit: Circuit
    simulation: dict[str, Any]  # Keywords of `heddle.simulate`.


def read_circuit(path: PathLike) -> Circuit:
    """The circuit in a TOML file. See docs/reference/circuit-files.md for its keys.

    Numbers are plain, in NEST's units (ms, mV, pA, pF, nS, Hz), or carry one: "20 ms",
    { val = 20, unit = "ms" }. Names of files are relative to the TOML file.

    Raises FormatError for what is no TOML, DomainError or ShapeError naming the key for the rest.
    """
    return read_circuit_file(path).circuit


def build_circuit(tables: Mapping[str, Any], *, folder: PathLike = ".") -> Circuit:
    """A circuit from the tables that a TOML file would hold: {"populations": {"E": {…}}, …}.

    folder  what names of files are relative to

    Raises DomainError or ShapeError, naming the key.
    """
    return _built(tables, Path(folder)).circuit


def read_circuit_file(path: PathLike) -> CircuitFile:
    """A circuit and the settings of [simulation]."""
    file = Path(path)
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DomainError(f"there is no file {path}; give a circuit as TOML") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"{path} is no TOML: {error}") from error
    try:
        return _built(tables, file.parent)
    except Error as error:
        raise type(error)(f"{path}: {error}") from error


def _built(tables: Mapping[str, Any], folder: Path) -> CircuitFile:
    file = Table(tables, "", folder)
    populations = [read_population(name, table) for name, table in file.each("populations")]
    laws = {name: _law(tables, name) for name in (p.name for p in populations)}
    projections = [p for t in file.tables("projections") for p in read_projections(t, laws)]
    inputs = [one for table in file.tables("inputs") for one in read_inputs(table, laws)]
    readouts = [read_readout(name, table, laws) for name, table in file.each("readouts")]
    simulation = _simulation(file.table("simulation", {}))
    file.end()
    return CircuitFile(Circuit(populations, projections, inputs, readouts), simulation)


def _law(tables: Mapping[str, Any], name: str) -> str:
    return str(tables["populations"][name]["neuron"])


def _simulation(table: Table) -> dict[str, Any]:
    settings: dict[str, Any] = {key: table.number(key, "ms", None) for key in TIMES}
    settings |= {key: table.whole(key, None) for key in ("seed", "threads")}
    settings["spike_times"] = table.text("spike_times", None)
    settings["runaway_rate"] = table.number("runaway_rate", "Hz", None)
    settings["regenerate"] = table.flag("regenerate", False) or None
    settings["probes"] = [_probe(part) for part in table.tables("probes")] or None
    table.end()
    return {key: value for key, value in settings.items() if value is not None}


def _probe(table: Table) -> Probe:
    probe = Probe(table.text("population"), table.take("neurons"), table.text("variable", "V_m"))
    table.end()
    return probe
