"""`heddle simulate`: a circuit of spiking populations, from its file to spikes and rates."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from heddle._core import DomainError, SpikeRecording
from heddle.commands import options
from heddle.commands.output import fields_of, number, print_json, provenance, stdout, table
from heddle.commands.pictures import Picture, require_kind_of_picture, write_picture
from heddle.commands.running import running_bar, until_interrupted


def simulate(
    circuit: Annotated[Path, typer.Argument(help="The circuit: a TOML file.", show_default=False)],
    duration: Annotated[
        str | None, typer.Option(help='Recorded: "2 s", or a number of ms.', show_default=False)
    ] = None,
    transient: Annotated[
        str | None, typer.Option(help="Simulated before, not recorded.", show_default=False)
    ] = None,
    step: Annotated[
        str | None, typer.Option(help='Time step, "0.1 ms" if not given.', show_default=False)
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="Of synapses, parameters and noise.", show_default=False),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(
            min=0, help="0 for one per core; any number gives the same bits.", show_default=False
        ),
    ] = None,
    regenerate: Annotated[
        bool | None,
        typer.Option(
            "--regenerate/--no-regenerate",
            help="Draw synapses again at every spike instead of storing them: the same spikes, "
            "more slowly, of circuits that do not fit into memory.",
            show_default=False,
        ),
    ] = None,
    spikes: Annotated[
        Path | None,
        typer.Option(help="Stream all spikes: .h5 (SONATA) or .npz.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write the recording: .h5.", show_default=False),
    ] = None,
    figure: Picture = None,
    json: options.Json = False,
) -> None:
    """Simulate a circuit of spiking populations: rates with their errors, spikes, a picture.

    Options replace what the file's table `simulation` says. Ctrl-C ends the run and keeps what was
    recorded; a second one leaves at once.

    Examples:

        heddle simulate circuit.toml --duration "10 s" --figure raster.png

        heddle simulate circuit.toml --threads 2 --spikes spikes.h5 -o recording.h5
    """
    import heddle
    from heddle.circuits.files import read_circuit_file
    from heddle.plot.spiking import recording_figure
    from heddle.spikes import require_kind_of_spikes

    require_kind_of_picture(figure)
    if spikes is not None:
        require_kind_of_spikes(spikes)
    file = read_circuit_file(circuit)
    settings = {**file.simulation, **_given(duration, transient, step, seed, threads, regenerate)}
    names = [population.name for population in file.circuit.populations]
    sizes = [population.size for population in file.circuit.populations]
    sink = nullcontext() if spikes is None else heddle.spike_file(spikes, names, sizes)
    with (
        sink as receive,
        until_interrupted() as state,
        running_bar(settings.get("step", 0.1), state) as progress,
    ):
        recording = heddle.simulate(
            file.circuit,
            sink=receive,
            keep_spikes=figure is not None,
            progress=progress,
            **settings,
        )
    made_by = provenance(settings.get("seed", 0), settings.get("threads", 1))
    if out is not None:
        heddle.save_recording(out, recording, provenance=made_by)
    write_picture(figure, lambda: recording_figure(recording))
    if json:
        print_json(_data(recording, {"spikes": spikes, "recording": out, "figure": figure}))
        return
    _say(recording, [path for path in (spikes, out, figure) if path is not None])


def _given(
    duration: str | None,
    transient: str | None,
    step: str | None,
    seed: int | None,
    threads: int | None,
    regenerate: bool | None,
) -> dict[str, Any]:
    """The options that were given, in ms."""
    given = given_times(duration, transient, step)
    others = {"seed": seed, "threads": threads, "regenerate": regenerate}
    return given | {key: value for key, value in others.items() if value is not None}


def given_times(duration: str | None, transient: str | None, step: str | None) -> dict[str, Any]:
    """Times that were given, in ms."""
    from heddle.circuits.units import quantity

    times = {"duration": duration, "transient": transient, "step": step}
    return {
        key: quantity(as_number(text), "ms", f"--{key}")
        for key, text in times.items()
        if text is not None
    }


def as_number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _estimates(recording: SpikeRecording) -> tuple[Any, Any]:
    """Rates and irregularity with their errors; None where the recording is too short for them."""
    import heddle

    try:
        return heddle.population_rates(recording), heddle.interval_variability(recording)
    except DomainError:
        return None, None


def _data(recording: SpikeRecording, paths: dict[str, Path | None]) -> dict[str, Any]:
    rates, variability = _estimates(recording)
    seconds = recording.duration / 1e3
    return {
        **fields_of(
            recording,
            "activity",
            "counts",
            "interval_mean",
            "interval_cv",
            "spikes",
            "traces",
            "readouts",
        ),
        "rate": _plain_rates(recording),
        "rate_error": None if rates is None else rates.standard_error,
        "interval_cv": None if variability is None else variability.estimate,
        "interval_cv_error": None if variability is None else variability.standard_error,
        "real_time_factor": recording.run_seconds / seconds if seconds else None,
        **{key: None if path is None else str(path) for key, path in paths.items()},
    }


def _plain_rates(recording: SpikeRecording) -> np.ndarray:
    """Spikes per neuron and second, Hz."""
    ends = np.cumsum(recording.sizes)
    counts = [part.sum() for part in np.split(np.asarray(recording.counts), ends[:-1])]
    time = max(recording.duration, np.finfo(float).tiny) * 1e-3
    return np.array(counts) / (np.array(recording.sizes) * time)


def _say(recording: SpikeRecording, written: list[Path]) -> None:
    rates, variability = _estimates(recording)
    rows = []
    for k, name in enumerate(recording.names):
        errors = (
            (None, None)
            if rates is None
            else (rates.standard_error[k], variability.standard_error[k])
        )
        cv = None if variability is None else variability.estimate[k]
        rows.append(
            (
                name,
                f"{recording.sizes[k]:,}",
                number(_plain_rates(recording)[k], 4),
                number(errors[0], 2),
                number(cv),
                number(errors[1], 2),
            )
        )
    console = stdout()
    console.print(table(("population", "size", "rate (Hz)", "± SE", "CV", "± SE"), rows))
    seconds = (recording.transient + recording.duration) / 1e3
    factor = recording.run_seconds / seconds if seconds else 0.0
    console.print(
        f"{recording.duration / 1e3:g} s recorded after {recording.transient / 1e3:g} s; "
        f"{recording.synapses:,} synapses, {recording.events:,} synaptic events; drawn in "
        f"{recording.build_seconds:.3g} s, run in {recording.run_seconds:.3g} s: "
        f"{factor:.3g} s per biological second",
        soft_wrap=True,
    )
    if rates is None:
        console.print("Errors need a longer recording: at least 64 bins.", soft_wrap=True)
    else:
        for found in (rates, variability):
            console.print(
                ("" if found.trusted else "Not to be trusted: ") + found.statement, soft_wrap=True
            )
    if not recording.completed:
        console.print(f"Not completed: {recording.statement}", soft_wrap=True)
    for path in written:
        console.print(f"wrote {path}", soft_wrap=True)
