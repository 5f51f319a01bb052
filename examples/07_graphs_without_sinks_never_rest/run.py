"""Which graphs make a network of threshold-linear units that never comes to rest?"""

import itertools
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

import heddle
from heddle.plot.rectified import cycle_states, projection, rate_curves
from heddle.plot.style import ACCENT, SECOND, look, new_figure

sys.path.insert(0, str(Path(__file__).parents[1]))
from support import claim, parser, save, show, step

THREE_CYCLE = [(0, 1), (1, 2), (2, 0)]


def system_of(graph: object) -> heddle.ThresholdLinear:
    return heddle.rate_form(heddle.ctln_network(graph, epsilon=0.25, delta=0.5, theta=1))


def points_of(graph: object) -> heddle.FixedPoints:
    return heddle.fixed_points(system_of(graph), threads=1)


def start_of(system: heddle.ThresholdLinear) -> np.ndarray:
    """An arbitrary state."""
    return np.linspace(0.1, 0.3, system.states)


def oriented_graphs(n: int):
    """Adjacency matrices of all graphs on n units without loops or pairs of opposite edges."""
    pairs = list(itertools.combinations(range(n), 2))
    for choice in itertools.product((0, 1, 2), repeat=len(pairs)):
        graph = np.zeros((n, n))
        for (i, j), way in zip(pairs, choice, strict=True):
            if way:
                graph[(i, j) if way == 1 else (j, i)] = 1
        yield graph


def cyclic_union(first: np.ndarray, second: np.ndarray, third: np.ndarray) -> np.ndarray:
    """Every unit of each graph sends edges to all of the next, round the cycle."""
    sizes = [len(first), len(second), len(third)]
    ends = np.concatenate([[0], np.cumsum(sizes)])
    whole = np.zeros((sum(sizes), sum(sizes)))
    for k, part in enumerate((first, second, third)):
        here = slice(ends[k], ends[k + 1])
        after = slice(ends[(k + 1) % 3], ends[(k + 1) % 3 + 1])
        whole[here, here] = part
        whole[after, here] = 1
    return whole


def supports(found: heddle.FixedPoints) -> set[tuple[int, ...]]:
    return {tuple(point.support) for point in found.points}


def survey(n: int) -> dict:
    """All oriented graphs on n units: how many points they have, with and without sinks."""
    counts = {True: Counter(), False: Counter()}
    stable = {True: 0, False: 0}
    trusted = odd = sinks_are_stable = True
    for graph in oriented_graphs(n):
        found = points_of(graph)
        sinks = {(int(j),) for j in np.flatnonzero(graph.sum(axis=0) == 0)}
        at_rest = {tuple(point.support) for point in found.points if point.stable}
        counts[bool(sinks)][len(found.points)] += 1
        stable[bool(sinks)] += bool(at_rest)
        trusted &= found.trusted
        odd &= len(found.points) % 2 == 1
        sinks_are_stable &= sinks <= at_rest
    return {
        "counts": counts,
        "stable": stable,
        "trusted": trusted,
        "odd": odd,
        "sinks_are_stable": sinks_are_stable,
    }


def draw_cycle(axes: Axes, system: heddle.ThresholdLinear, cycle: heddle.Cycle) -> None:
    times, states = cycle_states(system, cycle)
    rate_curves(axes, times, states)
    axes.set_title(f"3-cycle: a limit cycle of {1e3 * cycle.period:.1f} ms")


def draw_counts(axes: Axes, counts: dict, n: int) -> None:
    for sinks, offset, colour in ((False, -0.3, ACCENT), (True, 0.3, SECOND)):
        number = sorted(counts[sinks])
        name = "with sinks" if sinks else "without sinks"
        heights = [counts[sinks][k] for k in number]
        axes.bar(np.array(number) + offset, heights, 0.6, color=colour, label=name)
    axes.set(xlabel="fixed points", ylabel="graphs", yscale="log")
    axes.set_title(f"All oriented graphs on {n} units")
    axes.legend()


def draw_union(axes: Axes, graph: object, found: heddle.FixedPoints, growth: float) -> None:
    system = system_of(graph)
    states = heddle.threshold_flow(system, start_of(system), np.linspace(0, 4, 6000)).states
    points = [(point.state, point.stable) for point in found.points]
    projection(axes, states[:, 1000:], fixed_points=points, closed=False)
    axes.lines[0].set(lw=0.4)
    axes.set_title(f"A cyclic union: {len(points)} points, λ₁ = {growth:.1f} 1/s")


def main() -> None:
    chosen = parser(__doc__).parse_args()
    n = 4 if chosen.quick else 5
    cycle = points_of(THREE_CYCLE)
    step(f"all {3 ** (n * (n - 1) // 2)} oriented graphs on {n} units")
    found = survey(n)
    none, pair = np.zeros((1, 1)), np.zeros((2, 2))
    joined = cyclic_union(pair, none, pair)
    union = points_of(joined)
    ring = system_of(THREE_CYCLE)
    turning = heddle.cycle_from(ring, start_of(ring))
    chaos = heddle.lyapunov_spectrum(system_of(joined), count=3)
    expected = {(*a, 2, *b) for a in ((0,), (1,), (0, 1)) for b in ((3,), (4,), (3, 4))}
    rows = [
        [
            "with sinks" if sinks else "without sinks",
            str(found["counts"][sinks].total()),
            str(max(found["counts"][sinks])),
            str(found["stable"][sinks]),
        ]
        for sinks in (False, True)
    ]
    show(
        f"Oriented graphs on {n} units, epsilon = 0.25, delta = 0.5",
        ["graphs", "number", "most fixed points", "with a stable one"],
        rows,
    )
    with look():
        figure = new_figure(12, 4)
        left, middle, right = figure.subplots(1, 3)
        draw_cycle(left, ring, turning)
        draw_counts(middle, found["counts"], n)
        draw_union(right, joined, union, chaos.exponents[0])
    save(figure, chosen.out, __file__)
    claim(
        "oriented graphs without sinks have no stable fixed point at all, those with sinks have "
        "one at each; every graph has an odd number of points; a 3-cycle has one and a cyclic "
        "union the products of its parts' supports; the first ends in a limit cycle, the "
        "second in chaos.",
        without_sinks_never_rest=found["stable"][False] == 0,
        sinks_are_stable=found["sinks_are_stable"],
        odd_numbers=found["odd"],
        all_lists_are_proven=found["trusted"],
        cycle_has_one_unstable_point=supports(cycle) == {(0, 1, 2)} and not cycle.points[0].stable,
        union_has_products=supports(union) == expected,
        the_3_cycle_turns=turning.stable and turning.trusted,
        the_union_is_chaotic=chaos.trusted and chaos.exponents[0] > 6 * chaos.standard_errors[0],
    )


if __name__ == "__main__":
    main()
