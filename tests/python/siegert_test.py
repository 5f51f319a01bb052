"""Siegert's formula: fifty digits, limits, and what is refused."""

import mpmath
import numpy as np
import pytest

import heddle


@pytest.mark.parametrize(
    ("mu", "sigma", "tau_m", "V_reset", "t_ref"),
    [
        (50.0, 0.01, 20.0, 10.0, 2.0),  # both bounds far below zero
        (15.0, 30.0, 10.0, -200.0, 1.0),  # wide, straddling
        (12.0, 1.0, 20.0, 10.0, 2.0),  # far below threshold: rare
        (8.0, 1.0, 20.0, 9.0, 0.0),  # both bounds above zero
        (15.0, 1.0, 20.0, 19.999, 0.0),  # reset next to the threshold
        (20.0, 0.001, 20.0, 10.0, 1.0),  # driven exactly to threshold
    ],
)
def test_rates_have_eleven_digits_slow_twin(mu, sigma, tau_m, V_reset, t_ref):
    with mpmath.workdps(50):
        low, high = (V_reset - mpmath.mpf(mu)) / sigma, (20 - mpmath.mpf(mu)) / sigma
        pieces = mpmath.linspace(low, high, 41)
        integral = mpmath.quad(lambda x: mpmath.exp(x * x) * mpmath.erfc(-x), pieces)
        exact = float(1000 / (t_ref + tau_m * mpmath.sqrt(mpmath.pi) * integral))
    found = heddle.siegert(mu, sigma, tau_m=tau_m, V_th=20, V_reset=V_reset, t_ref=t_ref)
    assert found == pytest.approx(exact, rel=1e-11)


def test_without_noise_the_rate_is_that_of_the_charging_membrane_limit_case():
    period = 2 + 20 * np.log(20 / 10)
    found = heddle.siegert(30, 1e-4, tau_m=20, V_th=20, V_reset=10, t_ref=2)
    assert found == pytest.approx(1e3 / period, rel=1e-8)


def test_a_silent_neuron_has_rate_zero_and_nothing_overflows():
    with np.errstate(all="raise", under="ignore"):
        assert heddle.siegert(-1000, 1) == 0
        assert 0 < heddle.siegert(0.0, 1.0, V_th=20) < 1e-150


def test_arguments_broadcast():
    assert heddle.siegert(np.linspace(10, 30, 5)[:, None], [1, 2, 3]).shape == (5, 3)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"sigma": 0}, "sigma is 0; expected > 0"),
        ({"tau_m": -20}, "tau_m is -20; expected > 0"),
        ({"t_ref": -1}, "t_ref is -1; expected ≥ 0"),
        ({"V_reset": 21}, "V_reset is 21; expected below V_th"),
        ({"mu": np.nan}, "mu is nan; expected a finite number"),
    ],
)
def test_bad_input_is_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        heddle.siegert(**{"mu": 15, "sigma": 1, **wrong})
