"""Motifs from files: CSV, NPY, NPZ, MATLAB and UNIPEN, by one function."""

from __future__ import annotations

import csv
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from os import PathLike
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import scipy.io
from scipy.interpolate import CubicSpline, PchipInterpolator

from heddle._core import DomainError, FormatError, Motif
from heddle.io.strokes import Array, require_positive, time_grid
from heddle.io.unipen import is_unipen, read_text, read_unipen

# Times within this fraction of the spacing of an even grid are even, but for their last digits.
EVEN = 1e-3
INTERPOLANTS = {"pchip": PchipInterpolator, "cubic": CubicSpline}
PathOrPaths = str | PathLike[str] | Iterable[str | PathLike[str]]


def read_motifs(
    paths: PathOrPaths,
    *,
    rate: float | None = None,
    duration: float | None = None,
    dt: float | None = None,
    samples: int | None = None,
    interpolate: str = "pchip",
    prefix: bool = False,
    **options: Any,
) -> list[Motif]:
    """Reads the motifs of one or several files, each by its kind.

    .csv          header `t,x,y,...`, one row per sample, t in seconds; any number of channels;
                  lines that start with # are comments; the motif has the name of the file
    .npy          an array of shape (T, d) or (T,), named after the file
    .npz, .mat    each array a motif of that name, (T, d) or (T,); a lone `values` takes the name
                  of the file; `t`, shape (T,), or the scalar `dt` gives the time in seconds of all
                  arrays, `channels` the names of their columns. MATLAB 5 to 7.3; a cell array
                  holds one motif per cell, named patterns_4_1 as in patterns{4,1}.
                  Option: names, the arrays to read
    .txt and others  UNIPEN or CSV, by contents; options of `read_unipen`

    rate          samples per second of arrays and tables without times; with `duration` or `dt`
                  alone, their samples fill that duration, or lie that step apart
    duration      seconds each motif shall last; None keeps the recorded time
    dt, samples   step in seconds, or number of samples, of the result; None keeps the samples
    interpolate   "pchip" (monotone between samples, never overshoots) or "cubic" (smoother);
                  used for `dt` and `samples`, and for uneven times, which without them go to an
                  even grid of about their median spacing. Even samples, to 1e-3 of their
                  spacing, are kept to the last bit. Handwriting always takes the cubic spline.
    prefix        puts the name of the file before each name: w01-a

    Time starts at 0 in every motif. Raises FormatError, naming the file and the line or entry, for
    what a file should not hold, DomainError for an argument and for a name that comes twice.
    """
    _check_options(rate=rate, interpolate=interpolate)
    timing = {"duration": duration, "dt": dt, "samples": samples}
    motifs: list[Motif] = []
    origins: dict[str, Path] = {}
    for path in _listed(paths):
        for motif in _read(path, rate, timing, interpolate, options):
            named = _prefixed(motif, path) if prefix else motif
            _require_new(named.name, path, origins)
            motifs.append(named)
    return motifs


@dataclass(frozen=True)
class Series:
    """Values as a file holds them, before their time is made even."""

    name: str
    values: Array  # (T, d)
    label: str  # the file, and the array in it, for messages
    times: Array | None = None  # (T,), seconds
    channels: list[str] | None = None
    lines: list[int] | None = None  # the line of each sample, for messages

    def place(self, row: int) -> str:
        return f"line {self.lines[row]}" if self.lines else f"sample {row} (counted from 0)"


# Files, options and names


def _check_options(rate: float | None, interpolate: str) -> None:
    require_positive(rate=rate)
    if interpolate not in INTERPOLANTS:
        raise DomainError(f"interpolate is {interpolate!r}; give 'pchip' or 'cubic'")


def _listed(paths: PathOrPaths) -> list[Path]:
    several = [paths] if isinstance(paths, (str, PathLike)) else paths
    listed = [Path(path) for path in several]
    if not listed:
        raise DomainError("paths names no file; give at least one")
    for path in listed:
        _require_file(path)
    return listed


def _require_file(path: Path) -> None:
    if path.is_dir():
        raise FormatError(f"{path} is a directory; give the files in it, such as {path}/*.csv")
    if not path.exists():
        raise FormatError(f"{path} does not exist; give a .csv, .npy, .npz, .mat or UNIPEN file")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}") from error
    if empty:
        raise FormatError(f"{path} is empty; a motif needs at least two samples")


def _read(
    path: Path,
    rate: float | None,
    timing: dict[str, Any],
    interpolate: str,
    options: dict[str, Any],
) -> list[Motif]:
    reader = READERS.get(path.suffix.lower()) or _text_reader(path)
    _require_options(reader, path, options)
    if reader is read_unipen:
        return read_unipen(path, rate=rate, **timing, **options)
    return [_motif(series, rate, timing, interpolate) for series in reader(path, **options)]


def _text_reader(path: Path) -> Callable[..., list]:
    try:
        text = read_text(path)
    except FormatError as error:
        raise FormatError(f"{path} is neither text nor one of {', '.join(READERS)}") from error
    if is_unipen(text):
        return read_unipen
    if path.suffix.lower() in ("", ".txt", ".tsv", ".dat"):
        return _read_csv
    raise FormatError(
        f"{path} is of unknown kind {path.suffix!r}; give {', '.join(READERS)} or a UNIPEN file"
    )


def _require_options(reader: Callable[..., list], path: Path, options: dict[str, Any]) -> None:
    known = list(inspect.signature(reader).parameters)[1:]
    for option in options:
        if option not in known:
            near = get_close_matches(option, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "leave it out for such files"
            raise DomainError(f"option {option} does not apply to {path}; {hint}")


def _prefixed(motif: Motif, path: Path) -> Motif:
    if motif.name == path.stem:
        return motif
    return Motif(f"{path.stem}-{motif.name}", motif.values, motif.dt, motif.channels)


def _require_new(name: str, path: Path, origins: dict[str, Path]) -> None:
    if name in origins:
        both = f"{origins[name]} and {path}" if origins[name] != path else f"{path}, twice"
        raise DomainError(
            f"motif name {name!r} is found in {both}; rename one"
            + ("" if name == path.stem else ", or give prefix=True to begin names with the file's")
        )
    origins[name] = path


# From series to motifs


def _motif(series: Series, rate: float | None, timing: dict[str, Any], interpolate: str) -> Motif:
    _require_values(series)
    times = _times(series, rate, timing)
    even, spacing = _spacing(times)
    grid, step = time_grid(times[-1], spacing, **timing)
    kept = even and len(grid) == len(times) and np.abs(grid - times).max() <= EVEN * spacing
    values = series.values if kept else INTERPOLANTS[interpolate](times, series.values)(grid)
    return Motif(series.name, values, step, series.channels)


def _require_values(series: Series) -> None:
    rows, columns = series.values.shape
    if rows == 1:
        raise FormatError(f"{series.label} holds a single sample; a motif needs at least two")
    if columns == 0:
        raise FormatError(f"{series.label} holds times only; add a column such as x")
    if rows < columns:
        raise FormatError(
            f"{series.label} has {columns} channels of {rows} samples; transpose it to (T, d)"
        )
    if series.channels and len(series.channels) != columns:
        raise FormatError(
            f"{series.label} has {columns} columns, but {len(series.channels)} names in channels"
        )
    bad = np.argwhere(~np.isfinite(series.values))
    if len(bad):
        row, column = bad[0]
        channel = repr(series.channels[column]) if series.channels else str(column)
        raise FormatError(
            f"{series.label}, {series.place(row)}: channel {channel} is "
            f"{series.values[row, column]}; give finite numbers"
        )


def _times(series: Series, rate: float | None, timing: dict[str, Any]) -> Array:
    """Increasing times from 0, shape (T,)."""
    require_positive(duration=timing["duration"], dt=timing["dt"])
    if series.times is not None and rate is not None:
        raise DomainError(f"rate is given, but {series.label} has its own times; leave rate out")
    if series.times is not None:
        _require_increasing(series)
        return series.times - series.times[0]
    last = len(series.values) - 1
    if rate is not None:
        return np.arange(last + 1) / rate
    if timing["duration"] is not None:
        return np.arange(last + 1) * (timing["duration"] / last)
    if timing["dt"] is not None:
        return np.arange(last + 1) * timing["dt"]
    raise FormatError(f"{series.label} holds no times; add t, or give rate, dt or duration")


def _require_increasing(series: Series) -> None:
    times = series.times
    bad = np.flatnonzero(~np.isfinite(times))
    if len(bad):
        raise FormatError(f"{series.label}, {series.place(bad[0])}: the time is {times[bad[0]]}")
    if len(times) != len(series.values):
        found = f"{len(series.values)} samples, but {len(times)} times"
        raise FormatError(f"{series.label} has {found}; give as many")
    back = np.flatnonzero(np.diff(times) <= 0)
    if len(back):
        row = back[0] + 1
        raise FormatError(
            f"{series.label}, {series.place(row)}: time {times[row]:g} follows {times[row - 1]:g}; "
            "give times that increase"
        )


def _spacing(times: Array) -> tuple[bool, float]:
    """Whether times are even, and their spacing: the median of uneven ones."""
    spacing = times[-1] / (len(times) - 1)
    if np.isclose(times[1], spacing, rtol=1e-9, atol=0):
        spacing = times[1]  # 0.1 rather than 0.10000000000000002
    even = np.abs(times - np.arange(len(times)) * spacing).max() <= EVEN * spacing
    return bool(even), float(spacing if even else np.median(np.diff(times)))


# Tables


def _read_csv(path: Path) -> list[Series]:
    rows = [
        (number, [cell.strip() for cell in next(csv.reader([line]))])
        for number, line in enumerate(read_text(path).splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if len(rows) < 2:
        raise FormatError(f"{path} has no rows of numbers; give a header t,x,y,... and samples")
    lines, names = [number for number, _ in rows[1:]], rows[0][1]
    _require_header(path, rows[0][0], names)
    table = np.array([_row(path, number, cells, names) for number, cells in rows[1:]])
    clock = [column for column, name in enumerate(names) if name.lower() in ("t", "time")]
    times = table[:, clock[0]] if clock else None
    channels = [name for column, name in enumerate(names) if column not in clock]
    return [Series(path.stem, np.delete(table, clock, axis=1), str(path), times, channels, lines)]


def _require_header(path: Path, line: int, names: list[str]) -> None:
    found = f"{path}, line {line}: the header {','.join(names)[:60]!r}"
    if any(_is_number(name) for name in names):
        raise FormatError(f"{found} holds numbers; begin with names such as t,x,y")
    if len(names) == 1 and any(mark in names[0] for mark in ";\t "):
        raise FormatError(f"{found} has one column; separate columns by commas")
    if "" in names or len(set(names)) < len(names):
        raise FormatError(f"{found} has empty or repeated names; give each column its own")
    if sum(name.lower() in ("t", "time") for name in names) > 1:
        raise FormatError(f"{found} names the time twice; keep one of t and time")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.lower() not in ("nan", "inf", "infinity")


def _row(path: Path, line: int, cells: list[str], names: list[str]) -> list[float]:
    if len(cells) != len(names):
        raise FormatError(
            f"{path}, line {line}: {len(cells)} values where the header names {len(names)} columns"
        )
    row = []
    for name, cell in zip(names, cells, strict=True):
        try:
            row.append(float(cell))
        except ValueError:
            raise FormatError(
                f"{path}, line {line}: {cell!r} in column {name!r} is not a number"
            ) from None
    return row


# Arrays


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


def _read_npy(path: Path) -> list[Series]:
    with _decoding(path, "NPY"):
        values = np.load(path, allow_pickle=False)
        if not isinstance(values, np.ndarray):
            raise ValueError("it is an archive of arrays")
    return [Series(path.stem, _matrix(values, str(path)), str(path))]


def _read_npz(path: Path, names: Sequence[str] | None = None) -> list[Series]:
    with _decoding(path, "NPZ"), np.load(path, allow_pickle=False) as archive:
        wanted = _wanted(path, list(archive.files), names)
        arrays = {name: archive[name] for name in wanted}
    return _series(path, arrays)


def _read_mat(path: Path, names: Sequence[str] | None = None) -> list[Series]:
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


COMMON = ("t", "dt", "channels")  # what the arrays of a file may share


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


READERS: dict[str, Callable[..., list]] = {
    ".csv": _read_csv,
    ".npy": _read_npy,
    ".npz": _read_npz,
    ".mat": _read_mat,
}
