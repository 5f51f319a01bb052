"""Tables of a file, read key by key: what is missing, unknown or of the wrong kind is named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from heddle._core import DomainError, did_you_mean
from heddle.circuits.units import quantity

REQUIRED: Any = object()


class Table:
    """One table, its name in messages, and the folder that file names are relative to."""

    def __init__(self, values: Any, name: str, folder: Path) -> None:
        if not isinstance(values, Mapping):
            raise DomainError(f"{name} is {values!r}; expected a table")
        self.name = name
        self.folder = folder
        self._values = dict(values)
        self._known: list[str] = []

    def __contains__(self, key: str) -> bool:
        self._known.append(key)
        return key in self._values

    def path(self, key: str) -> str:
        """What messages call a key: populations.E.tau_m."""
        return f"{self.name}.{key}" if self.name else key

    def take(self, key: str, default: Any = REQUIRED) -> Any:
        """The value of a key, which then is no longer unknown."""
        self._known.append(key)
        if key in self._values:
            return self._values.pop(key)
        if default is REQUIRED:
            raise DomainError(f"{self.name or 'the file'} needs the key {key!r}{self._near(key)}")
        return default

    def number(self, key: str, unit: str, default: Any = REQUIRED) -> float:
        value = self.take(key, default)
        return value if value is default else quantity(value, unit, self.path(key))

    def whole(self, key: str, default: Any = REQUIRED) -> int:
        value = self.take(key, default)
        if value is not default and (isinstance(value, bool) or not isinstance(value, int)):
            raise DomainError(f"{self.path(key)} is {value!r}; expected a whole number")
        return value

    def text(self, key: str, default: Any = REQUIRED) -> str:
        value = self.take(key, default)
        if value is not default and not isinstance(value, str):
            raise DomainError(f"{self.path(key)} is {value!r}; expected text")
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self.take(key, default)
        if not isinstance(value, bool):
            raise DomainError(f"{self.path(key)} is {value!r}; expected true or false")
        return value

    def names(self, key: str) -> list[str]:
        """One name, or a list of them."""
        value = self.take(key)
        names = [value] if isinstance(value, str) else value
        if not (isinstance(names, list) and names and all(isinstance(n, str) for n in names)):
            raise DomainError(f"{self.path(key)} is {value!r}; expected a name or a list of names")
        return names

    def table(self, key: str, default: Any = REQUIRED) -> Table:
        return Table(self.take(key, default), self.path(key), self.folder)

    def tables(self, key: str) -> list[Table]:
        """A list of tables; empty if there is none."""
        values = self.take(key, [])
        if not isinstance(values, list):
            raise DomainError(f"{self.path(key)} is {values!r}; expected a list of tables")
        return [Table(v, f"{self.path(key)}[{i}]", self.folder) for i, v in enumerate(values)]

    def each(self, key: str) -> list[tuple[str, Table]]:
        """The tables within a table, by name; none if it is not there."""
        outer = self.table(key, {})
        return [(name, outer.table(name)) for name in list(outer._values)]

    def only(self, known: list[str]) -> str:
        """The one key of `known` that is there."""
        found = [key for key in known if key in self]
        if len(found) == 1:
            return found[0]
        unknown = next((key for key in self._values if key not in self._known), None)
        hint = _hint(unknown, known) if unknown and not found else ""
        what = "both " + " and ".join(found[:2]) if found else f"{unknown!r}" if unknown else "none"
        raise DomainError(f"{self.name} has {what}{hint or '; give one of ' + ', '.join(known)}")

    def end(self) -> None:
        """Raises DomainError for the first key that nobody took."""
        for key in self._values:
            known = sorted(set(self._known))
            raise DomainError(f"{self.name or 'the file'} has no key {key!r}{_hint(key, known)}")

    def _near(self, key: str) -> str:
        """Of keys that are there and that nobody knows: a misspelt one."""
        unknown = [other for other in self._values if other not in self._known]
        hint = did_you_mean(key, unknown)
        return hint.replace("did you mean", "is it") if "did you mean" in hint else ""


def _hint(key: str, known: list[str]) -> str:
    return did_you_mean(key, known).replace("; it has", "; known are")
