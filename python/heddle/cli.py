"""The command `heddle`: loops that make a network perform, and what any network does by itself."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Sequence
from inspect import cleandoc
from typing import Any, NoReturn

import typer

from heddle._core import Error, __version__
from heddle.commands import adapter
from heddle.commands.bifurcate import bifurcate
from heddle.commands.certify import certify
from heddle.commands.cycles import cycles
from heddle.commands.design import design
from heddle.commands.fixed_points import fixed_points
from heddle.commands.frontier import frontier
from heddle.commands.inspect import inspect
from heddle.commands.lyapunov import lyapunov
from heddle.commands.motifs import motifs
from heddle.commands.perform import perform
from heddle.commands.reduce import reduce
from heddle.commands.report import report
from heddle.commands.robustness import robustness
from heddle.commands.simulate import simulate
from heddle.commands.train import train
from heddle.commands.validate import validate
from heddle.commands.validity_map import validity_map

try:
    from typer import TyperException as UsageError
except ImportError:  # typer before it had errors of its own
    from click import ClickException as UsageError

BAD_INPUT = 2
INTERRUPTED = 130

app = typer.Typer(
    name="heddle",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        print(f"heddle {__version__}")
        raise typer.Exit


@app.callback()
def _heddle(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Make one fixed network perform movements, by gated loops that place its eigenvalues.

    Design a library, perform a sequence of its motifs, look at what can be trusted, write a report:

        heddle design letters/*.csv -o net.h5

        heddle perform net.h5 --sequence h,e,d,d,l,e --noise 0.02 --trials 20 -o run.h5

        heddle inspect net.h5

        heddle report run.h5 -o report.html

    Ask whether sequences are as robust as single motifs, in trained networks and designed ones:

        heddle robustness table/ --sizes 100

    Ask what any rectified or smooth network does, and how sure that is:

        heddle fixed-points ctln:graph=edges.csv

        heddle lyapunov gaussian:n=200,g=3 --response tanh

    Train a network on a task, under constraints:

        heddle train gaussian:n=200,g=1.2,tau=0.1 flip_flop:bits=2 --figure loss.png

    Simulate a circuit of spiking populations:

        heddle simulate circuit.toml --figure raster.png

    Derive its rate equations, and see what they do over a parameter:

        heddle reduce circuit.toml --fixed-points

        heddle bifurcate circuit.toml -p eta_E --from -10 --to 2 --figure diagram.png

    Ask how wrong its rate equations are, and where:

        heddle validate circuit.toml

    Ask what a low-rank adapter did to a model:

        heddle adapter inspect lora/ --base model.safetensors
    """


def _unwrapped(text: str) -> str:
    """Paragraphs on one line each, since the help breaks lines by itself."""
    paragraphs = cleandoc(text).split("\n\n")
    return "\n\n".join(re.sub(r"\n\s*", " ", paragraph) for paragraph in paragraphs)


LOOPS = (design, perform, inspect, report, frontier, motifs, certify)
DYNAMICS = (fixed_points, cycles, lyapunov)
SPIKES = (simulate, reduce, bifurcate, validate, validity_map)
LEARNING = (train, robustness)
FUNCTIONS = (*LOOPS, *DYNAMICS, *LEARNING, *SPIKES)
COMMANDS = {command.__name__.replace("_", "-"): command for command in FUNCTIONS}
for name, command in COMMANDS.items():
    app.command(name, help=_unwrapped(command.__doc__ or ""))(command)

adapter_app = typer.Typer(no_args_is_help=True, help=_unwrapped(adapter.HELP))
for command in adapter.FUNCTIONS:
    adapter_app.command(command.__name__, help=_unwrapped(command.__doc__ or ""))(command)
    COMMANDS[f"adapter {command.__name__}"] = command
app.add_typer(adapter_app, name="adapter")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line. Exit codes: 0, 2 for bad input, 130 after Ctrl-C."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    signal.signal(signal.SIGTERM, _end)
    try:
        code = app(words, prog_name="heddle", standalone_mode=False) or 0
    except UsageError as error:
        if message := error.format_message():  # none where the help was printed
            _say(f"{message} See: heddle {_command_in(words)}--help")
        code = BAD_INPUT
    except (Error, OSError) as error:
        _say(str(error))
        code = BAD_INPUT
    except MemoryError:
        _say("there is not enough memory for this; a smaller network or fewer trials would do")
        code = BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    if code == INTERRUPTED:
        _say("interrupted; nothing was written")
        _leave_at_once(INTERRUPTED)
    sys.exit(code)


def _command_in(words: list[str]) -> str:
    """The command on the command line, if there is one, for the hint at its help."""
    named = (" ".join(words[: count + 1]) for count in range(len(words)))
    longest = [name for name in named if name in COMMANDS or name == "adapter"]
    return f"{longest[-1]} " if longest else ""


def _say(message: str) -> None:
    print(f"heddle: {' '.join(message.split())}", file=sys.stderr)


def _end(*_: Any) -> NoReturn:
    """On SIGTERM: leaves by an exception, so that temporary files vanish."""
    raise SystemExit(128 + signal.SIGTERM)


def _leave_at_once(code: int) -> NoReturn:
    """Without waiting for a computation that is being interrupted."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
