"""The simulator against itself, with other seeds, through every test of two recordings.

Four networks a side, drawn anew for each of 400 pairs: what differs between networks counts. Each
test has to fail in 5 % of the pairs; `trusted` means within three standard errors (1.1 %) of that,
so that on other seeds one of five correct tests would miss it once in 75 runs.
"""

import pytest

import heddle
import heddle.circuits

HOW = {"duration": 2000.0, "transient": 300.0, "step": 0.2, "keep_spikes": True}


@pytest.mark.slow
def test_equal_circuits_alarm_at_five_percent_statistics():
    circuit = heddle.circuits.ei_gif(200)

    def four(seed):
        return [heddle.simulate(circuit, seed=4 * seed + k, **HOW) for k in range(4)]

    found = heddle.null_calibration(four, repetitions=400)
    print(found)
    assert len(found.names) == 5
    assert found.trusted, str(found)


@pytest.mark.slow
def test_equal_connections_alarm_at_five_percent_statistics():
    """One network, other noise: a recording a side is enough for what time averages."""
    circuit = heddle.circuits.ei_gif(200)
    drawn = heddle.connect(circuit, step=HOW["step"], seed=1)
    tests = {
        "rates": heddle.rate_difference,
        "spectra": heddle.spectral_difference,
        "fluctuations": heddle.fluctuation_difference,
    }

    def one(seed):
        return heddle.simulate(circuit, connectome=drawn, seed=seed, **{**HOW, "duration": 6000.0})

    found = heddle.null_calibration(one, tests, repetitions=400)
    print(found)
    assert found.trusted, str(found)
