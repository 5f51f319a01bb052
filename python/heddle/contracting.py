"""Whether all trajectories of a network approach each other: tests in several norms, gathered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from heddle import _core
from heddle._core import DomainError, Network, ThresholdLinear
from heddle.lmi import Sector, contraction_lmi
from heddle.progress import Progress

Array = NDArray[np.float64]
NORMS = ("l1", "linf", "l2")
MOST_LMI = 60  # states and units together, halved: beyond, the inequality takes minutes
MOST_PLANES = 24  # units up to which cutting planes look for multipliers
MOST_FREQUENCY = 500  # states


@dataclass(frozen=True)
class ContractionTest:
    """What one norm proves: |x(t) − y(t)| ≤ e^{−rate t} |x(0) − y(0)| for any two trajectories.

    norm l1: Σ η_i |x_i|; linf: max |x_i| / η_i; l2: √(xᵀ P x).
    """

    norm: str
    method: str  # "Perron", "frequency", "inequality", "Lyapunov" or "singular value"
    rate: float  # 1/s; what is proven, or a bound on growth if below 0; −inf if nothing is known
    certified: bool  # rate > 0, or for the frequency test: contraction at some rate
    statement: str
    margin: float = float("nan")  # of the frequency test or the inequality
    frequency: float = float("nan")  # where the margin is smallest, rad/s
    weights: Array | None = None  # η, (n,)
    matrix: Array | None = None  # P, (n, n)
    multipliers: Array | None = None  # (m,)


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

    Slopes are in [0, 1] (tanh, rectified, softplus), or 1 (linear units). The norms l1 and linf,
    with the best weights, cost a Perron root; l2 with the best matrix P a linear matrix inequality
    (up to 60 units; SCS, the extra `heddle[certify]`) or, for up to 24 rectified units on a linear
    network, a frequency test with the best multipliers. Beyond that l2 tries P = 1.

    network  a Network of any response, or a ThresholdLinear
    form     of a Network: "input", τ ẋ = −x + W φ(x) + b, or "rate", τ ṙ = −r + φ(W r + b)
    norms    which of l1, linf, l2
    lmi      whether the inequality is tried
    progress called with (done, total) between solves

    Returns a Contraction. Raises DomainError for other words. Davydov, Proskurnikov & Bullo (2022),
    arXiv 2110.08298; for the inequality Gokhale et al., arXiv 2604.00119.
    """
    _require(form, norms)
    units = isinstance(network, ThresholdLinear)
    tests = [] if units else [_perron(network, n, form) for n in norms if n != "l2"]
    if "l2" in norms:
        tests += _euclidean(network, _sector(network, form), network.tau, lmi, progress)
    abscissa = _abscissa(network) / network.tau
    rates = [test.rate for test in tests if test.certified]
    certified = bool(rates)
    return Contraction(
        tests=tests,
        certified=certified,
        rate=max(rates, default=float("-inf")),
        abscissa=abscissa,
        possible=abscissa < 0,
        statement=_statement(tests, rates, abscissa, units),
    )


def find_multipliers(
    system: ThresholdLinear, *, planes: int = 60
) -> tuple[_core.FrequencyTest, Array]:
    """The frequency test with multipliers, (m,), that pass it, or nearly do, by cutting planes.

    λ_min(H(ω)) is concave in D: each test's minimum gives a plane above the margin, and a linear
    program (HiGHS) the next D, 0 < D ≤ 1, or that none passes.
    """
    m = system.units
    best, tried, cuts = None, np.ones(m), []
    for _ in range(planes):
        test = _core.frequency_test(system, np.maximum(tried, 1e-6))
        if best is None or test.margin > best[0].margin:
            best = (test, tried)
        if test.certified or test.abscissa >= 0 or not np.isfinite(test.margin):
            break
        cuts.append([*_plane(system, test), -1.0])
        found = linprog(
            np.append(np.zeros(m), -1.0),
            A_ub=-np.array(cuts),
            b_ub=np.zeros(len(cuts)),
            bounds=[(1e-6, 1)] * m + [(None, 2.0)],
        )
        if found.x is None or found.x[-1] <= 0:
            break
        # Half way to the best so far: planes alone leap from corner to corner.
        tried = 0.5 * (found.x[:m] + best[1])
    return best


def _plane(system: ThresholdLinear, test: _core.FrequencyTest) -> Array:
    """a with vᴴ H(ω) v = Σ a_j D_j for every D, v of unit length."""
    v = test.direction
    norm = float(np.vdot(v, v).real)
    if norm == 0:
        return 2.0 * (np.arange(system.units) == 0)
    shift = 1j * test.frequency * system.tau * np.eye(system.states) - system.linear
    seen = v - system.inputs @ np.linalg.solve(shift, system.outputs @ v)
    return 2.0 * (v.conj() * seen).real / norm


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
    w = np.asarray(w.todense() if hasattr(w, "todense") else w)
    if network.response == "linear":
        empty = np.zeros((network.size, 0))
        return Sector(w - one, empty, empty.T)
    return Sector(-one, w, one) if form == "input" else Sector(-one, one, w)


def _perron(network: Network, norm: str, form: str) -> ContractionTest:
    found = _core.norm_contraction(network, norm, form)
    return ContractionTest(
        norm, "Perron", found.rate, found.certified, found.statement, weights=found.weights
    )


def _euclidean(
    network: Network | ThresholdLinear,
    sector: Sector,
    tau: float,
    lmi: bool,
    progress: Progress | None,
) -> list[ContractionTest]:
    n, m = sector.u.shape
    tests = []
    if isinstance(network, ThresholdLinear) and 0 < m <= MOST_PLANES and n <= MOST_FREQUENCY:
        tests.append(_frequency(network))
    small = n + m <= 2 * MOST_LMI if m else n <= MOST_FREQUENCY
    if m == 0 and small:
        tests.append(_inequality(sector, tau, "Lyapunov", progress))
    elif lmi and small:
        tests.append(_inequality(sector, tau, "inequality", progress))
    return tests or [_plain(sector, tau)]


def _frequency(system: ThresholdLinear) -> ContractionTest:
    found = find_multipliers(system)
    test, multipliers = found
    if test.certified:
        words = (
            f"the frequency test holds at every frequency, with margin {test.margin:.3g} at "
            f"{test.frequency:.4g} rad/s: any two trajectories approach each other"
        )
    elif test.abscissa >= 0:
        words = f"the linear part is unstable by itself, {test.abscissa / system.tau:.4g} 1/s"
    else:
        words = (
            f"the frequency test fails by {-test.margin:.3g} at {test.frequency:.4g} rad/s, "
            "with the best multipliers found"
        )
    return ContractionTest(
        "l2",
        "frequency",
        0.0 if test.certified else float("-inf"),
        test.certified,
        words,
        margin=test.margin,
        frequency=test.frequency,
        multipliers=multipliers,
    )


def _inequality(
    sector: Sector, tau: float, method: str, progress: Progress | None
) -> ContractionTest:
    found = contraction_lmi(sector, progress=progress)
    rate = float(found.rate / tau)
    name = "a matrix inequality" if method == "inequality" else "a Lyapunov equation"
    words = (
        f"any two trajectories approach each other at {rate:.4g} 1/s or faster in an ellipsoidal "
        f"norm, by {name}, checked by Cholesky factors"
        if rate > 0
        else f"{name} found no ellipsoidal norm that proves contraction"
    )
    return ContractionTest(
        "l2",
        method,
        rate,
        rate > 0,
        words,
        margin=float(found.margin),
        matrix=found.p,
        multipliers=found.multipliers,
    )


def _plain(sector: Sector, tau: float) -> ContractionTest:
    """P = 1: the logarithmic norm of A and the singular values of U and V."""
    symmetric = (sector.a + sector.a.T) / 2
    growth = float(np.linalg.eigvalsh(symmetric)[-1])
    if sector.u.shape[1]:
        growth += float(np.linalg.norm(sector.u, 2) * np.linalg.norm(sector.v, 2))
    rate = -(growth + 1e-12 * (1 + abs(growth))) / tau
    words = (
        f"any two trajectories approach each other at {rate:.4g} 1/s or faster in the plain 2-norm"
        if rate > 0
        else f"the plain 2-norm proves no contraction: growth of up to {-rate:.4g} 1/s is possible"
    )
    return ContractionTest("l2", "singular value", rate, rate > 0, words)


def _abscissa(network: Network | ThresholdLinear) -> float:
    """Of the Jacobian where all slopes are 1, and where all are 0."""
    if isinstance(network, ThresholdLinear):
        ends = [network.linear, network.linear + network.outputs @ network.inputs]
        return max(float(np.linalg.eigvals(end).real.max()) for end in ends)
    return float(_core.eigenvalues(network.weights).real.max()) - 1


def _statement(
    tests: list[ContractionTest], rates: list[float], abscissa: float, units: bool
) -> str:
    if rates:
        best = max((test for test in tests if test.certified), key=lambda test: test.rate)
        return best.statement
    if abscissa >= 0:
        where = "where all units are active or all silent" if units else "where all slopes are 1"
        grows = f"some direction grows at {abscissa:.4g} 1/s"
        return f"no global contraction is possible: {where}, {grows}"
    return "nothing is proven: no test succeeds, and none shows that contraction is impossible"
