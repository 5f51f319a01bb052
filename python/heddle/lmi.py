"""The linear matrix inequality of contraction, solved by SCS and checked without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.sparse
from numpy.typing import NDArray

from heddle._core import DomainError
from heddle.progress import Progress

Array = NDArray[np.float64]
MOST_MULTIPLIERS = 100.0  # of the largest eigenvalue of P
MOST_FULL = 24  # states up to which P is a full matrix; beyond, it is diagonal


@dataclass(frozen=True)
class Sector:
    """τ ẋ = A x + U φ(V x + c) + h with slopes of φ in [0, 1], time in τ."""

    a: Array  # (n, n)
    u: Array  # (n, m)
    v: Array  # (m, n)


@dataclass(frozen=True)
class Inequality:
    """P ≻ 0 and Λ ≥ 0 with [AᵀP + PA + 2ρP, PU + VᵀΛ; ·, −2Λ] ⪯ 0, ρ in 1/τ, checked."""

    p: Array  # (n, n)
    multipliers: Array  # (m,)
    rate: float  # ρ; −inf where nothing is proven
    margin: float  # least eigenvalue of minus the matrix, at that rate


def contraction_lmi(
    sector: Sector, *, solves: int = 5, iterations: int = 4000, progress: Progress | None = None
) -> Inequality:
    """The largest rate found: each solve asks for more than the best so far, or for less than what
    failed. Raises DomainError if SCS, the extra `heddle[certify]`, is not installed."""
    if len(sector.v) == 0:
        return _linear(sector)
    limit = -float(np.linalg.eigvals(sector.a).real.max())
    best = Inequality(np.eye(len(sector.a)), np.ones(len(sector.v)), -np.inf, 0.0)
    low, high = 0.0, limit
    for step in range(solves if limit > 0 else 0):
        if progress is not None:
            progress(step, solves)
        asked = 0.0 if step == 0 else 0.5 * (low + high)
        found = checked(sector, *_solved(sector, asked, iterations))
        if found.rate > best.rate:
            best = found
        if best.rate <= 0:
            break
        low = max(low, best.rate)
        if found.rate < asked:
            high = min(high, max(asked, low))
        if high - low < 0.01 * high:
            break
    return best


def checked(sector: Sector, p: Array, multipliers: Array) -> Inequality:
    """The largest rate for which Cholesky factors exist with a margin above all rounding, whatever
    P and Λ are: by Schur's complement, then lowered until the factors exist (Rump 2006, BIT 46)."""
    nothing = Inequality(p, multipliers, -np.inf, 0.0)
    if not (np.all(np.isfinite(p)) and np.all(multipliers > 0)):
        return nothing
    off = p @ sector.u + sector.v.T * multipliers
    lyapunov = sector.a.T @ p + p @ sector.a
    schur = -lyapunov - (off / (2 * multipliers)) @ off.T
    try:
        rate = 0.5 * scipy.linalg.eigh((schur + schur.T) / 2, p, eigvals_only=True)[0]
    except np.linalg.LinAlgError:
        return nothing
    for lower in (1e-6, 1e-4, 1e-2, 1e-1):
        trial = rate - lower * (abs(rate) + 1e-3)
        block = np.block([[-lyapunov - 2 * trial * p, -off], [-off.T, np.diag(2 * multipliers)]])
        if positive(block) and positive(p):
            return Inequality(p, multipliers, trial, float(np.linalg.eigvalsh(block)[0]))
    return nothing


def positive(matrix: Array) -> bool:
    """Whether a symmetric matrix is positive definite for certain: a Cholesky factor exists after
    more than what rounding, here and in its entries, can be is taken from the diagonal."""
    size = len(matrix)
    slack = 20 * (size + 2) * np.finfo(float).eps * max(np.abs(matrix).sum(1).max(), 1e-300)
    try:
        np.linalg.cholesky((matrix + matrix.T) / 2 - slack * np.eye(size))
    except np.linalg.LinAlgError:
        return False
    return True


def _linear(sector: Sector) -> Inequality:
    """Without units: P of a Lyapunov equation just short of the abscissa."""
    n = len(sector.a)
    rate = -float(np.linalg.eigvals(sector.a).real.max())
    shift = (rate - 1e-3 * (abs(rate) + 1e-3)) * np.eye(n)
    p = scipy.linalg.solve_continuous_lyapunov((sector.a + shift).T, -np.eye(n))
    p = (p + p.T) / np.abs(p + p.T).max()
    return checked(sector, p, np.ones(0))


def _solved(sector: Sector, rate: float, iterations: int) -> tuple[Array, Array]:
    """P and Λ that leave most room: t at most, −LMI ⪰ t, P ⪰ t, P ⪯ 1, 0 ≤ Λ ≤ the bound."""
    try:
        import scs
    except ImportError as error:
        raise DomainError(
            "the l2 test by a linear matrix inequality needs SCS: pip install 'heddle[certify]'; "
            "norms l1 and linf need nothing"
        ) from error
    n, m = sector.u.shape
    basis = _symmetric_basis(n, full=n <= MOST_FULL)
    blocks = [_lmi_of(sector, p, None, rate) for p in basis]
    blocks += [_lmi_of(sector, None, j, rate) for j in range(m)]
    rows = [
        np.column_stack([*[-_svec(b) for b in blocks], _svec(np.eye(n + m))]),
        np.column_stack([*[-_svec(p) for p in basis], np.zeros((_length(n), m)), _svec(np.eye(n))]),
        np.column_stack([*[_svec(p) for p in basis], np.zeros((_length(n), m + 1))]),
    ]
    bounds = np.hstack([np.zeros((m, len(basis))), np.eye(m), np.zeros((m, 1))])
    constraint = scipy.sparse.csc_matrix(np.vstack([bounds, -bounds, *rows]))
    right = np.concatenate(
        [np.full(m, MOST_MULTIPLIERS), np.zeros(m + _length(n + m) + _length(n)), _svec(np.eye(n))]
    )
    objective = np.zeros(len(basis) + m + 1)
    objective[-1] = -1
    data = {"A": constraint, "b": right, "c": objective}
    solver = scs.SCS(
        data, {"l": 2 * m, "s": [n + m, n, n]}, verbose=False, eps_abs=1e-7, max_iters=iterations
    )
    x = solver.solve()["x"]
    p = np.tensordot(x[: len(basis)], np.array(basis), 1)
    return p, np.maximum(x[len(basis) : -1], 1e-9)


def _lmi_of(sector: Sector, p: Array | None, multiplier: int | None, rate: float) -> Array:
    """Minus the matrix, for P alone or for one multiplier alone."""
    n, m = sector.u.shape
    block = np.zeros((n + m, n + m))
    if p is not None:
        block[:n, :n] = -(sector.a.T @ p + p @ sector.a + 2 * rate * p)
        block[:n, n:] = -p @ sector.u
    if multiplier is not None:
        block[:n, n + multiplier] = -sector.v[multiplier]
        block[n + multiplier, n + multiplier] = 2
    block[n:, :n] = block[:n, n:].T
    return block


def _symmetric_basis(n: int, *, full: bool) -> list[Array]:
    basis = []
    for j in range(n):
        for i in range(j + 1) if full else (j,):
            one = np.zeros((n, n))
            one[i, j] = one[j, i] = 1
            basis.append(one)
    return basis


def _length(n: int) -> int:
    return n * (n + 1) // 2


def _svec(matrix: Array) -> Array:
    """The lower triangle by columns, off the diagonal times √2, as SCS wants it."""
    n = len(matrix)
    column, row = np.triu_indices(n)
    return matrix[row, column] * np.where(row == column, 1, np.sqrt(2))
