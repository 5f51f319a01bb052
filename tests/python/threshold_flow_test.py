"""The exact flow against 50 digits, and as Python sees it."""

from __future__ import annotations

import pickle

import mpmath
import numpy as np
import pytest

import heddle

DIGITS = 50


def reference_flow(system: heddle.ThresholdLinear, x: np.ndarray, duration: float):
    """Crossing times (in s) and the final state, to 50 digits: region by region, with x as the
    solution of the linear equation and each crossing bracketed on a fine grid."""
    mpmath.mp.dps = DIGITS
    linear, outputs, inputs = (
        mpmath.matrix(getattr(system, name).tolist()) for name in ("linear", "outputs", "inputs")
    )
    bias, drive = mpmath.matrix(system.bias.tolist()), mpmath.matrix(system.drive.tolist())
    n, m = linear.rows, inputs.rows
    rows = [[inputs[u, i] for i in range(n)] for u in range(m)]
    state = mpmath.matrix([mpmath.mpf(float(value)) for value in x])
    active = [value > 0 for value in inputs * state + bias]
    time, end, crossings = mpmath.mpf(0), mpmath.mpf(duration) / mpmath.mpf(system.tau), []
    grid = mpmath.mpf("0.01")
    while time < end:
        generator = mpmath.zeros(n + 1)  # of (x, 1)
        for i in range(n):
            for j in range(n):
                generator[i, j] = linear[i, j] + sum(
                    outputs[i, u] * inputs[u, j] for u in range(m) if active[u]
                )
            generator[i, n] = drive[i] + sum(outputs[i, u] * bias[u] for u in range(m) if active[u])

        def state_after(dt, generator=generator, start=state):
            extended = mpmath.matrix([*start, mpmath.mpf(1)])
            return list(mpmath.expm(generator * dt, method="taylor") * extended)[:n]

        def input_of(unit, state_after=state_after):
            return lambda t: (
                sum(weight * x for weight, x in zip(rows[unit], state_after(t), strict=True))
                + bias[unit]
            )

        step = mpmath.expm(generator * grid, method="taylor")
        here, dt = mpmath.matrix([*state, mpmath.mpf(1)]), mpmath.mpf(0)
        crossed: list[int] = []
        while not crossed and time + dt < end:
            here, dt = step * here, dt + grid
            values = inputs * mpmath.matrix(list(here)[:n]) + bias
            crossed = [u for u in range(m) if (values[u] > 0) != active[u]]
        if not crossed:
            state = mpmath.matrix(state_after(end - time))
            break
        zeros = {u: zero_between(input_of(u), dt - grid, dt) for u in crossed}
        first = min(zeros, key=zeros.get)
        if time + zeros[first] > end:
            state = mpmath.matrix(state_after(end - time))
            break
        state = mpmath.matrix(state_after(zeros[first]))
        time += zeros[first]
        active[first] = not active[first]
        crossings.append(float(time) * system.tau)
    return crossings, np.array([float(value) for value in state])


def zero_between(f, low, high):
    """A bracketed zero, by bisection and then by secants."""
    sign = f(low) > 0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if (f(middle) > 0) == sign else (low, middle)
    return mpmath.findroot(f, (low + high) / 2, tol=mpmath.mpf(10) ** (4 - 2 * DIGITS))


def ring() -> heddle.ThresholdLinear:
    weights = np.array([[0, -1.5, -0.75], [-0.75, 0, -1.5], [-1.5, -0.75, 0]])
    return heddle.rate_form(heddle.Network(weights, response="rectified", bias=np.ones(3)))


def mixed() -> heddle.ThresholdLinear:
    rng = np.random.default_rng(4)
    weights = rng.standard_normal((4, 4))
    return heddle.input_form(
        heddle.Network(weights, response="rectified", bias=rng.standard_normal(4)), [0, 2, 3]
    )


@pytest.mark.parametrize(("system", "duration"), [(ring(), 0.25), (mixed(), 0.04)])
def test_the_flow_agrees_with_fifty_digits_slow_twin(system, duration):
    x = np.random.default_rng(1).random(system.states)
    crossings, final = reference_flow(system, x, duration)
    flow = heddle.threshold_flow(system, x, [duration])
    assert len(crossings) >= 2
    assert [crossing.time for crossing in flow.crossings] == pytest.approx(crossings, rel=1e-13)
    np.testing.assert_allclose(flow.states[:, -1], final, rtol=0, atol=1e-13 * abs(final).max())


def test_a_flow_is_a_value_with_its_evidence():
    flow = heddle.threshold_flow(ring(), [0.2, 0.3, 0.1], np.linspace(0, 0.5, 20))
    again = pickle.loads(pickle.dumps(flow))
    assert flow.complete
    assert again.crossings[3].time == flow.crossings[3].time
    np.testing.assert_array_equal(again.states, flow.states)
    assert flow.truncation < 1e-12
    assert "crossings" in flow.statement


def test_a_flow_names_what_is_wrong():
    with pytest.raises(heddle.ShapeError, match="initial"):
        heddle.threshold_flow(ring(), [1.0, 2.0], [0.1])
    with pytest.raises(heddle.DomainError, match="times"):
        heddle.threshold_flow(ring(), [1.0, 2.0, 3.0], [0.1, 0.0])
