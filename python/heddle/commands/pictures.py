"""Pictures that commands write with --figure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from heddle._core import DomainError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = (".png", ".svg", ".pdf")

Picture = Annotated[
    Path | None,
    typer.Option("--figure", help="Write the picture: .png, .svg or .pdf.", show_default=False),
]


def require_kind_of_picture(path: Path | None) -> None:
    """Raises DomainError, before any computation, for a name no picture can be written to."""
    if path is not None and path.suffix not in KINDS:
        raise DomainError(f"--figure is {str(path)!r}; give a name that ends in {', '.join(KINDS)}")


def write_picture(path: Path | None, draw: Callable[[], Figure]) -> None:
    """Writes what `draw` returns, whole or not at all; nothing if no picture was asked for."""
    if path is None:
        return
    from heddle.files import replacing
    from heddle.plot.style import look

    with look(), replacing(path) as temporary:
        draw().savefig(temporary, format=path.suffix[1:])
