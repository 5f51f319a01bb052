"""Libraries, performances, networks, recordings, validity maps and trainings in HDF5 files: every
bit comes back, and a file is whole or absent.

Layout: the root has the attributes `format` ("heddle"), `kind` ("library", "performance",
"network", "recording", "validity map" or "training"), `format_version` and `heddle_version`; the
group `provenance` those that the caller adds. Every value is a group whose attribute `type` names
its class; its fields are datasets (arrays), attributes (numbers and text) and groups (values,
lists, sparse matrices). There are no times of writing: the same content gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import h5py

from heddle import _core
from heddle._core import FormatError, Library, Network, PerformedMotif, SpikeRecording
from heddle.encoding import read_field, read_value, write_field, write_value
from heddle.files import PathLike, replacing
from heddle.performance import Performance
from heddle.validation.map_values import ValidityMap

FORMAT_VERSION = 1
SIGNATURE = b"\x89HDF\r\n\x1a\n"
COMMANDS = {
    "library": "use it with `heddle perform` or `heddle inspect`",
    "network": "read it with `heddle.load_network`, or its weights with `read_weights`",
    "performance": "use it with `heddle report` or `heddle inspect`",
    "recording": "read it with `heddle.load_recording`",
    "validity map": "read it with `heddle.load_validity_map`",
    "training": "go on with it as the `checkpoint` of `heddle.train` or `heddle train`",
}
T = TypeVar("T")


def save_library(
    path: PathLike,
    library: Library,
    *,
    advances: Mapping[str, float] | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> None:
    """Writes a library; `advances`, how far each letter moves the next one, go with it if given.

    The file appears only when it is complete. Raises DomainError where it cannot be written.
    """
    with replacing(path) as temporary:
        write_library(temporary, library, advances=advances, provenance=provenance)


def write_library(
    path: Path,
    library: Library,
    *,
    advances: Mapping[str, float] | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> None:
    """Writes a library to a file that is there for it already."""
    with _writable(path) as file:
        _describe(file, "library", provenance)
        write_value(file, "library", library)
        if advances is not None:
            write_field(file, "advances", dict(advances))


def load_library(path: PathLike) -> Library:
    """The library in a file, bit for bit. Raises FormatError for any other file."""
    return _load(path, "library", lambda file: read_value(file["library"]))


def load_advances(path: PathLike) -> dict[str, float] | None:
    """How far each letter of a library moves the next one, if it was saved with that."""
    return _load(
        path,
        "library",
        lambda file: read_field(file, "advances") if "advances" in file else None,
    )


def save_network(
    path: PathLike, network: Network, *, provenance: Mapping[str, Any] | None = None
) -> None:
    """Writes a network, its weights dense, sparse or in parts as they are, whole or not at all."""
    with replacing(path) as temporary, _writable(temporary) as file:
        _describe(file, "network", provenance)
        write_value(file, "network", network)


def load_network(path: PathLike) -> Network:
    """The network in a file, bit for bit; of a library, the library's."""
    if kind_of(path) == "library":
        return load_library(path).network
    return _load(path, "network", lambda file: read_value(file["network"]))


def save_performance(
    path: PathLike, performance: Performance, *, provenance: Mapping[str, Any] | None = None
) -> None:
    """Writes a performance, whole or not at all. Raises DomainError where it cannot be written."""
    with replacing(path) as temporary, PerformanceWriter(temporary, provenance) as writer:
        for item in performance.items:
            writer.append(item)
        writer.finish(performance)


def load_performance(path: PathLike) -> Performance:
    """The performance in a file, bit for bit. Raises FormatError for any other file."""
    return _load(path, "performance", _read_performance)


def save_recording(
    path: PathLike, recording: SpikeRecording, *, provenance: Mapping[str, Any] | None = None
) -> None:
    """Writes a recording of spiking populations, whole or not at all."""
    with replacing(path) as temporary, _writable(temporary) as file:
        _describe(file, "recording", provenance)
        write_value(file, "recording", recording)


def load_recording(path: PathLike) -> SpikeRecording:
    """The recording in a file, bit for bit. Raises FormatError for any other file."""
    return _load(path, "recording", lambda file: read_value(file["recording"]))


def save_validity_map(
    path: PathLike, found: ValidityMap, *, provenance: Mapping[str, Any] | None = None
) -> None:
    """Writes a map of errors over two parameters, finished or not, whole or not at all."""
    with replacing(path) as temporary, _writable(temporary) as file:
        _describe(file, "validity map", provenance)
        write_value(file, "map", found)


def load_validity_map(path: PathLike) -> ValidityMap:
    """The map in a file, bit for bit. Raises FormatError for any other file."""
    return _load(path, "validity map", lambda file: read_value(file["map"]))


def write_training(path: Path, state: _core.TrainingState, recipe: Mapping[str, str]) -> None:
    """Writes a checkpoint, and what it is a training of, to a file that is there for it already."""
    with _writable(path) as file:
        _describe(file, "training", None)
        write_value(file, "state", state)
        write_field(file, "recipe", dict(recipe))


def load_training(path: PathLike) -> tuple[_core.TrainingState, dict[str, str]]:
    """The state in a checkpoint, bit for bit, and what it is a training of. Raises FormatError."""
    return _load(
        path, "training", lambda file: (read_value(file["state"]), read_field(file, "recipe"))
    )


def load(path: PathLike) -> Library | Performance | Network | SpikeRecording | ValidityMap:
    """The library, performance, network, recording or validity map in a file.

    Raises FormatError for any other file, a training's checkpoint too.
    """
    readers: dict[str, Callable[[PathLike], Any]] = {
        "library": load_library,
        "performance": load_performance,
        "network": load_network,
        "recording": load_recording,
        "validity map": load_validity_map,
    }
    kind = kind_of(path)
    if kind not in readers:
        raise FormatError(f"{path} holds a {kind}; {COMMANDS[kind]}")
    return readers[kind](path)


def kind_of(path: PathLike) -> str:
    """ "library", "performance", "network", … what the file holds. Raises FormatError."""
    with _readable(path) as file:
        return str(file.attrs["kind"])


def provenance_of(path: PathLike) -> dict[str, Any]:
    """What the writer of a file said about how it was made."""
    with _readable(path) as file:
        found = file["provenance"].attrs if "provenance" in file else {}
        return {
            name: value.item() if hasattr(value, "item") else value for name, value in found.items()
        }


class PerformanceWriter:
    """Writes a performance item by item, in memory that does not grow with its length."""

    def __init__(self, path: Path, provenance: Mapping[str, Any] | None = None) -> None:
        self._file = h5py.File(path, "w")
        _describe(self._file, "performance", provenance)
        self._items = self._file.create_group("items")
        self._count = 0

    def append(self, item: PerformedMotif) -> None:
        write_value(self._items, str(self._count), item)
        self._count += 1

    def finish(self, performance: Performance) -> None:
        """Writes everything but the items, which `append` has written."""
        self._items.attrs["count"] = self._count
        group = self._file.create_group("performance")
        for field in fields(Performance):
            if field.name != "items":
                write_field(group, field.name, getattr(performance, field.name))

    def __enter__(self) -> PerformanceWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()


def _read_performance(file: h5py.File) -> Performance:
    group = file["performance"]
    items = file["items"]
    stored = {f.name: read_field(group, f.name) for f in fields(Performance) if f.name != "items"}
    stored["items"] = [read_value(items[str(k)]) for k in range(int(items.attrs["count"]))]
    return Performance(**stored)


# The file around the values


@contextmanager
def _writable(path: Path) -> Iterator[h5py.File]:
    with h5py.File(path, "w") as file:
        yield file


def _describe(file: h5py.File, kind: str, provenance: Mapping[str, Any] | None) -> None:
    file.attrs["format"] = "heddle"
    file.attrs["kind"] = kind
    file.attrs["format_version"] = FORMAT_VERSION
    file.attrs["heddle_version"] = _core.__version__
    if provenance:
        file.create_group("provenance").attrs.update(provenance)


def _load(path: PathLike, kind: str, read: Callable[[h5py.File], T]) -> T:
    with _readable(path) as file:
        found = str(file.attrs["kind"])
        if found != kind:
            raise FormatError(f"{path} holds a {found}, not a {kind}; {COMMANDS[found]}")
        try:
            return read(file)
        except (KeyError, TypeError, ValueError, OSError, RuntimeError) as error:
            reason = " ".join(str(error).split())
            raise FormatError(f"{path} is damaged: {reason}; write it again") from error


@contextmanager
def _readable(path: PathLike) -> Iterator[h5py.File]:
    """The open file, known to be ours and of a version we can read."""
    _require_hdf5(path)
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise FormatError(f"{path} is an HDF5 file that was cut short; write it again") from error
    with file:
        _require_ours(path, file)
        yield file


def _require_hdf5(path: PathLike) -> None:
    if Path(path).is_dir():
        raise FormatError(
            f"{path} is a folder; give a file that `heddle design` or `perform` wrote"
        )
    try:
        with Path(path).open("rb") as file:
            start = file.read(len(SIGNATURE))
    except FileNotFoundError as error:
        raise FormatError(
            f"{path} does not exist; give a file that `heddle design` or `heddle perform` wrote"
        ) from error
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}") from error
    if start != SIGNATURE:
        raise FormatError(
            f"{path} is not an HDF5 file; give one that `heddle design` or `heddle perform` wrote"
        )


def _require_ours(path: PathLike, file: h5py.File) -> None:
    if file.attrs.get("format") != "heddle" or file.attrs.get("kind") not in COMMANDS:
        raise FormatError(
            f"{path} is an HDF5 file, but not one of Heddle's; give one that `heddle design` or "
            "`heddle perform` wrote"
        )
    version = int(file.attrs.get("format_version", 0))
    if version > FORMAT_VERSION:
        raise FormatError(
            f"{path} was written by Heddle {file.attrs.get('heddle_version')} in format {version}; "
            f"this is Heddle {_core.__version__}, which reads formats up to {FORMAT_VERSION}: "
            "install a newer one"
        )
