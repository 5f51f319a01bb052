"""Densities of potentials and what is derived from them, against the neurons they stand for."""

import numpy as np
import pytest

import heddle

# The neuron of Augustin et al. (2017); its inputs are in mV / ms and mV / √ms there.
PUBLISHED = {
    **{"C_m": 200.0, "g_L": 10.0, "E_L": -65.0, "V_th": -50.0, "Delta_T": 1.5, "V_peak": -40.0},
    **{"V_reset": -70.0, "t_ref": 0.0, "tau_w": 200.0, "E_w": -80.0},
}


def alone(neuron, sigma, size=1000):
    noise = heddle.Noise(sigma=sigma)
    return heddle.Circuit([heddle.Population("A", size, neuron, noise=noise)], [], [])


def rate_of(circuit, seed, duration=1500.0, transient=500.0):
    """The rate of a simulation and its standard error, Hz."""
    found = heddle.simulate(circuit, duration=duration, transient=transient, seed=seed)
    batches = np.asarray(found.activity)[0].reshape(15, -1).mean(axis=1)
    return batches.mean(), batches.std(ddof=1) / np.sqrt(15)


@pytest.mark.parametrize(("current", "sigma"), [(300.0, 6.7), (180.0, 9.0)])
def test_exponential_neurons_fire_at_the_rate_of_threshold_integration(current, sigma):
    """To 5 standard errors of 14 degrees of freedom: a false alarm in 5000."""
    neuron = heddle.ExponentialNeuron(**PUBLISHED, a=0.0, b=0.0, I_e=current)
    rate, error = rate_of(alone(neuron, sigma), seed=3)
    found = heddle.diffusion_response(neuron, [-65.0 + current / 10.0], [sigma])
    assert error < 0.15
    assert abs(rate - found.rate[0]) < 5 * error


def test_adapting_neurons_fire_as_their_mean_adaptation_says_to_2_percent():
    """Neurons that fired more adapt more, which the mean leaves out: 1.6 % here."""
    neuron = heddle.ExponentialNeuron(**PUBLISHED, a=4.0, b=40.0, I_e=500.0)
    circuit = alone(neuron, 6.7)
    density = heddle.fokker_planck(circuit, duration=100.0, transient=1200.0, step=0.2)
    rate, error = rate_of(circuit, seed=4, transient=1200.0)
    assert "adaptation is its mean over neurons" in " ".join(density.assumptions)
    expected = np.mean(density.activity)
    assert 0.0 < rate - expected < 0.025 * expected + 3 * error


def test_a_step_of_current_is_followed_as_by_many_neurons():
    """Root mean square of the difference against the noise of counts, √(A / (N bin)); with 400 bins
    the ratio has a standard error of 0.035 √2: a false alarm above 1.25 in 10⁻⁶."""
    neuron = heddle.ExponentialNeuron(**PUBLISHED, a=0.0, b=0.0)
    step = heddle.CurrentInput(times=[0.0, 200.0, 300.0], values=[[200.0, 420.0, 250.0]])
    circuit = alone(neuron, 6.7, size=4000)
    circuit = heddle.Circuit(circuit.populations, [], [heddle.Input("A", step)])
    expected = heddle.fokker_planck(circuit, duration=400.0).activity[0]
    found = np.asarray(heddle.simulate(circuit, duration=400.0, step=0.05, seed=2).activity)[0]
    noise = np.sqrt(expected.mean() / (4000 * 1e-3))
    assert expected.max() > 3 * expected[150:200].mean()
    assert np.sqrt(np.mean((found - expected) ** 2)) < 1.25 * noise


THRESHOLDS = {"V_th": 20.0, "V_reset": 10.0}


@pytest.mark.parametrize("frequency", [8.0, 60.0])
def test_a_modulated_current_modulates_the_rate_by_the_susceptibility(frequency):
    """N = 5000 neurons that fire at r for T s: each quadrature of the measured amplitude has a
    standard error below √(2 r / (N T)), 0.03 Hz, as spikes are more regular than Poisson's. Four of
    them: false alarms in one of 8000 runs. A refractory period of 5 ms turns the phase."""
    mu, sigma, t_ref, epsilon, neurons, seconds = 17.0, 4.0, 5.0, 0.6, 5000, 4.0
    step = 0.25
    times = np.arange(0.0, 1e3 * seconds + 500.0, step)
    # Constant over a step: the value in its middle.
    modulation = mu + epsilon * np.cos(2e-3 * np.pi * frequency * (times + 0.5 * step))
    law = heddle.LeakyNeuron(tau_m=20.0, C_m=250.0, E_L=0.0, t_ref=t_ref, I_e=0.0, **THRESHOLDS)
    circuit = heddle.Circuit(
        [heddle.Population("A", neurons, law, noise=heddle.Noise(sigma=sigma))],
        inputs=[heddle.Input("A", heddle.CurrentInput(times, 12.5 * modulation[None, :]))],
    )
    recording = heddle.simulate(
        circuit, duration=1e3 * seconds, transient=500.0, step=step, bin=step, seed=5
    )
    activity = np.asarray(recording.activity)[0]
    middle = 500.0 + step * (np.arange(len(activity)) + 0.5)
    found = 2.0 * np.mean(activity * np.exp(-2e-3j * np.pi * frequency * middle))
    chi = heddle.siegert_susceptibility(frequency, mu, sigma, t_ref=t_ref, **THRESHOLDS)
    rate = heddle.siegert(mu, sigma, t_ref=t_ref, **THRESHOLDS)
    error = 4.0 * np.sqrt(2.0 * rate / (neurons * seconds))
    assert error < 0.15 * epsilon * abs(chi)
    # Of third order in ε / σ, and of the bridge between grid points: 1 % of the amplitude.
    tolerance = error + 0.01 * epsilon * abs(chi)
    assert abs(found.real - epsilon * chi.real) < tolerance
    assert abs(found.imag - epsilon * chi.imag) < tolerance


LEAKY = heddle.LeakyNeuron(tau_m=20.0, V_th=20.0, V_reset=10.0, E_L=0.0, t_ref=2.0)


def balanced(size=2000):
    """Leaky E and I, delta synapses, 1.5 ms; from 150 ms on more spikes from outside reach both."""
    jump = {"E": 0.1, "I": -0.5}
    sizes = {"E": size, "I": size // 4}
    projections = [
        heddle.Projection(
            *(source, target, heddle.FixedIndegree(sizes[source] // 10)),
            synapse="delta",
            weight=jump[source],
            delay=1.5,
        )
        for source in "EI"
        for target in "EI"
    ]
    inputs = [
        heddle.Input(target, heddle.PoissonInput(rate, 0.1, "delta", start=start))
        for target in "EI"
        for rate, start in ((12000.0, 0.0), (3000.0, 150.0))
    ]
    populations = [heddle.Population(name, n, LEAKY) for name, n in sizes.items()]
    return heddle.Circuit(populations, projections, inputs)


def test_leaky_populations_go_from_one_state_to_the_next_as_their_densities_and_neurons_do():
    """All ends are stationary rates in white noise. Neurons are 2500, with jumps of 5 % of
    V_th − V_reset: the diffusion theory is off by a few percent, noise by less (1 % in 100 ms)."""
    circuit = balanced()
    density = heddle.fokker_planck(circuit, duration=300.0)
    tables = heddle.cascade_tables(
        LEAKY, mu=np.linspace(-2.0, 40.0, 127), sigma=np.linspace(1.0, 6.0, 26), cache=False
    )
    cascade = heddle.cascade_rates(
        circuit, model="lnexp", tables={"E": tables, "I": tables}, duration=300.0
    )
    run = heddle.simulate(circuit, duration=300.0, seed=2)
    neurons = np.asarray(run.activity)[:, 200:].mean(axis=1)
    (later,) = heddle.stationary_rates(after_the_step(circuit), theory="white").branches
    np.testing.assert_allclose(density.activity[:, -1], later.rates, rtol=1e-3)
    np.testing.assert_allclose(cascade.activity[:, -1], later.rates, rtol=2e-3)
    np.testing.assert_allclose(neurons, later.rates, rtol=0.06)
    rise = slice(150, 200)
    off = np.abs(cascade.activity - density.activity)[:, rise].mean()
    change = density.activity[0, -1] - density.activity[0, 149]
    assert change > 3.0
    assert off < 0.15 * change


def after_the_step(circuit):
    """The circuit with all its input from the start."""
    inputs = [
        heddle.Input(i.target, heddle.PoissonInput(i.drive.rate, i.drive.weight, "delta"))
        for i in circuit.inputs
    ]
    return heddle.Circuit(circuit.populations, circuit.projections, inputs)
