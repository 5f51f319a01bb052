"""Stationary rates of leaky neurons against their simulation."""

import numpy as np
import pytest

import heddle

EXCITATION, INHIBITION = 0.15, -0.9  # mV that a spike is worth


def simulated(circuit, **options):
    """Rates of the populations, Hz."""
    options = {"duration": 1000.0, "transient": 300.0, "seed": 1} | options
    return np.asarray(heddle.simulate(circuit, **options).activity).mean(axis=1)


@pytest.mark.parametrize(
    ("parameters", "tolerance"),
    [
        ({"g": 5.0, "eta": 2.0}, 0.02),
        ({"g": 6.0, "eta": 4.0}, 0.03),
        ({"g": 5.0, "eta": 1.1}, 0.10),  # slow: finite jumps and synchrony count
    ],
)
def test_brunel_s_network_fires_at_its_stationary_rates(parameters, tolerance):
    """To what the diffusion theory is off by, a few percent: weights of inhibition are 5 % of
    V_th − V_reset. Standard errors are a tenth of that."""
    circuit = heddle.circuits.brunel(5000, J=0.1, **parameters)
    (branch,) = heddle.stationary_rates(circuit).branches
    assert branch.stable
    np.testing.assert_allclose(branch.rates, simulated(circuit), rtol=tolerance)


def coloured(tau_syn: float, spread: float = 0.0) -> heddle.Circuit:
    """Inhibition dominates; exponential synapses; weights with this coefficient of variation."""
    law = heddle.LeakyNeuron(
        C_m=250.0, tau_m=20.0, E_L=0.0, V_th=20.0, V_reset=10.0, t_ref=2.0, I_e=0.0
    )
    synapse = heddle.Synapse(tau_syn=tau_syn)
    charge = 250.0 / tau_syn  # pA for a mV
    sizes = {"E": 1600, "I": 400}

    def weight(source: str):
        mean = charge * (EXCITATION if source == "E" else INHIBITION)
        return heddle.Distribution.lognormal(mean, spread * abs(mean)) if spread else mean

    return heddle.Circuit(
        [heddle.Population(name, n, law) for name, n in sizes.items()],
        [
            heddle.Projection(
                source,
                target,
                heddle.FixedIndegree(n // 10),
                synapse=synapse,
                weight=weight(source),
                delay=heddle.Distribution("uniform", low=0.5, high=4.0),
            )
            for source, n in sizes.items()
            for target in sizes
        ],
        [
            heddle.Input(target, heddle.PoissonInput(9000.0, charge * EXCITATION, synapse))
            for target in sizes
        ],
    )


@pytest.mark.parametrize(("tau_syn", "spread"), [(0.5, 0.0), (2.0, 0.0), (2.0, 0.5)])
def test_synapses_that_take_time_shift_the_rates(tau_syn, spread):
    """To 2 %, a third of what the shift is worth at 0.5 ms and a seventh at 2 ms; weights of
    inhibition are 9 % of V_th − V_reset, or that with a coefficient of variation of 0.5."""
    circuit = coloured(tau_syn, spread)
    found = simulated(circuit, duration=2000.0)
    (branch,) = heddle.stationary_rates(circuit).branches
    np.testing.assert_allclose(branch.rates, found, rtol=0.02)
    (white,) = heddle.stationary_rates(circuit, theory="white").branches
    assert np.all(white.rates > 1.05 * found)


def rivals(current: float) -> heddle.Circuit:
    """Two populations of which each excites itself and inhibits the other."""
    law = heddle.LeakyNeuron(
        C_m=250.0, tau_m=20.0, E_L=0.0, V_th=20.0, V_reset=10.0, t_ref=2.0, I_e=current
    )
    noise = heddle.Noise(sigma=4.0)
    return heddle.Circuit(
        [heddle.Population(name, 1000, law, noise=noise) for name in "AB"],
        [
            heddle.Projection(
                source,
                target,
                heddle.FixedIndegree(100),
                synapse=heddle.Synapse("delta"),
                weight=0.12 if source == target else -0.2,
                delay=1.0,
            )
            for source in "AB"
            for target in "AB"
        ],
    )


def test_the_winner_of_two_rivals_is_one_of_the_stable_branches():
    circuit = rivals(250.0)
    found = heddle.stationary_rates(circuit)
    stable = [np.asarray(branch.rates) for branch in found.branches if branch.stable]
    recorded = simulated(circuit, transient=1000.0)
    distance = [np.linalg.norm(rates - recorded) / np.linalg.norm(recorded) for rates in stable]
    assert min(distance) < 0.05
    assert recorded.max() > 2.0 * recorded.min()
