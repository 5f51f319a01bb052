"""Motifs from files: CSV, NPY, NPZ, MATLAB and UNIPEN, by one function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from os import PathLike
from pathlib import Path
from typing import Any

from heddle._core import DomainError, FormatError, Motif
from heddle.io.arrays import read_mat, read_npy, read_npz
from heddle.io.series import INTERPOLANTS, motif_from
from heddle.io.strokes import require_positive
from heddle.io.tables import read_csv
from heddle.io.unipen import is_unipen, read_text, read_unipen

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
    return [motif_from(series, rate, timing, interpolate) for series in reader(path, **options)]


def _text_reader(path: Path) -> Callable[..., list]:
    try:
        text = read_text(path)
    except FormatError as error:
        raise FormatError(f"{path} is neither text nor one of {', '.join(READERS)}") from error
    if is_unipen(text):
        return read_unipen
    if path.suffix.lower() in ("", ".txt", ".tsv", ".dat"):
        return read_csv
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


READERS: dict[str, Callable[..., list]] = {
    ".csv": read_csv,
    ".npy": read_npy,
    ".npz": read_npz,
    ".mat": read_mat,
}
