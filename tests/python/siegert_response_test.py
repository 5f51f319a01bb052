"""Slopes and susceptibility of leaky neurons: independent formulae and fifteen digits."""

from itertools import pairwise

import mpmath
import numpy as np
import pytest
from scipy.integrate import quad

import heddle

THRESHOLDS = {"V_th": 20.0, "V_reset": 10.0}


def mean_interval(mu, sigma, tau_m, t_ref):
    """(ln of the scale, t_ref + τ_m ∫ e^{−t²} (e^{2 y_th t} − e^{2 y_r t}) / t dt over it), t = eᵘ:
    Brunel & Hakim (1999), a form without error functions."""
    y, width = (20.0 - mu) / sigma, 10.0 / sigma
    peak = max(y, 0.0)

    def integrand(u):
        t = np.exp(u)
        exponent = -((t - peak) ** 2) + 2.0 * (y - peak) * t
        return -np.exp(exponent) * np.expm1(-2.0 * width * t)

    # Where the integrand has a scale of its own.
    scales = np.log([1 / width, 1 / (1 + abs(y)), 1.0, max(peak, 1e-3), peak + 7.0])
    ends = np.sort(np.concatenate([[np.log(1 / width) - 36.0], scales]))
    pieces = [
        quad(integrand, low, high, epsabs=0.0, epsrel=2e-13, limit=400)[0]
        for low, high in pairwise(ends)
        if high > low
    ]
    return peak**2, t_ref * np.exp(-(peak**2)) + tau_m * sum(pieces)


@pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning")
def test_rates_are_those_of_an_integral_without_error_functions_over_a_wide_grid():
    mu, sigma = np.meshgrid(
        [-40.0, 0.0, 9.0, 15.0, 19.5, 20.0, 20.5, 26.0, 80.0, 3000.0],
        [0.02, 0.3, 1.0, 2.5, 8.0, 40.0, 900.0],
    )
    found = heddle.siegert(mu, sigma, tau_m=14.0, t_ref=1.5, **THRESHOLDS)
    checked = 0
    for m, s, rate in zip(mu.flat, sigma.flat, found.flat, strict=True):
        scale, interval = mean_interval(m, s, 14.0, 1.5)
        if scale > 600:
            assert rate < 1e-250
            continue
        assert rate == pytest.approx(1e3 * np.exp(-scale) / interval, rel=1e-12)
        checked += 1
    assert checked > 50


@pytest.mark.parametrize(
    ("mu", "sigma"),
    [(12.0, 1.0), (5.0, 1.0), (19.0, 3.0), (20.0, 0.01), (24.0, 0.6), (90.0, 4.0), (15.0, 300.0)],
)
def test_slopes_have_eleven_digits_slow_twin(mu, sigma):
    with mpmath.workdps(60):
        low, high = (10 - mpmath.mpf(mu)) / sigma, (20 - mpmath.mpf(mu)) / sigma

        def f(x):
            return mpmath.exp(x * x) * mpmath.erfc(-x)

        rate = mpmath.mpf(float(heddle.siegert(mu, sigma, t_ref=2.0, **THRESHOLDS))) / 1000
        factor = 1000 * rate**2 * 20 * mpmath.sqrt(mpmath.pi) / sigma
        by_mu = float(factor * (f(high) - f(low)))
        by_sigma = float(factor * (high * f(high) - low * f(low)))
    d_mu, d_sigma = heddle.siegert_slopes(mu, sigma, t_ref=2.0, **THRESHOLDS)
    assert d_mu == pytest.approx(by_mu, rel=1e-11)
    assert d_sigma == pytest.approx(by_sigma, rel=1e-11)


def exact_susceptibility(f, mu, sigma, tau_m, t_ref, rate):
    """Lindner & Schimansky-Geier (2001) with parabolic cylinder functions of 40 digits."""
    with mpmath.workdps(40):
        s = mpmath.mpc(0, 2 * mpmath.pi * mpmath.mpf(f) * tau_m / 1000)
        high = mpmath.sqrt(2) * (20 - mpmath.mpf(mu)) / sigma
        low = mpmath.sqrt(2) * (10 - mpmath.mpf(mu)) / sigma

        def psi(x):
            return mpmath.exp(x * x / 4) * mpmath.pcfd(-s, -x)

        def slope(x):
            return s * mpmath.exp(x * x / 4) * mpmath.pcfd(-s - 1, -x)

        silence = mpmath.exp(-s * mpmath.mpf(t_ref) / tau_m)
        ratio = (slope(high) - slope(low)) / (psi(high) - silence * psi(low))
        return complex(mpmath.sqrt(2) / sigma * rate / (1 + s) * ratio)


@pytest.mark.parametrize(
    ("mu", "sigma", "t_ref"),
    [
        (18.94, 1.5, 0.0),
        (16.42, 4.0, 3.0),
        (24.0, 2.0, 3.0),  # both bounds left of where Taylor steps begin
        (11.0, 3.0, 1.0),  # both right of it
        (19.9, 30.0, 2.0),
    ],
)
def test_susceptibility_is_that_of_parabolic_cylinder_functions(mu, sigma, t_ref):
    frequencies = [0.01, 3.0, 47.0, 400.0, 3000.0]
    rate = heddle.siegert(mu, sigma, t_ref=t_ref, **THRESHOLDS)
    found = heddle.siegert_susceptibility(frequencies, mu, sigma, t_ref=t_ref, **THRESHOLDS)
    expected = [exact_susceptibility(f, mu, sigma, 20, t_ref, rate) for f in frequencies]
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_susceptibility_with_noise_far_below_all_else_is_smooth():
    """μ far above threshold and σ → 0: χ tends to a limit, and no digit of it is lost."""
    f = [0.0, 5.0, 80.0]
    small, smaller, none = (
        heddle.siegert_susceptibility(f, 26.0, sigma, t_ref=2.0, **THRESHOLDS)
        for sigma in (1e-3, 1e-6, 1e-250)
    )
    assert np.all(np.abs(none) > 1.0)
    np.testing.assert_allclose(smaller, none, rtol=1e-8)
    np.testing.assert_allclose(small, none, rtol=1e-4)


def test_arguments_broadcast_and_frequencies_come_last():
    chi = heddle.siegert_susceptibility(
        np.ones((2, 3)), np.linspace(10, 30, 5)[:, None], [1, 2, 3, 4]
    )
    assert chi.shape == (5, 4, 2, 3)
    assert isinstance(heddle.siegert_susceptibility(3.0, 19.0, 2.0), complex)
    alone = heddle.siegert_susceptibility(1.0, np.linspace(10, 30, 5)[2], 3)
    assert chi[2, 2, 1, 1] == alone


def test_frequencies_end_where_their_limit_is_reached():
    high = heddle.siegert_susceptibility(1e9, 18.0, 4.0)
    s = 2e-3j * np.pi * 1e9 * 20.0
    limit = np.sqrt(2) * heddle.siegert(18.0, 4.0) / 4.0 / np.sqrt(s)
    assert high == pytest.approx(limit, rel=1e-4)
    with pytest.raises(heddle.DomainError, match=r"f is 1e\+12 Hz; expected at most"):
        heddle.siegert_susceptibility(1e12, 18.0, 4.0)


def test_the_order_of_the_expansion_is_named():
    with pytest.raises(heddle.DomainError, match="order is 'tailor'; expected 'shifted' or"):
        heddle.siegert(19.0, 2.0, tau_s=1.0, order="tailor")
