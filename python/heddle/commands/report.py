"""`heddle report`: a performance as one HTML file that opens offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heddle._core import DomainError
from heddle.commands import options
from heddle.commands.output import print_json, progress_bar, stdout


def report(
    performance: Annotated[Path, typer.Argument(help="A performance that `heddle perform` wrote.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The report's file, HTML.")],
    figures: Annotated[
        Path | None, typer.Option(help="A folder for every figure as PNG and SVG too.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Write a report of a performance: one HTML file, without any request to a network.

    Examples:

        heddle report run.h5 -o report.html

        heddle report run.h5 -o report.html --figures figures
    """
    import heddle
    from heddle.files import replacing

    if figures is not None and figures.exists() and not figures.is_dir():
        raise DomainError(f"{figures} is a file; give a folder for the figures")
    with replacing(output) as temporary:
        loaded = heddle.load_performance(performance)
        with progress_bar("writing the report"):
            heddle.write_report(loaded, temporary, figures=figures)
    written = sorted(str(path) for path in figures.iterdir()) if figures is not None else []
    if json:
        print_json({"output": str(output), "figures": written})
        return
    console = stdout()
    console.print(f"Wrote {output}", markup=False)
    if figures is not None:
        console.print(f"Wrote {len(written)} figures to {figures}", markup=False)
