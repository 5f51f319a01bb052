"""`heddle motifs`: what files or fonts hold, and one file of motifs out of many."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.markup import escape

from heddle._core import DomainError, Motif
from heddle.commands import options
from heddle.commands.output import number, print_json, stdout, table
from heddle.commands.sources import Source

RESERVED = ("file", "t", "dt", "channels")  # what an archive calls something else


def motifs(
    files: options.MotifFiles = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write all motifs to one .npz file.")
    ] = None,
    fonts: Annotated[bool, typer.Option("--fonts", help="List the names of the fonts.")] = False,
    font: options.Font = None,
    letters: options.Letters = None,
    duration: options.Duration = None,
    dt: options.Dt = None,
    rate: options.Rate = None,
    characters: options.Characters = None,
    repetition: options.Repetition = None,
    prefix: options.Prefix = False,
    json: options.Json = False,
) -> None:
    """List the motifs in files or of a font, and put them into one file.

    Examples:

        heddle motifs letters/*.csv

        heddle motifs uji/w01.txt --characters abc -o motifs.npz

        heddle motifs --font scripts --letters heddle

        heddle motifs --fonts
    """
    if fonts:
        _list_fonts(json)
        return
    source = Source(files or [], font, letters, duration, dt, rate, characters, repetition, prefix)
    found, _ = source.read()
    if output is not None:
        _write(output, found)
    data = [_data(motif) for motif in found]
    if json:
        print_json({"motifs": data, "output": None if output is None else str(output)})
        return
    console = stdout()
    console.print(_table(data))
    if output is not None:
        console.print(f"Wrote {output}", markup=False)


def _list_fonts(json: bool) -> None:
    from heddle.io import font_names

    if json:
        print_json({"fonts": font_names()})
    else:
        stdout().print(", ".join(font_names()), markup=False)


def _data(motif: Motif) -> dict[str, Any]:
    lowest, highest = motif.values.min(axis=0), motif.values.max(axis=0)
    return {
        "name": motif.name,
        "samples": len(motif.values),
        "duration": motif.duration,
        "dt": motif.dt,
        "channels": motif.channels,
        "range": {
            channel: [float(low), float(high)]
            for channel, low, high in zip(motif.channels, lowest, highest, strict=True)
        },
    }


def _table(data: list[dict[str, Any]]) -> Any:
    def spans(motif: dict[str, Any]) -> str:
        return ", ".join(
            f"{escape(channel)} {number(low)} to {number(high)}"
            for channel, (low, high) in motif["range"].items()
        )

    rows = [
        [
            escape(motif["name"]),
            str(motif["samples"]),
            number(motif["duration"]),
            number(1000 * motif["dt"]),
            spans(motif),
        ]
        for motif in data
    ]
    made = table(["motif", "samples", "s", "step ms", "channels"], rows)
    made.columns[-1].justify = "left"
    return made


def _write(output: Path, found: list[Motif]) -> None:
    """One archive of arrays; `heddle.read_motifs` reads it."""
    from heddle.files import replacing

    if output.suffix != ".npz":
        raise DomainError(f"{output} is no .npz file; give a name such as motifs.npz")
    _require_alike(found)
    arrays = {motif.name: motif.values for motif in found}
    with replacing(output) as temporary, temporary.open("wb") as file:
        np.savez(file, dt=found[0].dt, channels=np.array(found[0].channels), **arrays)


def _require_alike(found: list[Motif]) -> None:
    first = found[0]
    for motif in found:
        if motif.name in RESERVED:
            raise DomainError(f"motif {motif.name!r} cannot be in an archive; give it another name")
        if motif.dt != first.dt:
            raise DomainError(
                f"motifs {first.name!r} and {motif.name!r} have steps of {first.dt:g} s and "
                f"{motif.dt:g} s; give --dt, since one archive holds one step"
            )
        if motif.channels != first.channels:
            raise DomainError(
                f"motifs {first.name!r} and {motif.name!r} have channels "
                f"{', '.join(first.channels)} and {', '.join(motif.channels)}; "
                "one archive holds one set of channels"
            )
