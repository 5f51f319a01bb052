"""What the commands about rate equations share: the circuit's file, the level, other values."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heddle._core import DomainError, RateEquations

CircuitFile = Annotated[Path, typer.Argument(help="The circuit: a TOML file.", show_default=False)]
LevelName = Annotated[
    str | None,
    typer.Option(
        help="Which rate equations: see the table that reduce prints. The first that describes the "
        "circuit if not given.",
        show_default=False,
    ),
]
Values = Annotated[
    list[str] | None,
    typer.Option("--set", help="NAME=VALUE: another value of a parameter.", show_default=False),
]


def with_values(equations: RateEquations, given: list[str]) -> RateEquations:
    values = {}
    for text in given:
        name, sign, value = text.partition("=")
        try:
            values[name.strip()] = float(value)
        except ValueError:
            raise DomainError(f"--set is {text!r}; give NAME=VALUE with a number") from None
        if not sign:
            raise DomainError(f"--set is {text!r}; give NAME=VALUE with a number")
    return equations.with_values(**values)
