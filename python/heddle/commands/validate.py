"""`heddle validate` and `heddle validity-map`: how wrong a reduction is, why, and where."""

from __future__ import annotations

import json as json_module
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from heddle._core import DomainError
from heddle.commands import options
from heddle.commands.output import number, plain, print_json, progress_bar, stdout, table
from heddle.commands.pictures import Picture, require_kind_of_picture, write_picture
from heddle.commands.workers import workers_for

if TYPE_CHECKING:
    from heddle.validation import ErrorTerm, Validation, ValidityMap

TERMS = ("discretisation", "finite_size", "closure", "transfer", "total")
DEFAULTS = {"validate": (10_000.0, 1000.0), "map": (2000.0, 500.0)}

CircuitPath = Annotated[Path, typer.Argument(help="The circuit: a TOML file.", show_default=False)]
LevelName = Annotated[
    str, typer.Option(help="auto, ages, rate_units, quadratic or stationary: the reduction.")
]
Time = Annotated[
    str | None,
    typer.Option(help='"10 s", or a number of ms; else the file\'s.', show_default=False),
]
Networks = Annotated[int, typer.Option(min=1, help="Independent networks.")]
Tolerance = Annotated[float, typer.Option(help="Of rates, relative.")]


def validate(
    circuit: CircuitPath,
    level: LevelName = "auto",
    duration: Time = None,
    transient: Time = None,
    step: Time = None,
    networks: Networks = 3,
    tolerance: Tolerance = 0.01,
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
    """
    import heddle
    from heddle.circuits.files import read_circuit_file

    require_kind_of_picture(figure)
    if out is not None and out.suffix != ".json":
        raise DomainError(f"--out is {str(out)!r}; give a name that ends in .json")
    file = read_circuit_file(circuit)
    times = _times(file.simulation, "validate", duration, transient, step)
    with progress_bar("simulating") as progress:
        found = heddle.validate(
            file.circuit,
            level,
            networks=networks,
            seed=seed,
            threads=threads,
            tolerance=tolerance,
            progress=progress,
            **times,
        )
    data = asdict(found)
    if out is not None:
        _write_json(out, data)
    write_picture(figure, lambda: _errors_figure(found))
    if json:
        print_json(data | {"out": _shown(out), "figure": _shown(figure)})
        return
    _say(found, [path for path in (out, figure) if path is not None])


def validity_map(
    circuit: CircuitPath,
    x: Annotated[
        str,
        typer.Option(
            help="Place and values: projections.E->I.weight=10:30:20, scale=1:100:20:log, or "
            "populations.E.noise.sigma=1,2,4.",
            show_default=False,
        ),
    ],
    y: Annotated[str, typer.Option(help="The other one.", show_default=False)],
    level: LevelName = "auto",
    observable: Annotated[str, typer.Option(help="rate or deviation.")] = "rate",
    duration: Time = None,
    transient: Time = None,
    step: Time = None,
    networks: Networks = 3,
    tolerance: Tolerance = 0.05,
    seed: options.Seed = 0,
    workers: Annotated[
        int,
        typer.Option(min=0, help="Processes; 0 for one per core. Any number gives the same bits."),
    ] = 0,
    store: Annotated[
        Path | None,
        typer.Option(help="Keep every finished point: .h5. Goes on if it is there."),
    ] = None,
    figure: Picture = None,
    json: options.Json = False,
) -> None:
    """Where over two parameters a reduction holds: `heddle validate` at every point of a grid.

    Ctrl-C keeps the points that are finished in the store; the same command goes on.

    Examples:

        heddle validity-map circuit.toml --x scale=0.1:10:20:log
        --y "populations.E.neuron.I_e=200:400:20" --store map.h5 --figure map.png
    """
    import heddle
    from heddle.circuits.files import read_circuit_file
    from heddle.plot.validity import validity

    require_kind_of_picture(figure)
    file = read_circuit_file(circuit)
    times = _times(file.simulation, "map", duration, transient, step)
    how = {**times, "level": level, "observable": observable, "networks": networks}
    try:
        with progress_bar("points") as progress, workers_for(workers) as executor:
            found = heddle.validity_map(
                file.circuit,
                axis(x, "--x"),
                axis(y, "--y"),
                seed=seed,
                tolerance=tolerance,
                store=store,
                executor=executor,
                progress=progress,
                **how,
            )
    except KeyboardInterrupt:
        if store is None or not store.is_file():
            raise
        found = heddle.load_validity_map(store)
    write_picture(figure, lambda: validity(found))
    if json:
        print_json(_map_data(found) | {"store": _shown(store), "figure": _shown(figure)})
        return
    _say_map(found, [path for path in (store, figure) if path is not None])


def axis(text: str, option: str) -> tuple[str, list[float]]:
    """ "name=1,2,4", "name=start:stop:count" or "name=start:stop:count:log"."""
    name, _, values = text.rpartition("=")
    try:
        if ":" not in values:
            found = [float(item) for item in values.split(",")]
        else:
            start, stop, count, *kind = values.split(":")
            if kind not in ([], ["log"]):
                raise ValueError
            spaced = np.geomspace if kind else np.linspace
            found = [float(v) for v in spaced(float(start), float(stop), int(count))]
    except ValueError:
        found = []
    if not name or not found or not all(map(math.isfinite, found)):
        raise DomainError(
            f"{option} is {text!r}; give a place and its values, as scale=1:100:20:log, "
            "populations.E.neuron.I_e=200:400:11 or inputs.0.rate=500,1000"
        )
    return name, found


def _times(
    said: dict[str, Any],
    command: str,
    duration: str | None,
    transient: str | None,
    step: str | None,
) -> dict[str, float]:
    """The options, else what the file's [simulation] says, else ours; ms."""
    from heddle.commands.simulate import given_times

    length, before = DEFAULTS[command]
    ours = {"duration": length, "transient": before, "step": 0.25}
    found = {key: said.get(key, value) for key, value in ours.items()}
    return found | given_times(duration, transient, step)


def _write_json(path: Path, data: dict[str, Any]) -> None:
    from heddle.files import replacing

    with replacing(path) as temporary:
        text = json_module.dumps(plain(data), ensure_ascii=False, allow_nan=False, indent=1)
        temporary.write_text(text + "\n", encoding="utf-8")


def _errors_figure(found: Validation) -> Any:
    from heddle.plot.validity import errors

    return errors(found)


def _shown(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _cell(term: ErrorTerm | None) -> str:
    if term is None:
        return "–"
    return f"{term.estimate:+.2g} ± {number((term.high - term.low) / 2, 2)}"


def _say(found: Validation, written: list[Path]) -> None:
    console = stdout()
    rows = [
        (
            str(row.observable),
            number(row.neurons, 4),
            number(row.reduction, 4),
            *(_cell(getattr(row, name)) for name in TERMS),
            row.verdict,
        )
        for row in found.rows
    ]
    joined = ("closure + transfer", "–") if found.joined else ("closure", "transfer")
    names = ("observable", "neurons", found.level, "discretisation", "finite size", *joined)
    console.print(table((*names, "total", ""), rows))
    console.print(found.statement, soft_wrap=True)
    for name, reason in found.refused.items():
        console.print(f"{name} refused: {reason}", soft_wrap=True, markup=False)
    for path in written:
        console.print(f"wrote {path}", soft_wrap=True)


def _map_data(found: ValidityMap) -> dict[str, Any]:
    derived = {name: getattr(found, name) for name in ("relative", "valid", "refused", "statement")}
    return asdict(found) | derived


def _say_map(found: ValidityMap, written: list[Path]) -> None:
    console = stdout()
    console.print(found.statement, soft_wrap=True, markup=False)
    if not found.done.all():
        console.print("Not completed: the same command goes on.", soft_wrap=True)
    for path in written:
        console.print(f"wrote {path}", soft_wrap=True)
