"""`heddle reduce` and `heddle bifurcate`: the rate equations of a circuit, and what they do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from heddle._core import DomainError, RateEquations
from heddle.commands import options
from heddle.commands.output import (
    fields_of,
    number,
    print_json,
    progress_bar,
    stdout,
    table,
)
from heddle.commands.pictures import Picture, require_kind_of_picture, write_picture

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
    equations = _with_values(heddle.reduce(read, level), set_ or [])
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


def bifurcate(
    circuit: CircuitFile,
    parameter: Annotated[
        str, typer.Option("--parameter", "-p", help="Name of a parameter.", show_default=False)
    ],
    start: Annotated[float, typer.Option("--from", help="Its range.", show_default=False)],
    end: Annotated[float, typer.Option("--to", help="Its range.", show_default=False)],
    level: LevelName = None,
    set_: Values = None,
    sections: Annotated[
        int, typer.Option(min=2, help="At so many values all fixed points are searched.")
    ] = 5,
    oscillations: Annotated[bool, typer.Option(help="Follow what is born at Hopf points.")] = True,
    figure: Picture = None,
    json: options.Json = False,
) -> None:
    """Follow where a circuit's rate equations rest and oscillate over a parameter.

    Names of parameters are those that `heddle reduce` prints, with underscores: W_E_I, mu0_E.

    Examples:

        heddle bifurcate circuit.toml -p eta_E --from -10 --to 2 --figure diagram.png

        heddle bifurcate circuit.toml -p W_E_I --from -2 --to 0 --set tau_m=15 --json
    """
    import heddle
    from heddle.circuits.files import read_circuit_file
    from heddle.plot.bifurcations import bifurcation_figure

    require_kind_of_picture(figure)
    read = read_circuit_file(circuit).circuit
    equations = _with_values(heddle.reduce(read, level), set_ or [])
    if parameter in equations.values and not start <= equations.values[parameter] <= end:
        equations = equations.with_values(**{parameter: start})
    with progress_bar("following") as progress:
        diagram = equations.bifurcate(
            parameter,
            start,
            end,
            sections=sections,
            oscillations=oscillations,
            progress=progress,
        )
    write_picture(figure, lambda: bifurcation_figure(diagram))
    if json:
        print_json(_diagram_data(diagram, figure))
        return
    _say_diagram(diagram)
    if figure is not None:
        stdout().print(f"wrote {figure}", soft_wrap=True)


def _with_values(equations: RateEquations, given: list[str]) -> RateEquations:
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
                number(abs(leading.imag) / (2 * 3.141592653589793), 4),
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


def _diagram_data(diagram: Any, figure: Path | None) -> dict[str, Any]:
    return {
        "parameter": diagram.parameter,
        "statement": diagram.statement,
        "branches": [
            fields_of(branch, "states", "specials")
            | {"specials": [fields_of(special) for special in branch.specials]}
            for branch in diagram.branches
        ],
        "oscillations": [
            fields_of(branch, "states", "specials")
            | {"specials": [fields_of(special) for special in branch.specials]}
            for branch in diagram.oscillations
        ],
        "figure": None if figure is None else str(figure),
    }


def _say_diagram(diagram: Any) -> None:
    console = stdout()
    rows = []
    for k, branch in enumerate(diagram.branches):
        for special in branch.specials:
            frequency = number(special.frequency, 4) if special.frequency else "–"
            rates = ", ".join(number(rate, 4) for rate in special.rates)
            rows.append(
                (
                    f"{special.label} {special.kind}".strip(),
                    number(special.parameter, 6),
                    rates,
                    frequency,
                    str(k + 1),
                )
            )
    if rows:
        head = ("special point", diagram.parameter, "rates (Hz)", "frequency (Hz)", "branch")
        console.print(table(head, rows))
    for k, branch in enumerate(diagram.branches):
        console.print(f"Branch {k + 1}: {branch.statement}", soft_wrap=True)
    for branch in diagram.oscillations:
        unstable = sum(count > 0 for count in branch.unstable)
        console.print(
            f"Oscillations from {diagram.parameter} = {number(branch.values[0], 5)} to "
            f"{number(branch.values[-1], 5)}, periods {number(branch.period[0], 4)} to "
            f"{number(branch.period[-1], 4)} ms, {unstable} of {len(branch.values)} unstable: "
            f"{branch.statement}",
            soft_wrap=True,
        )
    console.print(diagram.statement, soft_wrap=True)
