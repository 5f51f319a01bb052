"""Spikes in files, SONATA's HDF5 or NPZ: streamed as they come, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import h5py
import numpy as np
from numpy.typing import NDArray

from heddle._core import DomainError, FormatError
from heddle.files import PathLike, replacing

Times = NDArray[np.float64]
Nodes = NDArray[np.uint32]
KINDS = (".h5", ".hdf5", ".npz")
SORTING = h5py.enum_dtype({"none": 0, "by_id": 1, "by_time": 2}, basetype="u1")
MAGIC = np.uint32(0x0A7A)  # of SONATA files
CHUNK = 16_384


@contextmanager
def spike_file(path: PathLike, names: Sequence[str], sizes: Sequence[int]) -> Iterator[SpikeFile]:
    """A file of spikes, to be given to `simulate` as its sink:

        with spike_file("spikes.h5", ["E", "I"], [800, 200]) as sink: simulate(…, sink=sink)

    names  of populations
    sizes  neurons of each; neurons that the sink receives count through all of them

    .h5   SONATA: /spikes/<population>/timestamps (ms) and node_ids, sorted by time
    .npz  arrays <population>/timestamps and <population>/node_ids

    The file appears when the block ends; on an error there is none. Raises DomainError for another
    kind, a folder that cannot be written, or a name with a slash.
    """
    require_kind_of_spikes(path)
    for name in names:
        if "/" in name:
            raise DomainError(f"population {name!r} cannot name a group of a file; drop the slash")
    with replacing(path) as temporary, ExitStack() as stack:
        kind = _NpzFile if Path(path).suffix == ".npz" else _SonataFile
        yield stack.enter_context(kind(temporary, names, sizes))


def write_spikes(path: PathLike, recording: Any) -> None:
    """Writes the spikes that a recording kept, as `spike_file` says."""
    with spike_file(path, recording.names, recording.sizes) as sink:
        sink(*recording.spikes)


def read_spikes(path: PathLike) -> dict[str, tuple[Times, Nodes]]:
    """Spikes of each population: times, ms, and neurons, counted in the population.

    path  SONATA's HDF5 (of any simulator, times in ms or s) or the NPZ that Heddle writes

    Raises FormatError for what is neither, DomainError for a name of another kind.
    """
    require_kind_of_spikes(path)
    if not Path(path).is_file():
        raise FormatError(f"{path} does not exist; give a file of spikes")
    read = _read_npz if Path(path).suffix == ".npz" else _read_sonata
    try:
        return read(Path(path))
    except FormatError:
        raise
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        reason = " ".join(str(error).split())
        raise FormatError(f"{path} holds no spikes that can be read: {reason}") from error


def require_kind_of_spikes(path: PathLike) -> None:
    """Raises DomainError for a name that no spikes can be written to or read from."""
    if Path(path).suffix not in KINDS:
        raise DomainError(f"spikes in {str(path)!r}: give a name that ends in {', '.join(KINDS)}")


class SpikeFile:
    """Takes spikes in chunks and deals them out to their populations."""

    def __init__(self, names: Sequence[str], sizes: Sequence[int]) -> None:
        self._names = list(names)
        self._ends = np.cumsum(np.asarray(sizes, dtype=np.int64))

    def __call__(self, times: Times, neurons: Nodes) -> None:
        population = np.searchsorted(self._ends, neurons, side="right")
        for index in np.unique(population):
            own = population == index
            first = self._ends[index - 1] if index else 0
            self._append(self._names[index], times[own], neurons[own] - np.uint32(first))

    def _append(self, name: str, times: Times, nodes: Nodes) -> None:
        raise NotImplementedError


class _SonataFile(SpikeFile):
    def __init__(self, path: Path, names: Sequence[str], sizes: Sequence[int]) -> None:
        super().__init__(names, sizes)
        self._file = h5py.File(path, "w")
        self._file.attrs["magic"] = MAGIC
        self._file.attrs["version"] = np.array([0, 1], dtype=np.uint32)
        for name in names:
            self._create(name)

    def _create(self, name: str) -> None:
        group = self._file.create_group(f"spikes/{name}")
        group.attrs.create("sorting", 2, dtype=SORTING)
        for key, kind in (("timestamps", "f8"), ("node_ids", "u8")):
            group.create_dataset(key, (0,), kind, maxshape=(None,), chunks=(CHUNK,))
        group["timestamps"].attrs["units"] = "ms"

    def _append(self, name: str, times: Times, nodes: Nodes) -> None:
        group = self._file["spikes"][name]
        for key, values in (("timestamps", times), ("node_ids", nodes)):
            data = group[key]
            data.resize((len(data) + len(values),))
            data[-len(values) :] = values

    def __enter__(self) -> _SonataFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()


class _NpzFile(SpikeFile):
    """Raw numbers, beside the file, until their number is known."""

    def __init__(self, path: Path, names: Sequence[str], sizes: Sequence[int]) -> None:
        super().__init__(names, sizes)
        self._path = path
        self._stack = ExitStack()
        self._parts = {
            f"{name}/{key}": (self._temporary(), np.dtype(kind))
            for name in names
            for key, kind in (("timestamps", "<f8"), ("node_ids", "<u4"))
        }

    def _temporary(self) -> BinaryIO:
        return self._stack.enter_context(tempfile.TemporaryFile(dir=self._path.parent))

    def _append(self, name: str, times: Times, nodes: Nodes) -> None:
        for key, values in (("timestamps", times), ("node_ids", nodes)):
            file, kind = self._parts[f"{name}/{key}"]
            file.write(np.ascontiguousarray(values, dtype=kind).data)

    def __enter__(self) -> _NpzFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._stack:
            if kind is None:
                self._join()

    def _join(self) -> None:
        with zipfile.ZipFile(self._path, "w", allowZip64=True) as archive:
            for key, (file, kind) in self._parts.items():
                with archive.open(f"{key}.npy", "w", force_zip64=True) as member:
                    count = file.tell() // kind.itemsize
                    header = {"descr": kind.str, "fortran_order": False, "shape": (count,)}
                    np.lib.format.write_array_header_1_0(member, header)
                    file.seek(0)
                    shutil.copyfileobj(file, member)


def _read_npz(path: Path) -> dict[str, tuple[Times, Nodes]]:
    with np.load(path) as file:
        names = [key.rpartition("/")[0] for key in file.files if key.endswith("/timestamps")]
        return {name: (file[f"{name}/timestamps"], file[f"{name}/node_ids"]) for name in names}


def _read_sonata(path: Path) -> dict[str, tuple[Times, Nodes]]:
    with h5py.File(path) as file:
        if "spikes" not in file:
            raise FormatError(f"{path} has no group /spikes; expected SONATA's spikes")
        return {str(name): _of_group(group) for name, group in file["spikes"].items()}


def _of_group(group: h5py.Group) -> tuple[Times, Nodes]:
    units = group["timestamps"].attrs.get("units", "ms")
    factor = {"ms": 1.0, "milliseconds": 1.0, "s": 1e3, "seconds": 1e3}[str(units)]
    times = group["timestamps"][:].astype(float) * factor
    return times, group["node_ids"][:].astype(np.uint32)
