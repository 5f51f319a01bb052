"""Distributions of stationary rates: a case known otherwise, results and bad input."""

from __future__ import annotations

import numpy as np
import pytest
from population_circuits import inhibitory

import heddle

DELTA = heddle.Synapse("delta")


def found(circuit: heddle.Circuit, method: str, **options) -> heddle.StationaryDistribution:
    return heddle.stationary_distributions(circuit, method=method, **options).populations[0]


def test_leaky_neurons_without_differences_have_their_stationary_rate():
    """The same map as `stationary_rates`, reached in another way."""
    population = heddle.Population("I", 1000, heddle.LeakyNeuron(E_L=0, V_th=20, V_reset=10))
    synapse = heddle.Synapse(tau_syn=2.0)
    circuit = heddle.Circuit(
        [population],
        [heddle.Projection("I", "I", heddle.FixedIndegree(100), -20.0, 1.5, synapse=synapse)],
        [heddle.Input("I", heddle.PoissonInput(rate=9000.0, weight=30.0, synapse=synapse))],
    )
    branch = heddle.stationary_rates(circuit).branches[0]
    one = found(circuit, "gaussian")
    assert one.mean == pytest.approx(branch.rates[0], rel=1e-7)
    assert one.input == pytest.approx(branch.mu[0], rel=1e-7)
    assert np.sqrt(one.noise) == pytest.approx(branch.sigma[0], rel=1e-7)
    assert one.deviation < 1e-3


def test_arguments_and_results_are_named():
    circuit = inhibitory(heddle.Bernoulli(0.05), -0.25)
    with pytest.raises(heddle.DomainError, match="did you mean 'cumulants'"):
        heddle.stationary_distributions(circuit, method="cumulant")
    with pytest.raises(heddle.DomainError, match="theory is 'taylor'"):
        heddle.stationary_distributions(circuit, theory="taylor")
    all_of_it = heddle.stationary_distributions(circuit)
    assert "deviation" in all_of_it.statement
    assert any("Pearson" in sentence for sentence in all_of_it.assumptions)
    one = all_of_it.populations[0]
    assert one.weights.sum() == pytest.approx(1.0)
    assert np.all(np.diff(one.rates) >= 0)
    assert one.below(one.quantile(0.3)) == pytest.approx(0.3, abs=0.01)
    assert one.quantile(0.9) > one.mean
