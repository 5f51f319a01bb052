"""`heddle train`: a network learns a task, by what may change and what must stay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from heddle._core import DomainError
from heddle.commands import options
from heddle.commands.networks import ResponseName, saved_kind
from heddle.commands.output import print_json, stdout
from heddle.commands.pictures import Picture, require_kind_of_picture, write_picture
from heddle.commands.running import training_bar, until_interrupted
from heddle.commands.sources import Source

if TYPE_CHECKING:
    from heddle.training import TrainableNetwork, Training, TrainingTask

VALIDATION, TEST = 2**63, 2**63 + 1  # batches that no step trains on


def train(
    network: Annotated[
        str,
        typer.Argument(help="gaussian:n=200,g=1.2,tau=0.1, dale, …; a file of weights; a library."),
    ],
    task: Annotated[
        str,
        typer.Argument(
            help="flip_flop:bits=3, delayed_reach, context_integration, memory_saccade, "
            "ready_set_go, or motif_production with motif files or a font."
        ),
    ],
    files: options.MotifFiles = None,
    font: options.Font = None,
    letters: options.Letters = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help="The training: .h5. What is there is gone on from, to the same bits.",
        ),
    ] = Path("training.h5"),
    of: Annotated[
        str | None,
        typer.Option(
            help="What is trained: some of weights, loops, loops[0].u, bias, input, readout, "
            "initial, gains. All but the weights where there are loops or gains, else all.",
            show_default=False,
        ),
    ] = None,
    rank: Annotated[int, typer.Option(min=0, help="Of each loop; 0: none.")] = 0,
    dale: Annotated[
        bool, typer.Option("--dale", help="Weights keep the sign of their column.")
    ] = False,
    sparse: Annotated[bool, typer.Option("--sparse", help="Weights of 0 stay 0.")] = False,
    norm: Annotated[
        list[str] | None,
        typer.Option(help="weights=12: the largest Frobenius norm.", show_default=False),
    ] = None,
    response: ResponseName = "tanh",
    optimiser: Annotated[
        str, typer.Option(help="adam, a new batch each step; lbfgs, always the first.")
    ] = "adam",
    steps: Annotated[int, typer.Option(help="Of the whole training.")] = 1000,
    trials: Annotated[int, typer.Option(min=1, help="In a batch.")] = 32,
    rate: Annotated[float, typer.Option(help="Of Adam.")] = 1e-3,
    clip: Annotated[
        float, typer.Option(help="Longer gradients are scaled to this length; 0: never.")
    ] = 1.0,
    window: Annotated[
        int | None, typer.Option(help="Gradients are cut every so many steps.", show_default=False)
    ] = None,
    activity: Annotated[float, typer.Option(help="Weight of the mean squared rate.")] = 0.0,
    target: Annotated[
        float | None, typer.Option(help="Loss at which to stop.", show_default=False)
    ] = None,
    patience: Annotated[
        int | None, typer.Option(help="Steps without improvement to stop.", show_default=False)
    ] = None,
    test: Annotated[int, typer.Option(min=1, help="Trials of validation, and of the score.")] = 200,
    seed: options.Seed = 0,
    threads: options.Threads = 0,
    figure: Picture = None,
    json: options.Json = False,
) -> None:
    """Train a network on a task, by gradients through time, under constraints.

    The best network, by trials it was not trained on, is scored on other trials. Ctrl-C stops and
    keeps all that was done; the same command goes on from there.

    Examples:

        heddle train gaussian:n=200,g=1.2,tau=0.1 flip_flop:bits=2 --steps 500 -o flip_flop.h5

        heddle train dale:n=200,tau=0.05 delayed_reach --dale --sparse --figure loss.png

        heddle train gaussian:n=300,tau=0.1 motif_production:cue=gate,h=0.02 letters/*.csv --rank 4
    """
    import heddle
    from heddle.io.tasks import build_task

    require_kind_of_picture(figure)
    motifs, _ = (
        Source(files or [], font, letters).read() if files or font or letters else ([], None)
    )
    asked = _Asked(build_task(task, motifs=motifs), seed, activity)
    start = _start(network, asked.batch(trials, 0), response, rank, seed)
    named = _named(of, start)
    with until_interrupted() as state, training_bar(state) as progress:
        found = heddle.train(
            start,
            (lambda step: asked.batch(trials, step))
            if optimiser == "adam"
            else asked.batch(trials, 0),
            of=named,
            constraints=_constraints(start, named, dale, sparse, norm or []),
            optimiser=optimiser,
            steps=steps,
            rate=rate,
            clip=clip or None,
            window=window,
            target=target,
            patience=patience,
            validation=asked.batch(test, VALIDATION),
            checkpoint=out,
            threads=threads,
            progress=progress,
        )
    score = asked.score(found.trainable, test, threads)
    write_picture(figure, lambda: _losses_figure(found))
    if json:
        print_json(_data(found, score, out, figure))
        return
    _say(found, score, [path for path in (out, figure) if path is not None])


@dataclass(frozen=True)
class _Asked:
    """A task, and what is the same for all of its batches."""

    task: Any
    seed: int
    activity: float

    def batch(self, trials: int, batch: int) -> TrainingTask:
        from dataclasses import replace

        drawn = self.task.batch(trials, self.seed, batch)
        return replace(drawn, activity=self.activity) if self.activity else drawn

    def score(self, trainable: TrainableNetwork, trials: int, threads: int) -> Any:
        import heddle

        drawn = self.batch(trials, TEST)
        return self.task.score(drawn, heddle.training_outputs(trainable, drawn, threads=threads))


def _start(
    source: str, batch: TrainingTask, response: str | None, rank: int, seed: int
) -> TrainableNetwork:
    import heddle

    channels = np.shape(batch.targets)[2]
    if saved_kind(source) in {"network", "library"}:
        network = heddle.load_network(source)
    else:
        network = heddle.build_network(source, channels=channels, seed=seed, response=response)
    return heddle.trainable_for(network, batch, rank=rank, seed=seed)


def _named(of: str | None, start: TrainableNetwork) -> list[str]:
    if of is not None:
        return [name.strip() for name in of.split(",") if name.strip()]
    modulated = bool(start.loops) or start.gains is not None
    there = {
        "weights": not modulated,
        "loops": bool(start.loops),
        "gains": start.gains is not None,
        "input": start.input is not None,
        "bias": True,
        "initial": True,
        "readout": True,
    }
    return [name for name, present in there.items() if present]


def _constraints(
    start: TrainableNetwork, of: list[str], dale: bool, sparse: bool, norms: list[str]
) -> list[Any]:
    import heddle

    limits: dict[str, dict[str, Any]] = {}
    weights = np.asarray(start.network.weights)
    if (dale or sparse) and "weights" not in of:
        flag = "--dale" if dale else "--sparse"
        raise DomainError(f"{flag} limits the weights, which are not trained; add --of weights")
    if dale:
        limits.setdefault("weights", {})["signs"] = _signs(weights)
    if sparse:
        limits.setdefault("weights", {})["trained"] = (weights != 0).astype(float)
    for item in norms:
        name, _, text = item.partition("=")
        try:
            limits.setdefault(name.strip(), {})["norm"] = float(text)
        except ValueError:
            raise DomainError(f"--norm is {item!r}; give a name and a number, weights=12") from None
    return [heddle.Constraint(parameter=name, **limit) for name, limit in limits.items()]


def _signs(weights: np.ndarray) -> np.ndarray:
    """The sign of each column; DomainError where one has both."""
    excites, inhibits = (weights > 0).any(axis=0), (weights < 0).any(axis=0)
    if (excites & inhibits).any():
        unit = int(np.argmax(excites & inhibits))
        raise DomainError(
            f"--dale: unit {unit} excites and inhibits at the start; begin with weights that obey "
            "Dale's law, as in dale:n=200"
        )
    return excites.astype(float) - inhibits


def _losses_figure(found: Training) -> Any:
    from heddle.plot.training import losses

    return losses(found)


def _data(found: Training, score: Any, out: Path, figure: Path | None) -> dict[str, Any]:
    return {
        "outcome": found.outcome,
        "reason": found.reason,
        "steps": found.steps,
        "best_step": found.best_step,
        "best_loss": found.best_loss,
        "losses": found.losses,
        "validation": found.validation,
        "correct": int(np.sum(score.correct)),
        "trials": len(score.correct),
        "measure": score.measure,
        "out": str(out),
        "figure": None if figure is None else str(figure),
    }


def _say(found: Training, score: Any, written: list[Path]) -> None:
    from scipy.stats import binomtest

    console = stdout()
    console.print(found.reason, soft_wrap=True, markup=False)
    correct, trials = int(np.sum(score.correct)), len(score.correct)
    low, high = binomtest(correct, trials).proportion_ci()  # Clopper and Pearson's
    console.print(
        f"{correct} of {trials} new trials are correct: {100 * correct / trials:.3g} % "
        f"(95 %: {100 * low:.3g} to {100 * high:.3g})",
        soft_wrap=True,
    )
    for path in written:
        console.print(f"wrote {path}", soft_wrap=True)
    if found.outcome == "interrupted":
        console.print("the same command goes on from here", soft_wrap=True)
