"""`heddle bifurcate`: where rate equations rest and oscillate over a parameter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from heddle.commands import options
from heddle.commands.equations import CircuitFile, LevelName, Values, with_values
from heddle.commands.output import fields_of, number, print_json, progress_bar, stdout, table
from heddle.commands.pictures import Picture, require_kind_of_picture, write_picture


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
    equations = with_values(heddle.reduce(read, level), set_ or [])
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
    units = {item.name: item.unit for item in equations.parameters}
    write_picture(figure, lambda: bifurcation_figure(diagram, unit=units.get(parameter, "")))
    if json:
        print_json(_data(diagram, figure))
        return
    _say(diagram)
    if figure is not None:
        stdout().print(f"wrote {figure}", soft_wrap=True)


def _data(diagram: Any, figure: Path | None) -> dict[str, Any]:
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


def _say(diagram: Any) -> None:
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
