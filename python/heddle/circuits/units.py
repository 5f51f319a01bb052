"""Numbers with units: "20 ms", {val = 20, unit = "ms"}, or a plain number in NEST's units."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from heddle._core import DomainError, did_you_mean

# NEST's unit of each dimension, and every word with what it is worth in it.
BASE = {
    "ms": "a time",
    "mV": "a voltage",
    "pA": "a current",
    "pF": "a capacitance",
    "nS": "a conductance",
    "Hz": "a rate",
}
WORDS = {
    "us": ("ms", 1e-3),
    "µs": ("ms", 1e-3),
    "ms": ("ms", 1.0),
    "s": ("ms", 1e3),
    "min": ("ms", 6e4),
    "uV": ("mV", 1e-3),
    "µV": ("mV", 1e-3),
    "mV": ("mV", 1.0),
    "V": ("mV", 1e3),
    "fA": ("pA", 1e-3),
    "pA": ("pA", 1.0),
    "nA": ("pA", 1e3),
    "uA": ("pA", 1e6),
    "µA": ("pA", 1e6),
    "pF": ("pF", 1.0),
    "nF": ("pF", 1e3),
    "uF": ("pF", 1e6),
    "µF": ("pF", 1e6),
    "pS": ("nS", 1e-3),
    "nS": ("nS", 1.0),
    "uS": ("nS", 1e3),
    "µS": ("nS", 1e3),
    "mS": ("nS", 1e6),
    "Hz": ("Hz", 1.0),
    "1/s": ("Hz", 1.0),
    "/s": ("Hz", 1.0),
    "kHz": ("Hz", 1e3),
    "1/ms": ("Hz", 1e3),
    "/ms": ("Hz", 1e3),
}
NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?inf)\s*(\S*)\s*")


def quantity(value: Any, unit: str, key: str) -> float:
    """The number that `value` is in `unit`, one of NEST's; "" for what has none.

    Raises DomainError, naming the key: no number, an unknown unit, a unit of another dimension.
    """
    number, word = _parts(value, unit, key)
    if not word:
        return number
    if not unit:
        raise DomainError(f"{key} is {_shown(value)}; it is dimensionless, give a plain number")
    if word not in WORDS:
        hint = did_you_mean(word, _words_of(unit)).replace("; it has", "; known are")
        raise DomainError(f"{key} has the unit {word!r}{hint}")
    base, factor = WORDS[word]
    if base != unit:
        raise DomainError(
            f"{key} is {_shown(value)}, {BASE[base]}; expected {BASE[unit]}, as in "
            f'"{number:g} {unit}"'
        )
    return _scaled(number, factor)


def is_quantity(value: Any) -> bool:
    """A number, text, or a table of a value and its unit; not the table of a law."""
    return not isinstance(value, Mapping) or "val" in value


def _scaled(number: float, factor: float) -> float:
    """The nearest number: division keeps "300 us" at 0.3 ms."""
    return number * factor if factor >= 1.0 else number / round(1.0 / factor)


def _parts(value: Any, unit: str, key: str) -> tuple[float, str]:
    if isinstance(value, Mapping):
        return _of_table(value, unit, key)
    if isinstance(value, str):
        found = NUMBER.fullmatch(value)
        if found is None or (unit and not found[2]):
            raise DomainError(f"{key} is {_shown(value)}; expected {_wanted(unit)}")
        return float(found[1]), found[2]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
        raise DomainError(f"{key} is {_shown(value)}; expected {_wanted(unit)}")
    return float(value), ""


def _of_table(value: Mapping[str, Any], unit: str, key: str) -> tuple[float, str]:
    for name in value:
        if name not in {"val", "unit"}:
            raise DomainError(f"{key} has no key {name!r}{did_you_mean(name, ['val', 'unit'])}")
    number, word = value.get("val"), value.get("unit", "")
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise DomainError(f"{key} is {_shown(value)}; expected a table with val, a number")
    return float(number), str(word)


def _wanted(unit: str) -> str:
    return f'{BASE[unit]}, as in "3 {unit}", or a number of {unit}' if unit else "a number"


def _words_of(unit: str) -> list[str]:
    return [word for word, (base, _) in WORDS.items() if base == unit]


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return str(value).lower()
    return str(dict(value) if isinstance(value, Mapping) else value)
