"""Rectified networks: rates over time, supports, projections, cycles and branches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from heddle._core import Cycle, DomainError, ThresholdLinear, threshold_flow
from heddle.plot.style import ACCENT, INK, PALE, RULE, SECOND, SOFT, look, new_figure

Array = NDArray[np.float64]
COLOURS = (ACCENT, SECOND, "#2f8f6b", "#8a4fa0", "#b8961f", "#a33a3a", "#4b6b8a", "#7a7a2f")
MOST_CURVES = 12
SAMPLES = 800


def rates(system: ThresholdLinear, states: ArrayLike) -> Array:
    """[Q x + c]₊ of every rectified unit, shape (m, t), at states of shape (n, t)."""
    inputs = np.asarray(system.inputs) @ np.asarray(states) + np.asarray(system.bias)[:, None]
    return np.maximum(inputs, 0.0)


def cycle_states(
    system: ThresholdLinear, cycle: Cycle, periods: float = 2.0
) -> tuple[Array, Array]:
    """Times, s, and exact states, shape (n, t), along a cycle from its first crossing on.

    Raises DomainError unless the cycle was found.
    """
    if cycle.outcome != "found":
        raise DomainError(
            f"cycle: found the outcome {cycle.outcome!r}, expected one that was found"
        )
    once = np.linspace(0.0, cycle.period, SAMPLES)
    # One period, repeated, so that an unstable cycle is not left on the way.
    flow = threshold_flow(system, cycle.states[:, 0], once)
    shown = np.linspace(0.0, periods * cycle.period, int(periods * SAMPLES))
    nearest = np.searchsorted(once, shown % cycle.period).clip(0, len(once) - 1)
    return shown, np.asarray(flow.states)[:, nearest]


def rate_curves(axes: Axes, times: ArrayLike, values: ArrayLike, *, unit: str = "unit") -> None:
    """Rates, shape (m, t), over times in s; of many units those that vary most."""
    times, values = np.asarray(times), np.asarray(values)
    spread = values.std(axis=1)
    shown = sorted(np.argsort(-spread, kind="stable")[:MOST_CURVES])
    for place, j in enumerate(shown):
        colour = COLOURS[place % len(COLOURS)]
        dashes = "-" if place < len(COLOURS) else (0, (4, 2))
        axes.plot(1e3 * times, values[j], c=colour, ls=dashes, lw=1.2, label=f"{unit} {j}")
    axes.set(xlabel="time, ms", ylabel="rate", xlim=(1e3 * times[0], 1e3 * times[-1]))
    axes.set_title("Rates" if len(shown) == len(values) else f"Rates of {len(shown)} units")
    if len(shown) <= 6:
        axes.legend(loc="upper right", ncols=len(shown), fontsize=7, handlelength=1.2)
        axes.set_ylim(top=1.22 * float(values.max() or 1.0))


def greyscale(axes: Axes, times: ArrayLike, values: ArrayLike) -> None:
    """Rates of all units, shape (m, t), as shades of grey: black is the largest."""
    times, values = np.asarray(times), np.asarray(values)
    extent = (1e3 * times[0], 1e3 * times[-1], len(values) - 0.5, -0.5)
    image = axes.imshow(
        values, aspect="auto", cmap="Greys", vmin=0, extent=extent, interpolation="nearest"
    )
    axes.set(xlabel="time, ms", ylabel="unit", title="Rates of all units")
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.figure.colorbar(image, ax=axes, label="rate", fraction=0.04, pad=0.02)


def itinerary(axes: Axes, supports: Sequence[Sequence[int]], ends: ArrayLike, units: int) -> None:
    """Which units are active in which region; regions of the same support share a colour, of which
    there are eight.

    supports  of every region in turn
    ends      when each ends, s, from 0 on
    units     number of rectified units
    """
    ends = 1e3 * np.asarray(ends, dtype=float)
    starts = np.concatenate([[0.0], ends[:-1]])
    kinds = list(dict.fromkeys(tuple(support) for support in supports))
    for support, start, end in zip(supports, starts, ends, strict=True):
        colour = COLOURS[kinds.index(tuple(support)) % len(COLOURS)]
        pale = 0.88 + 0.12 * np.array(to_rgb(colour))
        axes.axvspan(start, end, color=pale, lw=0, zorder=0)
        axes.barh(list(support), end - start, left=start, height=0.72, color=colour, lw=0)
    for end in ends[:-1]:
        axes.axvline(end, c="white", lw=0.6)
    axes.set(xlabel="time, ms", ylabel="active units", xlim=(0, ends[-1]), ylim=(units - 0.5, -0.5))
    axes.set_title(f"Itinerary: {len(supports)} regions, {len(kinds)} supports")
    axes.yaxis.get_major_locator().set_params(integer=True)


def principal_axes(states: ArrayLike) -> Array:
    """Orthonormal rows, shape (2, n), along which states of shape (n, t) vary most."""
    states = np.asarray(states, dtype=float)
    centred = states - states.mean(axis=1, keepdims=True)
    left = np.linalg.svd(centred, full_matrices=False)[0][:, :2]
    signs = np.sign(left[np.abs(left).argmax(axis=0), range(left.shape[1])])
    return (left * np.where(signs == 0, 1, signs)).T


def projection(
    axes: Axes,
    states: ArrayLike,
    *,
    along: ArrayLike | None = None,
    fixed_points: Iterable[tuple[ArrayLike, bool]] = (),
    closed: bool = True,
) -> None:
    """A trajectory in the plane of two directions, with fixed points: filled where stable.

    states        shape (n, t)
    along         two directions, shape (2, n); where the states vary most if not given
    fixed_points  pairs (x, stable)
    closed        whether the trajectory is a cycle
    """
    states = np.asarray(states, dtype=float)
    plane = principal_axes(states) if along is None else np.asarray(along, dtype=float)
    x, y = plane @ states
    if closed:
        x, y = np.append(x, x[0]), np.append(y, y[0])
    axes.plot(x, y, c=ACCENT, lw=1.4)
    middle = len(x) // 3
    axes.annotate(
        "",
        xy=(x[middle + 1], y[middle + 1]),
        xytext=(x[middle], y[middle]),
        arrowprops={"arrowstyle": "-|>", "color": ACCENT, "lw": 0, "mutation_scale": 13},
    )
    for point, stable in fixed_points:
        at = plane @ np.asarray(point, dtype=float)
        axes.plot(*at, "o", ms=7, mec=SECOND, mew=1.3, mfc=SECOND if stable else "white", zorder=3)
    names = [_axis_name(row, k) for k, row in enumerate(plane)]
    axes.set(xlabel=names[0], ylabel=names[1], title="State space")
    axes.margins(0.08)


def _axis_name(direction: Array, place: int) -> str:
    largest = int(np.argmax(np.abs(direction)))
    if np.isclose(abs(direction[largest]), np.linalg.norm(direction)):
        return f"x {largest}"
    return f"component {place + 1}"


def multipliers(axes: Axes, cycle: Cycle) -> None:
    """Floquet multipliers and the unit circle; the one along the flow is pale."""
    values = np.asarray(cycle.multipliers)
    angle = np.linspace(0, 2 * np.pi, 361)
    axes.fill(np.cos(angle), np.sin(angle), fc="#f7f5f0", ec=INK, lw=0.9)
    axes.axhline(0, c=RULE, lw=0.6, zorder=1)
    axes.axvline(0, c=RULE, lw=0.6, zorder=1)
    trivial = int(np.argmin(abs(values - 1)))
    others = np.delete(values, trivial)
    inside = np.abs(others) < 1
    axes.plot(values[trivial].real, 0, "o", ms=7, mfc=PALE, mec=SOFT, label="along the flow")
    axes.plot(others[inside].real, others[inside].imag, "o", ms=5, mfc=ACCENT, mec="white", mew=0.5)
    axes.plot(others[~inside].real, others[~inside].imag, "o", ms=6, mfc=SECOND, mec="none")
    reach = 1.15 * max(1.0, float(np.abs(values).max()))
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach), xlabel="Re μ", ylabel="Im μ")
    axes.set_aspect("equal", adjustable="box")
    axes.set_title(f"Multipliers: largest |μ| {cycle.largest:.3g}")
    axes.legend(loc="upper left", fontsize=7)


def cycle(
    system: ThresholdLinear,
    found: Cycle,
    *,
    fixed_points: Iterable[tuple[ArrayLike, bool]] = (),
    periods: float = 2.0,
) -> Figure:
    """One cycle: rates, all units, itinerary, a projection with fixed points, and multipliers.

    fixed_points  pairs (x, stable); drawn filled where stable

    Raises DomainError unless the cycle was found.
    """
    times, states = cycle_states(system, found, periods)
    values = rates(system, states)
    with look():
        figure = new_figure(10.4, 6.6)
        places = figure.subplot_mosaic(
            [["rates", "rates", "plane"], ["grey", "itinerary", "circle"]],
            width_ratios=[1, 1, 0.95],
        )
        rate_curves(places["rates"], times, values)
        greyscale(places["grey"], times, values)
        itinerary(places["itinerary"], found.itinerary, np.cumsum(found.dwell), system.units)
        once = states[:, times <= found.period]
        projection(places["plane"], once, fixed_points=fixed_points)
        multipliers(places["circle"], found)
        figure.suptitle(_heading(found), x=0.01, ha="left", fontsize=10, color=SOFT)
    return figure


def _heading(found: Cycle) -> str:
    kind = "stable" if found.stable else "unstable"
    return (
        f"A {kind} cycle of {1e3 * found.period:.4g} ms; closes to {found.closure:.1e}, "
        f"margin {found.margin:.2g}"
    )


def branch(axes: Axes, found: Any, values: ArrayLike, *, name: str = "state") -> None:
    """A branch over its parameter: solid where stable, dashed elsewhere, events as rings.

    found   a FixedPointBranch or CycleBranch
    values  what to draw of each of its points, such as a rate or a period, shape (k,)
    """
    parameters, values = np.asarray(found.parameters), np.asarray(values, dtype=float)
    if hasattr(found, "growth"):
        stable = np.asarray(found.growth) < 0
    else:
        stable = np.array([one.stable for one in found.cycles])
    turns = np.flatnonzero(np.diff(stable)) + 1
    for piece in np.split(np.arange(len(stable)), turns):
        # One point on, so that the pieces meet.
        reach = np.append(piece, piece[-1] + 1)[: len(stable) - piece[0]]
        line = "-" if stable[piece[0]] else (0, (3, 2))
        colour = ACCENT if stable[piece[0]] else SECOND
        axes.plot(parameters[reach], values[reach], c=colour, ls=line, lw=1.4)
    for event in found.events:
        at = min(event.point, len(values) - 1)
        axes.plot(parameters[at], values[at], "o", ms=6, mfc="white", mec=INK, mew=1.0, zorder=3)
    axes.grid(True)
    axes.set_axisbelow(True)
    axes.set(xlabel="parameter", ylabel=name)
