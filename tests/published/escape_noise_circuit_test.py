"""The E–I circuit of Schwalger, Deger & Gerstner (2017), figure 5, and what was measured on it.

H1 to H1b of the headline table, and the numbers of its linear theory. A published rate of 200 s has
the standard error of ours; 4.5 of both together raise a false alarm once in 10⁵.
"""

from __future__ import annotations

import numpy as np
import pytest

import heddle
from heddle import Adaptation, Circuit, Population, Projection
from heddle.circuits import ei_gif

STEP = 0.2  # ms, of the published program
HOW = {"transient": 1000.0, "step": STEP}


@pytest.fixture(scope="module")
def neurons() -> heddle.SpikeRecording:
    return heddle.simulate(ei_gif(p=1), duration=100_000, seed=1, **HOW)


@pytest.fixture(scope="module")
def equations() -> heddle.MesoscopicRecording:
    return heddle.mesoscopic(ei_gif(p=1), duration=200_000, seed=2, **HOW)


def near(
    found: heddle.MesoscopicRecording | heddle.SpikeRecording,
    published: list[float],
    error: tuple[float, float] | np.ndarray | None = None,
) -> bool:
    """Within 4.5 standard errors of both; the published `error` is ours if it is not known."""
    rates = heddle.population_rates(found)
    both = np.hypot(rates.standard_error, rates.standard_error if error is None else error)
    return bool(np.all(np.abs(rates.estimate - published) < 4.5 * both))


def band(
    recording: heddle.MesoscopicRecording | heddle.SpikeRecording, centre: float, half: float
) -> float:
    """Mean power of the excitatory population around a frequency, Hz."""
    spectrum = heddle.power_spectrum(recording, per_octave=0.0, highest=250.0)
    inside = np.abs(spectrum.frequency - centre) <= half
    return float(spectrum.density[0, inside].mean())


def changed(circuit: Circuit, **fields: object) -> Circuit:
    """The circuit with fields of all its projections replaced, by functions of each."""

    def of(old: Projection) -> Projection:
        kept = {"weight": old.weight, "delay": old.delay, "autapses": old.autapses}
        new = {name: make(old) for name, make in fields.items()}
        rule = new.pop("rule", old.rule)
        return Projection(old.source, old.target, rule, synapse=old.synapse, **kept | new)

    return Circuit(circuit.populations, [of(one) for one in circuit.projections])


def left_rectangle(projection: Projection) -> float:
    """The weight whose charge is what the published program makes of it: it holds the synaptic
    current over a step, and a spike is worth x / (1 − e^{−x}) times its charge, x = h / τ_s."""
    x = STEP / projection.synapse.tau_syn
    return projection.weight.location * x / -np.expm1(-x)


def test_the_equations_have_the_published_rates_and_powers(equations):
    """H1, H1': 17.00 and 17.14 Hz, and powers of 200 s, which have 5 % of standard error at a
    frequency and 3 % in the band around 20 Hz, in both: 4.5 of them."""
    assert near(equations, [17.00, 17.14])
    for centre, half, published, error in [
        (10, 1, 0.229, 0.05),
        (20, 2, 3.90, 0.03),
        (30, 1, 0.427, 0.05),
        (60, 1, 0.066, 0.05),
        (200, 1, 0.019, 0.05),
    ]:
        assert abs(np.log(band(equations, centre, half) / published)) < 4.5 * np.sqrt(2) * error
    spectrum = heddle.power_spectrum(equations, per_octave=0.0, highest=60.0)
    assert 19 <= spectrum.frequency[spectrum.density[0].argmax()] <= 21


def test_neurons_with_the_charges_of_the_published_program_have_its_rates(neurons):
    """H1': 17.33 and 17.50 Hz are a left rectangle, 0.3 Hz above neurons with exact synapses."""
    charged = changed(ei_gif(p=1), weight=left_rectangle)
    found = heddle.simulate(charged, duration=100_000, seed=3, **HOW)
    assert near(found, [17.33, 17.50])
    assert not near(neurons, [17.33, 17.50])


def test_neurons_and_equations_have_the_same_rate_when_both_are_exact(neurons, equations):
    """H1'': 17.007 and 16.981 Hz (± 0.025) of the excitatory neurons. Rates that differ by 1 %
    pass the test of equivalence once in 40; here both standard errors together are 0.14 %."""
    for recording, published in ((neurons, 17.007), (equations, 16.981)):
        rates = heddle.population_rates(recording)
        error = np.hypot(rates.standard_error[0], 0.025)
        assert abs(rates.estimate[0] - published) < 4.5 * error
    found = heddle.rate_equivalence(neurons, equations, tolerance=0.01)
    assert found.passed, found.statement


def test_many_neurons_approach_the_rate_of_infinitely_many():
    """H1'': 16.913 Hz; 50,000 neurons 16.897 Hz on a coarser grid, 16.912 ± 0.004 Hz here."""
    (branch,) = heddle.age_structured_rates(ei_gif(p=1)).branches
    np.testing.assert_allclose(branch.rates, 16.913, atol=5e-4)
    recording = heddle.mesoscopic(ei_gif(50_000, p=1), duration=60_000, seed=1, **HOW)
    rates = heddle.population_rates(recording)
    assert rates.standard_error[0] < 0.006
    assert abs(rates.estimate[0] - branch.rates[0]) < 4.5 * rates.standard_error[0]
    assert rates.estimate[0] == pytest.approx(16.897, abs=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("autapses", [True, False])
def test_sparse_neurons_fire_faster_than_the_equations_of_their_means(autapses: bool) -> None:
    """H1'': with p = 0.2 neurons hear different sources, which the published equations leave out:
    1.2 % too slow (published 1.4 %), and 20 % too strong at 20 Hz (12 to 22 %). Neurons that do not
    hear themselves fire 1.6 % faster, and equations know that. Noise of each neuron's own, as if
    sources were Poisson, takes half of the error of the rate, and a third of the power, which is
    too much. All bounds are 4.5 standard errors, of powers 6 %."""
    circuit = changed(ei_gif(p=0.2), autapses=lambda _: autapses)
    runs = [heddle.simulate(circuit, duration=20_000, seed=s, **HOW) for s in range(5)]
    found = [heddle.population_rates(run) for run in runs]
    mean = np.mean([one.estimate[0] for one in found])
    scatter = np.std([one.estimate[0] for one in found], ddof=1) / np.sqrt(5)
    power = np.mean([band(run, 20, 2) for run in runs])
    for noisy, low, more in ((False, 0.012, 1.19), (True, 0.006, 0.67)):
        one = heddle.mesoscopic(circuit, duration=100_000, seed=2, own_noise=noisy, **HOW)
        rates = heddle.population_rates(one)
        error = np.hypot(scatter, rates.standard_error[0]) / mean
        assert error < 0.003
        assert 1.0 - rates.estimate[0] / mean == pytest.approx(low, abs=4.5 * error)
        assert band(one, 20, 2) / power == pytest.approx(more, rel=4.5 * 0.06)


@pytest.mark.slow
def test_networks_drawn_with_a_probability_differ_more_than_programs_do():
    """H1: 17.53 and 17.70 Hz, and 17.220 and 17.367 Hz without the left rectangle, are of one drawn
    network each. Over 12 networks excitatory rates scatter by 0.75 Hz, inhibitory ones by 0.35 Hz:
    both are within 4 of these, and no single network tells programs or equations apart."""
    drawn = {"rule": lambda old: heddle.Bernoulli(0.2)}
    for charge, published in (
        ({}, [17.220, 17.367]),
        ({"weight": left_rectangle}, [17.53, 17.70]),
    ):
        circuit = changed(ei_gif(p=0.2), **drawn, **charge)
        runs = [heddle.simulate(circuit, duration=20_000, seed=s, **HOW) for s in range(12)]
        rates = np.array([heddle.population_rates(run).estimate for run in runs])
        scatter = rates.std(axis=0, ddof=1)
        assert scatter[0] > 0.3
        assert np.all(np.abs(published - rates.mean(axis=0)) < 4 * scatter)


def adapted(q: float, tau: float) -> Circuit:
    """The E–I circuit, all to all, with excitatory neurons whose threshold adapts."""
    circuit = ei_gif(p=1)
    excitatory, inhibitory = circuit.populations
    adaptation = [Adaptation(kind="threshold", q=q, tau=tau)]
    excitatory = Population(
        name="E", size=excitatory.size, neuron=excitatory.neuron, adaptation=adaptation
    )
    return Circuit(populations=[excitatory, inhibitory], projections=circuit.projections)


@pytest.mark.parametrize(
    ("q", "tau", "micro", "meso", "error"),
    [
        (1.0, 300.0, [7.386, 11.52], [7.139, 11.38], 0.033),
        pytest.param(1.5, 1000.0, [2.812, 8.883], [2.795, 8.870], 0.006, marks=pytest.mark.slow),
    ],
)
def test_quasi_renewal_adaptation_has_the_published_error(
    q: float, tau: float, micro: list[float], meso: list[float], error: float
) -> None:
    """H1b. Rates of the excitatory neurons are too low by 3.3 and 0.6 %, with a standard error of
    0.2 %; a published rate has the standard error of ours, and what its last digit leaves."""
    circuit = adapted(q, tau)
    how = {"duration": 100_000, "transient": 5 * tau, "step": 0.5}
    neurons = heddle.simulate(circuit, seed=1, **how)
    equations = heddle.mesoscopic(circuit, seed=2, **how)
    rates = [heddle.population_rates(one) for one in (neurons, equations)]
    for found, published in zip(rates, (micro, meso), strict=True):
        allowed = 4.5 * np.sqrt(2) * found.standard_error + 0.005
        assert np.all(np.abs(found.estimate - published) < allowed)
    ratio = rates[1].estimate[0] / rates[0].estimate[0]
    spread = np.hypot(*[one.standard_error[0] / one.estimate[0] for one in rates])
    assert spread < 0.004
    assert ratio == pytest.approx(1 - error, abs=5 * spread)


def test_linear_theory_has_the_published_spectrum_and_is_left_by_a_thousand_neurons(equations):
    """Section 5 of the theory: the power of E times N / 1000, to its printed digits. With N = 1000
    the band around 20 Hz holds 4.3 ± 0.2 Hz, not 5.7 Hz, and the result says not to be trusted."""
    table = {10: 0.200, 15: 1.33, 18: 4.31, 20: 7.03, 22: 4.77, 25: 1.56, 30: 0.43, 60: 0.020}
    table[200] = 0.0197
    found = heddle.linear_response(ei_gif(p=1), list(map(float, table)))
    powers = np.array(found.spectra)[:, 0, 0].real
    np.testing.assert_allclose(powers, list(table.values()), rtol=0.01)
    assert not found.trusted
    inside = heddle.linear_response(ei_gif(p=1), np.arange(18.0, 22.5))
    linear = np.array(inside.spectra)[:, 0, 0].real.mean()
    assert linear == pytest.approx(5.7, abs=0.1)
    assert band(equations, 20, 2) == pytest.approx(4.3, abs=4.5 * np.hypot(0.2, 0.13))
    assert band(equations, 20, 2) < linear - 4.5 * 0.13
