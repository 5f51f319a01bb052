"""Given connections from files: CSV, NPZ, and the edges of SONATA."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from heddle._core import DomainError, Edges, FormatError, did_you_mean
from heddle.circuits.tables import Table

COLUMNS = ("source", "target", "weight", "delay")


def read_edges(table: Table, unit: str) -> Edges:
    """{ edges = "edges.csv" }: one synapse a row, neurons counted from 0 in their populations.

    .csv           columns source, target and, if there, weight (`unit`) and delay (ms), named in
                   the first line or in this order
    .npz           arrays of these names
    .h5, .sonata   SONATA: /edges/<population>, with `population` naming it if there are several
    """
    path = table.folder / table.text("edges")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DomainError(
            f"{table.path('edges')} is {str(path)!r}; give a file of kind {', '.join(READERS)}"
        )
    if not path.is_file():
        raise DomainError(f"{table.path('edges')}: there is no file {path}")
    return _edges(path, reader(path, table.text("population", None)))


def _edges(path: Path, columns: Mapping[str, Any]) -> Edges:
    for name in COLUMNS[:2]:
        if name not in columns:
            raise FormatError(f"{path} has no {name}{did_you_mean(name, list(columns))}")
    try:
        return Edges(**{name: columns[name] for name in COLUMNS if name in columns})
    except (ValueError, TypeError) as error:
        raise FormatError(f"{path}: {error}") from error


def _csv(path: Path, _: str | None) -> Mapping[str, Any]:
    with path.open(encoding="utf-8-sig") as file:
        first = file.readline()
    names = [word.strip().lower() for word in first.split(",")]
    has_names = not _is_number(names[0])
    if not has_names:
        names = list(COLUMNS[: len(names)])
    for name in names:
        if name not in COLUMNS:
            raise FormatError(f"{path} has the column {name!r}{did_you_mean(name, list(COLUMNS))}")
    try:
        rows = np.loadtxt(path, delimiter=",", skiprows=int(has_names), ndmin=2)
    except ValueError as error:
        raise FormatError(f"{path} is no table of numbers: {error}") from error
    rows = rows.reshape(-1, len(names)) if rows.size == 0 else rows
    if rows.shape[1] != len(names):
        raise FormatError(f"{path} has {rows.shape[1]} columns of numbers and {len(names)} names")
    return dict(zip(names, rows.T, strict=True))


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _npz(path: Path, _: str | None) -> Mapping[str, Any]:
    try:
        with np.load(path) as file:
            return dict(file)
    except (OSError, ValueError) as error:
        raise FormatError(f"{path} cannot be read as .npz: {error}") from error


def _sonata(path: Path, population: str | None) -> Mapping[str, Any]:
    import h5py

    try:
        with h5py.File(path) as file:
            return _of_sonata(path, file, population)
    except OSError as error:
        raise FormatError(f"{path} cannot be read as HDF5: {error}") from error


def _of_sonata(path: Path, file: Any, population: str | None) -> Mapping[str, Any]:
    names = list(file.get("edges", ()))
    if population is None and len(names) == 1:
        population = names[0]
    if population not in names:
        held = f"; it holds {', '.join(names)}" if names else "; it has no edges"
        raise FormatError(f"{path}: give the population of edges{held}")
    group = file["edges"][population]
    columns = {"source": group["source_node_id"][:], "target": group["target_node_id"][:]}
    groups = [name for name in group if name.isdigit()]
    if len(groups) > 1:
        raise FormatError(f"{path}: {population} has {len(groups)} groups of edges; expected one")
    for part in groups:
        columns |= _values(group, group[part])
    return columns


def _values(group: Any, part: Any) -> dict[str, Any]:
    """Weights and delays of the one group, in the order of the edges."""
    order = group["edge_group_index"][:] if "edge_group_index" in group else slice(None)
    given = {"weight": "syn_weight", "delay": "delay"}
    return {name: part[key][:][order] for name, key in given.items() if key in part}


READERS: dict[str, Callable[[Path, str | None], Mapping[str, Any]]] = {
    ".csv": _csv,
    ".npz": _npz,
    ".h5": _sonata,
    ".hdf5": _sonata,
    ".sonata": _sonata,
}
