"""`heddle adapter`: what a low-rank adapter did, how two compare, and one that places modes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from heddle.commands import options
from heddle.commands.adapters import (
    comparison_data,
    design_data,
    dissection_data,
    print_comparison,
    print_design,
    print_dissection,
)
from heddle.commands.frontier import numbers_from, with_conjugates
from heddle.commands.output import print_json, progress_bar, stdout

HELP = """Low-rank adapters: what one did, how two compare, and one that places modes."""

Folder = Annotated[
    Path,
    typer.Argument(help="A folder with adapter_model.safetensors and adapter_config.json."),
]
Base = Annotated[
    list[Path] | None,
    typer.Option(
        "--base",
        help="Weights of the model, a safetensors file; once for each shard.",
        show_default=False,
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        help="What an adapter may hold beside its factors: dora, modules_to_save, bias.",
        show_default=False,
    ),
]
Time = Annotated[
    str, typer.Option(help="Of recurrent maps: continuous, or discrete for x(t + 1) = W x(t).")
]


def inspect(
    folder: Folder,
    base: Base = None,
    recurrent: Annotated[
        list[str] | None,
        typer.Option(
            help="A module that maps a state to itself, and so has eigenvalues.",
            show_default=False,
        ),
    ] = None,
    time: Time = "continuous",
    shares: Annotated[
        int,
        typer.Option(
            min=0, help="Modes of each recurrent map to share among the loops that moved them."
        ),
    ] = 0,
    leading: Annotated[int, typer.Option(min=1, help="Singular values to look at.")] = 10,
    threshold: Annotated[
        float, typer.Option(help="Cosine below which a direction is an intruder.")
    ] = 0.5,
    exact: Annotated[
        bool,
        typer.Option(
            "--exact/--randomised",
            help="Decompose W, or find its leading values by random subspaces, with residuals.",
        ),
    ] = True,
    without: Without = None,
    seed: options.Seed = 0,
    json: options.Json = False,
) -> None:
    """Show what an adapter did: size and rank of every module, and with the base what moved.

    Examples:

        heddle adapter inspect lora/

        heddle adapter inspect lora/ --base model-00001.safetensors --base model-00002.safetensors

        heddle adapter inspect loops/ --base rnn.safetensors --recurrent cortex --shares 5
    """
    import heddle

    adapter = heddle.read_adapter(folder, without=without or ())
    with progress_bar("dissecting modules") as progress:
        found = heddle.dissect_adapter(
            adapter,
            [str(path) for path in base] if base else None,
            leading=leading,
            threshold=threshold,
            exact=exact,
            seed=seed,
            recurrent=recurrent or (),
            time=time,
            shares=shares,
            progress=progress,
        )
    data = {"folder": str(folder), **dissection_data(found), "left_out": adapter.left_out}
    _show(data, print_dissection, json)


def compare(
    first: Folder,
    second: Folder,
    without: Without = None,
    json: options.Json = False,
) -> None:
    """Compare two adapters of one model: principal angles, interference and cosine of each module.

    Examples:

        heddle adapter compare summaries/ translations/

        heddle adapter compare first/ second/ --json
    """
    import heddle

    a, b = (heddle.read_adapter(each, without=without or ()) for each in (first, second))
    found = heddle.compare_adapters(a, b)
    data = {"first": str(first), "second": str(second), **comparison_data(found)}
    _show(data, print_comparison, json)


def design(
    base: Annotated[
        str,
        typer.Option(
            help="W of the recurrent map: a safetensors file that holds --module, another file of "
            "weights (.npy, .npz, .csv, .mat, .h5), or gaussian:n=100,g=0.8 and the like."
        ),
    ],
    targets: Annotated[
        str,
        typer.Option(help="Eigenvalues, such as 1+0.3i,0.98+0.1i; conjugates are added."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The adapter's folder.")],
    module: Annotated[str, typer.Option(help="Name of the map in the model.")] = "cortex",
    rank: Annotated[
        int | None,
        typer.Option(min=1, help="Loops; the fewest that should do if not given."),
    ] = None,
    time: Time = "continuous",
    dtype: Annotated[str, typer.Option(help="F64, F32, F16 or BF16.")] = "F32",
    tolerance: Annotated[
        float, typer.Option(help="Largest error of an eigenvalue, as the file has it.")
    ] = 1e-4,
    directions: Annotated[str, typer.Option(help="dealt or optimised.")] = "dealt",
    seed: options.Seed = 0,
    json: options.Json = False,
) -> None:
    """Place modes of a recurrent map by an adapter of least gain, and write it as PEFT reads it.

    Examples:

        heddle adapter design --base gaussian:n=200,g=0.5 --targets 1+0.5i,0.9 -o loops/

        heddle adapter design --base rnn.safetensors --module rnn.weight_hh_l0 --targets 0.99+0.1i
        --time discrete -o loops/
    """
    import heddle

    with progress_bar("placing modes") as progress:
        found = heddle.design_adapter(
            _weights(base, seed),
            with_conjugates(numbers_from(targets)),
            module=module,
            rank=rank,
            time=time,
            dtype=dtype,
            tolerance=tolerance,
            directions=directions,
            seed=seed,
            progress=progress,
        )
    heddle.write_adapter(output, found.adapter)
    _show({"output": str(output), **design_data(found)}, print_design, json)


def _weights(base: str, seed: int) -> Any:
    """A path to arrays by name, or one matrix."""
    if base.endswith(".safetensors"):
        return base
    from heddle.io import build_network

    return np.asarray(build_network(base, channels=0, seed=seed).weights)


def _show(data: dict[str, Any], show: Any, json: bool) -> None:
    if json:
        print_json(data)
    else:
        show(stdout(), data)


FUNCTIONS = (inspect, compare, design)
