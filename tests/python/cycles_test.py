"""Cycles and branches from Python: they agree with SciPy, and families may be Python functions."""

import pickle

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import heddle


def ctln(delta=0.5, epsilon=0.25):
    """The cyclic graph 0 → 1 → 2 → 0 in rate form, θ = 1."""
    weights = np.full((3, 3), -1 - delta)
    for unit in range(3):
        weights[(unit + 1) % 3, unit] = -1 + epsilon
        weights[unit, unit] = 0
    network = heddle.make_network(weights, channels=1, response="rectified")
    fields = {name: getattr(network, name) for name in network._fields}
    return heddle.rate_form(heddle.Network(**{**fields, "bias": np.ones(3)}))


def one_unit(w, q):
    return heddle.ThresholdLinear([[-1.0]], [[1.0]], [[w]], [q])


@pytest.fixture(scope="module")
def cycle():
    return heddle.cycle_from(ctln(), [0.3, 0.1, 0.0])


def test_one_period_of_dop853_leads_back_to_the_start(cycle):
    """Slow twin: an adaptive Runge–Kutta method at 1e-12."""
    system = ctln()
    x = cycle.states[:, 0]
    done = solve_ivp(
        lambda _, x: heddle.velocity(system, x) / system.tau,
        (0, cycle.period),
        x,
        method="DOP853",
        rtol=1e-12,
        atol=1e-13,
    )
    np.testing.assert_allclose(done.y[:, -1], x, rtol=0, atol=1e-9)


def test_multipliers_are_those_of_the_region_exponentials(cycle):
    """Slow twin: SciPy's exponentials, multiplied out."""
    from scipy.linalg import expm

    system = ctln()
    product = np.eye(3)
    for support, time in zip(cycle.itinerary, cycle.dwell, strict=True):
        product = expm(heddle.region_matrix(system, support) * time / system.tau) @ product
    expected = np.linalg.eigvals(product)
    assert min(abs(expected - 1)) < 1e-9
    np.testing.assert_allclose(
        sorted(abs(cycle.multipliers)), sorted(abs(expected)), rtol=0, atol=1e-12
    )
    assert cycle.trivial_error < 1e-9
    assert cycle.trusted
    assert cycle.stable


def test_a_search_finds_it_and_says_that_it_is_not_exhaustive(cycle):
    told = []
    search = heddle.find_cycles(ctln(), starts=6, progress=lambda *at: told.append(at))
    assert len(search.cycles) == 1
    assert search.cycles[0].period == pytest.approx(cycle.period, rel=1e-12)
    assert search.starts_of == [6]
    assert "not exhaustive" in search.statement
    assert told[-1] == (6, 6)


def test_a_guess_without_states_is_enough(cycle):
    units = [crossing.unit for crossing in cycle.crossings]
    guess = heddle.CycleGuess(cycle.itinerary[0], units, 1.05 * cycle.dwell)
    found = heddle.refine_cycle(ctln(), guess)
    assert found.outcome == "found"
    assert found.period == pytest.approx(cycle.period, rel=1e-12)


def test_a_cycle_pickles(cycle):
    again = pickle.loads(pickle.dumps(cycle))
    assert again.outcome == "found"
    assert again.itinerary == cycle.itinerary
    np.testing.assert_array_equal(again.states, cycle.states)
    assert "3 ms" not in repr(cycle)
    assert repr(cycle).startswith("Cycle(found, period 112.4")


def test_a_python_function_and_a_line_give_the_same_branch():
    def family(s):
        return one_unit(1.7, -1 + 1.5 * s)

    line = heddle.follow_fixed_point((one_unit(1.7, -1), one_unit(1.7, 0.5)), [0.0])
    called = heddle.follow_fixed_point(family, [0.0], 0, 1)
    for branch in (line, called):
        assert [event.kind for event in branch.events] == ["nonsmooth fold"]
        assert branch.events[0].parameter == pytest.approx(2 / 3, abs=1e-12)
        assert branch.complete
        assert max(branch.residuals) < 1e-12
    np.testing.assert_allclose(called.points[0, -1], line.points[0, -1], rtol=0, atol=1e-12)


def test_a_cycle_is_followed_to_its_birth(cycle):
    branch = heddle.follow_cycle(lambda delta: ctln(delta), cycle, 0.5, 0.1)
    kinds = [event.kind for event in branch.events]
    assert kinds == ["border collision", "lost"]
    assert branch.events[0].parameter == pytest.approx(0.25, abs=1e-6)  # δ = ε
    assert not branch.complete
    assert branch.cycles[-1].outcome == "found"


def test_what_a_family_raises_or_returns_is_named():
    def broken(s):
        raise LookupError(f"no network at {s}")

    with pytest.raises(LookupError, match="no network"):
        heddle.follow_fixed_point(broken, [0.0])
    with pytest.raises(TypeError, match="expected a ThresholdLinear"):
        heddle.follow_fixed_point(lambda s: s, [0.0])
    with pytest.raises(ValueError, match="two ends of a line"):
        heddle.follow_fixed_point((one_unit(0.5, 1),), [0.0])
    with pytest.raises(ValueError, match="initial"):
        heddle.follow_fixed_point((one_unit(2, 1), one_unit(2, 2)), [0.0])


def test_bad_arguments_are_named(cycle):
    with pytest.raises(ValueError, match="starts"):
        heddle.find_cycles(ctln(), starts=0)
    with pytest.raises(ValueError, match="nearness"):
        heddle.cycle_from(ctln(), np.zeros(3), nearness=-1)
    with pytest.raises(ValueError, match="initial"):
        heddle.cycle_from(ctln(), np.zeros(4))
    with pytest.raises(ValueError, match="odd number"):
        heddle.refine_cycle(ctln(), heddle.CycleGuess([0], [1], [0.01]))
    fields = {name: getattr(cycle, name) for name in cycle._fields}
    with pytest.raises(ValueError, match="did you mean 'found'"):
        heddle.Cycle(**{**fields, "outcome": "fund"})


def test_a_search_can_be_stopped():
    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        heddle.find_cycles(ctln(), starts=100_000, progress=stop)
