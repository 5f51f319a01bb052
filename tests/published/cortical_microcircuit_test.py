"""The cortical microcircuit: rates and spectral maxima as published (H4, H5)."""

from __future__ import annotations

import numpy as np
import pytest

import heddle
from heddle import Circuit, Distribution, Projection


def test_the_microcircuit_has_the_published_theoretical_rates(modified_microcircuit):
    """Bos, Diesmann & Helias (2016), PLoS Comput Biol 12:e1005132, as computed by NNMT to first
    order in √(τ_s / τ_m): to 3e-4 Hz. The two forms of that order differ by up to 10 % where
    √(τ_s / τ_m) = 0.22."""
    circuit = modified_microcircuit
    (branch,) = heddle.stationary_rates(circuit, theory="taylor").branches
    published = [0.6801, 2.6364, 4.2951, 5.6267, 6.6106, 8.2688, 1.0259, 7.5683]
    np.testing.assert_allclose(branch.rates, published, atol=3e-4)
    (shifted,) = heddle.stationary_rates(circuit).branches
    np.testing.assert_allclose(shifted.rates, published, rtol=0.12)


def test_the_full_size_microcircuit_comes_near_its_simulated_rates():
    """Potjans & Diesmann (2014). In-degrees that differ between neurons, which the theory leaves
    out, raise the lowest rates: 0.25 Hz and 15 % are what it is off by."""
    (branch,) = heddle.stationary_rates(heddle.circuits.microcircuit()).branches
    published = np.array([0.971, 2.868, 4.746, 5.396, 8.142, 9.078, 0.991, 7.523])
    assert np.all(np.abs(branch.rates - published) < np.maximum(0.25, 0.15 * published))


def changed_delays(circuit: Circuit) -> Circuit:
    """Normal delays, as wide as their means of 1.5 and 0.75 ms, above 0."""

    def changed(of: Projection) -> Projection:
        mean = 1.5 if of.source.endswith("E") else 0.75
        delay = Distribution("normal", location=mean, scale=mean, low=1e-6)
        return Projection(
            of.source,
            of.target,
            of.rule,
            synapse=of.synapse,
            weight=of.weight,
            delay=delay,
            autapses=True,
        )

    return Circuit(circuit.populations, [changed(of) for of in circuit.projections], circuit.inputs)


def test_the_microcircuit_has_the_published_spectral_maxima(
    modified_microcircuit: Circuit,
) -> None:
    """Bos, Diesmann & Helias (2016), PLoS Comput Biol 12:e1005132, figure 1E as computed by NNMT:
    low gamma at 63 Hz in L2/3E, high gamma between 262 and 284 Hz. To 1 Hz; their susceptibility is
    expanded in √(τ_s / τ_m) where ours is shifted, so heights differ."""
    circuit = changed_delays(modified_microcircuit)
    frequencies = np.arange(40.0, 400.0, 0.5)
    found = heddle.linear_response(circuit, frequencies, theory="taylor")
    power = np.array(found.spectra)[:, range(8), range(8)].real
    low = frequencies < 100
    assert frequencies[low][power[low, 0].argmax()] == pytest.approx(63.0, abs=1.0)
    high = frequencies > 200
    maxima = frequencies[high][power[high].argmax(axis=0)]
    assert maxima.min() == pytest.approx(262.0, abs=1.0)
    assert maxima.max() == pytest.approx(284.0, abs=1.0)
    assert any("well below 1 / (2π tau_s) = 318" in one for one in found.assumptions)


@pytest.mark.slow
def test_the_full_size_microcircuit_fires_as_simulated_elsewhere():
    """H5. The rates that came with Potjans & Diesmann's program (`older`) were replaced in later
    releases (`later`), which are compared with. Ours of 10 s are 0.865, 2.927, 4.400, 5.850, 7.625,
    8.596, 1.123 and 7.814 Hz (± 0.006; L5E ± 0.024). Two draws of connections and initial
    potentials are allowed 3 % and 0.03 Hz, their times 4.5 standard errors; the older rates are up
    to 14 % away."""
    later = np.array([0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829])
    older = np.array([0.971, 2.868, 4.746, 5.396, 8.142, 9.078, 0.991, 7.523])
    run = heddle.simulate(
        heddle.circuits.microcircuit(), duration=4000.0, transient=500.0, step=0.1, seed=1
    )
    rates = heddle.population_rates(run)
    allowed = 0.03 * later + 0.03 + 4.5 * np.sqrt(2) * np.array(rates.standard_error)
    assert np.all(np.abs(rates.estimate - later) < allowed)
    assert np.all(np.abs(rates.estimate - older) < 0.15 * older)
