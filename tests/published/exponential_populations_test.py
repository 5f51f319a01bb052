"""Exponential populations as Augustin et al. (2017) have them: rate models and the density (H7)."""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from population_circuits import AUGUSTIN, AUGUSTIN_NEURON, augustin_network

import heddle

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "fokker-planck.md"


MODELS = ("lnexp", "lndos", "spec1", "spec2", "two_modes", "spec2_reduced")


def staircase():
    return np.linspace(1.0, 4.1, 8), 250.0


def fluctuating():
    """Mean 1.5, standard deviation 0.5, 10 ms; mV / ms."""
    normal = np.random.default_rng(0).normal(size=2000)
    x = np.zeros(2000)
    for k in range(1, 2000):
        x[k] = x[k - 1] * np.exp(-0.1) + np.sqrt(1 - np.exp(-0.2)) * normal[k]
    return 1.5 + 0.5 * x, 1.0


CASES = {
    "staircase, σ = 1.5": (staircase, 1.5),
    "staircase, σ = 3": (staircase, 3.0),
    "fluctuating, σ = 1.5": (fluctuating, 1.5),
    "fluctuating, σ = 3": (fluctuating, 3.0),
}


def distances(case):
    """Mean of the density, then root mean square distances from it: of neurons, and of models."""
    make, noise = CASES[case]
    circuit = augustin_network(*make(), noise)
    sigma = np.sqrt(20.0) * noise
    tables = heddle.cascade_tables(
        AUGUSTIN_NEURON,
        mu=np.linspace(-110.0, 30.0, 281),
        sigma=np.linspace(sigma - 0.1, sigma + 0.5, 4),
        cache=False,
    )
    after = slice(100, None)
    density = heddle.fokker_planck(circuit, duration=2000.0).activity[0][after]
    run = heddle.simulate(circuit, duration=2000.0, step=0.05, seed=1, threads=2)
    found = [density.mean(), np.asarray(run.activity)[0][after]]
    for model in MODELS:
        rates = heddle.cascade_rates(
            circuit,
            model=model,
            tables={"E": tables},
            duration=2000.0,
            step=0.02 if model == "spec2" else 0.1,
        )
        found.append(rates.activity[0][after])
    return [found[0], *(np.sqrt(np.mean((x - density) ** 2)) for x in found[1:])]


@pytest.mark.parametrize("case", CASES)
def test_the_table_of_the_documentation_is_what_comes_out(case):
    row = re.search(rf"^\| {re.escape(case)} \|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.M)
    stated = [float(cell) for cell in row[1].split("|")]
    found = distances(case)
    # Neurons have noise of counts, with a standard error of 2 % here; the others have none.
    np.testing.assert_allclose(found[1], stated[1], rtol=0.1)
    np.testing.assert_allclose([found[0], *found[2:]], [stated[0], *stated[2:]], rtol=0.02)
    off = dict(zip(MODELS, found[2:], strict=True))
    spectral = [off[model] for model in MODELS[2:]]
    assert off["lndos"] < min(spectral)
    if case.startswith("fluctuating"):
        assert max(off["lnexp"], off["lndos"]) < 0.8 * min(spectral)


def published_oscillator(tables, mu, dt):
    """r(t) by μ_f'' + (2/τ) μ_f' + (1/τ² + ω²)(μ_f − μ) = (1/τ + ω² τ) μ', as Augustin et al. have
    it, for the first σ of the tables; Heun's method."""
    column = {name: getattr(tables, name)[:, 0] for name in ("tau", "omega", "rate")}

    def read(name, x):
        return np.interp(x, tables.mu, column[name])

    def velocity(x, v, m, slope):
        tau, omega = read("tau", x), read("omega", x)
        pull = (1 / tau**2 + omega**2) * (m - x)
        return v, pull - 2 / tau * v + (1 / tau + omega**2 * tau) * slope

    x, v, rates = mu[0], 0.0, []
    for m, following in pairwise(mu):
        slope = (following - m) / dt
        first = velocity(x, v, m, slope)
        second = velocity(x + dt * first[0], v + dt * first[1], following, slope)
        x += dt / 2 * (first[0] + second[0])
        v += dt / 2 * (first[1] + second[1])
        rates.append(read("rate", x))
    return np.array(rates)


def test_the_oscillator_in_its_own_coordinates_is_nearer_to_the_density_than_as_published():
    """Input is straight between ms, so that μ' is defined; no adaptation, no recurrence."""
    neuron = heddle.ExponentialNeuron(**{**AUGUSTIN, "a": 0.0, "b": 0.0})
    levels, _ = fluctuating()
    dt, sigma = 0.05, np.sqrt(20.0) * 3.0
    times = np.arange(0.0, 600.0, dt)
    mu = -65.0 + 20.0 * np.interp(times, np.arange(600.0), levels[:600])
    current = heddle.CurrentInput(times=times, values=[10.0 * (mu + 65.0)])
    noise = heddle.Noise(sigma=sigma)
    circuit = heddle.Circuit(
        [heddle.Population("A", 1, neuron, noise=noise)], [], [heddle.Input("A", current)]
    )
    tables = heddle.cascade_tables(
        neuron, mu=np.linspace(-110.0, 30.0, 281), sigma=sigma + np.arange(4.0) / 2, cache=False
    )
    run = {"duration": 600.0, "step": dt}
    density = heddle.fokker_planck(circuit, **run).activity[0]
    ours = heddle.cascade_rates(circuit, model="lndos", tables={"A": tables}, **run).activity[0]
    published = published_oscillator(tables, mu, dt)[: 599 * 20].reshape(599, 20).mean(axis=1)

    def off(rates):
        return np.sqrt(np.mean((rates[100:599] - density[100:599]) ** 2))

    assert off(ours) < 0.6  # 0.56 Hz,
    assert off(published) > 2.5  # and 2.73 Hz.
