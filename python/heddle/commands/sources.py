"""Motifs from the files or the font that a command line names, and sequences from its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from heddle._core import DomainError, Library, Motif


@dataclass(frozen=True)
class Source:
    """Where motifs come from, as the command line says it."""

    files: list[Path]
    font: str | None = None
    letters: str | None = None
    duration: float | None = None
    dt: float | None = None
    rate: float | None = None
    characters: str | None = None
    repetition: int | None = None
    prefix: bool = False

    def read(self) -> tuple[list[Motif], dict[str, float] | None]:
        """The motifs and, of a font, how far each letter moves the next one."""
        if self.font is None and self.letters is None:
            return self._from_files(), None
        return self._from_font()

    def _from_files(self) -> list[Motif]:
        from heddle.io import read_motifs

        if not self.files:
            raise DomainError("no motifs are named; give files such as letters/*.csv, or --font")
        timing = {"rate": self.rate, "duration": self.duration, "dt": self.dt}
        unipen = {"characters": self.characters, "repetition": self.repetition}
        given = {name: value for name, value in unipen.items() if value is not None}
        return read_motifs(self.files, prefix=self.prefix, **timing, **given)

    def _from_font(self) -> tuple[list[Motif], dict[str, float]]:
        from heddle.io import font_motifs, glyph_advances
        from heddle.io.font import DEFAULT_FONT

        self._refuse_with_font()
        timing: dict[str, Any] = {"dt": self.dt}
        if self.duration is not None:
            timing["duration"] = self.duration
        font = self.font or DEFAULT_FONT
        motifs = font_motifs(self.letters or ascii_lowercase, font=font, **timing)
        return motifs, glyph_advances([motif.name for motif in motifs], font=font)

    def _refuse_with_font(self) -> None:
        given = {
            "motif files": bool(self.files),
            "--rate": self.rate is not None,
            "--characters": self.characters is not None,
            "--repetition": self.repetition is not None,
            "--prefix": self.prefix,
        }
        for name in (name for name, present in given.items() if present):
            raise DomainError(f"{name} and a font are both given; leave out one of them")


def sequence_from(text: str, library: Library) -> list[str]:
    """Names of motifs from "h,e,d,d,l,e", from one name, or from a word of letters."""
    known = set(library.names)
    if text in known:
        return [text]
    if "," in text:
        names = [name.strip() for name in text.split(",")]
        if not all(names):
            raise DomainError(
                f"sequence {text!r} has nothing between two commas; name a motif there"
            )
        return names
    letters = [letter for letter in text if letter in known or not letter.isspace()]
    return letters if known.intersection(letters) else [text]


def units_from(text: str, n: int) -> list[int]:
    """Units from "8", so many evenly spread, or from "3,17,200"."""
    from heddle.api import spread_units

    try:
        numbers = [int(item) for item in text.split(",") if item.strip()]
    except ValueError as error:
        raise DomainError(
            f"units is {text!r}; give a number of units, or units as 3,17,200"
        ) from error
    if "," in text:
        return numbers
    if not numbers or not 0 <= numbers[0] <= n:
        raise DomainError(f"units is {text!r}; give a number from 0 to {n}, or units as 3,17,200")
    return spread_units(numbers[0], n)


def merged(
    known: dict[str, float] | None, added: dict[str, float] | None, names: Sequence[str]
) -> dict[str, float] | None:
    """Advances of all letters of a library, if every one has its own."""
    together = {**(known or {}), **(added or {})}
    return together if together and set(names) <= set(together) else None
