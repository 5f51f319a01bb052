"""From pen strokes to smooth timed movements: minimum jerk, pen-up bridges, the pen channel.

Shared by the UNIPEN reader and the Hershey letters; `time_grid` also serves the table readers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline, make_interp_spline
from scipy.optimize import minimize

from heddle._core import DomainError

Array = NDArray[np.float64]
Lift = tuple[float, float]  # the times at which the pen leaves the paper and touches it again

SHORTEST_BRIDGE = 0.1  # s: about the time a pen needs to leave the paper and come back
END_SAMPLES = 5  # whose parabola gives the velocity at the end of a recorded stroke


def time_grid(
    span: float,
    spacing: float,
    *,
    duration: float | None = None,
    dt: float | None = None,
    samples: int | None = None,
) -> tuple[Array, float]:
    """Where to sample a recording of `span` seconds, and the time step of the result.

    With `duration` the recording is stretched in time to last that long. `samples` asks for that
    many samples from the first instant to the last; `dt` for that step, the last sample being the
    last multiple of `dt` within the movement; without either the recording's own samples stay.

    Returns the times on the recording's own clock, shape (T,), and the step of the result in
    seconds. Raises DomainError where an argument is not positive or fewer than two samples remain.
    """
    require_positive(duration=duration, dt=dt, samples=samples)
    if dt is not None and samples is not None:
        raise DomainError(f"give dt or samples, not both (found dt={dt:g} and samples={samples})")
    total = span if duration is None else duration
    count = samples or (round(span / spacing) if dt is None else int(total / dt * (1 + 1e-9))) + 1
    if count < 2:
        asked = f"samples={samples}" if dt is None else f"dt={dt:g} s in a movement of {total:g} s"
        raise DomainError(f"{asked} leaves one sample; a motif needs at least two")
    step = dt if dt is not None else total / (count - 1)
    if np.isclose(step, spacing, rtol=1e-9, atol=0):
        step = spacing  # the recorded step to the last bit where it stays
    return np.arange(count) * (step * span / total), step


def require_positive(**arguments: float | None) -> None:
    for name, value in arguments.items():
        if value is not None and not (np.isfinite(value) and value > 0):
            raise DomainError(f"{name} is {value}; give a positive number")


def minimum_jerk(start: Array, stop: Array, velocities: tuple[Array, Array], time: Array) -> Array:
    """The movement of least jerk from `start` to `stop`, at the times `time`, shape (T, d).

        x(t) = x0 + v0 t + (10 D - 6 v0 B - 4 v1 B) s^3 - (15 D - 8 v0 B - 7 v1 B) s^4
                         + (6 D - 3 v0 B - 3 v1 B) s^5,      s = t/B,  D = x1 - x0

    leaves x0 with velocity v0 and reaches x1 with velocity v1 after B = time[-1] seconds, without
    acceleration at either end: the quintic that minimises the integral of |d^3x/dt^3|^2.
    Source: Flash & Hogan (1985), J. Neurosci. 5(7):1688-1703.
    """
    total = time[-1]
    s = (time / total)[:, None]
    d, v0, v1 = stop - start, velocities[0] * total, velocities[1] * total
    cubic, quartic = 10 * d - 6 * v0 - 4 * v1, 15 * d - 8 * v0 - 7 * v1
    return start + v0 * s + cubic * s**3 - quartic * s**4 + (6 * d - 3 * (v0 + v1)) * s**5


@dataclass(frozen=True)
class Stroke:
    """Consecutive samples at a constant rate, shape (n, d): on the paper, or seen above it."""

    points: Array
    down: bool = True


def connect(strokes: list[Stroke], rate: float, speed: float) -> tuple[Array, list[Lift]]:
    """One uninterrupted movement through recorded strokes: its samples and its pen-up times.

    Every recorded sample is kept. From one stroke on the paper to the next the pen travels by
    `minimum_jerk` with the velocities found at the two ends, in the time the distance takes at
    `speed`, SHORTEST_BRIDGE at least, a whole number of samples. Where a stroke recorded above
    the paper lies between them, that is taken instead. The pen lifts half a sample after the
    last sample on the paper and touches half a sample before the next.

    `rate` in samples per second, `speed` in units of the points per second; times in seconds.
    """
    pieces, down = [strokes[0].points], [strokes[0].down] * len(strokes[0].points)
    for last, following in pairwise(strokes):
        if last.down and following.down:
            pieces.append(_bridge(last.points, following.points, rate, speed))
            down += [False] * len(pieces[-1])
        pieces.append(following.points)
        down += [following.down] * len(following.points)
    switches = (np.flatnonzero(np.diff(np.asarray(down, dtype=int))) + 0.5) / rate
    return np.concatenate(pieces), list(zip(switches[::2], switches[1::2], strict=True))


def _bridge(last: Array, following: Array, rate: float, speed: float) -> Array:
    start, stop = last[-1], following[0]
    seconds = max(float(np.linalg.norm(stop - start)) / speed, SHORTEST_BRIDGE)
    intervals = max(round(seconds * rate), 2)
    time = np.arange(intervals + 1) / rate
    velocities = -_starting_velocity(last[::-1], rate), _starting_velocity(following, rate)
    return minimum_jerk(start, stop, velocities, time)[1:-1]


def _starting_velocity(points: Array, rate: float) -> Array:
    """Velocity at the first sample, from the parabola through the first END_SAMPLES (d,)."""
    near = points[:END_SAMPLES]
    degree = min(2, len(near) - 1)
    return np.polyfit(np.arange(len(near)), near, degree)[-2] * rate if degree else 0 * near[0]


def pen_channel(time: Array, lifts: list[Lift]) -> Array:
    """Pen contact at `time`: 1 on the paper, 0 in the air, smooth in between, shape (T,).

        pen(t) = 1 - sum_k r((t - lift_k)/w_k) r((touch_k - t)/w'_k),
        r(s) = (1 + sin(pi s))/2 for |s| <= 1/2, 0 before, 1 after

    Each switch is a raised cosine centred on the instant of the lift or the touch, where the
    channel is 1/2, so `pen > 0.5` says exactly when the pen is down. A ramp lasts as long as the
    bridge it opens or closes (slow switches need few modes), but never so long that the two
    ramps of a short middle stroke meet.

    `lifts` holds the (lift, touch) times of the pen-up moves, in order.
    """
    pen = np.ones_like(time)
    for k, (lift, touch) in enumerate(lifts):
        before = lift - lifts[k - 1][1] if k else np.inf
        after = lifts[k + 1][0] - touch if k + 1 < len(lifts) else np.inf
        rise = _ramp((time - lift) / min(touch - lift, before))
        pen -= rise * _ramp((touch - time) / min(touch - lift, after))
    return pen


def _ramp(s: Array) -> Array:
    return 0.5 * (1 + np.sin(np.pi * np.clip(s, -0.5, 0.5)))


def through_points(points: Array) -> tuple[BSpline, Array]:
    """The smoothest movement from rest to rest through `points`, in one unit of time.

        minimise over x(t) and 0 = t_0 < ... < t_n = 1 the integral of |d^3x/dt^3|^2
        subject to x(t_i) = p_i,  x' = x'' = 0 at both ends

    For given times the minimiser is the clamped quintic spline; the times follow by a quasi-Newton
    descent on the log of the cost, whose gradient is dC/dt_i = 2 x'(t_i) . [x^(5)] (jump at t_i).
    Speed then falls with curvature about as the two-thirds power law says, and no instant along
    the path, corners and retraced cusps included, is abrupt in time.

    `points`: shape (n + 1, d), n >= 1, neighbours distinct. Returns the spline on [0, 1] and the
    passage times, shape (n + 1,). Cost O(n d) per step of the descent, some tens of steps.
    Sources: Flash & Hogan (1985), J. Neurosci. 5(7):1688-1703; Edelman & Flash (1987), Biol.
    Cybern. 57:25-36. The power law: Lacquaniti, Terzuolo & Viviani (1983), Acta Psychol.
    54:115-130; how the one entails the other: Viviani & Flash (1995), J. Exp. Psychol. Hum.
    Percept. Perform. 21(1):32-53.
    """
    chords = np.linalg.norm(np.diff(points, axis=0), axis=1)
    # A speed proportional to chord^(1/3) is near the power law's and starts the descent well.
    descent = minimize(
        _log_jerk, np.log(chords) * 2 / 3, args=(points,), jac=True, method="L-BFGS-B"
    )
    time = _times(descent.x)
    return _at_rest(time, points), time


def _at_rest(time: Array, points: Array) -> BSpline:
    """The quintic spline through points whose velocity and acceleration vanish at both ends."""
    ends = [(1, np.zeros(points.shape[1])), (2, np.zeros(points.shape[1]))]
    return make_interp_spline(time, points, k=5, bc_type=(ends, ends))


def _times(log_intervals: Array) -> Array:
    intervals = np.exp(log_intervals - log_intervals.max())
    time = np.concatenate([[0.0], np.cumsum(intervals)])
    return time / time[-1]


def _log_jerk(log_intervals: Array, points: Array) -> tuple[float, Array]:
    """Log of the jerk cost and its gradient with respect to the logarithms of the intervals."""
    time = _times(log_intervals)
    intervals = np.diff(time)
    spline = _at_rest(time, points)
    # The jerk is quadratic between knots, so three Gauss points integrate its square exactly.
    nodes, weights = np.polynomial.legendre.leggauss(3)
    middles = (time[:-1] + time[1:]) / 2
    jerk = spline(middles[:, None] + intervals[:, None] * nodes / 2, 3)
    cost = float(np.einsum("ijk,ijk,j,i->", jerk, jerk, weights, intervals / 2))
    by_time = 2 * np.sum(np.diff(spline(middles, 5), axis=0) * spline(time[1:-1], 1), axis=1)
    by_interval = np.append(np.cumsum(by_time[::-1])[::-1], 0.0)
    return np.log(cost), intervals * (by_interval - intervals @ by_interval) / cost
