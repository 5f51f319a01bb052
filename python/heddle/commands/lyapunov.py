"""`heddle lyapunov`: how fast nearby trajectories part, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from heddle._core import LyapunovSpectrum, ThresholdMap
from heddle.commands import networks, options
from heddle.commands.maps import IsMap, holds_map, read_map
from heddle.commands.output import fields_of, number, print_json, progress_bar, stdout, table
from heddle.commands.pictures import Picture, require_kind_of_picture, write_picture


def lyapunov(
    network: networks.Source,
    count: Annotated[int, typer.Option(min=1, help="Exponents, from the largest.")] = 10,
    duration: Annotated[
        float, typer.Option(help="Seconds averaged over, or steps of a map; 0: 1000 τ or 10,000.")
    ] = 0.0,
    transient: Annotated[
        float, typer.Option(help="Seconds or steps discarded before; 0: a fifth of the duration.")
    ] = 0.0,
    step: Annotated[
        float, typer.Option(help="Seconds of an integration step; 0: found by halving τ / 2.")
    ] = 0.0,
    response: networks.ResponseName = None,
    bias: networks.Bias = None,
    form: networks.Form = "input",
    linear: networks.LinearUnits = None,
    map: IsMap = False,
    figure: Picture = None,
    seed: options.Seed = 0,
    threads: options.Threads = 0,
    json: options.Json = False,
) -> None:
    """How fast do nearby trajectories part or meet? The Lyapunov exponents, with their errors.

    Rectified networks follow their exact flow, others steps of order 8; diagonal plus low-rank
    weights cost their rank. Without --response a network that names none is tanh.

    Examples:

        heddle lyapunov gaussian:n=200,g=3 --count 40 --figure spectrum.png

        heddle lyapunov weights.npy --response rectified --bias 1 --duration 20

        heddle lyapunov model.pt --map
    """
    import heddle

    require_kind_of_picture(figure)
    system = _system(network, response, bias, form, linear, map, seed)
    with progress_bar("following the tangent vectors") as progress:
        found = heddle.lyapunov_spectrum(
            system,
            count=count,
            duration=duration,
            transient=transient,
            step=step,
            seed=seed,
            threads=threads,
            progress=progress,
        )
    write_picture(figure, lambda: _picture(found, _unit(system)))
    if json:
        print_json({**_data(found), "figure": None if figure is None else str(figure)})
        return
    _say(found, _unit(system), figure)


def _system(
    source: str,
    response: str | None,
    bias: str | None,
    form: str,
    linear: str | None,
    is_map: bool,
    seed: int,
) -> Any:
    if holds_map(source, is_map):
        return read_map(source, response=response, bias=bias, linear=linear)
    found = networks.read_network(source, response=response, bias=bias, seed=seed, default="tanh")
    if found.response == "rectified" or linear is not None:
        if isinstance(found.weights, np.ndarray):
            return networks.threshold_linear(found, form, linear)
        if linear is not None or form != "input":
            return networks.threshold_linear(found, form, linear)
    return found


def _unit(system: Any) -> str:
    return "step" if isinstance(system, ThresholdMap) else "s"


def _picture(found: LyapunovSpectrum, unit: str) -> Any:
    from heddle.plot.lyapunov import lyapunov as picture

    return picture(found, unit)


def _data(found: LyapunovSpectrum) -> dict[str, Any]:
    return fields_of(found)


def _say(found: LyapunovSpectrum, unit: str, figure: Path | None) -> None:
    console = stdout()
    rows = [
        [str(index + 1), number(value, 5), number(error, 2)]
        for index, (value, error) in enumerate(
            zip(found.exponents, found.standard_errors, strict=True)
        )
    ]
    console.print(table(["", f"exponent (1/{unit})", "± s.e."], rows))
    console.print()
    if found.kaplan_yorke is not None:
        error = number(found.kaplan_yorke_error, 2)
        console.print(f"Kaplan–Yorke dimension {number(found.kaplan_yorke, 4)} ± {error}")
    elif len(found.exponents):
        console.print("Kaplan–Yorke dimension: these exponents do not tell; ask for more.")
    if found.sum_residual is not None:
        console.print(
            f"Sum of all exponents less the mean trace: {number(found.sum_residual, 2)} 1/{unit}"
        )
    if found.step_error > 0:
        console.print(f"Error by the step, estimated: {number(found.step_error, 2)} 1/{unit}")
    lead = "" if found.trusted else "Not to be trusted: "
    console.print(lead + found.statement, markup=False)
    if figure is not None:
        console.print(f"Wrote {figure}", markup=False)
