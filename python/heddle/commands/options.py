"""Options that several commands share, each with one help text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

LARGEST_SEED = 2**64 - 1


def _seed(text: str) -> int:
    try:
        seed = int(text)
    except ValueError:
        seed = -1
    if not 0 <= seed <= LARGEST_SEED:
        raise typer.BadParameter(f"{text} is no integer from 0 to {LARGEST_SEED}.")
    return seed


Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on stdout, nothing else.")
]
Seed = Annotated[
    int, typer.Option(parser=_seed, metavar="<int>", help="Source of all random choices.")
]
Threads = Annotated[
    int, typer.Option(min=0, help="Threads; 0 for one per core. Any number gives the same bits.")
]
Transitions = Annotated[
    bool, typer.Option(help="Measure how well every motif follows every other.")
]

MOTIFS = "Motifs"
MotifFiles = Annotated[
    list[Path] | None,
    typer.Argument(help="Motif files: .csv, .npy, .npz, .mat or UNIPEN.", show_default=False),
]
Font = Annotated[
    str | None,
    typer.Option(
        help="A Hershey font, such as scripts or futural, instead of files.", rich_help_panel=MOTIFS
    ),
]
Letters = Annotated[
    str | None,
    typer.Option(help="Letters of the font; a to z if not given.", rich_help_panel=MOTIFS),
]
Duration = Annotated[
    float | None,
    typer.Option(
        help="Seconds each motif shall last, instead of its own time.", rich_help_panel=MOTIFS
    ),
]
Dt = Annotated[
    float | None,
    typer.Option(
        help="Seconds between samples, instead of the file's own.", rich_help_panel=MOTIFS
    ),
]
Rate = Annotated[
    float | None,
    typer.Option(help="Samples per second of files without times.", rich_help_panel=MOTIFS),
]
Characters = Annotated[
    str | None,
    typer.Option(help="Characters to read from UNIPEN files, such as abc.", rich_help_panel=MOTIFS),
]
Repetition = Annotated[
    int | None,
    typer.Option(
        min=0,
        help="Which recording of a character, from 0; all, named a-0, a-1, …, if not given.",
        rich_help_panel=MOTIFS,
    ),
]
Prefix = Annotated[
    bool,
    typer.Option(
        "--prefix", help="Put the file's name before each motif's: w01-a.", rich_help_panel=MOTIFS
    ),
]

NETWORK = "Network"
NetworkSpec = Annotated[
    str | None,
    typer.Option(
        help="gaussian, sparse:p=0.1, dale:p=0.2, stability_optimised, "
        "low_rank:g=0.5,outliers=0.8+0.7, or a file of weights (.npy, .npz, .csv, .mat, .h5).",
        rich_help_panel=NETWORK,
    ),
]
Units = Annotated[
    int | None, typer.Option("--n", min=1, help="Units; 500.", rich_help_panel=NETWORK)
]
Radius = Annotated[
    float | None,
    typer.Option("--g", help="Radius of the bulk of eigenvalues; 0.9.", rich_help_panel=NETWORK),
]
