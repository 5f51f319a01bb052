"""The architectures that are trained, as they are before training.

In each of them W, b, C and the preparatory loops are shared, and every other parameter belongs to
one motif: a column of the inputs (additive), a column of gains (multiplicative), or a gated loop.
With a preparation, a motif has a column of cues too, which is its input while it is prepared.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from heddle import _core
from heddle._core import Loops, Network, Repertoire
from heddle.robustness.parts import ADDED, TAU, WEIGHTS, Performer, Problem
from heddle.robustness.protocol import RADII, STABLE
from heddle.training.values import TrainableNetwork

Array = NDArray[np.float64]
INPUT, GAIN = 0.5, 0.1  # deviations of first inputs and of first gains around 1
SHARED = ("weights", "bias", "readout")


def untrained(problem: Problem) -> Performer:
    """The network before training, with the motifs of its library."""
    n, count = problem.cell.n, problem.protocol.motifs
    weights = _core.gaussian_weights(n, RADII[problem.cell.response], seed=problem.seed)
    readout = problem.normals(WEIGHTS, 1, n) / np.sqrt(n)
    network = Network(
        weights=weights,
        tau=TAU,
        response=problem.cell.response,
        bias=np.zeros(n),
        readout=readout,
    )
    empty = TrainableNetwork(network, loops=preparatory_loops(problem))
    made = empty
    for motif in range(count):
        made = with_motif(problem, made, motif)
    return performer(problem, made, count)


def preparatory_loops(problem: Problem) -> tuple[Loops, ...]:
    """Those of the closed form, for the same weights at the radius at which they are stable."""
    if not problem.cell.preparation:
        return ()
    n = problem.cell.n
    weights = _core.gaussian_weights(n, STABLE, seed=problem.seed)
    return (_core.design_preparation(weights, _rank(problem)).loops,)


def _rank(problem: Problem) -> int:
    return max(1, round(problem.protocol.preparatory_fraction * problem.cell.n))


def with_motif(problem: Problem, network: TrainableNetwork, motif: int) -> TrainableNetwork:
    """The network with first parameters for one motif more; all others stay as they are."""
    random = problem.generator(ADDED, motif)
    n, kind = problem.cell.n, problem.cell.architecture
    if kind == "loops":
        u, v = random.standard_normal((2, n, problem.protocol.rank)) / np.sqrt(n)
        network = replace(network, loops=(*network.loops, Loops(u=u, v=v)))
    if kind == "multiplicative":
        network = replace(
            network, gains=_beside(network.gains, 1 + GAIN * random.standard_normal(n))
        )
    if kind == "additive":
        network = replace(network, input=_beside(network.input, INPUT * random.standard_normal(n)))
    if problem.cell.preparation:
        network = replace(network, input=_beside(network.input, INPUT * random.standard_normal(n)))
    return network


def _beside(array: Array | None, column: Array) -> Array:
    return column[:, None] if array is None else np.column_stack([array, column])


def performer(problem: Problem, network: TrainableNetwork, count: int) -> Performer:
    """The network, with what it is given for each of `count` motifs."""
    one_hot, prepared = np.eye(count), problem.cell.preparation
    given: dict[str, Array] = {}
    if problem.cell.architecture == "multiplicative":
        given["gain_weights"] = one_hot
    if problem.cell.architecture == "loops":
        given["gates"] = np.vstack([np.zeros((int(prepared), count)), one_hot])
    elif prepared:
        given["gates"] = np.zeros((1, count))
    if prepared:
        given["preparatory_gates"] = np.zeros_like(given["gates"])
        given["preparatory_gates"][0] = 1.0
    given |= _inputs(problem, one_hot)
    repertoire = Repertoire(
        h=problem.h,
        steps=problem.protocol.motif_steps,
        preparation=problem.preparation_steps,
        targets=list(problem.targets(count)[:, :, None]),
        **given,
    )
    return Performer(network, repertoire, np.zeros((count, problem.cell.n)))


def _inputs(problem: Problem, one_hot: Array) -> dict[str, Array]:
    """Which columns of B a motif has, in the order of `with_motif`: its input, then its cue."""
    additive, prepared = problem.cell.architecture == "additive", problem.cell.preparation
    width = int(additive) + int(prepared)
    if width == 0:
        return {}
    own, cue = np.zeros((2, width, 1))
    own[0], cue[-1] = additive, 1.0
    found = {"inputs": np.kron(one_hot, own)}
    return found | ({"cues": np.kron(one_hot, cue)} if prepared else {})


def trained_parts(problem: Problem) -> tuple[str, ...]:
    """What is trained with the whole library."""
    return SHARED + (("loops[0]",) if problem.cell.preparation else ()) + _own(problem)


def _own(problem: Problem) -> tuple[str, ...]:
    """Parts that hold parameters of single motifs, all motifs together."""
    first, count = int(problem.cell.preparation), problem.protocol.motifs
    kind = problem.cell.architecture
    own = {
        "additive": ("input",),
        "multiplicative": ("gains",),
        "loops": tuple(f"loops[{first + k}]" for k in range(count)),
    }[kind]
    return own + (("input",) if problem.cell.preparation and kind != "additive" else ())


def added_parts(problem: Problem) -> tuple[str, ...]:
    """What is trained for the motif that is added: columns of other motifs have no gradient."""
    kind, prepared = problem.cell.architecture, problem.cell.preparation
    own = {
        "additive": ("input",),
        "multiplicative": ("gains",),
        "loops": (f"loops[{int(prepared) + problem.protocol.motifs}]",),
    }[kind]
    return own + (("input",) if prepared and kind != "additive" else ())
