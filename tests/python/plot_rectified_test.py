"""Figures of rectified networks draw what was computed."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

import heddle
from heddle.plot import rectified
from heddle.plot.style import ACCENT, SECOND, look, new_figure


@pytest.fixture(scope="module")
def system():
    weights = np.full((3, 3), -1.5)
    for unit in range(3):
        weights[(unit + 1) % 3, unit] = -0.75
        weights[unit, unit] = 0
    return heddle.ThresholdLinear(-np.eye(3), np.eye(3), weights, np.ones(3))


@pytest.fixture(scope="module")
def cycle(system):
    return heddle.cycle_from(system, [0.3, 0.1, 0.0])


@pytest.fixture
def axes():
    with look():
        yield new_figure(4, 3).subplots()


def test_two_periods_repeat_the_first(system, cycle):
    times, states = rectified.cycle_states(system, cycle)
    assert times[-1] == pytest.approx(2 * cycle.period)
    middle = len(times) // 2
    np.testing.assert_allclose(states[:, middle], states[:, 0], atol=0.02)
    np.testing.assert_array_equal(states[:, 0], cycle.states[:, 0])


def test_rates_are_the_rectified_inputs(system, cycle):
    values = rectified.rates(system, cycle.states)
    x = np.asarray(cycle.states)
    expected = np.maximum(np.asarray(system.inputs) @ x + np.asarray(system.bias)[:, None], 0)
    np.testing.assert_array_equal(values, expected)


def test_stable_fixed_points_are_filled(axes, cycle):
    points = [(np.zeros(3), True), (np.ones(3), False)]
    rectified.projection(axes, cycle.states, along=np.eye(3)[:2], fixed_points=points)
    faces = [to_hex(line.get_markerfacecolor()) for line in axes.get_lines()[1:]]
    assert faces == [to_hex(SECOND), "#ffffff"]
    assert axes.get_xlabel() == "x 0"
    np.testing.assert_allclose(axes.get_lines()[0].get_xdata()[:-1], cycle.states[0])


def test_the_itinerary_has_a_bar_for_every_active_unit_of_every_region(axes, cycle):
    rectified.itinerary(axes, cycle.itinerary, np.cumsum(cycle.dwell), 3)
    bars = [bar for group in axes.containers for bar in group]
    assert len(bars) == sum(len(support) for support in cycle.itinerary)
    widths = sum(bar.get_width() for bar in axes.containers[0])
    assert widths == pytest.approx(1e3 * cycle.dwell[0] * len(cycle.itinerary[0]))


def test_a_branch_is_dashed_where_it_is_not_stable(axes):
    def one_unit(q):
        return heddle.ThresholdLinear([[-1.0]], [[1.0]], [[1.7]], [q])

    branch = heddle.follow_fixed_point(one_unit, [0.0], -1, 0.5)
    rectified.branch(axes, branch, branch.points[0])
    colours = [to_hex(line.get_color()) for line in axes.get_lines()]
    assert colours[:2] == [ACCENT, SECOND]
    assert len(axes.get_lines()) == 2 + len(branch.events)


def test_the_page_of_a_cycle_needs_a_cycle(system, cycle):
    figure = rectified.cycle(system, cycle, fixed_points=[(np.full(3, 0.3), False)])
    titles = {axes.get_title(loc="left") for axes in figure.axes}
    assert {"Rates", "Rates of all units", "State space"} <= titles
    resting = heddle.ThresholdLinear(-np.eye(3), np.eye(3), np.zeros((3, 3)), np.ones(3))
    none = heddle.cycle_from(resting, np.zeros(3))
    assert none.outcome == "fixed point"
    with pytest.raises(ValueError, match="fixed point"):
        rectified.cycle(resting, none)
