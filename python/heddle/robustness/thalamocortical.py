"""The analytic architecture: loops that place eigenvalues, in a network that is never trained.

The design is that of `heddle.design`, for the steps as they are taken: a mode that shall move as
e^{(λ − 1) t / τ} has in Euler's steps of length η τ the eigenvalue

    λ' = 1 + (e^{η (λ − 1)} − 1) / η ,

so the output of a linear network is the fit, to rounding. Around a point x̄ where φ is linear the
design is carried into the network as x = x̄ + α δ, with tonic inputs that make x̄ a fixed point.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import heddle
from heddle import _core
from heddle._core import Library, Loops, ModeFit, Motif, MotifLoops, Network, Repertoire
from heddle.robustness.parts import TAU, WEIGHTS, Performer, Problem
from heddle.robustness.protocol import STABLE
from heddle.training.values import TrainableNetwork

Array = NDArray[np.float64]
CENTRES = {"linear": 0.0, "tanh": 0.0, "rectified": 1.0}  # x̄, the same for all units


def designed(problem: Problem) -> tuple[Performer, Performer]:
    """The network with its library, and the same with one motif more."""
    count = problem.protocol.motifs
    motifs = [
        Motif(name=f"m{k}", values=values[:, None], dt=problem.h)
        for k, values in enumerate(problem.targets(count + 1))
    ]
    library = heddle.extend(_library(problem, motifs[:count]), motifs[count:], threads=1)
    designs = [_stepwise(problem, library, design) for design in library.motifs]
    scale = _scale(problem, designs[:count], library)
    return (
        _performer(problem, library, designs[:count], scale),
        _performer(problem, library, designs, scale),
    )


def _library(problem: Problem, motifs: list[Motif]) -> Library:
    n, protocol = problem.cell.n, problem.protocol
    readout = problem.normals(WEIGHTS, 1, n) / np.sqrt(n)
    network = Network(
        weights=_core.gaussian_weights(n, STABLE, seed=problem.seed),
        tau=TAU,
        bias=np.zeros(n),
        readout=readout - readout.mean(),  # blind to the common x̄
    )
    return heddle.design(
        motifs,
        network,
        loops=protocol.rank,
        preparation_time=protocol.preparation,
        preparation_fraction=protocol.preparatory_fraction,
        seed=problem.seed,
        threads=1,
    )


def _stepwise(problem: Problem, library: Library, design: MotifLoops) -> MotifLoops:
    """The loops whose modes move in Euler's steps as those of the design do in time."""
    eta, fit = problem.protocol.step, design.fit
    rates = np.expm1(eta * (fit.eigenvalues - 1)) / eta
    values = {name: getattr(fit, name) for name in ModeFit._fields}
    stepped = ModeFit(**(values | {"eigenvalues": 1 + rates}))
    loops = problem.protocol.rank
    (found,) = heddle.design_motif_loops(
        library.network, [design.motif], [stepped], loops=loops, seed=problem.seed, threads=1
    )
    return found


def _scale(problem: Problem, designs: list[MotifLoops], library: Library) -> float:
    """α: no unit of the library is planned to be further from x̄ than the amplitude."""
    if problem.cell.response == "linear":
        return 1.0
    far = max(
        np.abs(_planned(problem, stepped, design)).max()
        for stepped, design in zip(designs, library.motifs, strict=False)
    )
    return problem.protocol.amplitude / float(far)


def _planned(problem: Problem, stepped: MotifLoops, design: MotifLoops) -> Array:
    """x* + Σ Re r_m e^{(λ_m − 1) t / τ}, shape (n, steps + 1)."""
    times = problem.protocol.step * np.arange(problem.protocol.motif_steps + 1)
    moved = np.exp(np.outer(design.fit.eigenvalues - 1, times))
    return np.asarray(stepped.fixed_point[:, None] + (stepped.modes @ moved).real)


def _performer(
    problem: Problem, library: Library, designs: list[MotifLoops], scale: float
) -> Performer:
    n, centre = problem.cell.n, CENTRES[problem.cell.response]
    weights, count = np.asarray(library.network.weights), len(designs)
    prepared = problem.cell.preparation
    first = (library.preparation.loops,) if prepared else ()
    base = np.full(n, centre)
    network = Network(
        weights=weights,
        tau=TAU,
        response=problem.cell.response,
        bias=base - weights @ base,
        readout=library.network.readout / scale,
    )
    states = np.array([base + scale * design.initial_state for design in designs])
    tonic = np.column_stack([_tonic(weights, d, base, scale) for d in designs])
    cues = [_held(network, first[0], state) for state in states] if prepared else []
    trainable = TrainableNetwork(
        network,
        loops=(*first, *(design.loops for design in designs)),
        input=np.column_stack([tonic, *cues]),
    )
    repertoire = _repertoire(problem, count)
    return Performer(trainable, repertoire, np.zeros_like(states) if prepared else states)


def _tonic(weights: Array, design: MotifLoops, base: Array, scale: float) -> Array:
    """What makes x̄ + α x* the fixed point of the motif; φ(x̄) = x̄."""
    loops, state = design.loops, scale * design.fixed_point
    return np.asarray(state - weights @ state - loops.u @ (loops.v.T @ (base + state)))


def _held(network: Network, loops: Loops, state: Array) -> Array:
    """What makes a state the fixed point of the preparation, φ as it is."""
    rates, _ = heddle.unit_response(network.response, state)
    driven = np.asarray(network.weights) @ rates + loops.u @ (loops.v.T @ rates)
    return np.asarray(state - driven - network.bias)


def _repertoire(problem: Problem, count: int) -> Repertoire:
    one_hot, prepared = np.eye(count), problem.cell.preparation
    none = np.zeros((count, count))
    given = {"gates": one_hot, "inputs": one_hot}
    if prepared:
        row = np.ones((1, count))
        given = {
            "gates": np.vstack([0 * row, one_hot]),
            "preparatory_gates": np.vstack([row, none]),
            "inputs": np.vstack([one_hot, none]),
            "cues": np.vstack([none, one_hot]),
        }
    return Repertoire(
        h=problem.h,
        steps=problem.protocol.motif_steps,
        preparation=problem.preparation_steps,
        targets=list(problem.targets(count)[:, :, None]),
        **given,
    )
