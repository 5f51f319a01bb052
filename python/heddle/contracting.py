"""Whether all trajectories of a network approach each other: tests in several norms, gathered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heddle import _core
from heddle._core import DomainError, Network, ThresholdLinear
from heddle.euclidean import ContractionTest, euclidean
from heddle.lmi import Sector
from heddle.progress import Progress

Array = NDArray[np.float64]
NORMS = ("l1", "linf", "l2")


@dataclass(frozen=True)
class Contraction:
    """All tests, and what they say together."""

    tests: list[ContractionTest]
    certified: bool  # whether any test proves contraction
    rate: float  # the largest proven rate, 1/s
    abscissa: (
        float  # largest real part over regions looked at, 1/s: 0 or more rules contraction out
    )
    possible: bool  # False where that is so
    statement: str


def contraction(
    network: Network | ThresholdLinear,
    *,
    form: str = "input",
    norms: Sequence[str] = NORMS,
    lmi: bool = True,
    progress: Progress | None = None,
) -> Contraction:
    """Certificates that any two trajectories approach each other.

    Slopes are in [0, 1] (tanh, rectified, softplus), 1 (linear units), or up to a population's
    `steepest`, which then multiplies W. The norms l1 and linf,
    with the best weights, cost a Perron root; l2 with the best matrix P a linear matrix inequality
    (up to 60 units; SCS, the extra `heddle[certify]`) or, for up to 24 rectified units on a linear
    network, a frequency test with the best multipliers. Beyond that l2 tries P = 1.

    network  a Network of any response, or a ThresholdLinear
    form     of a Network: "input", τ ẋ = −x + W φ(x) + b, or "rate", τ ṙ = −r + φ(W r + b)
    norms    which of l1, linf, l2
    lmi      whether the inequality is tried
    progress called with (done, total) between solves

    Returns a Contraction. Raises DomainError for other words, and for exponential hazards, whose
    slopes have no bound. Davydov, Proskurnikov & Bullo (2022),
    arXiv 2110.08298; for the inequality Gokhale et al., arXiv 2604.00119.
    """
    _require(form, norms)
    units = isinstance(network, ThresholdLinear)
    tests = [] if units else [_perron(network, n, form) for n in norms if n != "l2"]
    if "l2" in norms:
        tests += euclidean(network, _sector(network, form), network.tau, lmi, progress)
    abscissa = _abscissa(network) / network.tau
    rates = [test.rate for test in tests if test.certified]
    certified = bool(rates)
    return Contraction(
        tests=tests,
        certified=certified,
        rate=max(rates, default=float("-inf")),
        abscissa=abscissa,
        possible=abscissa < 0,
        statement=_statement(tests, rates, abscissa, network),
    )


def _require(form: str, norms: Sequence[str]) -> None:
    if form not in ("input", "rate"):
        raise DomainError(f"form is {form!r}; expected input or rate")
    for norm in norms:
        if norm not in NORMS:
            raise DomainError(f"norms names {norm!r}; expected some of l1, linf, l2")


def _sector(network: Network | ThresholdLinear, form: str) -> Sector:
    if isinstance(network, ThresholdLinear):
        return Sector(network.linear, network.outputs, network.inputs)
    w, one = network.weights, np.eye(network.size)
    w = _core.slope_bound(network) * np.asarray(w.todense() if hasattr(w, "todense") else w)
    if network.response == "linear":
        empty = np.zeros((network.size, 0))
        return Sector(w - one, empty, empty.T)
    return Sector(-one, w, one) if form == "input" else Sector(-one, one, w)


def _perron(network: Network, norm: str, form: str) -> ContractionTest:
    found = _core.norm_contraction(network, norm, form)
    return ContractionTest(
        norm, "Perron", found.rate, found.certified, found.statement, weights=found.weights
    )


def _abscissa(network: Network | ThresholdLinear) -> float:
    """Of the Jacobian where all slopes are largest, and where all are 0."""
    if isinstance(network, ThresholdLinear):
        ends = [network.linear, network.linear + network.outputs @ network.inputs]
        return max(float(np.linalg.eigvals(end).real.max()) for end in ends)
    most = float(_core.eigenvalues(network.weights).real.max())
    return _core.slope_bound(network) * most - 1


def _statement(
    tests: list[ContractionTest],
    rates: list[float],
    abscissa: float,
    network: Network | ThresholdLinear,
) -> str:
    if rates:
        best = max((test for test in tests if test.certified), key=lambda test: test.rate)
        return best.statement
    if abscissa >= 0:
        where = "where all units are active or all silent"
        if isinstance(network, Network):
            where = f"where all slopes are {_core.slope_bound(network):.4g}"
        grows = f"some direction does not decay (rate {abscissa:.3g} 1/s)"
        return f"no global contraction is possible: {where}, {grows}"
    return "nothing is proven: no test succeeds, and none shows that contraction is impossible"
