"""Recurrent weights from files: NumPy, SciPy, MATLAB, HDF5 and plain tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import scipy.io
import scipy.sparse

from heddle._core import DomainError, FormatError, StructuredWeights, did_you_mean

USUAL_NAMES = ("W", "weights")  # taken where a file holds several square matrices
SPARSE_PARTS = {"data", "indices", "indptr", "shape", "format"}  # of scipy.sparse.save_npz


def read_weights(path: str | PathLike[str], *, key: str | None = None) -> Any:
    """Recurrent weights W, shape (n, n): a float64 array, or a scipy.sparse.csr_matrix.

    W[i, j] is the weight from unit j to unit i.

    .npy              one array
    .npz              several arrays, or what scipy.sparse.save_npz wrote
    .mat              MATLAB 5 to 7.3, full or sparse
    .h5, .hdf5        any dataset, named by its path; a library or network that Heddle saved gives
                      its weights, StructuredWeights among them
    .csv, .tsv, .txt  one row of W a line, separated by commas, semicolons, tabs or spaces; lines
                      that start with # are comments

    key  which array; None for the only square one, or else the one called W or weights

    Raises FormatError, naming the file, what it holds and what would do; DomainError for a key
    that it does not hold.
    """
    path = Path(path)
    _require_content(path)
    weights = _chosen(path, _arrays(path), key)
    return _checked(path, weights)


def read_vector(path: str | PathLike[str], *, key: str | None = None) -> np.ndarray:
    """One number per unit, shape (n,), from any file that `read_weights` reads: its only array, or
    the one called `key`. Raises FormatError, naming the file and what it holds.
    """
    path = Path(path)
    _require_content(path)
    arrays = _arrays(path)
    if key is None and len(arrays) != 1:
        raise FormatError(f"{path} holds {len(arrays)} arrays; name one by key")
    array = next(iter(arrays.values())) if key is None else _named(path, arrays, key)
    if sum(length != 1 for length in array.shape) > 1 or array.dtype.kind not in "biuf":
        raise FormatError(f"{path} holds {_shape(array)} of {array.dtype}; expected n real numbers")
    vector = np.array(array, dtype=np.float64).ravel()
    if not np.isfinite(vector).all():
        raise FormatError(f"{path} holds NaN or infinity; expected finite numbers")
    return vector


def _require_content(path: Path) -> None:
    if path.is_dir():
        raise FormatError(f"{path} is a directory; give a file of weights in it")
    if not path.exists():
        raise FormatError(f"{path} does not exist; give a file: {', '.join(READERS)}")
    if path.suffix.lower() not in READERS:
        raise FormatError(
            f"{path} is of unknown kind {path.suffix!r}; give one of {', '.join(READERS)}"
        )
    if path.stat().st_size == 0:
        raise FormatError(f"{path} is empty; expected an n × n matrix")


def _arrays(path: Path) -> Mapping[str, Any]:
    try:
        return READERS[path.suffix.lower()](path)
    except FormatError:
        raise
    except Exception as error:  # what readers raise on a damaged file is theirs to choose
        reason = " ".join(str(error).split()) or type(error).__name__
        raise FormatError(
            f"{path} cannot be read as {path.suffix} ({reason}); write it anew"
        ) from error


# Which of a file's arrays


def _chosen(path: Path, arrays: Mapping[str, Any], key: str | None) -> Any:
    if not arrays:
        raise FormatError(f"{path} holds no array; expected an n × n matrix")
    if key is not None:
        return _named(path, arrays, key)
    if len(arrays) == 1:
        return next(iter(arrays.values()))
    square = {name: array for name, array in arrays.items() if _is_square(array)}
    for name in USUAL_NAMES:
        if name in square:
            return square[name]
    if len(square) == 1:
        return next(iter(square.values()))
    kind = "several square arrays" if square else "no square array"
    listed = ", ".join(f"{name} ({_shape(array)})" for name, array in (square or arrays).items())
    advice = "name one by key" if square else "expected an n × n matrix"
    raise FormatError(f"{path} holds {kind}: {listed}; {advice}")


def _named(path: Path, arrays: Mapping[str, Any], key: str) -> Any:
    if list(arrays) == [""]:
        raise DomainError(f"key is {key!r}, but {path} holds a single array; leave key out")
    if key not in arrays:
        raise DomainError(f"key: {path} holds no array {key!r}{did_you_mean(key, list(arrays))}")
    return arrays[key]


def _is_square(array: Any) -> bool:
    return len(array.shape) == 2 and array.shape[0] == array.shape[1] > 1


def _shape(array: Any) -> str:
    return " × ".join(map(str, array.shape)) or "one number"


# What the weights have to be


def _checked(path: Path, array: Any) -> Any:
    if len(array.shape) != 2 or array.shape[0] != array.shape[1]:
        raise FormatError(f"{path} holds weights of shape {_shape(array)}; expected n × n")
    if array.shape[0] == 0:
        raise FormatError(f"{path} holds an empty matrix; expected at least one unit")
    if isinstance(array, StructuredWeights):
        return array
    if array.dtype.kind not in "biuf":
        raise FormatError(f"{path} holds weights of type {array.dtype}; expected real numbers")
    sparse = scipy.sparse.issparse(array)
    weights = (
        scipy.sparse.csr_matrix(array, dtype=np.float64)
        if sparse
        else np.array(array, dtype=np.float64)
    )
    bad = np.count_nonzero(~np.isfinite(weights.data if sparse else weights))
    if bad:
        raise FormatError(
            f"{path} holds NaN or infinity at {bad} of its weights; expected finite numbers"
        )
    return weights


# One reader a kind of file: names and arrays; a file without names has one array called ""


def _read_npy(path: Path) -> dict[str, Any]:
    array = np.load(path, allow_pickle=False)
    if not isinstance(array, np.ndarray):
        raise FormatError(f"{path} is an archive of arrays; rename it to {path.stem}.npz")
    return {"": array}


def _read_npz(path: Path) -> dict[str, Any]:
    loaded = np.load(path, allow_pickle=False)
    if isinstance(loaded, np.ndarray):
        raise FormatError(f"{path} is no archive of arrays; rename it to {path.stem}.npy")
    with loaded as archive:
        if set(archive.files) >= SPARSE_PARTS - {"indices", "indptr"}:
            return {"": scipy.sparse.load_npz(path)}
        return {name: archive[name] for name in archive.files}


def _read_mat(path: Path) -> dict[str, Any]:
    if h5py.is_hdf5(path):
        return _read_matlab_73(path)
    contents = scipy.io.loadmat(path, appendmat=False)
    return {name: value for name, value in contents.items() if not name.startswith("__")}


def _read_matlab_73(path: Path) -> dict[str, Any]:
    """MATLAB 7.3 is HDF5 in which arrays lie column by column, sparse ones as three vectors."""
    with h5py.File(path, "r") as file:
        arrays = {}
        for name, item in file.items():
            if "MATLAB_sparse" in item.attrs:
                arrays[name] = _matlab_sparse(item)
            elif isinstance(item, h5py.Dataset):
                arrays[name] = item[()].T
        return arrays


def _matlab_sparse(group: h5py.Group) -> Any:
    starts = group["jc"][()].astype(np.int64)
    stored = "data" in group  # left out where no entry is stored
    values = group["data"][()] if stored else np.zeros(0)
    rows = group["ir"][()].astype(np.int64) if stored else np.zeros(0, dtype=np.int64)
    shape = (int(group.attrs["MATLAB_sparse"]), len(starts) - 1)
    return scipy.sparse.csc_matrix((values, rows, starts), shape=shape)


def _read_hdf5(path: Path) -> dict[str, Any]:
    with h5py.File(path, "r") as file:
        if file.attrs.get("format") == "heddle":
            return _read_library(path)
        arrays: dict[str, Any] = {}

        def collect(name: str, item: h5py.Dataset | h5py.Group) -> None:
            if isinstance(item, h5py.Dataset) and item.ndim == 2:
                arrays[name] = item[()]

        file.visititems(collect)
        return arrays


def _read_library(path: Path) -> dict[str, Any]:
    from heddle.store import load_network

    return {"": load_network(path).weights}


def _read_table(path: Path) -> dict[str, Any]:
    lines = _numbered_lines(path)
    if not lines:
        raise FormatError(f"{path} holds comments only; expected an n × n matrix")
    separator = next((mark for mark in ",;\t" if mark in lines[0][1]), None)
    rows = [line.split(separator) for _, line in lines]
    for (number, _), row in zip(lines, rows, strict=True):
        if len(row) != len(rows[0]):
            raise FormatError(
                f"{path}, line {number} has {len(row)} numbers; expected {len(rows[0])}, as before"
            )
    try:
        return {"": np.array(rows, dtype=np.float64)}
    except ValueError:
        raise _bad_entry(path, lines, rows) from None


def _numbered_lines(path: Path) -> list[tuple[int, str]]:
    text = path.read_text(encoding="utf-8-sig")
    lines = ((number, line.strip(" \r\f")) for number, line in enumerate(text.split("\n"), 1))
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


def _bad_entry(path: Path, lines: list[tuple[int, str]], rows: list[list[str]]) -> FormatError:
    for (number, _), row in zip(lines, rows, strict=True):
        for entry in row:
            try:
                float(entry)
            except ValueError:
                return FormatError(
                    f"{path}, line {number} holds {entry.strip()!r}; expected numbers only, "
                    "one row of the weights a line"
                )
    return FormatError(f"{path} cannot be read as a table of numbers; write it anew")


READERS: dict[str, Callable[[Path], Mapping[str, Any]]] = {
    ".npy": _read_npy,
    ".npz": _read_npz,
    ".mat": _read_mat,
    ".h5": _read_hdf5,
    ".hdf5": _read_hdf5,
    ".csv": _read_table,
    ".tsv": _read_table,
    ".txt": _read_table,
}
