"""Series from NPY, NPZ and MATLAB files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

import h5py
import numpy as np
import scipy.io

from heddle._core import DomainError, FormatError
from heddle.io.series import Series
from heddle.io.strokes import Array

COMMON = ("t", "dt", "channels")  # what the arrays of a file may share


@contextmanager
def _decoding(path: Path, kind: str) -> Iterator[None]:
    # Libraries fail on damaged files by whatever exception their decoder meets first.
    try:
        yield
    except (DomainError, FormatError):
        raise
    except Exception as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise FormatError(
            f"{path} is not a whole {kind} file of plain arrays ({reason}); write it anew"
        ) from error


def read_npy(path: Path) -> list[Series]:
    with _decoding(path, "NPY"):
        values = np.load(path, allow_pickle=False)
        if not isinstance(values, np.ndarray):
            raise ValueError("it is an archive of arrays")
    return [Series(path.stem, _matrix(values, str(path)), str(path))]


def read_npz(path: Path, names: Sequence[str] | None = None) -> list[Series]:
    with _decoding(path, "NPZ"), np.load(path, allow_pickle=False) as archive:
        wanted = _wanted(path, list(archive.files), names)
        arrays = {name: archive[name] for name in wanted}
    return _series(path, arrays)


def read_mat(path: Path, names: Sequence[str] | None = None) -> list[Series]:
    with _decoding(path, "MATLAB"):
        arrays = _load_hdf5(path) if h5py.is_hdf5(path) else _load_mat(path)
    flat = dict(_cells(arrays))
    return _series(path, {name: flat[name] for name in _wanted(path, list(flat), names)})


def _load_mat(path: Path) -> dict[str, np.ndarray]:
    contents = scipy.io.loadmat(path, appendmat=False)
    return {name: value for name, value in contents.items() if not name.startswith("__")}


def _load_hdf5(path: Path) -> dict[str, np.ndarray]:
    """Variables of a MATLAB 7.3 file, where arrays are stored column by column."""
    with h5py.File(path, "r") as file:
        return {name: _hdf5_array(file, file[name]) for name in file if not name.startswith("#")}


def _hdf5_array(file: h5py.File, item: h5py.Dataset | h5py.Group) -> np.ndarray:
    if not isinstance(item, h5py.Dataset):
        return np.empty((), dtype=[("struct", object)])
    kind = item.attrs.get("MATLAB_class", b"double").decode()
    if kind == "char":
        return np.array(["".join(map(chr, row)) for row in np.atleast_2d(item[()].T)])
    if kind == "cell":
        cells = np.empty(item.shape[::-1], dtype=object)
        for index, reference in np.ndenumerate(item[()].T):
            cells[index] = _hdf5_array(file, file[reference])
        return cells
    return item[()].T


def _cells(arrays: dict[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """Each cell of a cell array on its own, named by its indices as MATLAB counts."""
    for name, array in arrays.items():
        if array.dtype != object or name == "channels":
            yield name, array
            continue
        for index, cell in np.ndenumerate(array):
            places = [k + 1 for k, n in zip(index, array.shape, strict=True) if n > 1]
            yield "_".join(map(str, [name, *places])), np.asarray(cell)


def _wanted(path: Path, present: list[str], names: Sequence[str] | None) -> list[str]:
    chosen = present if names is None else [names] if isinstance(names, str) else list(names)
    for name in chosen:
        if name not in present:
            near = get_close_matches(name, present, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"it holds {', '.join(present)}"
            raise DomainError(f"names asks for {name!r}, which {path} does not hold; {hint}")
    motifs = [name for name in dict.fromkeys(chosen) if name not in COMMON]
    if not motifs:
        raise FormatError(f"{path} holds no array to read; give at least one of shape (T, d)")
    return motifs + [name for name in COMMON if name in present]


def _series(path: Path, arrays: dict[str, np.ndarray]) -> list[Series]:
    common = {name: arrays.pop(name) for name in COMMON if name in arrays}
    channels = _strings(path, common["channels"]) if "channels" in common else None
    series = []
    for name, array in arrays.items():
        label = f"{path}, array {name!r}"
        values = _matrix(array, label, rows_are_samples=path.suffix.lower() != ".mat")
        title = path.stem if list(arrays) == ["values"] else name
        series.append(Series(title, values, label, _clock(path, common, len(values)), channels))
    return series


def _matrix(array: np.ndarray, label: str, rows_are_samples: bool = True) -> Array:
    """Shape (T, d); MATLAB's row vectors are one channel, having no other form there."""
    if array.dtype.kind not in "biuf":
        raise FormatError(
            f"{label} holds {array.dtype.name}, not real numbers; leave it out or give names"
        )
    if array.ndim not in (1, 2) or array.size == 0:
        raise FormatError(
            f"{label} has shape {array.shape}; give (T, d) or (T,), or choose arrays by names"
        )
    if array.ndim == 1 or (array.shape[0] == 1 and not rows_are_samples):
        array = array.reshape(-1, 1)
    return np.ascontiguousarray(array, dtype=np.float64)


def _clock(path: Path, common: dict[str, np.ndarray], count: int) -> Array | None:
    if "t" in common and "dt" in common:
        raise FormatError(f"{path} holds both t and dt; keep one")
    if "t" in common:
        return _matrix(common["t"].ravel(), f"{path}, array 't'")[:, 0]
    if "dt" not in common:
        return None
    step = common["dt"]
    if step.size != 1 or step.dtype.kind not in "biuf" or not 0 < step.item() < np.inf:
        raise FormatError(f"{path}, array 'dt' is {step.tolist()!r}; give one positive number")
    return np.arange(count) * float(step.item())


def _strings(path: Path, array: np.ndarray) -> list[str]:
    names = [str(np.asarray(entry).item()).strip() for entry in array.ravel()]
    if len(set(names)) < len(names):
        raise FormatError(f"{path}, array 'channels' repeats a name; give each column its own")
    return names
