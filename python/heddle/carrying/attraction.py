"""Region of attraction of a motif, by simulation with a stated confidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.stats
from numpy.typing import NDArray

from heddle import _core
from heddle._core import CarriedLibrary, DomainError
from heddle.brief import Brief
from heddle.progress import Progress

Array = NDArray[np.float64]
SHAPES = ("gaussian", "ball")


@dataclass(frozen=True, eq=False, repr=False)
class Attraction(Brief):
    """How many displaced starts ended in a motif's tube, and what that says of all of them."""

    motif: str
    radius: float  # of the starts, relative to the amplitude
    tube: float  # asked radius of the tube, relative to the amplitude
    starts: int
    within: int  # starts that stayed in the tube
    probability: float  # within / starts
    lower: float  # with the stated confidence the probability is at least this,
    upper: float  # and with the same confidence at most this
    confidence: float
    distance: Array  # largest |x − x_planned|₂ / (a √n) during the motif, (starts,)
    error: Array  # normalised squared error of the motif, (starts,)
    statement: str


def region_of_attraction(
    carried: CarriedLibrary,
    motif: str,
    *,
    radius: float,
    tube: float,
    starts: int = 1000,
    shape: str = "gaussian",
    confidence: float = 0.999,
    after: str | None = None,
    preparation: bool = True,
    seed: int = 0,
    threads: int = 0,
    progress: Progress | None = None,
) -> Attraction:
    """The probability that a motif absorbs a displacement of its start, with exact bounds.

    Starts are δ off the planned state, with δ ~ N(0, (radius · a)²) for every unit, or uniform in
    the ball |δ|₂ ≤ radius · a √n. Each is followed through the preparation and the motif. It is
    within the tube if |x − x_planned|₂ ≤ tube · a √n at every step of the motif. With k of N
    within, Clopper–Pearson bounds of the probability at confidence c are the quantiles

        lower = B(1 − c; k, N − k + 1) ,   upper = B(c; k + 1, N − k)

    of beta distributions: exact, each on its own side.

    carried      a CarriedLibrary
    motif        the name of one of its motifs
    radius       of the starts, relative to the amplitude; at least 0
    tube         radius, relative to the amplitude; above 0
    starts       N
    shape        "gaussian" or "ball"
    confidence   c, between 0.5 and 1
    after        name of the motif before; left out, the motif's own start, which its preparation
                 holds
    preparation  whether the passage begins with the preparation
    seed         start k draws from stream k: same bits for any number of threads

    Returns an Attraction. Raises DomainError naming the argument. 2 n² flops a step and start.
    Clopper & Pearson (1934), Biometrika 26(4):404.
    """
    _require(tube, shape, confidence)
    distance, error = _core.attraction_trials(
        carried, motif, radius, shape == "ball", starts, after, preparation, seed, threads, progress
    )
    within = int(np.count_nonzero(distance <= tube))
    lower, upper = clopper_pearson(within, starts, confidence)
    return Attraction(
        motif=motif,
        radius=radius,
        tube=tube,
        starts=starts,
        within=within,
        probability=within / starts,
        lower=lower,
        upper=upper,
        confidence=confidence,
        distance=distance,
        error=error,
        statement=(
            f"{within} of {starts} starts of '{motif}', displaced by {radius:g} times the "
            f"amplitude, stayed within {tube:g}: with confidence {confidence:g} at least "
            f"{lower:.4g} of all do"
        ),
    )


def clopper_pearson(hits: int, trials: int, confidence: float) -> tuple[float, float]:
    """Lower and upper bound of a probability, each of the stated confidence."""
    beta = scipy.stats.beta
    lower = beta.ppf(1 - confidence, hits, trials - hits + 1) if hits > 0 else 0.0
    upper = beta.ppf(confidence, hits + 1, trials - hits) if hits < trials else 1.0
    return float(lower), float(upper)


def _require(tube: float, shape: str, confidence: float) -> None:
    if not (tube > 0.0 and np.isfinite(tube)):
        raise DomainError(f"tube: found {tube}, expected a radius above 0, relative to amplitude")
    if shape not in SHAPES:
        raise DomainError(f"shape: found {shape!r}, expected gaussian or ball")
    if not 0.5 < confidence < 1.0:
        raise DomainError(f"confidence: found {confidence}, expected between 0.5 and 1")
