"""`heddle perform`: a sequence of motifs, one after another, with or without noise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from heddle._core import Library, PerformedMotif
from heddle.commands import options
from heddle.commands.certificates import certificate_data, print_certificate
from heddle.commands.contraction import network_contraction, print_network_contraction
from heddle.commands.output import print_json, progress_bar, provenance, stdout
from heddle.commands.performances import item_data, performance_data, print_performance
from heddle.commands.sources import sequence_from, units_from


def perform(
    library: Annotated[Path, typer.Argument(help="A library that `heddle design` wrote.")],
    sequence: Annotated[
        str, typer.Option(help="Motifs, as h,e,d,d,l,e; a word if its letters are motifs.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The performance's file, HDF5.")],
    noise: Annotated[
        float,
        typer.Option(
            help="White noise on every unit, relative to the activity's root mean square."
        ),
    ] = 0.0,
    trials: Annotated[int, typer.Option(min=0, help="Monte-Carlo runs with noise.")] = 0,
    units: Annotated[
        str, typer.Option(help="Units to record: how many, evenly spread, or which, as 3,17,200.")
    ] = "8",
    preparation: Annotated[
        float | None,
        typer.Option(help="Seconds every preparation lasts, instead of the library's."),
    ] = None,
    transitions: options.Transitions = True,
    certify: Annotated[
        bool,
        typer.Option(
            "--certify", help="Prove what holds for sequences of every length, if anything does."
        ),
    ] = False,
    seed: options.Seed = 0,
    threads: options.Threads = 0,
    json: options.Json = False,
) -> None:
    """Perform motifs one after another, each after a preparation, from rest.

    Segments are propagated by their matrix exponentials, without time-step error. The file holds
    all a report needs.

    Examples:

        heddle perform net.h5 --sequence h,e,d,d,l,e --noise 0.02 --trials 20 -o run.h5

        heddle perform net.h5 --sequence heddle --certify -o run.h5

        heddle perform net.h5 --sequence reach,grasp --units 0,10,20 --preparation 0.2 -o run.h5
    """
    import heddle
    from heddle.files import replacing
    from heddle.store import PerformanceWriter

    with replacing(output) as temporary:
        loaded = heddle.load_library(library)
        names = sequence_from(sequence, loaded)
        _require_names(loaded, names)
        recorded = units_from(units, loaded.network.size)
        made_by = provenance(seed, threads)
        rows: list[dict[str, Any]] = []
        with (
            PerformanceWriter(temporary, made_by) as writer,
            progress_bar("performing") as progress,
        ):

            def keep(item: PerformedMotif) -> None:
                writer.append(item)
                rows.append(item_data(item, names[len(rows)]))

            performance = heddle.perform(
                loaded,
                names,
                noise=noise,
                trials=trials,
                units=recorded,
                preparation=preparation,
                transitions=transitions,
                advances=heddle.load_advances(library),
                seed=seed,
                threads=threads,
                progress=progress,
                on_item=keep,
            )
            writer.finish(performance)
    data = {"output": str(output), **performance_data(performance, rows), "certificate": None}
    data["contraction"] = network_contraction(loaded.network, loaded.spectrum)
    if certify:
        with progress_bar("certifying") as progress:
            found = heddle.certify(
                loaded, preparation=preparation, threads=threads, progress=progress
            )
        data["certificate"] = certificate_data(found, loaded.names)
    if json:
        print_json(data)
        return
    console = stdout()
    print_performance(console, performance, data)
    print_network_contraction(console, data["contraction"])
    if certify:
        print_certificate(console, data["certificate"])
    console.print(f"Wrote {output}", markup=False)


def _require_names(library: Library, names: list[str]) -> None:
    """Raises DomainError for a name that the library does not know, before anything is computed."""
    for name in names:
        library[name]
