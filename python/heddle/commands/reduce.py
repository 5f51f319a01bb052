"""`heddle reduce`: the rate equations of a circuit, printed, proven, written as programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from heddle._core import DomainError, RateEquations
from heddle.commands import options
from heddle.commands.equations import CircuitFile, LevelName, Values, with_values
from heddle.commands.output import fields_of, number, print_json, stdout, table


def reduce(
    circuit: CircuitFile,
    level: LevelName = None,
    set_: Values = None,
    latex: Annotated[bool, typer.Option("--latex", help="Print LaTeX instead.")] = False,
    code: Annotated[
        str | None,
        typer.Option(
            help="Print a program instead: numpy, cpp, julia, auto, xpp or pyrates.",
            show_default=False,
        ),
    ] = None,
    stages: Annotated[
        int | None,
        typer.Option(min=1, help="Delays as chains of so many states.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write the program's files here.", show_default=False),
    ] = None,
    fixed_points: Annotated[
        bool, typer.Option("--fixed-points", help="And where they rest, with proof.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Derive the rate equations of a circuit of spiking populations, and print them.

    Examples:

        heddle reduce circuit.toml

        heddle reduce circuit.toml --level rate-units --fixed-points

        heddle reduce circuit.toml --latex > equations.tex

        heddle reduce circuit.toml --code auto --stages 8 --out model
    """
    import heddle
    from heddle.circuits.files import read_circuit_file

    _check_outputs(json, latex, code, out)
    read = read_circuit_file(circuit).circuit
    levels = heddle.levels_of(read)
    if not json and not latex and code is None:
        _say_levels(levels)
    equations = with_values(heddle.reduce(read, level), set_ or [])
    if stages is not None:
        equations = heddle.without_delays(equations, stages)
    if code is not None:
        _write_code(equations, code, out)
        return
    found = equations.fixed_points() if fixed_points else None
    if json:
        print_json(_data(levels, equations, found))
    elif latex:
        stdout().print(equations.latex(), soft_wrap=True, markup=False)
    else:
        _say(equations, found)


def _check_outputs(json: bool, latex: bool, code: str | None, out: Path | None) -> None:
    asked = [name for name, given in (("--json", json), ("--latex", latex)) if given]
    asked += ["--code"] if code is not None else []
    if len(asked) > 1:
        raise DomainError(f"{' and '.join(asked)} are given; give one of them")
    if out is not None and code is None:
        raise DomainError("--out is given without --code; give a language")


def _write_code(equations: RateEquations, language: str, out: Path | None) -> None:
    import heddle
    from heddle.files import replacing

    files = heddle.equation_files(equations, language)
    if out is None:
        stdout().print(next(iter(files.values())), soft_wrap=True, markup=False, highlight=False)
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        with replacing(out / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
        stdout().print(f"wrote {out / name}", soft_wrap=True)


def _say_levels(levels: list[Any]) -> None:
    rows = [
        (level.name, level.title, "yes" if level.describes else f"no: {level.reason}")
        for level in levels
    ]
    made = table(("level", "what it is", "describes the circuit"), rows)
    for column in made.columns[1:]:
        column.justify = "left"
    stdout().print(made)
    stdout().print()


def _say(equations: RateEquations, found: Any) -> None:
    console = stdout()
    console.print(str(equations), soft_wrap=True, markup=False)
    console.print("\nAssumed:", soft_wrap=True)
    for sentence in equations.assumptions:
        console.print(f"- {sentence}", soft_wrap=True, markup=False)
    if found is None:
        return
    console.print()
    _say_points(equations, found)


def _rates_at(equations: RateEquations, point: Any) -> list[float]:
    values = dict(zip(equations.state_names, point.state, strict=True))
    names = [item.name for item in equations.definitions]
    values |= dict(zip(names, point.definitions, strict=True))
    return [values[name] for name in equations.rates]


def _say_points(equations: RateEquations, found: Any) -> None:
    rows = []
    for point in found.points:
        leading = point.eigenvalues[0]
        rows.append(
            (
                f"{point.stability} {point.kind}",
                *(number(rate, 4) for rate in _rates_at(equations, point)),
                number(leading.real, 4),
                number(abs(leading.imag) / (2 * np.pi), 4),
                "yes" if point.certified else "no",
            )
        )
    columns = [f"rate of {name} (Hz)" for name in equations.populations]
    head = ("fixed point", *columns, "leading Re λ (1/s)", "its frequency (Hz)", "proven")
    stdout().print(table(head, rows))
    stdout().print(found.statement, soft_wrap=True)


def _data(levels: list[Any], equations: RateEquations, found: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "levels": [fields_of(level) for level in levels],
        "title": equations.title,
        "text": str(equations),
        "latex": equations.latex(),
        "states": equations.state_names,
        "parameters": equations.values,
        "assumptions": equations.assumptions,
    }
    if found is not None:
        data["fixed_points"] = [
            fields_of(point) | {"rates": _rates_at(equations, point)} for point in found.points
        ]
        data["complete"] = found.complete
        data["statement"] = found.statement
    return data
