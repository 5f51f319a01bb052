"""Values, arrays and plain data as HDF5 groups, datasets and attributes, and back."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import h5py
import numpy as np
import scipy.sparse

from heddle import _core
from heddle.performance import MotifSummary
from heddle.validation.map_values import ValidityMap

VALUES = (
    _core.Motif,
    _core.ModeFit,
    _core.Network,
    _core.TransferResponse,
    _core.StructuredWeights,
    _core.Loops,
    _core.Placement,
    _core.MotifLoops,
    _core.NoisyOutput,
    _core.Robustness,
    _core.Preparation,
    _core.Library,
    _core.FitOptions,
    _core.MotifLoopOptions,
    _core.RobustMotifOptions,
    _core.DesignOptions,
    _core.PerformedMotif,
    _core.Transitions,
    _core.Bulk,
    _core.SpikeRecording,
    _core.NetworkParameters,
    _core.TrainingState,
    MotifSummary,
    ValidityMap,
)
CLASSES: dict[str, type] = {kind.__name__: kind for kind in VALUES}
# Fields that files of this format may lack: they were written before there was such a choice.
LATER = {"MotifLoops": ("robustness",), "DesignOptions": ("robust", "robustness")}
TEXT = h5py.string_dtype()


def field_names(kind: type) -> tuple[str, ...]:
    """The names of the fields of a value type."""
    return tuple(f.name for f in fields(kind)) if is_dataclass(kind) else kind._fields


def write_value(parent: h5py.Group, name: str, value: Any) -> None:
    """A value as the group `name`, its fields inside."""
    group = parent.create_group(name)
    group.attrs["type"] = type(value).__name__
    for field in field_names(type(value)):
        write_field(group, field, getattr(value, field))


def read_value(group: h5py.Group) -> Any:
    """The value that `write_value` wrote."""
    kind = CLASSES[group.attrs["type"]]
    later = LATER.get(kind.__name__, ())
    there = [name for name in field_names(kind) if name not in later or _holds(group, name)]
    return kind(**{name: read_field(group, name) for name in there})


def _holds(group: h5py.Group, name: str) -> bool:
    return name in group or name in group.attrs


def write_field(group: h5py.Group, name: str, value: Any) -> None:
    """Anything a field may hold: data set, attribute or group, by its type."""
    if isinstance(value, np.ndarray):
        group.create_dataset(name, data=value)
    elif isinstance(value, (str, bool, int, float)):
        group.attrs[name] = value
    elif value is None:
        group.attrs[name] = h5py.Empty("f8")
    elif scipy.sparse.issparse(value):
        _write_sparse(group, name, value)
    elif isinstance(value, dict):
        _write_dict(group, name, value)
    elif isinstance(value, (list, tuple)):
        _write_list(group, name, list(value))
    else:
        write_value(group, name, value)


def read_field(group: h5py.Group, name: str) -> Any:
    """What `write_field` wrote."""
    if name in group.attrs:
        return _plain(group.attrs[name])
    found = group[name]
    if isinstance(found, h5py.Dataset):
        return _read_dataset(found)
    return READERS.get(found.attrs["type"], read_value)(found)


def _plain(value: Any) -> Any:
    if isinstance(value, h5py.Empty):
        return None
    return value.item() if isinstance(value, np.generic) else value


def _read_dataset(found: h5py.Dataset) -> Any:
    shape = found.attrs.get("list")
    if shape is None:
        return found[()]
    values = found.asstr()[()] if h5py.check_string_dtype(found.dtype) else found[()]
    return list(values) if values.ndim > 1 else values.tolist()


def _write_list(group: h5py.Group, name: str, values: list[Any]) -> None:
    """Text, numbers and arrays of one shape as one data set, other values as a group of groups."""
    if all(isinstance(value, str) for value in values):
        stored = group.create_dataset(name, data=values, dtype=TEXT, shape=(len(values),))
        stored.attrs["list"] = True
    elif all(isinstance(value, (int, float)) for value in values) or _alike(values):
        group.create_dataset(name, data=np.array(values)).attrs["list"] = True
    else:
        members = _typed_group(group, name, "list")
        members.attrs["count"] = len(values)
        for index, value in enumerate(values):
            write_field(members, str(index), value)


def _alike(values: list[Any]) -> bool:
    arrays = all(isinstance(value, np.ndarray) for value in values)
    return arrays and len({value.shape for value in values}) == 1


def _read_list(group: h5py.Group) -> list[Any]:
    return [read_field(group, str(index)) for index in range(int(group.attrs["count"]))]


def _write_dict(group: h5py.Group, name: str, values: dict[str, Any]) -> None:
    """Keys may be any text, which names of groups may not: keys and values are lists."""
    members = _typed_group(group, name, "dict")
    _write_list(members, "keys", list(values))
    _write_list(members, "values", list(values.values()))


def _read_dict(group: h5py.Group) -> dict[str, Any]:
    return dict(zip(read_field(group, "keys"), read_field(group, "values"), strict=True))


def _write_sparse(group: h5py.Group, name: str, matrix: Any) -> None:
    members = _typed_group(group, name, "csr_matrix")
    members.attrs["shape"] = matrix.shape
    for part in ("data", "indices", "indptr"):
        members.create_dataset(part, data=getattr(matrix, part))


def _read_sparse(group: h5py.Group) -> Any:
    parts = tuple(group[part][()] for part in ("data", "indices", "indptr"))
    return scipy.sparse.csr_matrix(parts, shape=tuple(group.attrs["shape"]))


def _typed_group(group: h5py.Group, name: str, kind: str) -> h5py.Group:
    members = group.create_group(name)
    members.attrs["type"] = kind
    return members


READERS = {"list": _read_list, "dict": _read_dict, "csr_matrix": _read_sparse}
