"""Places inside a circuit by name: "populations.E.neuron.V_T_star"."""

from __future__ import annotations

from typing import Any

from heddle._core import Circuit, Distribution, DomainError, Input, did_you_mean
from heddle.validation.scaling import changed, scaled


def with_value(circuit: Circuit, path: str, value: float) -> Circuit:
    """The circuit with one number replaced.

    path   names of fields between dots: "populations.E.neuron.I_e", "populations.E.noise.sigma",
           "projections.E->I.weight" (of all projections from E to I), "projections.0.rule.p",
           "inputs.0.rate", "populations.E.quenched.eta.scale"; or "scale", the number of all
           neurons over what it is, with mean inputs as they are (`heddle.validation.scaled`)
    value  rounded where the field is a whole number. Where a law stands, the constant

    Sizes change alone: with more sources of an all-to-all connection its targets get more input.
    Raises DomainError with a did-you-mean for what is not there, and the circuit's own for a value
    that it cannot have.
    """
    if path == "scale":
        return scaled(circuit, value)
    made = _replaced(circuit, path.split("."), value, path)
    assert isinstance(made, Circuit)
    return made


def _replaced(owner: Any, keys: list[str], value: float, path: str) -> Any:
    if not keys:
        return _leaf(owner, value, path)
    key, rest = keys[0], keys[1:]
    if isinstance(owner, list):
        return _in_list(owner, key, rest, value, path)
    if isinstance(owner, dict):
        _require(key, list(owner), path)
        return {**owner, key: _replaced(owner[key], rest, value, path)}
    if isinstance(owner, Input) and key not in owner._fields:
        keys, key, rest = ["drive", *keys], "drive", keys
    names = list(getattr(owner, "_fields", ()))
    if not names:
        raise DomainError(f"{path}: there is nothing below {key!r}; end the path before it")
    _require(key, names + (["scale"] if isinstance(owner, Circuit) else []), path)
    return changed(owner, **{key: _replaced(getattr(owner, key), rest, value, path)})


def _in_list(owner: list[Any], key: str, rest: list[str], value: float, path: str) -> list[Any]:
    """By position, or by name: all that have it."""
    names = [_name_of(one) for one in owner]
    if key.isdigit() and int(key) < len(owner):
        chosen = [int(key)]
    else:
        _require(key, names + [str(k) for k in range(len(owner))], path)
        chosen = [k for k, name in enumerate(names) if name == key]
    made = list(owner)
    for k in chosen:
        made[k] = _replaced(owner[k], rest, value, path)
    return made


def _name_of(one: Any) -> str:
    if hasattr(one, "source") and hasattr(one, "target"):
        return f"{one.source}->{one.target}"
    return str(getattr(one, "name", getattr(one, "target", "")))


def _leaf(old: Any, value: float, path: str) -> Any:
    if isinstance(old, Distribution):
        if old.kind == "constant":
            return Distribution("constant", float(value))
        raise DomainError(f"{path} is a law; name its part: {path}.location or {path}.scale")
    if isinstance(old, bool) or not isinstance(old, (int, float)):
        raise DomainError(f"{path} is no number; go on with one of its parts{_parts(old)}")
    return round(value) if isinstance(old, int) else float(value)


def _parts(old: Any) -> str:
    if isinstance(old, dict):
        return f": {', '.join(old)}"
    if isinstance(old, list):
        return f": {', '.join(_name_of(one) for one in old)}"
    return f": {', '.join(old._fields)}" if hasattr(old, "_fields") else ""


def _require(key: str, known: list[str], path: str) -> None:
    if key not in known:
        raise DomainError(f"{path}: there is no {key!r}{did_you_mean(key, known)}")
