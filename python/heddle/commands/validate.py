"""`heddle validate`: how wrong a reduction is, and why."""

from __future__ import annotations

import json as json_module
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from heddle._core import DomainError
from heddle.commands import options
from heddle.commands.output import number, plain, print_json, progress_bar, stdout, table
from heddle.commands.pictures import Picture, require_kind_of_picture, write_picture

if TYPE_CHECKING:
    from heddle.validation import ErrorTerm, Modulation, Validation

TERMS = ("discretisation", "finite_size", "closure", "transfer", "total")

CircuitPath = Annotated[Path, typer.Argument(help="The circuit: a TOML file.", show_default=False)]
LevelName = Annotated[
    str,
    typer.Option(
        help="The reduction: auto, ages, linear, mesoscopic, rate_units, quadratic or stationary."
    ),
]
Time = Annotated[
    str | None,
    typer.Option(help='"10 s", or a number of ms; else the file\'s.', show_default=False),
]
Networks = Annotated[int, typer.Option(min=1, help="Independent networks.")]
Tolerance = Annotated[float, typer.Option(help="Of rates, relative.")]
Frequency = Annotated[
    float | None,
    typer.Option(
        help="Hz: gains and phases of rates that follow a current of this frequency.",
        show_default=False,
    ),
]
Amplitude = Annotated[
    str | None,
    typer.Option(help='Of that current: "10 pA", or a number of pA.', show_default=False),
]
Modulated = Annotated[
    list[str] | None,
    typer.Option(help="A population that gets it; all if not given.", show_default=False),
]


def validate(
    circuit: CircuitPath,
    level: LevelName = "auto",
    duration: Time = None,
    transient: Time = None,
    step: Time = None,
    networks: Networks = 3,
    tolerance: Tolerance = 0.01,
    frequency: Frequency = None,
    amplitude: Amplitude = None,
    modulated: Modulated = None,
    seed: options.Seed = 0,
    threads: options.Threads = 0,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write the numbers: .json.", show_default=False),
    ] = None,
    figure: Picture = None,
    json: options.Json = False,
) -> None:
    """How wrong a reduction of a circuit is: four errors of every observable, with intervals.

    Neurons, mesoscopic and age-structured equations and the reduction run with one time step:
    discretisation, finite size, closure and transfer errors add up to the reduction's.

    Examples:

        heddle validate circuit.toml --duration "20 s" --figure errors.png

        heddle validate circuit.toml --level ages --networks 5 --json

        heddle validate circuit.toml --level linear --frequency 20 --amplitude "10 pA" --modulated E
    """
    import heddle
    from heddle.circuits.files import read_circuit_file

    require_kind_of_picture(figure)
    if out is not None and out.suffix != ".json":
        raise DomainError(f"--out is {str(out)!r}; give a name that ends in .json")
    file = read_circuit_file(circuit)
    times = times_of(file.simulation, 10_000.0, 1000.0, (duration, transient, step))
    with progress_bar("simulating") as progress:
        found = heddle.validate(
            file.circuit,
            level,
            networks=networks,
            seed=seed or file.simulation.get("seed", 0),
            threads=threads,
            tolerance=tolerance,
            modulation=modulation_of(frequency, amplitude, modulated),
            progress=progress,
            bin=file.simulation.get("bin", 1.0),
            **times,
        )
    data = asdict(found)
    if out is not None:
        _write_json(out, data)
    figure, missing = (figure, None) if found.rows else (None, figure)
    write_picture(figure, lambda: _errors_figure(found))
    if json:
        print_json(data | {"out": shown(out), "figure": shown(figure)})
        return
    _say(found, [path for path in (out, figure) if path is not None])
    if missing is not None:
        stdout().print(f"{missing} is not written: there is nothing to draw", soft_wrap=True)


def times_of(
    said: dict[str, Any], duration: float, transient: float, given: tuple[str | None, ...]
) -> dict[str, float]:
    """The options, else what the file's [simulation] says, else ours; ms."""
    from heddle.commands.simulate import given_times

    ours = {"duration": duration, "transient": transient, "step": 0.25}
    return {key: said.get(key, value) for key, value in ours.items()} | given_times(*given)


def modulation_of(
    frequency: float | None, amplitude: str | None, modulated: list[str] | None
) -> Modulation | None:
    """What --frequency, --amplitude and --modulated say; None if nothing."""
    from heddle.circuits.units import quantity
    from heddle.commands.simulate import as_number
    from heddle.validation import Modulation

    if frequency is None and amplitude is None and not modulated:
        return None
    if frequency is None or amplitude is None:
        missing = "--frequency" if frequency is None else "--amplitude"
        raise DomainError(f"a modulation needs {missing}; give --frequency and --amplitude")
    size = quantity(as_number(amplitude), "pA", "--amplitude")
    return Modulation(frequency, size, tuple(modulated or ()))


def _write_json(path: Path, data: dict[str, Any]) -> None:
    from heddle.files import replacing

    with replacing(path) as temporary:
        text = json_module.dumps(plain(data), ensure_ascii=False, allow_nan=False, indent=1)
        temporary.write_text(text + "\n", encoding="utf-8")


def _errors_figure(found: Validation) -> Any:
    from heddle.plot.validity import errors

    return errors(found)


def shown(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _cell(term: ErrorTerm | None) -> str:
    if term is None:
        return "–"
    if term.low == term.high == 0:
        return "0"
    return f"{term.estimate:+.2g} ± {number((term.high - term.low) / 2, 2)}"


def _say(found: Validation, written: list[Path]) -> None:
    console = stdout()
    rows = [
        (
            f"{row.observable} ({row.observable.unit})",
            number(row.neurons, 4),
            number(row.reduction, 4),
            *(_cell(getattr(row, name)) for name in TERMS),
            row.verdict,
        )
        for row in found.rows
    ]
    joined = ("closure + transfer", "–") if found.joined else ("closure", "transfer")
    level = "–" if found.level == "none" else found.level
    names = ("observable", "neurons", level, "discretisation", "finite size", *joined)
    if rows:
        console.print(table((*names, "total", ""), rows))
    console.print(found.statement, soft_wrap=True, markup=False)
    for name, reason in found.refused.items():
        if reason in found.statement:
            continue
        console.print(f"{name} refused: {reason}", soft_wrap=True, markup=False)
    for path in written:
        console.print(f"wrote {path}", soft_wrap=True)
