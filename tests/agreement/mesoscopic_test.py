"""`mesoscopic` against the neurons that `simulate` has, and against renewal theory."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import heddle
from heddle import Circuit, CurrentInput, EscapeNeuron, Input, Population
from heddle.circuits import ei_gif


def alone(size: int, *, mu: float = 24.0, **changes: object) -> Circuit:
    """Neurons that do not hear each other, with a constant input of μ mV."""
    neuron = EscapeNeuron(Delta_V=2.5, I_e=mu * 250 / 20, **changes)
    return Circuit(populations=[Population(name="A", size=size, neuron=neuron)])


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
