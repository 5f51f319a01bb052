"""`mesoscopic` from Python: the activity it has is that of the neurons that `simulate` has."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
import pytest

import heddle
from heddle import Adaptation, Circuit, CurrentInput, EscapeNeuron, Input, Population
from heddle.circuits import ei_gif


def alone(size: int, *, mu: float = 24.0, **changes: object) -> Circuit:
    """Neurons that do not hear each other, with a constant input of μ mV."""
    neuron = EscapeNeuron(Delta_V=2.5, I_e=mu * 250 / 20, **changes)
    return Circuit(populations=[Population(name="A", size=size, neuron=neuron)])


def adapted(q: float, tau: float) -> Circuit:
    """The E–I circuit, all to all, with excitatory neurons whose threshold adapts."""
    circuit = ei_gif(p=1)
    excitatory, inhibitory = circuit.populations
    adaptation = [Adaptation(kind="threshold", q=q, tau=tau)]
    excitatory = Population(
        name="E", size=excitatory.size, neuron=excitatory.neuron, adaptation=adaptation
    )
    return Circuit(populations=[excitatory, inhibitory], projections=circuit.projections)


def renewal(neuron: EscapeNeuron, step: float = 0.02) -> dict[str, np.ndarray | float]:
    """Ages (ms), survivors S, interval density P (1/ms) and Λ (1/ms) of stationary cohorts."""
    t = np.arange(0, 400, step) + step / 2
    mu = neuron.tau_m * neuron.I_e / neuron.C_m
    reset = np.exp(-(t - neuron.t_ref) / neuron.tau_m) if neuron.reset else 0.0
    u = mu + (neuron.V_reset - mu) * reset
    free = t > neuron.t_ref
    hazard = np.where(
        free, 1e-3 * neuron.lambda_0 * np.exp((u - neuron.V_T_star) / neuron.Delta_V), 0
    )
    survivors = np.exp(-(np.cumsum(hazard) - hazard / 2) * step)
    variance = np.zeros_like(t)
    for k in range(len(t) - 1):
        gone = -np.expm1(-hazard[k] * step)
        variance[k + 1] = (1 - gone) ** 2 * variance[k] + gone * survivors[k]
    balance = (hazard * variance).sum() / variance.sum()
    return {"t": t, "density": hazard * survivors, "survivors": survivors, "balance": balance}


def scores(recording: heddle.MesoscopicRecording, expected: Callable[[float], float]) -> np.ndarray:
    """(Ŝ − S) / SE of the power below 200 Hz, without the lowest frequency."""
    spectrum = heddle.power_spectrum(recording, highest=200.0)
    exact = np.array([expected(2e-3 * np.pi * f) for f in spectrum.frequency[1:]])
    return (spectrum.density[0, 1:] - exact) / spectrum.standard_error[0, 1:]


def test_the_published_circuit_fires_and_oscillates_as_its_neurons_do_statistics() -> None:
    """Equal rates fail to be found equal to 2 % for one seed in 500; the level is that of rates
    that differ by 2 %. Powers in wide bands, whose standard error is 5 %, are the same to 25 %."""
    circuit = ei_gif(p=1)
    neurons = heddle.simulate(circuit, duration=12_000, transient=1000, step=0.25, seed=1)
    equations = heddle.mesoscopic(circuit, duration=40_000, transient=1000, step=0.25, seed=2)
    rates = heddle.rate_equivalence(neurons, equations, tolerance=0.02)
    assert rates.passed, rates.statement
    one, other = (heddle.power_spectrum(recording) for recording in (neurons, equations))
    ratio = np.log(other.density / one.density)
    for low, high in [(2, 18), (18, 40), (40, 100), (100, 500)]:
        band = (one.frequency >= low) & (one.frequency < high)
        assert np.abs(ratio[:, band].mean(axis=1)).max() < np.log(1.25)


def test_neurons_with_a_dead_time_fluctuate_as_their_renewal_process_statistics() -> None:
    """S = (r / N) (1 − |P̂|²) / |1 − P̂|², P̂ = ν e^{−iωD} / (ν + iω), which is exact for the mean
    survivors and one Λ = ν. z² has mean 1 over 67 bands, with a standard error below 0.2, and the
    powers' mean ratio to S one of 0.7 %: draws from N neurons would make it 1.05."""
    rate, dead = 0.3, 8.0  # 1 / ms, ms
    circuit = alone(300, mu=0.0, V_T_star=0.0, lambda_0=1e3 * rate, t_ref=dead, reset=False)
    recording = heddle.mesoscopic(
        circuit, duration=300_000, transient=1000, step=0.25, bin=0.25, seed=3
    )

    def exact(omega: float) -> float:
        p = rate * np.exp(-1j * omega * dead) / (rate + 1j * omega)
        mean = 1e3 * rate / (1 + rate * dead)
        return mean / 300 * (1 - abs(p) ** 2) / abs(1 - p) ** 2

    z = scores(recording, exact)
    assert np.mean(z**2) < 2
    spectrum = heddle.power_spectrum(recording, highest=200.0)
    powers = np.array([exact(2e-3 * np.pi * f) for f in spectrum.frequency[1:]])
    assert np.mean(spectrum.density[0, 1:] / powers) == pytest.approx(1, abs=0.03)
    assert exact(2e-3 * np.pi * 5) < 0.15 * exact(np.pi)  # Regular: far from Poisson.


def test_neurons_with_a_reset_fluctuate_as_one_lambda_allows_statistics() -> None:
    """S = (r / N) ω² / ((ω² + Λ²) |1 − P̂|²): the linear theory of the equations themselves, 26 %
    above the renewal process at 2 Hz, 17 % below at 26 Hz. z² as above."""
    circuit = alone(400)
    r = renewal(circuit.populations[0].neuron)
    recording = heddle.mesoscopic(
        circuit, duration=60_000, transient=1000, step=0.25, bin=0.25, seed=4
    )

    def laplace(omega: float) -> complex:
        return (r["density"] * np.exp(-1j * omega * r["t"])).sum() * 0.02

    def linear(omega: float) -> float:
        mean = 1e3 / (r["survivors"].sum() * 0.02)
        filtered = omega**2 / (omega**2 + r["balance"] ** 2)
        return mean / 400 * filtered / abs(1 - laplace(omega)) ** 2

    z = scores(recording, linear)
    assert np.mean(z**2) < 2
    assert abs(z.mean()) < 5 / np.sqrt(len(z))
    for f, error in [(2.0, 1.26), (26.0, 0.83)]:
        omega = 2e-3 * np.pi * f
        whole = linear(omega) * abs(1 - laplace(omega)) ** 2 / (1 - abs(laplace(omega)) ** 2)
        assert whole / (1e3 / (r["survivors"].sum() * 0.02) / 400) == pytest.approx(error, abs=0.01)


@pytest.mark.parametrize("reset", [True, False])
def test_a_step_of_current_has_the_response_of_many_neurons_statistics(reset: bool) -> None:
    """Counts of bins are binomial around the density's: z² has mean 1 over 300 bins, and 5 standard
    errors, √(2 / 300) each and half as many again for bins that are correlated, are passed less
    than once in 1000. A bias of 1 % of the rate would be seen."""
    current = CurrentInput(times=[0, 150], values=[[0.0, 80.0]])
    quiet = alone(20_000, mu=14.0, reset=reset)
    circuit = Circuit(populations=quiet.populations, inputs=[Input(target="A", drive=current)])
    neurons = heddle.simulate(circuit, duration=300, step=0.25, seed=5)
    density = heddle.mesoscopic(circuit, duration=300, step=0.25, finite_size=False)
    p = density.activity[0] * 1e-3
    z = (neurons.activity[0] * 1e-3 - p) / np.sqrt(p * (1 - p) / 20_000)
    assert abs(np.mean(z**2) - 1) < 7.5 * np.sqrt(2 / 300)
    assert density.activity[0, 140:150].mean() < density.activity[0, 160:170].mean() / 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("q", "tau", "error"),
    [(1.0, 300.0, 0.033), (1.5, 1000.0, 0.006)],
)
def test_quasi_renewal_adaptation_is_as_good_as_measured_statistics(
    q: float, tau: float, error: float
) -> None:
    """Rates of the excitatory neurons are too low by 3.3 and 0.6 % (± 0.2 % of standard error, and
    five of them)."""
    circuit = adapted(q, tau)
    how = {"duration": 100_000, "transient": 5 * tau, "step": 0.5}
    neurons = heddle.population_rates(heddle.simulate(circuit, seed=1, **how))
    equations = heddle.population_rates(heddle.mesoscopic(circuit, seed=2, **how))
    ratio = equations.estimate[0] / neurons.estimate[0]
    spread = np.hypot(
        equations.standard_error[0] / equations.estimate[0],
        neurons.standard_error[0] / neurons.estimate[0],
    )
    assert spread < 0.004
    assert ratio == pytest.approx(1 - error, abs=5 * spread)


def test_a_recording_says_what_it_assumed_and_measured_and_is_pickled() -> None:
    recording = heddle.mesoscopic(ei_gif(p=0.2), duration=500, seed=3)
    assert recording.names == ["E", "I"]
    assert recording.activity.shape == recording.expected.shape == (2, 500)
    assert any("'E' → 'I': every neuron gets the mean of 160" in s for s in recording.assumptions)
    assert (recording.conservation_error < 1e-13).all()
    assert repr(recording) == "MesoscopicRecording(2 populations, 500 ms, complete)"
    again = pickle.loads(pickle.dumps(recording))
    np.testing.assert_array_equal(again.activity, recording.activity)
    counts = recording.activity * np.array(recording.sizes)[:, None] * recording.bin * 1e-3
    np.testing.assert_allclose(counts, np.rint(counts), atol=1e-9)


def test_progress_is_told_and_may_end_the_run() -> None:
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        told.append((done, total))
        return False

    recording = heddle.mesoscopic(alone(100), duration=1e6, progress=progress)
    assert not recording.completed
    assert recording.statement.startswith("ended early, as asked, at ")
    assert told[0][1] == 2_000_000
    assert recording.activity.shape[1] == int(recording.duration) < 1e6


def test_what_has_no_mesoscopic_equation_is_refused_with_the_nearest_level() -> None:
    lif = Circuit(populations=[Population(name="A", size=10, neuron=heddle.LeakyNeuron())])
    with pytest.raises(heddle.DomainError, match=r"'A': lif neurons have no hazard.*simulate them"):
        heddle.mesoscopic(lif)
