"""Adapters that place the modes of a recurrent map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment

from heddle._core import (
    DomainError,
    Loops,
    Network,
    Placement,
    bulk_of,
    closed_spectrum,
    eigenvalues,
    loop_gain,
    loops_needed,
    place_eigenvalues,
)
from heddle.adapters.bases import Base, state_map
from heddle.adapters.factors import canonical
from heddle.adapters.modes import TIMES, margin
from heddle.adapters.values import DTYPES, Adapter, AdapterModule
from heddle.brief import Brief
from heddle.io.safetensors_file import rounded_to
from heddle.progress import Progress

Array = NDArray[np.float64]
ROUNDING = {"F64": 2.0**-53, "F32": 2.0**-24, "F16": 2.0**-11, "BF16": 2.0**-8}  # relative


@dataclass(frozen=True, eq=False, repr=False)
class AdapterDesign(Brief):
    """An adapter that places modes, what it cost, and what its file keeps of it.

    The modes of a map in continuous time are stable where Re λ < 1, in discrete time where |λ| < 1.
    """

    adapter: Adapter  # one module, U = B and V = Aᵀ with s = 1, rounded to `dtype`
    module: str
    time: str  # "continuous": τ ẋ = −x + W x; "discrete": x(t + 1) = W x(t)
    placement: Placement  # before rounding: targets, error, condition, gain, trusted, reason
    error: Array  # of each target in W + ΔW as the file has it, shape (m,)
    rounding: float  # the largest |x − x̂| / max |x| of the entries of A and of B
    gain: float  # ‖ΔW‖_F
    least_gain: float  # that of the least loops, by the gain law for iid weights
    efficiency: float  # least_gain / gain; about 1 at best, 0 where the law asks for no gain
    margin_before: float  # 1 − max Re λ or 1 − max |λ| of W
    margin_after: float  # of W + ΔW as the file has it
    trusted: bool  # the placement is, and rounding moved no target by more than the tolerance
    reason: str  # why not, and what would help; empty if trusted


def design_adapter(
    base: ArrayLike | Base,
    targets: ArrayLike,
    *,
    module: str = "cortex",
    rank: int | None = None,
    time: str = "continuous",
    dtype: str = "F32",
    tolerance: float = 1e-4,
    directions: str = "dealt",
    transposed: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> AdapterDesign:
    """An adapter B A of least gain, given B, such that W + B A has the eigenvalues `targets`.

        (W + U Vᵀ) r_i = λ_i r_i ,   B = U ,   A = Vᵀ

    base        W of a map of a state to itself, shape (n, n); or arrays by name or safetensors
                files that hold it as `module` or `module`.weight
    targets     λ_i, shape (m,), closed under conjugation, none an eigenvalue of W, none more often
                than `rank`
    module      name in the model. Names of transformers' layers are refused: these are maps from
                one space to another, and eigenvalues of them mean nothing
    rank        loops; None for the fewest with which the gain law expects the targets to stand
                rounding to `dtype` (`loops_needed`)
    time        what stable means: "continuous", Re λ < 1, or "discrete", |λ| < 1
    dtype       F64, F32, F16 or BF16, in which `write_adapter` will store it
    tolerance   largest error of a target that still counts as placed, after rounding
    directions  "dealt" or "optimised", as in `place_eigenvalues`
    transposed  whether the model stores the map as (in, out)

    Raises DomainError or ShapeError as `place_eigenvalues` does, for options out of range and
    weights that are not there. Costs a placement and two spectra of O(n³). See Logiaco, Abbott &
    Escola (2021), and Kautsky, Nichols & Van Dooren (1985) for the directions.
    """
    _require_options(module, time, dtype, tolerance)
    weights = state_map(base, module, transposed=transposed)
    wanted = np.atleast_1d(np.asarray(targets, np.complex128))
    count = _fewest(weights, wanted, tolerance, dtype) if rank is None else rank
    placement = place_eigenvalues(
        Network(weights),
        wanted,
        loops=count,
        directions=directions,
        tolerance=tolerance,
        seed=seed,
        progress=progress,
    )
    made, rounding = _rounded(placement, dtype, transposed)
    return _described(weights, module, time, placement, made, rounding, tolerance)


def _require_options(module: str, time: str, dtype: str, tolerance: float) -> None:
    if not isinstance(module, str) or not module:
        raise DomainError(f"module is {module!r}; give the name of a module of the model")
    if time not in TIMES:
        raise DomainError(f"time is {time!r}; give one of {', '.join(TIMES)}")
    if dtype not in DTYPES:
        raise DomainError(f"dtype is {dtype!r}; give one of {', '.join(DTYPES)}")
    if not tolerance > 0:
        raise DomainError(f"tolerance is {tolerance!r}; give a number above 0")


def _fewest(weights: Array, targets: NDArray[np.complex128], tolerance: float, dtype: str) -> int:
    found = loops_needed(
        targets,
        bulk_of(weights),
        len(weights),
        tolerance=tolerance,
        eta=ROUNDING[dtype],
        most=len(targets),
    )
    return found or len(targets)


def _rounded(placement: Placement, dtype: str, transposed: bool) -> tuple[AdapterModule, float]:
    """Balanced factors as the file will have them, and the largest rounding of an entry."""
    change = canonical(AdapterModule(placement.loops.v.T, placement.loops.u))
    root = np.sqrt(change.s)
    exact = {"A": (change.Q * root).T, "B": change.P * root}
    stored = {name: rounded_to(name, each, dtype) for name, each in exact.items()}
    worst = max(
        float(np.max(np.abs(stored[name] - each)) / np.max(np.abs(each)))
        for name, each in exact.items()
    )
    made = AdapterModule(stored["A"], stored["B"], transposed=transposed, dtype=dtype)
    return made, worst


def _described(
    weights: Array,
    module: str,
    time: str,
    placement: Placement,
    made: AdapterModule,
    rounding: float,
    tolerance: float,
) -> AdapterDesign:
    after = closed_spectrum(weights, Loops(made.B.astype(float), made.A.T.astype(float)))
    error = _distances(placement.targets, after)
    gain = float(np.linalg.norm(canonical(made).s))
    least = loop_gain(placement.targets, made.rank, bulk_of(weights))
    worst = float(error.max())
    reason = placement.reason
    if placement.trusted and worst > tolerance:
        reason = (
            f"rounding to {made.dtype} moves a target by {worst:.2g}, and the tolerance is "
            f"{tolerance:.2g}; a higher rank or a wider dtype would help"
        )
    return AdapterDesign(
        adapter=Adapter({module: made}),
        module=module,
        time=time,
        placement=placement,
        error=error,
        rounding=rounding,
        gain=gain,
        least_gain=least,
        efficiency=least / gain if gain > 0 else 0.0,
        margin_before=margin(eigenvalues(weights), time),
        margin_after=margin(after, time),
        trusted=not reason,
        reason=reason,
    )


def _distances(targets: NDArray[np.complex128], values: NDArray[np.complex128]) -> Array:
    """Of each target from an eigenvalue of its own."""
    apart = np.abs(np.asarray(targets)[:, None] - values)
    return apart[linear_sum_assignment(apart)]
