"""`heddle design`: motifs in, one network with gated loops out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from heddle._core import DomainError, Library, Motif, SafeDesign
from heddle.commands import options
from heddle.commands.libraries import library_data, print_library
from heddle.commands.output import print_json, progress_bar, provenance, stdout
from heddle.commands.safety import print_safety, safety_data
from heddle.commands.sources import Source, merged

LOOPS = "Loops and fits"
Advances = dict[str, float] | None


def design(
    files: options.MotifFiles = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The library's file, HDF5.")] = ...,
    extend: Annotated[
        Path | None, typer.Option(help="A library to add the motifs to; no bit of it changes.")
    ] = None,
    font: options.Font = None,
    letters: options.Letters = None,
    duration: options.Duration = None,
    dt: options.Dt = None,
    rate: options.Rate = None,
    characters: options.Characters = None,
    repetition: options.Repetition = None,
    prefix: options.Prefix = False,
    network: options.NetworkSpec = None,
    n: options.Units = None,
    g: options.Radius = None,
    tau: Annotated[
        float | None,
        typer.Option(help="Time constant of every unit, s; 0.01.", rich_help_panel=options.NETWORK),
    ] = None,
    loops: Annotated[
        int | None, typer.Option(min=1, help="Loops per motif; 6.", rich_help_panel=LOOPS)
    ] = None,
    pairs: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Pairs of eigenvalues per motif; the fewest that reach --error if not given.",
            rich_help_panel=LOOPS,
        ),
    ] = None,
    error: Annotated[
        float | None,
        typer.Option(help="Normalised squared error asked of fits; 5e-4.", rich_help_panel=LOOPS),
    ] = None,
    thalamic_tau: Annotated[
        float | None,
        typer.Option(help="Time constant of thalamic units, s; 0.", rich_help_panel=LOOPS),
    ] = None,
    robust: Annotated[
        bool,
        typer.Option(
            "--robust",
            help="Make the loops robust to noise: 2 to 5 s a motif and core for 500 units, a "
            "minute for an alphabet on two cores.",
            rich_help_panel=LOOPS,
        ),
    ] = False,
    safe: Annotated[
        bool,
        typer.Option(
            "--safe",
            help="Then change all loops together until the shortest preparation that is proven "
            "safe for every sequence is as short as they can make it; seconds for a few motifs "
            "of 200 units, more than eight minutes for an alphabet of 500.",
            rich_help_panel=LOOPS,
        ),
    ] = False,
    preparation_time: Annotated[
        float | None,
        typer.Option(help="Duration of a preparation in units of τ; 15.", rich_help_panel=LOOPS),
    ] = None,
    preparation_fraction: Annotated[
        float | None,
        typer.Option(help="Preparatory loops as a fraction of units; 0.2.", rich_help_panel=LOOPS),
    ] = None,
    seed: options.Seed = 0,
    threads: options.Threads = 0,
    json: options.Json = False,
) -> None:
    """Design loops that make one fixed network perform every motif.

    Each motif gets gated loops of its own, designed alone: another motif changes no bit of what
    exists. One group of preparatory loops, the same for all, brings the network to where the next
    motif begins.

    Examples:

        heddle design letters/*.csv -o net.h5

        heddle design --font scripts --letters heddle -o net.h5

        heddle design uji/w01.txt --characters abc --repetition 0 --duration 1 -o net.h5

        heddle design more/*.csv --extend net.h5 -o net.h5

        heddle design --font scripts --letters heddle --robust -o net.h5

        heddle design --font scripts --letters heddle --safe -o net.h5

        heddle design reach.npz --network dale:n=400 --loops 8 --error 1e-4 -o net.h5
    """
    from heddle import store
    from heddle.files import replacing

    source = Source(files or [], font, letters, duration, dt, rate, characters, repetition, prefix)
    chosen = {"loops": loops, "pairs": pairs, "error": error, "thalamic_tau": thalamic_tau}
    chosen |= {"robust": robust or None}
    chosen |= {"preparation_time": preparation_time, "preparation_fraction": preparation_fraction}
    of_network = {"network": network, "n": n, "g": g, "tau": tau}
    if safe:
        _require_free(extend, thalamic_tau)
    with replacing(output) as temporary:
        compute = _extended if extend is not None else _new
        library, advances = compute(source, extend, of_network, _given(chosen), seed, threads)
        made_safe = _made_safe(library, threads) if safe else None
        library = made_safe.library if made_safe else library
        store.write_library(
            temporary, library, advances=advances, provenance=provenance(seed, threads)
        )
    _say(library, output, json, made_safe and safety_data(made_safe))


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _require_free(extend: Path | None, thalamic_tau: float | None) -> None:
    """Raises DomainError where loops may not change, before anything is computed."""
    if extend is not None:
        raise DomainError(
            f"--safe and --extend are both given; --safe changes the loops that {extend} holds: "
            "drop one of them"
        )
    if thalamic_tau:
        raise DomainError(
            f"thalamic_tau: found {thalamic_tau}, expected 0 with --safe, the only one for which "
            "safe preparations are designed"
        )


def _made_safe(library: Library, threads: int) -> SafeDesign:
    import heddle

    with progress_bar("shortening the safe preparation") as progress:
        return heddle.optimise_safe_time(library, threads=threads, progress=progress)


def _new(
    source: Source,
    _: None,
    of_network: dict[str, Any],
    chosen: dict[str, Any],
    seed: int,
    threads: int,
) -> tuple[Library, Advances]:
    import heddle

    motifs, advances = source.read()
    given = _given(of_network)
    if "network" in given:
        given = {"network": _network(given, motifs, seed)}
    with progress_bar(f"designing {len(motifs)} motifs") as progress:
        library = heddle.design(
            motifs, **given, **chosen, seed=seed, threads=threads, progress=progress
        )
    return library, advances


def _network(given: dict[str, Any], motifs: list[Motif], seed: int) -> Any:
    from heddle.io.networks import build_network

    parameters = {name: value for name, value in given.items() if name != "network"}
    channels = motifs[0].values.shape[1]
    with progress_bar("making the network") as progress:
        return build_network(
            given["network"], channels=channels, seed=seed, progress=progress, **parameters
        )


def _extended(
    source: Source,
    extend: Path,
    of_network: dict[str, Any],
    chosen: dict[str, Any],
    seed: int,
    threads: int,
) -> tuple[Library, Advances]:
    import heddle

    fixed = {**_given(of_network), **chosen, **({"seed": seed} if seed else {})}
    for name in fixed:
        option = f"--{name.replace('_', '-')}"
        raise DomainError(
            f"{option} and --extend are both given; {extend} decides it: drop {option}"
        )
    known = heddle.load_library(extend)
    motifs, added = source.read()
    with progress_bar(f"designing {len(motifs)} more motifs") as progress:
        library = heddle.extend(known, motifs, threads=threads, progress=progress)
    return library, merged(heddle.load_advances(extend), added, library.names)


def _say(library: Library, output: Path, json: bool, safety: dict[str, Any] | None) -> None:
    data = {**library_data(library), "safety": safety}
    if json:
        print_json({"output": str(output), **data})
        return
    console = stdout()
    print_library(console, data)
    if safety is not None:
        print_safety(console, safety)
    console.print(f"Wrote {output}", markup=False)
