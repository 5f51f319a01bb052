"""Stationary states, responses, spectra and eigenvalues of circuits, as Python has them."""

import pickle

import numpy as np
import pytest
from population_circuits import noisy_leaky
from scipy.integrate import cumulative_trapezoid, trapezoid
from scipy.special import erfcx

import heddle
from heddle.circuits import brunel, ei_gif


def test_a_thousand_neurons_are_beyond_linear_theory_and_it_says_so() -> None:
    found = heddle.linear_response(ei_gif(p=1), [20.0])
    assert not found.trusted
    assert "linear theory is not to be trusted" in found.statement
    assert (found.deviation > 0.5 * found.rates).all()
    assert heddle.linear_response(ei_gif(50_000, p=1), [20.0]).trusted


def test_intervals_of_leaky_neurons_vary_as_brunel_s_integral_says() -> None:
    """CV² = 2π r² τ² ∫ e^{x²} ∫_{−∞}^x e^{y²} (1 + erf y)² dy dx, Brunel (2000), by quadrature."""
    circuit = noisy_leaky(0.0, 0.0)
    found = heddle.linear_response(circuit, [0.0])
    x = np.linspace((10 - 17) / 5 - 6, (20 - 17) / 5, 40_001)
    inner = cumulative_trapezoid(np.exp(-(x**2)) * erfcx(-x) ** 2, x, initial=0.0)
    inside = x >= (10 - 17) / 5
    integral = trapezoid((np.exp(x**2) * inner)[inside], x[inside])
    rate = found.rates[0] * 1e-3
    square = 2 * np.pi * (rate * 20.0) ** 2 * integral
    assert found.uncoupled[0, 0] == pytest.approx(found.rates[0] / 800 * square, rel=1e-3)


def test_a_kick_rings_with_the_leading_eigenvalue() -> None:
    found = heddle.population_eigenvalues(ei_gif(p=1, delay=5.0))
    assert found.stable
    assert found.complete
    leading = found.eigenvalues[0]
    assert leading == pytest.approx(-6.709 + 114.900j, abs=0.01)
    assert found.residual.max() < 1e-6
    assert found.statement.startswith("stable; the leading eigenvalue is -6.71 1/s at 18.29 Hz")


def test_brunel_s_network_has_one_stable_state() -> None:
    circuit = brunel(5000)
    found = heddle.population_eigenvalues(circuit, highest=1000.0)
    assert found.stable
    assert found.left == -100.0
    assert len(found.eigenvalues) == 0
    response = heddle.linear_response(circuit, [0.0, 10.0])
    assert response.rates == pytest.approx(heddle.stationary_rates(circuit).branches[0].rates)


def test_results_are_values_that_say_what_they_are() -> None:
    rates = heddle.age_structured_rates(ei_gif(p=1))
    assert repr(rates) == "AgeStructuredRates(1 solution from 32 starts; others may exist)"
    assert repr(rates.branches[0]) == "AgeStructuredBranch(16.9133, 16.9133 Hz)"
    response = heddle.linear_response(ei_gif(50_000, p=1), [10.0, 20.0])
    assert repr(response).startswith("LinearResponse(2 populations, 2 frequencies; stable")
    assert np.array(response.spectra).shape == (2, 2, 2)
    for value in (rates, response, heddle.population_eigenvalues(ei_gif(p=1))):
        again = pickle.loads(pickle.dumps(value))
        assert again.statement == value.statement


def test_what_is_wrong_is_named() -> None:
    with pytest.raises(heddle.DomainError, match="theory is 'shift'; did you mean 'shifted'"):
        heddle.linear_response(brunel(1000), [1.0], theory="shift")
    with pytest.raises(heddle.DomainError, match="frequencies holds -1 Hz"):
        heddle.linear_response(ei_gif(p=1), [-1.0])
    with pytest.raises(heddle.DomainError, match=r"known right of -54\.1"):
        heddle.population_eigenvalues(ei_gif(p=1), left=-100.0)
    with pytest.raises(heddle.DomainError, match="lif neurons have no hazard"):
        heddle.age_structured_rates(brunel(1000))
