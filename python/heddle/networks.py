"""Networks by name ("sparse:n=1000,p=0.05") or from files of weights."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import scipy.io
import scipy.sparse

from heddle import _core
from heddle._core import DomainError, FormatError, Network, did_you_mean
from heddle.files import PathLike

DEFAULTS = {"n": 500, "g": 0.9}  # of generators that have them
# What the parameters of each generator are, and how its numbers are read.
GENERATORS: dict[str, tuple[Callable[..., Any], dict[str, Callable[[str], Any]]]] = {
    "gaussian": (_core.gaussian_weights, {"n": int, "g": float}),
    "sparse": (_core.sparse_weights, {"n": int, "p": float, "g": float}),
    "dale": (
        _core.dale_weights,
        {"n": int, "g": float, "p": float, "excitatory_fraction": float},
    ),
    "stability_optimised": (
        _core.stability_optimised_weights,
        {
            "n": int,
            "p": float,
            "excitatory_fraction": float,
            "initial_radius": float,
            "abscissa": float,
            "most_iterations": int,
        },
    ),
    "low_rank": (
        _core.low_rank_weights,
        {"n": int, "g": float, "outliers": lambda text: [float(x) for x in text.split("+")]},
    ),
}
REQUIRED = {"sparse": {"p": "0.1"}, "low_rank": {"outliers": "0.95"}}
KNOWN = ", ".join(GENERATORS)


def network_from(
    spec: PathLike,
    channels: int,
    *,
    n: int | None = None,
    g: float | None = None,
    seed: int = 0,
    tau: float = 0.01,
) -> Network:
    """A linear network by the name of a generator, with its parameters, or from a file.

    spec      "gaussian", "sparse:p=0.1", "dale:n=400,p=0.2", "stability_optimised:n=200" or
              "low_rank:g=0.5,outliers=0.8+0.7": a generator `<name>_weights` and its parameters;
              or a file, see `read_weights`
    channels  number of readouts, C_ij ~ N(0, 1/n)
    n, g      parameters that the spec leaves open: units (500) and radius of the bulk (0.9)
    seed      source of weights and readouts
    tau       time constant of every unit, s

    Raises DomainError or FormatError, naming the spec or the file.
    """
    text = str(spec)
    open_parameters = {name: value for name, value in (("n", n), ("g", g)) if value is not None}
    if text.partition(":")[0] in GENERATORS:
        weights = _generated(text, open_parameters, seed)
    else:
        _require_file(text)
        if open_parameters:
            name = next(iter(open_parameters))
            raise DomainError(f"{name} is given, but network is the file {text}; leave {name} out")
        weights = read_weights(text)
    return _core.make_network(weights, channels, seed=seed, tau=tau)


def _generated(spec: str, open_parameters: dict[str, Any], seed: int) -> Any:
    name, _, parameters = spec.partition(":")
    generate, kinds = GENERATORS[name]
    given = {k: v for k, v in {**DEFAULTS, **open_parameters}.items() if k in kinds}
    for extra in sorted(set(open_parameters) - set(kinds)):
        raise DomainError(f"{extra} is given, but network {name!r} has no {extra}; leave it out")
    given.update(_parameter(name, kinds, item) for item in parameters.split(",") if item)
    for missing, example in REQUIRED.get(name, {}).items():
        if missing not in given:
            raise DomainError(f"network {spec!r} needs {missing}, as in {name}:{missing}={example}")
    return generate(**given, seed=seed)


def _parameter(name: str, kinds: dict[str, Callable[[str], Any]], item: str) -> tuple[str, Any]:
    key, _, value = item.partition("=")
    key = key.strip()
    if key not in kinds:
        raise DomainError(
            f"network {name!r} has no parameter {key!r}{did_you_mean(key, list(kinds))}"
        )
    try:
        return key, kinds[key](value)
    except ValueError as error:
        raise DomainError(f"network {name!r}: {key} is {value!r}; give a number") from error


def _require_file(spec: str) -> None:
    path = Path(spec)
    if path.is_dir():
        raise FormatError(f"network {spec} is a folder; give a file of weights, or one of {KNOWN}")
    if not path.exists():
        raise DomainError(
            f"network {spec!r} is neither a file nor a known kind; "
            f"give a file of weights, or one of {KNOWN}"
        )


def read_weights(path: PathLike) -> Any:
    """Recurrent weights W, shape (n, n), from a file: an array, or a SciPy sparse matrix.

    .npy  an array;  .csv  numbers, one row of W a line;  .npz, .mat, .h5, .hdf5  the entry W or
    weights, or the only square matrix; .npz also what scipy.sparse.save_npz wrote, .mat sparse
    matrices too. A file that `heddle.save_library` wrote gives the weights of its network.

    Raises FormatError, naming the file, for anything else.
    """
    path = Path(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise FormatError(f"{path} is of unknown kind {path.suffix!r}; give {', '.join(READERS)}")
    try:
        weights = reader(path)
    except FormatError:
        raise
    except FileNotFoundError as error:
        raise FormatError(f"{path} does not exist; give a file of weights") from error
    except Exception as error:  # readers of damaged files raise whatever comes to their mind
        reason = " ".join(str(error).split())
        raise FormatError(f"{path} cannot be read as weights: {reason}") from error
    if len(weights.shape) != 2 or weights.shape[0] != weights.shape[1]:
        shape = " × ".join(map(str, weights.shape))
        raise FormatError(
            f"{path} holds weights of shape {shape}; expected as many rows as columns"
        )
    return weights


def _read_csv(path: Path) -> Any:
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = [row for row in csv.reader(file) if row and not row[0].startswith("#")]
    if len({len(row) for row in rows}) != 1:
        raise FormatError(f"{path} has rows of different lengths; give one row of W a line")
    return np.array(rows, dtype=float)


def _read_npz(path: Path) -> Any:
    with np.load(path, allow_pickle=False) as archive:
        if "format" in archive:
            return scipy.sparse.load_npz(path)
        return _choose(path, {name: archive[name] for name in archive.files})


def _read_mat(path: Path) -> Any:
    if h5py.is_hdf5(path):  # MATLAB 7.3, whose arrays lie transposed
        return _read_hdf5(path).T
    entries = scipy.io.loadmat(path)
    return _choose(path, {k: v for k, v in entries.items() if not k.startswith("__")})


def _read_hdf5(path: Path) -> Any:
    with h5py.File(path, "r") as file:
        if file.attrs.get("format") == "heddle":
            from heddle.store import load_library

            return load_library(path).network.weights
        arrays = {k: v for k, v in file.items() if isinstance(v, h5py.Dataset) and v.ndim == 2}
        return _choose(path, arrays)[()]


def _choose(path: Path, entries: dict[str, Any]) -> Any:
    for name in ("W", "weights"):
        if name in entries:
            return entries[name]
    square = {k: v for k, v in entries.items() if len(v.shape) == 2 and v.shape[0] == v.shape[1]}
    if len(square) != 1:
        found = ", ".join(entries) or "nothing"
        raise FormatError(f"{path} holds {found}; call the matrix of weights W")
    return next(iter(square.values()))


READERS: dict[str, Callable[[Path], Any]] = {
    ".npy": lambda path: np.load(path, allow_pickle=False),
    ".npz": _read_npz,
    ".csv": _read_csv,
    ".mat": _read_mat,
    ".h5": _read_hdf5,
    ".hdf5": _read_hdf5,
}
