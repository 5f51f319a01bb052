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


def leaky(mu: float = 19.0) -> heddle.LeakyNeuron:
    """Driven to `mu`, mV above rest, next to its threshold of 20 mV."""
    return heddle.LeakyNeuron(
        tau_m=20.0, C_m=250.0, E_L=0.0, V_th=20.0, V_reset=15.0, t_ref=2.0, I_e=mu * 250.0 / 20.0
    )


def noisy(size: int, **laws) -> list[heddle.Population]:
    """Uncoupled populations, by name: law, and noise if any."""
    return [
        heddle.Population(name, size, law, noise=noise or heddle.Noise())
        for name, (law, noise) in laws.items()
    ]


def same_rates(ours, theirs, name: str) -> None:
    """Mean rates of independent neurons: four standard errors, one false alarm in 16,000."""
    k = ours.names.index(name)
    first = int(np.sum(ours.sizes[:k]))
    own, other = (
        np.asarray(one.counts[first : first + ours.sizes[k]], float) for one in (ours, theirs)
    )
    error = np.hypot(own.std(), other.std()) / np.sqrt(len(own))
    assert abs(own.mean() - other.mean()) < 4.0 * error, name
    assert error < 0.02 * own.mean()


@needs("nest")
def test_white_noise_of_nest_is_that_of_the_grid_and_of_siegert_with_its_threshold(tmp_path):
    """Tested on the grid only, a threshold acts as if it were higher by 0.5826 σ √(h / τ_m), an
    expansion to that order: 1 % of the rate, and four standard errors of NEST's, are allowed."""
    mu, sigma = 19.66, 4.0
    circuit = heddle.Circuit(noisy(500, A=(leaky(mu), heddle.Noise(sigma=sigma))))
    times = {"duration": 1000.0, "transient": 200.0, "step": 0.1}
    theirs = recording_of(run_peer("nest", circuit, tmp_path, **times), circuit)
    ours = heddle.simulate(circuit, spike_times="grid", **times)
    same_rates(ours, theirs, "A")
    raised = 20.0 + 0.5826 * sigma * np.sqrt(0.1 / 20.0)
    expected = heddle.siegert(mu, sigma, tau_m=20.0, V_th=raised, V_reset=15.0, t_ref=2.0)
    rates = np.asarray(theirs.counts, float)  # in a second
    error = rates.std() / np.sqrt(len(rates))
    assert abs(rates.mean() - expected) < 4.0 * error + 0.01 * expected


@needs("nest")
def test_escape_neurons_under_poisson_conductances_fire_as_in_nest(tmp_path):
    """Uncoupled, each with its own spikes through an excitatory and an inhibitory conductance."""
    law = heddle.EscapeNeuron(
        C_m=200.0, tau_m=20.0, E_L=-65.0, V_T_star=-50.0, V_reset=-60.0, Delta_V=2.0, I_e=110.0
    )
    excite = heddle.Synapse(tau_syn=2.0, conductance=True, E_rev=0.0)
    inhibit = heddle.Synapse(tau_syn=6.0, conductance=True, E_rev=-80.0)
    circuit = heddle.Circuit(
        [heddle.Population("A", 300, law)],
        inputs=[
            heddle.Input("A", heddle.PoissonInput(rate=1500.0, weight=1.0, synapse=excite)),
            heddle.Input("A", heddle.PoissonInput(rate=500.0, weight=1.0, synapse=inhibit)),
        ],
    )
    times = {"duration": 1500.0, "transient": 200.0, "step": 0.1}
    theirs = recording_of(run_peer("nest", circuit, tmp_path, **times), circuit)
    ours = heddle.simulate(circuit, spike_times="grid", **times)
    assert np.mean(ours.counts) > 10
    same_rates(ours, theirs, "A")


@needs("brian2")
def test_noise_and_currents_of_their_own_in_brian2_give_the_rates_they_give_here(tmp_path):
    """Brian2 holds a current over a step of which we take the mean: of second order in rates."""
    own = heddle.OrnsteinUhlenbeckInput(mean=10.0, sigma=60.0, tau=8.0)
    circuit = heddle.Circuit(
        noisy(
            600,
            white=(leaky(), heddle.Noise(sigma=4.0)),
            coloured=(leaky(), heddle.Noise(sigma=4.0, tau=5.0)),
            own=(leaky(), None),
            quadratic=(heddle.QuadraticNeuron(tau_m=10.0, eta=0.5), heddle.Noise(sigma=1.5)),
        ),
        inputs=[heddle.Input("own", own)],
    )
    times = {"duration": 500.0, "transient": 100.0, "step": 0.2}
    theirs = run_peer("brian2", circuit, tmp_path, target="numpy", **times)
    theirs = recording_of(theirs, circuit)
    ours = heddle.simulate(circuit, spike_times="grid", **times)
    for name in ours.names:
        same_rates(ours, theirs, name)


@needs("brian2")
def test_a_shared_current_in_brian2_is_one_path_of_the_same_law(tmp_path):
    """One path has as many spikes as 400 of ours have, to 4.5 of their standard deviations: counts
    are normal enough for a false alarm in 10,000."""
    shared = heddle.OrnsteinUhlenbeckInput(mean=30.0, sigma=100.0, tau=3.0, shared=True)
    times = {"duration": 1000.0, "transient": 100.0, "step": 0.2}

    def driven(sizes: dict[str, int]) -> heddle.Circuit:
        return heddle.Circuit(
            [heddle.Population(name, size, leaky()) for name, size in sizes.items()],
            inputs=[heddle.Input(name, shared) for name in sizes],
        )

    theirs = run_peer("brian2", driven({"A": 3}), tmp_path, target="numpy", **times)
    alike = [theirs["A/times"][theirs["A/neurons"] == k] for k in range(3)]
    assert all(np.array_equal(one, alike[0]) for one in alike)
    paths = heddle.simulate(driven({f"{k}": 1 for k in range(400)}), spike_times="grid", **times)
    counts = np.asarray(paths.counts, float)
    assert counts.mean() > 20
    assert abs(len(alike[0]) - counts.mean()) < 4.5 * counts.std()
    assert counts.std() < 0.2 * counts.mean()
