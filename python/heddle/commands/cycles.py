"""`heddle cycles`: the limit cycles of a rectified network, with their multipliers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from heddle._core import Cycle, CycleSearch, DomainError, ThresholdLinear, ThresholdMap
from heddle.commands import maps, options
from heddle.commands.networks import (
    Bias,
    Form,
    LinearUnits,
    ResponseName,
    Source,
    read_network,
    threshold_linear,
)
from heddle.commands.output import fields_of, number, print_json, progress_bar, stdout, table
from heddle.commands.pictures import require_kind_of_picture, write_picture

MOST_ROWS = 40


def cycles(
    network: Source,
    response: ResponseName = None,
    bias: Bias = None,
    form: Form = "input",
    linear: LinearUnits = None,
    starts: Annotated[int, typer.Option(min=1, help="Random initial states.")] = 32,
    duration: Annotated[
        float | None,
        typer.Option(help="Longest trajectory from each, s; 2000 τ.", show_default=False),
    ] = None,
    which: Annotated[
        int, typer.Option("--cycle", min=1, help="Which cycle of the table to draw.")
    ] = 1,
    figure: Annotated[
        Path | None,
        typer.Option(help="Draw one cycle, see --cycle: .png, .svg or .pdf.", show_default=False),
    ] = None,
    map: maps.IsMap = False,
    period: Annotated[int, typer.Option(min=1, help="Of a map: the longest period.")] = 3,
    seed: options.Seed = 0,
    threads: options.Threads = 0,
    json: options.Json = False,
) -> None:
    """Which limit cycles does this rectified network have?

    Follows the exact flow from random initial states, refines what comes back near itself by
    Newton's method on dwell times, and reads the Floquet multipliers; stable and unstable cycles.
    The search is not exhaustive and says how many starts found nothing new.

    Examples:

        heddle cycles weights.npy --bias 1 --figure cycle.png

        heddle cycles gaussian:n=40,g=2 --bias 1 --form rate --starts 64

        heddle cycles net.h5 --linear 0,1,2 --json

        heddle cycles model.pt --map --period 4
    """
    import heddle

    require_kind_of_picture(figure)
    if maps.holds_map(network, map):
        model = maps.read_map(network, response=response, bias=bias, linear=linear, figure=figure)
        _cycles_of_map(model, period, seed, threads, json)
        return
    system = threshold_linear(
        read_network(network, response=response, bias=bias, seed=seed), form, linear
    )
    with progress_bar("following trajectories") as progress:
        found = heddle.find_cycles(
            system,
            starts=starts,
            seed=seed,
            duration=duration or 0.0,
            threads=threads,
            progress=progress,
        )
    chosen = _cycle_to_draw(found, which) if figure is not None else None
    if chosen is not None:
        write_picture(figure, lambda: _picture(system, chosen, most_nodes=20_000))
    drawn = figure if chosen is not None else None
    if json:
        print_json({**_data(found), "figure": None if drawn is None else str(drawn)})
        return
    _say(found, drawn, figure)


def _cycles_of_map(map: ThresholdMap, longest: int, seed: int, threads: int, json: bool) -> None:
    found = maps.find_cycles(map, list(range(1, longest + 1)), seed=seed, threads=threads)
    if json:
        print_json({"periods": maps.data_of_maps(found)})
    else:
        maps.say_maps(found)


def _cycle_to_draw(found: CycleSearch, which: int) -> Cycle | None:
    if not found.cycles:
        return None
    if which > len(found.cycles):
        raise DomainError(f"--cycle is {which}; {len(found.cycles)} were found")
    return found.cycles[which - 1]


def _picture(system: ThresholdLinear, cycle: Cycle, most_nodes: int) -> Any:
    """With the fixed points that a short search finds."""
    import heddle
    from heddle.plot.rectified import cycle as picture

    points = heddle.fixed_points(system, most_nodes=most_nodes, parity=False).points
    return picture(system, cycle, fixed_points=[(point.state, point.stable) for point in points])


def _data(found: CycleSearch) -> dict[str, Any]:
    cycles = [
        {**fields_of(one), "crossings": [fields_of(crossing) for crossing in one.crossings]}
        for one in found.cycles
    ]
    return {**fields_of(found), "cycles": cycles}


def _say(found: CycleSearch, drawn: Path | None, asked: Path | None) -> None:
    columns = [
        "cycle",
        "period, ms",
        "regions",
        "largest |μ|",
        "stable",
        "margin",
        "residual",
        "|μ₁ − 1|",
        "starts",
        "trusted",
    ]
    rows = [
        [
            str(place),
            number(1e3 * one.period, 5),
            str(len(one.itinerary)),
            number(one.largest),
            "yes" if one.stable else "no",
            number(one.margin),
            number(one.residual, 2),
            number(one.trivial_error, 2),
            str(starts),
            "yes" if one.trusted else "no",
        ]
        for place, (one, starts) in enumerate(zip(found.cycles, found.starts_of, strict=True), 1)
    ][:MOST_ROWS]
    console = stdout()
    if rows:
        console.print(table(columns, rows))
        if len(found.cycles) > MOST_ROWS:
            console.print(f"… and {len(found.cycles) - MOST_ROWS} more; --json lists all.")
        console.print()
    console.print(found.statement, markup=False)
    if drawn is not None:
        console.print(f"Wrote {drawn}", markup=False)
    elif asked is not None:
        console.print("No cycle was found, so there is nothing to draw.", markup=False)
