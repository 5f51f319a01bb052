"""`heddle validity-map`: where over two parameters a reduction holds."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from heddle._core import DomainError
from heddle.commands import options
from heddle.commands.output import print_json, progress_bar, stdout
from heddle.commands.pictures import Picture, require_kind_of_picture, write_picture
from heddle.commands.validate import (
    Amplitude,
    CircuitPath,
    Frequency,
    LevelName,
    Modulated,
    Networks,
    Time,
    Tolerance,
    modulation_of,
    shown,
    times_of,
)
from heddle.commands.workers import workers_for

if TYPE_CHECKING:
    from heddle.validation import ValidityMap


def validity_map(
    circuit: CircuitPath,
    x: Annotated[
        str,
        typer.Option(
            help="Place and values: projections.E->I.weight=10:30:20, scale=1:50:20:log, or "
            "populations.E.noise.sigma=1,2,4.",
            show_default=False,
        ),
    ],
    y: Annotated[str, typer.Option(help="The other one.", show_default=False)],
    level: LevelName = "auto",
    observable: Annotated[
        str, typer.Option(help="rate, deviation, power, response, gain or phase.")
    ] = "rate",
    band: Annotated[
        str | None,
        typer.Option(
            help="Of power: 8:16, an octave in Hz from 2:4 to 128:256.", show_default=False
        ),
    ] = None,
    duration: Time = None,
    transient: Time = None,
    step: Time = None,
    networks: Networks = 3,
    tolerance: Tolerance = 0.05,
    frequency: Frequency = None,
    amplitude: Amplitude = None,
    modulated: Modulated = None,
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

        heddle validity-map circuit.toml --observable gain --level linear
        --x modulation.frequency=5:80:9:log --y modulation.amplitude=5:50:9:log --figure map.png
    """
    import heddle
    from heddle.circuits.files import read_circuit_file
    from heddle.plot.validity import validity

    require_kind_of_picture(figure)
    file = read_circuit_file(circuit)
    times = times_of(file.simulation, 2000.0, 500.0, (duration, transient, step))
    axes = axis(x, "--x"), axis(y, "--y")
    varied = {name: values[0] for name, values in axes}  # any value will do where an axis has them
    frequency = varied.get("modulation.frequency", frequency)
    amplitude = str(varied.get("modulation.amplitude", amplitude or "")) or None
    how = {**times, "level": level, "observable": observable, "networks": networks}
    try:
        with progress_bar("points") as progress, workers_for(workers) as executor:
            found = heddle.validity_map(
                file.circuit,
                *axes,
                seed=seed or file.simulation.get("seed", 0),
                tolerance=tolerance,
                band=_band(band),
                modulation=modulation_of(frequency, amplitude, modulated),
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
        print_json(_map_data(found) | {"store": shown(store), "figure": shown(figure)})
        return
    _say_map(found, [path for path in (store, figure) if path is not None])


def _band(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        low, high = (float(item) for item in text.split(":"))
    except ValueError:
        raise DomainError(f"--band is {text!r}; give two frequencies in Hz, as 8:16") from None
    return low, high


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
