"""Rates that differ between neurons, and differ less once the neurons have adapted.

The table of quenched rate distributions (section 4.1 of the theory) and that of heterogeneous
connections with adaptation (section 4.4, H9).
"""

from functools import cache

import numpy as np
import pytest

import heddle

DELTA = heddle.Synapse("delta")


def inhibitory(rule, weight=-0.25):
    """4000 neurons, J = −0.25 mV on average, μ = 9 mV, f = 100 Hz / (1 + e^{−(h − 5 mV)})."""
    neuron = heddle.EscapeNeuron(
        tau_m=20.0,
        E_L=9.0,
        V_T_star=5.0,
        t_ref=0.0,
        Delta_V=1.0,
        lambda_0=100.0,
        hazard="sigmoid",
        reset=False,
    )
    recurrent = heddle.Projection("I", "I", rule, weight, 1.0, synapse=DELTA)
    return heddle.Circuit([heddle.Population("I", 4000, neuron)], [recurrent])


CASES = {
    "equal": (heddle.FixedIndegree(200), -0.25),
    "random degrees": (heddle.Bernoulli(0.05), -0.25),
    "random weights": (heddle.FixedIndegree(200), heddle.Distribution.lognormal(-0.25, 0.25)),
}


@cache
def theory(case, method):
    circuit = inhibitory(*CASES[case])
    found = heddle.stationary_distributions(circuit, method=method, sweeps=8, pools=2)
    return found.populations[0]


def test_two_moments_and_pools_of_neurons_have_the_deviations_of_the_table():
    """Of Erdős–Rényi connections, and of weights with a coefficient of variation of 1: population
    dynamics, which knows the skew of sums, has the table's 3.10 and 2.63 Hz to 2 %. Two moments
    have more, in the table 3.34 and 3.82 Hz; ours are nearer to the neurons, 3.17 and 2.79 Hz. The
    mean is the table's to 1 %."""
    assert theory("equal", "gaussian").mean == pytest.approx(6.95, abs=0.01)
    assert theory("equal", "gaussian").deviation < 1e-6
    for case, mean, deviation in [("random degrees", 7.03, 3.10), ("random weights", 7.30, 2.63)]:
        pools = theory(case, "population_dynamics")
        assert pools.mean == pytest.approx(mean, rel=0.01)
        assert pools.deviation == pytest.approx(deviation, rel=0.02)
        assert theory(case, "gaussian").deviation > pools.deviation


@pytest.mark.parametrize("case", ["random degrees", "random weights"])
def test_neurons_have_the_rates_of_the_table(case):
    """Of 10 s: 4.5 standard errors of mean and deviation, those of the table being ours, and what
    its last digit leaves: false alarms below 10⁻⁴."""
    mean, deviation = {"random degrees": (6.97, 3.08), "random weights": (7.24, 2.66)}[case]
    run = heddle.simulate(
        inhibitory(*CASES[case]), duration=10_000.0, transient=300.0, step=0.2, seed=0
    )
    found = heddle.rate_distributions(run)[0]
    assert abs(found.mean - mean) < 4.5 * np.sqrt(2) * found.mean_error + 0.005
    assert abs(found.deviation - deviation) < 4.5 * np.sqrt(2) * found.deviation_error + 0.005
    pools = theory(case, "population_dynamics")
    assert abs(pools.deviation - found.deviation) < 0.05 * found.deviation


TIMES = {"duration": 2000.0, "transient": 1000.0, "step": 0.5, "bin": 10.0}


def followed(circuit, closure):
    return heddle.rate_units(circuit, closure=closure, **TIMES).activity[0]


def off(rate, truth):
    return float(np.sqrt(np.mean((rate - truth) ** 2)) / np.ptp(truth))


def test_closures_that_leave_adaptation_out_rest_where_the_table_says():
    """H9, in-weights of CV 1.5: 12.9 Hz by means, 28.5 Hz by differences of input alone. The second
    is an oscillation that dies out slowly: its mean over the last half second is 28.0 Hz."""
    circuit = heddle.circuits.adapting_population(2000, cv=1.5, at=1500.0)
    assert followed(circuit, "mean")[-50:].mean() == pytest.approx(12.9, abs=0.05)
    assert followed(circuit, "heterogeneity")[-50:].mean() == pytest.approx(28.5, rel=0.03)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cv", "mean", "heterogeneity", "full"),
    [
        (0.0, 0.007, 0.007, 0.006),
        (0.5, 0.008, 0.010, 0.008),
        (1.0, 0.032, 0.058, 0.008),
        (1.5, 0.141, 0.242, 0.013),
    ],
)
def test_the_full_closure_is_needed_where_in_weights_differ(cv, mean, heterogeneity, full):
    """H9, two runs of 20,000 neurons. Which times the table averages over is not known, and with
    them its errors change: 0.9, 0.9, 0.8 and 2.3 % of the full closure here, of which 0.6 to 0.9 %
    are the noise of the neurons. Bounds are the table's and 1.2 %; the alternatives are off by what
    the table says to 40 %, where that is above the noise."""
    circuit = heddle.circuits.adapting_population(20_000, cv=cv, at=1500.0)
    truth = np.mean([heddle.simulate(circuit, seed=s, **TIMES).activity[0] for s in range(2)], 0)
    assert off(followed(circuit, "full"), truth) < full + 0.012
    for closure, published in (("mean", mean), ("heterogeneity", heterogeneity)):
        found = off(followed(circuit, closure), truth)
        assert found == pytest.approx(published, rel=0.4, abs=0.006)
