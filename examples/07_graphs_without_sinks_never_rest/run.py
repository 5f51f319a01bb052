"""Which graphs make a network of threshold-linear units that never comes to rest?"""

import itertools
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

import heddle
from heddle.plot.fixed_points import plane_of
from heddle.plot.style import ACCENT, PAPER, SECOND, look, new_figure

sys.path.insert(0, str(Path(__file__).parents[1]))
from support import claim, parser, save, show, step

THREE_CYCLE = [(0, 1), (1, 2), (2, 0)]


def points_of(graph: object) -> heddle.FixedPoints:
    network = heddle.ctln_network(graph, epsilon=0.25, delta=0.5, theta=1)
    return heddle.fixed_points(heddle.rate_form(network), threads=1)


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


def draw_cycle(axes: Axes, found: heddle.FixedPoints) -> None:
    values = np.asarray(found.points[0].eigenvalues)
    axes.axvline(0, c=SECOND, lw=1)
    axes.scatter(values.real, values.imag, s=40, c=PAPER, edgecolors=ACCENT, zorder=2)
    axes.set(xlabel="Re λ of $A_σ$", ylabel="Im λ", title="3-cycle: its only point is unstable")


def draw_counts(axes: Axes, counts: dict, n: int) -> None:
    for sinks, offset, colour in ((False, -0.3, ACCENT), (True, 0.3, SECOND)):
        number = sorted(counts[sinks])
        name = "with sinks" if sinks else "without sinks"
        heights = [counts[sinks][k] for k in number]
        axes.bar(np.array(number) + offset, heights, 0.6, color=colour, label=name)
    axes.set(xlabel="fixed points", ylabel="graphs", yscale="log")
    axes.set_title(f"All oriented graphs on {n} units")
    axes.legend()


def draw_union(axes: Axes, found: heddle.FixedPoints) -> None:
    plane, names = plane_of(np.array([point.state for point in found.points]), None)
    axes.scatter(*plane.T, s=40, c=PAPER, edgecolors=ACCENT)
    axes.set(xlabel=names[0], ylabel=names[1])
    axes.set_title(f"A cyclic union: {len(found.points)} points, none stable")


def main() -> None:
    chosen = parser(__doc__).parse_args()
    n = 4 if chosen.quick else 5
    cycle = points_of(THREE_CYCLE)
    step(f"all {3 ** (n * (n - 1) // 2)} oriented graphs on {n} units")
    found = survey(n)
    none, pair = np.zeros((1, 1)), np.zeros((2, 2))
    union = points_of(cyclic_union(pair, none, pair))
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
        draw_cycle(left, cycle)
        draw_counts(middle, found["counts"], n)
        draw_union(right, union)
    save(figure, chosen.out, __file__)
    claim(
        "oriented graphs without sinks have no stable fixed point at all, those with sinks have "
        "one at each; every graph has an odd number of points; a 3-cycle has one and a cyclic "
        "union the products of its parts' supports.",
        without_sinks_never_rest=found["stable"][False] == 0,
        sinks_are_stable=found["sinks_are_stable"],
        odd_numbers=found["odd"],
        all_lists_are_proven=found["trusted"],
        cycle_has_one_unstable_point=supports(cycle) == {(0, 1, 2)} and not cycle.points[0].stable,
        union_has_products=supports(union) == expected,
    )


if __name__ == "__main__":
    main()
