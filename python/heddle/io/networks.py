"""Networks from a description: "sparse:n=1000,p=0.05", a mapping, or a file of weights."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from heddle import _core
from heddle._core import ArtificialUnit, DomainError, Network, TransferResponse, did_you_mean
from heddle.io.weights import READERS, read_weights
from heddle.progress import Progress

__all__ = ["build_network", "parse_network_spec", "read_weights"]

Spec = str | PathLike[str] | Mapping[str, Any]


def build_network(spec: Spec, *, progress: Progress | None = None, **settings: Any) -> Network:
    """A network from a description and settings beside it.

    spec  "gaussian:n=500,g=0.9", see `parse_network_spec`; or a mapping of the same parameters,
          {"kind": "gaussian", "n": 500, "g": 0.9}; or the path of a file of weights
    settings  more of the same, such as channels=2; a parameter may not have two values
    progress  called with (iteration, most) while a stability-optimised network is made

    Parameters of every kind:

    channels  number of readouts, C_ij ~ N(0, 1/n); has to be given
    seed      source of weights and readouts; 0
    tau       time constant of every unit, s; 0.01
    response  "linear", "rectified", "tanh" or "softplus", or an ArtificialUnit or its
              TransferResponse; "linear"

    and by kind, with the defaults that hold without them:

    gaussian  n = 500, g = 0.9
    sparse    n = 500, p = 0.1, g = 0.9
    dale      n = 500, excitatory_fraction, p, g
    stability_optimised  n = 200, excitatory_fraction, p, initial_radius, abscissa, most_iterations
    low_rank  n = 500, g = 0.5, outliers (has to be given)
    ctln  graph (has to be given: a file of edges or an adjacency matrix, see `ctln_network`),
          epsilon = 0.25, delta = 0.5; rectified, with the bias 1 of every unit
    file      path (has to be given), key; see `read_weights`

    See the functions `<kind>_weights` for what they mean. Raises DomainError for an unknown kind
    or parameter and for a value that cannot be, FormatError for a file.
    """
    values = _merged(_described(spec), settings)
    name = values.pop("kind", None)
    kind = KINDS.get(name)
    if kind is None:
        raise DomainError(f"kind: found {name!r}{_hint(name, KINDS)}")
    given = _converted(name, {**COMMON, **kind.parameters}, values)
    if "channels" not in {**kind.common, **given}:
        raise DomainError("channels is missing; give the number of readouts, as in channels=2")
    common = {**kind.common, **{key: given.pop(key) for key in COMMON if key in given}}
    weights = kind.weights(common.get("seed", 0), {**kind.defaults, **given}, progress)
    return _biased(_core.make_network(weights, **common), kind.bias)


def _biased(network: Network, bias: float) -> Network:
    """The network with this bias of every unit, where a kind has one."""
    if bias == 0:
        return network
    fields = {name: getattr(network, name) for name in network._fields}
    return Network(**{**fields, "bias": np.full(network.size, bias)})


def parse_network_spec(text: str) -> dict[str, Any]:
    """The parameters that a line of text describes, for `build_network`.

    "gaussian", "sparse:n=1000,p=0.05", "low_rank:outliers=1.4+0.8,g=0.5": a kind and its
    parameters; "weights.npy", "nets.npz:key=W2": a file, and which of its arrays. A file whose
    name is a kind's is written ./gaussian.

    Raises DomainError for what is neither, naming the nearest kind, and for a parameter without a
    value.
    """
    head, colon, tail = text.partition(":")
    if head in KINDS and head != "file":
        return {"kind": head, **_pairs(text, tail)}
    head, colon, tail = text.rpartition(":")
    path, parameters = (head, tail) if colon and "=" in tail else (text, "")
    if not _names_a_file(path):
        raise DomainError(f"network {text!r} is neither a kind nor a file{_hint(path, KINDS)}")
    return {"kind": "file", "path": path, **_pairs(text, parameters)}


# From text and mappings to values


def _described(spec: Spec) -> dict[str, Any]:
    if isinstance(spec, Mapping):
        return dict(spec)
    if isinstance(spec, str):
        return parse_network_spec(spec)
    return {"kind": "file", "path": fspath(spec)}


def _merged(values: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    for name, value in settings.items():
        if name in values and values[name] != value:
            raise DomainError(f"{name} is given twice, as {values[name]} and {value}; drop one")
    return {**values, **settings}


def _pairs(text: str, parameters: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for item in filter(None, parameters.split(",")):
        name, equals, value = (part.strip() for part in item.partition("="))
        if not (name and equals and value):
            raise DomainError(f"network {text!r}: found {item!r}, expected name=value")
        if name in pairs:
            raise DomainError(f"network {text!r} gives {name} twice; drop one")
        pairs[name] = value
    return pairs


def _names_a_file(text: str) -> bool:
    path = Path(text)
    return path.suffix.lower() in READERS or path.exists() or path.name != text


def _hint(name: Any, known: Mapping[str, Any]) -> str:
    """A did-you-mean, or what there is."""
    hint = did_you_mean(str(name), list(known)) if name else ""
    return hint if "did you mean" in hint else f"; known are {', '.join(known)}"


# Parameters


Convert = Callable[[Any], Any]


def _whole(value: Any) -> int:
    if isinstance(value, bool):
        raise ValueError
    whole = int(value) if isinstance(value, str) else operator.index(value)
    if not -(2**63) <= whole < 2**63:
        raise ValueError
    return whole


def _seed(value: Any) -> int:
    seed = _whole(value)
    if seed < 0:
        raise ValueError
    return seed


def _real(value: Any) -> float:
    if isinstance(value, bool):
        raise ValueError
    return float(value)


def _reals(value: Any) -> np.ndarray:
    entries = value.split("+") if isinstance(value, str) else np.ravel(value).tolist()
    return np.array([_real(entry) for entry in entries])


def _text(value: Any) -> str:
    return fspath(value)


def _response(value: Any) -> Any:
    return value if isinstance(value, (ArtificialUnit, TransferResponse)) else _text(value)


EXPECTED: dict[Convert, str] = {
    _whole: "a whole number",
    _seed: "a whole number from 0 to 2^63 - 1",
    _real: "a number",
    _reals: "numbers, as in 1.4+0.8",
    _text: "text",
    _response: "a name or an artificial unit",
}
COMMON: dict[str, Convert] = {
    "channels": _whole,
    "seed": _seed,
    "tau": _real,
    "response": _response,
}


def _converted(
    kind: str, parameters: Mapping[str, Convert], values: Mapping[str, Any]
) -> dict[str, Any]:
    converted = {}
    for name, value in values.items():
        if name not in parameters:
            raise DomainError(f"kind {kind!r} has no parameter {name!r}{_hint(name, parameters)}")
        try:
            converted[name] = parameters[name](value)
        except (TypeError, ValueError):
            expected = EXPECTED[parameters[name]]
            raise DomainError(f"{name}: found {value!r}, expected {expected}") from None
    return converted


# Kinds


@dataclass(frozen=True)
class Kind:
    """One way to get weights: from a seed, its parameters, and a callback for progress."""

    weights: Callable[[int, dict[str, Any], Progress | None], Any]
    parameters: dict[str, Convert]
    defaults: dict[str, Any]
    common: dict[str, Any] = field(default_factory=dict)  # of COMMON
    bias: float = 0.0


def _generated(generator: Callable[..., Any]) -> Callable[..., Any]:
    return lambda seed, given, progress: generator(**given, seed=seed)


def _optimised(seed: int, given: dict[str, Any], progress: Progress | None) -> Any:
    return _core.stability_optimised_weights(**given, seed=seed, progress=progress)


def _low_rank(seed: int, given: dict[str, Any], progress: Progress | None) -> Any:
    if "outliers" not in given:
        raise DomainError("outliers is missing; give eigenvalues, as in outliers=1.4+0.8")
    return _core.low_rank_weights(**given, seed=seed)


def _ctln(seed: int, given: dict[str, Any], progress: Progress | None) -> Any:
    from heddle.ctln import adjacency_of

    if "graph" not in given:
        raise DomainError("graph is missing; give a file of edges, as in graph=edges.csv")
    rest = {name: value for name, value in given.items() if name != "graph"}
    return _core.ctln_weights(adjacency_of(given["graph"]), **rest)


def _from_file(seed: int, given: dict[str, Any], progress: Progress | None) -> Any:
    if "path" not in given:
        raise DomainError("path is missing; give a file of weights, as in path=weights.npy")
    return read_weights(given["path"], key=given.get("key"))


KINDS: dict[str, Kind] = {
    "gaussian": Kind(
        _generated(_core.gaussian_weights), {"n": _whole, "g": _real}, {"n": 500, "g": 0.9}
    ),
    "sparse": Kind(
        _generated(_core.sparse_weights),
        {"n": _whole, "p": _real, "g": _real},
        {"n": 500, "p": 0.1, "g": 0.9},
    ),
    "dale": Kind(
        _generated(_core.dale_weights),
        {"n": _whole, "excitatory_fraction": _real, "p": _real, "g": _real},
        {"n": 500},
    ),
    "stability_optimised": Kind(
        _optimised,
        {
            "n": _whole,
            "excitatory_fraction": _real,
            "p": _real,
            "initial_radius": _real,
            "abscissa": _real,
            "most_iterations": _whole,
        },
        {"n": 200},
    ),
    "low_rank": Kind(
        _low_rank, {"n": _whole, "g": _real, "outliers": _reals}, {"n": 500, "g": 0.5}
    ),
    "ctln": Kind(
        _ctln,
        {"graph": _text, "epsilon": _real, "delta": _real},
        {},
        {"response": "rectified", "channels": 0},
        1.0,
    ),
    "file": Kind(_from_file, {"path": _text, "key": _text}, {}),
}
