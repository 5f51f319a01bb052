"""White and coloured noise and Ornstein-Uhlenbeck currents, against closed forms.

Every check here compares a mean of independent numbers with its closed form, to four of its
standard errors: equal laws fail it once in 16,000 seeds (6e-5). Seeds are fixed.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

import heddle
from heddle import Noise, OrnsteinUhlenbeckInput

ERRORS = 4.0
FREE = {"C_m": 200.0, "E_L": -60.0, "V_th": 1e6, "V_reset": -60.0}
LAGS = (0, 4, 20)  # samples


def agree(samples, expected: float, bias: float = 0.0) -> None:
    """Is the mean of independent samples what is expected, to `bias`?"""
    samples = np.asarray(samples, float)
    error = samples.std(ddof=1) / np.sqrt(samples.size)
    found = samples.mean()
    assert abs(found - expected) < ERRORS * error + bias, (found, expected, error)


def free_potentials(
    neurons=40_000, *, tau_m, law=None, noise=None, inputs=(), step=0.5, seed=1, **options
):
    """V − E_L of neurons that do not spike, every 2 ms after 12 time constants; (N, samples)."""
    law = law or heddle.LeakyNeuron(tau_m=tau_m, **FREE)
    population = heddle.Population("A", neurons, law, noise=noise or Noise())
    circuit = heddle.Circuit([population], inputs=[heddle.Input("A", one) for one in inputs])
    found = heddle.simulate(
        circuit,
        duration=2.0 * (1 + max(LAGS)),
        transient=240.0,
        step=step,
        seed=seed,
        bin=2.0,
        probes=[heddle.Probe("A", np.arange(neurons))],
        **options,
    )
    return found.traces[0] - FREE["E_L"]


def filtered(variance: float, tau: float, tau_m: float, lag: float) -> float:
    """Autocovariance of a leaky filter τ_m V̇ = x − V of x with variance · e^{−|t| / τ}:

    variance τ (τ e^{−t / τ} − τ_m e^{−t / τ_m}) / (τ² − τ_m²) ,   (1 + t / τ) e^{−t / τ} / 2 for
    τ = τ_m: the inverse transform of |1 / (1 + i ω τ_m)|² 2 τ / (1 + ω² τ²).
    """
    if tau == tau_m:
        return 0.5 * variance * (1 + lag / tau) * np.exp(-lag / tau)
    decay = tau * np.exp(-lag / tau) - tau_m * np.exp(-lag / tau_m)
    return variance * tau * decay / (tau**2 - tau_m**2)


def check_moments(potentials, mean, covariance, bias=0.0) -> None:
    """covariance(lag, ms) of deviations from `mean`; bias, relative to the variance."""
    agree(potentials[:, 0], mean)
    deviations = potentials - mean
    for lag in LAGS:
        expected = covariance(2.0 * lag)
        agree(deviations[:, 0] * deviations[:, lag], expected, bias * covariance(0.0))


@pytest.mark.parametrize(("tau", "tau_m"), [(5.0, 20.0), (20.0, 20.0), (40.0, 10.0)])
def test_ornstein_uhlenbeck_currents_of_their_own_have_mean_variance_and_correlation(tau, tau_m):
    """R = τ_m / C_m; a current has the mean R I and the variance (R σ)² τ / (τ + τ_m)."""
    drive = OrnsteinUhlenbeckInput(mean=30.0, sigma=50.0, tau=tau)
    potentials = free_potentials(tau_m=tau_m, inputs=[drive])
    resistance = tau_m / FREE["C_m"]
    variance = (resistance * 50.0) ** 2
    check_moments(
        potentials, 30.0 * resistance, lambda t: filtered(variance, tau, tau_m, t), bias=1e-3
    )
    # Neighbours share nothing.
    deviations = potentials[:, 0] - 30.0 * resistance
    agree(deviations[::2] * deviations[1::2], 0.0)


def test_currents_do_to_exponential_neurons_what_coloured_noise_of_the_membrane_would():
    """σ √(τ_m / 2 τ) g_L, as `simulate` says; far below threshold the membrane is linear."""
    sigma, tau, tau_m, g_L = 3.0, 8.0, 20.0, 10.0
    drive = OrnsteinUhlenbeckInput(sigma=sigma * np.sqrt(tau_m / (2 * tau)) * g_L, tau=tau)
    law = heddle.ExponentialNeuron(
        C_m=g_L * tau_m, g_L=g_L, E_L=-60.0, V_th=900.0, V_peak=1e3, V_reset=-60.0, a=0.0, b=0.0
    )
    potentials = free_potentials(tau_m=tau_m, law=law, inputs=[drive])
    variance = 0.5 * sigma**2 * tau_m / tau
    check_moments(potentials, 0.0, lambda t: filtered(variance, tau, tau_m, t), bias=2e-3)


def test_shared_currents_are_one_for_all_neurons_of_an_input_and_add_to_their_own():
    """400 populations of three neurons, each with an input of its own for each, and one for all."""
    tau_m, own, shared = 10.0, (40.0, 5.0), (60.0, 20.0)  # pA, ms
    law = heddle.LeakyNeuron(tau_m=tau_m, **FREE)
    names = [str(k) for k in range(400)]
    drives = [
        OrnsteinUhlenbeckInput(sigma=own[0], tau=own[1]),
        OrnsteinUhlenbeckInput(mean=20.0, sigma=shared[0], tau=shared[1], shared=True),
    ]
    circuit = heddle.Circuit(
        [heddle.Population(name, 3, law) for name in names],
        inputs=[heddle.Input(name, drive) for name in names for drive in drives],
    )
    probes = [heddle.Probe(name, np.arange(3)) for name in names]
    found = heddle.simulate(
        circuit,
        duration=1500.0,
        transient=200.0,
        step=0.5,
        seed=2,
        probes=probes,
        probe_interval=300.0,
    )
    resistance = tau_m / FREE["C_m"]
    deviations = np.stack(found.traces) - FREE["E_L"] - 20.0 * resistance  # (400, 3, 5)
    of_own, of_shared = (filtered((resistance * s) ** 2, t, tau_m, 0.0) for s, t in (own, shared))
    agree(deviations.mean(axis=1), 0.0)
    agree(deviations[:, 0] * deviations[:, 1], of_shared, bias=1e-3 * of_shared)
    agree((deviations[:, 0] - deviations[:, 1]) ** 2, 2 * of_own, bias=1e-3 * of_own)
    agree(deviations[::2, 0] * deviations[1::2, 0], 0.0)


def test_a_shared_current_alone_moves_all_neurons_alike_on_any_number_of_threads():
    drive = OrnsteinUhlenbeckInput(sigma=50.0, shared=True)
    one, three = (
        free_potentials(500, tau_m=10.0, inputs=[drive], threads=threads) for threads in (1, 3)
    )
    assert np.std(one[0]) > 0
    assert (one == one[0]).all()
    assert (one == three).all()


@pytest.mark.parametrize("tau", [0.0, 4.0, 20.0, 60.0])
def test_noise_of_the_membrane_is_exact_at_any_step(tau):
    """x has the variance σ² τ_m / (2 τ), V therefore σ² τ_m / (2 (τ + τ_m)); σ² / 2 if white."""
    sigma, tau_m = 3.0, 20.0
    potentials = free_potentials(tau_m=tau_m, noise=Noise(sigma=sigma, tau=tau), step=2.0)
    white = 0.5 * sigma**2
    variance = white * tau_m / tau if tau else 0.0
    check_moments(
        potentials,
        0.0,
        lambda t: filtered(variance, tau, tau_m, t) if tau else white * np.exp(-t / tau_m),
    )


KERNELS = {  # of the potential, after a spike of weight 1
    "delta": lambda t, tau_m, _: np.exp(-t / tau_m),
    "exponential": lambda t, tau_m, tau_s: (
        tau_s * tau_m / (FREE["C_m"] * (tau_m - tau_s)) * (np.exp(-t / tau_m) - np.exp(-t / tau_s))
    ),
    "alpha": lambda t, tau_m, tau_s: (
        np.e
        / (tau_s * FREE["C_m"])
        * (np.exp(-t / tau_m) - np.exp(-t / tau_s) * (1 + t * (1 / tau_s - 1 / tau_m)))
        / (1 / tau_s - 1 / tau_m) ** 2
    ),
}


@pytest.mark.parametrize("kind", KERNELS)
def test_poisson_spikes_give_potentials_the_cumulants_of_campbell(kind):
    """Cumulant n of V is rate ∫ (weight kernel)ⁿ dt, for n = 1, 2, 3."""
    rate, weight, tau_m, tau_s = 0.4, {"delta": 1.0}.get(kind, 60.0), 20.0, 5.0  # 1/ms
    synapse = heddle.Synapse(kind=kind, tau_syn=tau_s)
    drive = heddle.PoissonInput(rate=1e3 * rate, weight=weight, synapse=synapse)
    deviations = free_potentials(tau_m=tau_m, inputs=[drive])[:, 0]
    cumulants = [
        rate * quad(lambda t, n=n: (weight * KERNELS[kind](t, tau_m, tau_s)) ** n, 0, np.inf)[0]
        for n in (1, 2, 3)
    ]
    agree(deviations, cumulants[0])
    deviations -= cumulants[0]
    agree(deviations**2, cumulants[1], bias=1e-3 * cumulants[1])
    agree(deviations**3, cumulants[2], bias=1e-3 * cumulants[2])


def test_poisson_spikes_come_from_start_to_stop():
    """A mean current I from start to stop: R I (1 − e^{−t / τ_m}), which then decays."""
    tau_m, jump = 20.0, heddle.Synapse(kind="delta")
    drive = heddle.PoissonInput(rate=2e3, weight=0.1, synapse=jump, start=242.0, stop=262.0)
    potentials = free_potentials(tau_m=tau_m, inputs=[drive])  # at 242, 244, … 282 ms
    assert np.abs(potentials[:, 0]).max() < 1e-9
    top = 2.0 * 0.1 * tau_m * -np.expm1(-20.0 / tau_m)
    agree(potentials[:, 10], top)
    agree(potentials[:, 20], top * np.exp(-20.0 / tau_m))


SCHUECKER = [(18.94, 1.5), (20.96, 1.5), (16.42, 4.0), (19.66, 4.0)]  # mV: μ, σ of figure 4
THRESHOLDS = {"tau_m": 20.0, "V_th": 20.0, "V_reset": 15.0}


def leaky(mu: float, t_ref: float = 0.0) -> heddle.LeakyNeuron:
    return heddle.LeakyNeuron(**THRESHOLDS, C_m=250.0, E_L=0.0, t_ref=t_ref, I_e=mu * 250.0 / 20.0)


def neuron_rates(law, noise=None, *, step, inputs=(), neurons=1000, duration=4000.0, seed=3):
    """Hz, of independent neurons."""
    population = heddle.Population("A", neurons, law, noise=noise or Noise())
    circuit = heddle.Circuit([population], inputs=[heddle.Input("A", one) for one in inputs])
    found = heddle.simulate(
        circuit, duration=duration, transient=300.0, step=step, seed=seed, bin=10.0
    )
    return np.asarray(found.counts) / (1e-3 * duration)


@pytest.mark.parametrize("t_ref", [0.0, 2.0])
@pytest.mark.parametrize(("mu", "sigma"), SCHUECKER)
def test_leaky_neurons_with_white_noise_fire_at_the_rate_of_siegert(mu, sigma, t_ref):
    """To 0.2 % and four standard errors, of 0.1 to 0.4 %, with a step of half a millisecond."""
    expected = heddle.siegert(mu, sigma, t_ref=t_ref, **THRESHOLDS)
    agree(neuron_rates(leaky(mu, t_ref), Noise(sigma=sigma), step=0.5), expected, 2e-3 * expected)


@pytest.mark.parametrize(("mu", "sigma"), SCHUECKER)
def test_coloured_noise_moves_threshold_and_reset_by_the_root_of_its_time(mu, sigma):
    """V_th and V_reset + (α / 2) σ √(τ / τ_m), α = √2 |ζ(1/2)| = 2.0653: Brunel & Sergi (1998),
    Fourcaud & Brunel (2002), figure 4 of Schuecker, Diesmann & Helias (2015). Exact to order
    √(τ / τ_m); what is left out is of order τ / τ_m = 0.02, and less than half of that."""
    tau = 0.4
    shift = 0.5 * 2.06525 * sigma * np.sqrt(tau / 20.0)
    moved = {"tau_m": 20.0, "V_th": 20.0 + shift, "V_reset": 15.0 + shift}
    expected = heddle.siegert(mu, sigma, **moved)
    found = neuron_rates(leaky(mu), Noise(sigma=sigma, tau=tau), step=0.1, duration=2000.0)
    agree(found, expected, 0.5 * tau / 20.0 * expected)
    white = heddle.siegert(mu, sigma, **THRESHOLDS)
    assert found.mean() < white - 10 * found.std() / np.sqrt(len(found))


def test_an_ornstein_uhlenbeck_current_does_what_coloured_noise_of_the_membrane_does():
    """τ_m V̇ = … + x with Var x = σ² τ_m / (2 τ) is a current of that times (C_m / τ_m)²."""
    mu, sigma, tau = 16.42, 4.0, 5.0
    current = OrnsteinUhlenbeckInput(
        sigma=sigma * np.sqrt(20.0 / (2 * tau)) * 250.0 / 20.0, tau=tau
    )
    noisy = neuron_rates(leaky(mu), Noise(sigma=sigma, tau=tau), step=0.25)
    driven = neuron_rates(leaky(mu), inputs=[current], step=0.25, seed=4)
    assert noisy.mean() > 2.0
    agree(noisy - driven, 0.0, 2e-3 * noisy.mean())


@pytest.mark.parametrize(("eta", "sigma"), [(-0.5, 1.0), (0.0, 1.0), (1.0, 1.5)])
def test_quadratic_neurons_with_white_noise_fire_at_the_rate_of_their_first_passage(eta, sigma):
    """From −∞ to +∞ in τ_m V̇ = V² + η + √τ_m σ ξ (Lindner, Longtin & Bulsara 2003):

    T = 2 τ_m √(π / D) ∫₀^∞ exp(−(u⁶ / 12 + η u²) / D) du ,   D = σ² / 2

    Noise is a current that is constant over a step: low by 2 % for each ms of it.
    """
    D = sigma**2 / 2
    integral = quad(lambda u: np.exp(-(u**6 / 12 + eta * u**2) / D), 0.0, np.inf)[0]
    expected = 1e3 / (2 * 10.0 * np.sqrt(np.pi / D) * integral)
    law = heddle.QuadraticNeuron(tau_m=10.0, eta=eta)
    agree(neuron_rates(law, Noise(sigma=sigma), step=0.1), expected, 3e-3 * expected)


@pytest.mark.parametrize("I_e", [500.0, 700.0])
def test_exponential_neurons_with_white_noise_fire_at_the_rate_of_fokker_and_planck(I_e):
    """The flux of the stationary density, integrated down from V_peak where it vanishes:
    D p' = f p − r [V > V_reset], f = E_L − V + I_e / g_L + Δ e^{(V − V_th) / Δ}, D = σ² / 2, and
    ∫ p τ_m + r t_ref = 1 (Richardson 2007), exactly over each of 100,000 cells."""
    law = heddle.ExponentialNeuron(
        C_m=300.0,
        g_L=30.0,
        E_L=-70.0,
        V_th=-50.0,
        V_peak=-30.0,
        V_reset=-60.0,
        t_ref=1.0,
        a=0.0,
        b=0.0,
        I_e=I_e,
    )
    sigma, cell = 4.0, 1e-3
    v = np.arange(-130.0, law.V_peak, cell) + 0.5 * cell
    upstroke = law.Delta_T * np.exp((v - law.V_th) / law.Delta_T)
    pull = (law.E_L - v + law.I_e / law.g_L + upstroke) / (sigma**2 / 2)
    kept = np.exp(-pull * cell)
    source = (v > law.V_reset) / (sigma**2 / 2) * (1 - kept) / pull
    density = [0.0]
    for keep, flux in zip(kept[::-1], source[::-1], strict=True):
        density.append(density[-1] * keep + flux)
    expected = 1e3 / (law.t_ref + law.C_m / law.g_L * cell * sum(density))
    found = neuron_rates(law, Noise(sigma=sigma), step=0.2, duration=3000.0)
    agree(found, expected, 2e-3 * expected)


@pytest.mark.parametrize("tau", [0.0, 5.0])
def test_noise_under_a_steady_conductance_has_the_variance_of_the_effective_membrane(tau):
    """τ_e = C_m / (g_L + g) = 4 ms: σ² τ_e / (2 τ_m), white; σ² τ_e² / (2 τ_m (τ + τ_e)) else."""
    sigma, tau_m, capacitance = 4.0, 20.0, 200.0
    clock = heddle.QuadraticNeuron(tau_m=10.0, eta=float((np.pi * 10.0 / 0.5) ** 2))  # 2 / ms
    law = heddle.LeakyNeuron(tau_m=tau_m, C_m=capacitance, E_L=0.0, V_th=1e6, V_reset=0.0)
    synapse = heddle.Synapse(tau_syn=20.0, conductance=True, E_rev=0.0)  # 1 nS · 2 / ms · 20 ms
    circuit = heddle.Circuit(
        [
            heddle.Population("S", 1, clock),
            heddle.Population("A", 20_000, law, noise=Noise(sigma=sigma, tau=tau)),
        ],
        projections=[heddle.Projection("S", "A", heddle.AllToAll(), 1.0, 0.8, synapse=synapse)],
    )
    probe = heddle.Probe("A", np.arange(20_000))
    times = {"duration": 16.0, "transient": 192.0, "step": 0.8, "bin": 16.0}
    recording = heddle.simulate(circuit, **times, runaway_rate=0.0, probes=[probe])
    effective = capacitance / (capacitance / tau_m + 40.0)
    expected = sigma**2 * effective / (2 * tau_m) * (effective / (tau + effective))
    agree(recording.traces[0][:, 0] ** 2, expected, bias=0.01 * expected)


@pytest.mark.parametrize("law", ["lif", "gif"])
def test_a_current_for_each_neuron_is_the_same_current_for_all(law):
    """In steps with a spike or a release too."""
    common = {"tau_m": 10.0, "C_m": 250.0, "E_L": 0.0, "V_reset": 0.0, "t_ref": 2.0}
    neuron = (
        heddle.LeakyNeuron(**common, V_th=15.0)
        if law == "lif"
        else heddle.EscapeNeuron(**common, V_T_star=15.0)
    )

    def spikes(rows: int):
        drive = heddle.CurrentInput([0.0], np.full((rows, 1), 750.0))
        circuit = heddle.Circuit(
            [heddle.Population("A", 4, neuron)], inputs=[heddle.Input("A", drive)]
        )
        return heddle.simulate(circuit, duration=500.0, step=0.25, bin=1.0, keep_spikes=True).spikes

    (one, who), (each, neurons) = spikes(1), spikes(4)
    assert len(one) > 40
    np.testing.assert_array_equal(who, neurons)
    np.testing.assert_allclose(one, each, atol=1e-4)
