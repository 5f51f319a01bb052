"""What several test files share: slow tests only when asked for; populations known exactly."""

import numpy as np
import pytest

import heddle


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="run tests marked slow: minutes each")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--slow"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow"))


class Hawkes:
    """Poisson populations with linear recurrence, whose spectra are known in closed form:

    λ(t) = (1 − J) r + Σ_k κ_k A(t − k b) ,   κ_k ∝ e^{−k b / τ} ,  Σ κ = J
    S(f) = Q diag(r / N) Qᴴ ,   Q = (1 − κ̂(f))⁻¹     exactly, as long as λ ≥ 0
    """

    def __init__(self, coupling=((0.6,),), rates=(20.0,), sizes=(100,), tau=10.0, bin=1.0):
        self.coupling = np.array(coupling, float)
        self.rates = np.array(rates, float)
        self.sizes = np.array(sizes)
        self.tau, self.bin = tau, bin

    def activity(self, seed, bins, runs=1, transient=200):
        """Shape (runs, populations, bins), Hz."""
        rng = np.random.default_rng(seed)
        p, decay = len(self.rates), np.exp(-self.bin / self.tau)
        base = self.rates - self.coupling @ self.rates
        trace = np.tile(self.rates, (runs, 1)).astype(float)  # Σ (1 − E) E^{k−1} A(t − k b)
        scale = self.sizes * self.bin * 1e-3
        found = np.empty((bins, runs, p))
        for t in range(-transient, bins):
            rate = np.maximum(base + trace @ self.coupling.T, 0)
            one = rng.poisson(rate * scale) / scale
            trace = decay * trace + (1 - decay) * one
            if t >= 0:
                found[t] = one
        return np.moveaxis(found, 0, 2)

    def spectrum(self, frequency):
        """S(f), shape (f, populations, populations), Hz."""
        turn = np.exp(-2j * np.pi * np.atleast_1d(frequency) * self.bin * 1e-3)
        decay = np.exp(-self.bin / self.tau)
        kernel = ((1 - decay) * turn / (1 - decay * turn))[:, None, None] * self.coupling
        q = np.linalg.inv(np.eye(len(self.rates)) - kernel)
        return q @ np.diag(self.rates / self.sizes) @ q.conj().transpose(0, 2, 1)

    def recording(self, seed, duration, weights=None):
        """Spikes dealt to the neurons at random, in proportion to `weights`."""
        return self.dealt(self.activity([seed, 0], int(duration / self.bin))[0], seed, weights)

    def dealt(self, activity, seed, weights=None):
        rng = np.random.default_rng([seed, 1])
        bins = activity.shape[1]
        counts = activity * self.sizes[:, None] * self.bin * 1e-3
        times, neurons = [], []
        for p, first in enumerate(np.cumsum(self.sizes) - self.sizes):
            place = np.repeat(np.arange(bins), np.rint(counts[p]).astype(int))
            share = None if weights is None else weights / np.sum(weights)
            times.append(self.bin * (place + rng.random(len(place))))
            neurons.append(first + rng.choice(self.sizes[p], len(place), p=share))
        return heddle.recording_from_spikes(
            np.concatenate(times),
            np.concatenate(neurons),
            self.sizes,
            duration=bins * self.bin,
            bin=self.bin,
        )


@pytest.fixture(scope="session")
def hawkes():
    return Hawkes


@pytest.fixture(scope="session")
def of_activity():
    """A recording that holds an activity only."""

    def make(activity, sizes, bin=1.0):
        activity = np.atleast_2d(activity)
        neurons = int(np.sum(sizes))
        return heddle.Recording(
            names=[str(i) for i in range(len(activity))],
            sizes=list(sizes),
            duration=activity.shape[1] * bin,
            bin=bin,
            activity=activity,
            counts=np.zeros(neurons),
            interval_mean=np.zeros(neurons),
            interval_cv=-np.ones(neurons),
        )

    return make


@pytest.fixture
def modified_microcircuit() -> heddle.Circuit:
    """As Bos et al. (2016) modify it: weights without spread, 675 inhibitory and 1780 external
    synapses of a neuron in L4E."""
    full = heddle.circuits.microcircuit()

    def changed(of):
        rule = of.rule
        if (of.source, of.target) == ("L4I", "L4E"):
            rule = heddle.FixedTotal(675 * 21_915)
        return heddle.Projection(
            of.source,
            of.target,
            rule,
            synapse=of.synapse,
            weight=of.weight.location,
            delay=of.delay,
            autapses=True,
        )

    def driven(of):
        rate = 1780 * 8.0 if of.target == "L4E" else of.drive.rate
        return heddle.Input(of.target, heddle.PoissonInput(rate, of.drive.weight, of.drive.synapse))

    return heddle.Circuit(
        full.populations,
        [changed(projection) for projection in full.projections],
        [driven(drive) for drive in full.inputs],
    )
