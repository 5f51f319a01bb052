"""Circuits in NEST and Brian2: statistics where spikes are random, on fixed seeds."""

import numpy as np
import pytest
from peers import needs, recording_of, run_peer

import heddle

# A comparison fails for equal models with this probability, over all populations together.
LEVEL = 1e-3


def small_brunel() -> heddle.Circuit:
    return heddle.circuits.brunel(1000, J=0.3, g=6.0, eta=2.0)


def small_adex() -> heddle.Circuit:
    return heddle.circuits.adex_network(200, p=0.2, rate=3000.0)


def adapting() -> heddle.Circuit:
    """Uncoupled: two time constants of the threshold, one of the current, their own potentials."""
    population = heddle.Population(
        name="A",
        size=300,
        neuron=heddle.EscapeNeuron(I_e=350.0, Delta_V=2.0),
        adaptation=[
            heddle.Adaptation(kind="threshold", tau=50.0, q=1.0),
            heddle.Adaptation(kind="current", tau=100.0, q=10.0),
            heddle.Adaptation(kind="threshold", tau=300.0, q=0.5),
        ],
        quenched={"V_T_star": heddle.Distribution.normal(15.0, 1.0, low=10.0)},
    )
    return heddle.Circuit(populations=[population])


CIRCUITS = {
    "gif": (heddle.circuits.ei_gif, 0.2, 5000.0),
    "brunel": (small_brunel, 0.1, 2000.0),
    "adex": (small_adex, 0.1, 3000.0),
}


@needs("nest")
@pytest.mark.parametrize("name", CIRCUITS)
def test_rates_intervals_and_spectra_of_the_same_network_are_those_of_nest(name, tmp_path):
    make, step, duration = CIRCUITS[name]
    circuit, times = make(), {"duration": duration, "transient": 500.0, "step": step}
    theirs = run_peer("nest", circuit, tmp_path, synapses="drawn", threads=2, **times)
    ours = heddle.simulate(circuit, spike_times="grid", keep_spikes=True, **times)
    theirs = recording_of(theirs, circuit)
    for test in (heddle.rate_difference, heddle.cv_difference, heddle.spectral_difference):
        found = test(ours, theirs, level=LEVEL)
        assert found.passed, found.statement
    assert heddle.rate_equivalence(ours, theirs, tolerance=0.1, level=LEVEL).passed


@needs("nest")
def test_adaptation_on_several_time_scales_is_that_of_nest(tmp_path):
    circuit, times = adapting(), {"duration": 4000.0, "transient": 1000.0, "step": 0.1}
    theirs = recording_of(run_peer("nest", circuit, tmp_path, threads=2, **times), circuit)
    ours = heddle.simulate(circuit, spike_times="grid", keep_spikes=True, **times)
    # Thresholds differ between neurons and are drawn apart: 3.3 standard errors of their mean.
    rates = [np.asarray(one.counts, float) / 4.0 for one in (ours, theirs)]
    error = np.hypot(*(rate.std() / np.sqrt(len(rate)) for rate in rates))
    assert abs(rates[0].mean() - rates[1].mean()) < 3.3 * error
    assert error < 0.02 * rates[0].mean()
