"""Conductance synapses against their equations, which DOP853 solves to ten digits (slow twin)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import heddle

COARSE = 0.9  # ms; the middles of its steps are middles of a third of it, and of a ninth
PERIODS = COARSE * np.array([15, 17, 19, 21, 23, 25])  # of six trains, no two of which
DELAYS = COARSE * np.array([1, 1, 1, 2, 2, 2])  # arrive in one step of COARSE in 90 ms
EXCITE = heddle.Synapse(tau_syn=2.0, conductance=True, E_rev=0.0)
INHIBIT = heddle.Synapse(kind="alpha", tau_syn=3.0, conductance=True, E_rev=-80.0)
ALPHA = heddle.Synapse(kind="alpha", tau_syn=1.5, conductance=True, E_rev=0.0)
CURRENT = heddle.Synapse(tau_syn=4.0)
JUMP = heddle.Synapse(kind="delta")
SYNAPSES = {  # with the mean weight of each
    "exponential": [(EXCITE, 6.0)],
    "alpha": [(ALPHA, 4.0)],
    "excitation, inhibition and current": [(EXCITE, 6.0), (INHIBIT, 5.0), (CURRENT, 80.0)],
    "conductances and jumps": [(EXCITE, 6.0), (INHIBIT, 5.0), (JUMP, 1.5)],
}
MEMBRANE = {"tau_m": 15.0, "C_m": 200.0, "E_L": -65.0, "V_reset": -60.0, "t_ref": 1.7}
SILENT = heddle.LeakyNeuron(**MEMBRANE, V_th=1e3, I_e=50.0)
FIRING = {
    "leaky": heddle.LeakyNeuron(**MEMBRANE, V_th=-52.0, I_e=220.0),
    "adaptive exponential": heddle.ExponentialNeuron(
        C_m=150.0, t_ref=0.7, V_peak=-20.0, V_reset=-58.0, b=30.0, I_e=800.0
    ),
}


class Feed:
    """Periodic trains onto one neuron, through synapses of several kinds in turn.

    Quadratic neurons that start at V = 0 fire at (k + ½) T, T = π τ / √I, exactly for any step. If
    T is an odd number of steps, that is in the middle of one, and spread evenly over it on time.
    """

    tau = 10.0

    def __init__(self, synapses, periods=PERIODS, delays=DELAYS, seed=1) -> None:
        self.synapses = [synapse for synapse, _ in synapses]
        self.periods, self.delays = periods, delays
        self.kinds = np.arange(len(periods)) % len(synapses)
        self.weights = np.random.default_rng(seed).uniform(0.5, 1.5, len(periods))
        self.weights *= np.array([weight for _, weight in synapses])[self.kinds]

    def onto(self, law) -> heddle.Circuit:
        drive = (np.pi * self.tau / self.periods)[:, None] ** 2
        source = heddle.QuadraticNeuron(tau_m=self.tau, eta=0.0)
        return heddle.Circuit(
            populations=[
                heddle.Population("S", len(self.periods), source),
                heddle.Population("A", 1, law),
            ],
            projections=[self.projection(k) for k in range(len(self.synapses))],
            inputs=[heddle.Input("S", heddle.CurrentInput(times=[0.0], values=drive))],
        )

    def projection(self, kind: int) -> heddle.Projection:
        own = np.flatnonzero(self.kinds == kind)
        edges = heddle.Edges(own, np.zeros_like(own), self.weights[own], self.delays[own])
        return heddle.Projection("S", "A", edges, 0.0, 1.0, synapse=self.synapses[kind])

    def arrivals(self, duration: float, late: float = 0.0) -> list[tuple[float, int, float]]:
        """(time, kind, weight), in order."""
        found = []
        for j, period in enumerate(self.periods):
            for t in np.arange(0.5 * period, duration, period):
                found.append((t + self.delays[j] + late, self.kinds[j], self.weights[j]))
        return sorted(found)


class Equations:
    """A neuron and its synapses as documented; y = (V, w, s_0, x_0, s_1, x_1, …).

    C V̇ = −g_L (V − E_L) + I_e + Σ s_k (E_k − V)     [s_k alone for a current;
                                                       adex: + g_L Δ e^{(V − V_th) / Δ} − w]
    τ_w ẇ = a (V − E_w) − w ,   τ ṡ = −s , s ← s + weight     [alpha: ṡ = x − s / τ ,
                                                       τ ẋ = −x , x ← x + e weight / τ]
    """

    def __init__(self, law, synapses) -> None:
        self.law, self.synapses = law, synapses
        self.adex = isinstance(law, heddle.ExponentialNeuron)
        self.leak = law.g_L if self.adex else law.C_m / law.tau_m
        self.top = law.V_peak if self.adex else law.V_th

    def slope(self, y, held):
        law, out = self.law, np.zeros_like(y)
        current = self.leak * (law.E_L - y[0]) + law.I_e - y[1]
        if self.adex:
            current += self.leak * law.Delta_T * np.exp((y[0] - law.V_th) / law.Delta_T)
            out[1] = (law.a * (y[0] - law.E_w) - y[1]) / law.tau_w
        for k, synapse in enumerate(self.synapses):
            s, x = y[2 + 2 * k : 4 + 2 * k]
            current += s * (synapse.E_rev - y[0]) if synapse.conductance else s
            out[2 + 2 * k] = x - s / synapse.tau_syn
            out[3 + 2 * k] = -x / synapse.tau_syn
        out[0] = 0.0 if held else current / law.C_m
        return out

    def arrive(self, y, kind, weight):
        synapse = self.synapses[kind]
        if synapse.kind == "delta":
            y[0] += weight
        elif synapse.kind == "exponential":
            y[2 + 2 * kind] += weight
        else:
            y[3 + 2 * kind] += np.e / synapse.tau_syn * weight

    def solve(self, arrivals, times):
        """Spike times, and V at `times` (after what arrives then)."""
        y, now, held_until = np.zeros(2 + 2 * len(self.synapses)), 0.0, 0.0
        y[0] = self.law.E_L
        y[1] = self.law.a * (y[0] - self.law.E_w) if self.adex else 0.0
        spikes, potential = [], np.full(len(times), np.nan)
        for stop, kind, weight in [*arrivals, (times[-1] + 1.0, None, 0.0)]:
            while now < min(stop, times[-1] + 1.0):
                held = now < held_until
                path = self.path(y, now, min(stop, held_until) if held else stop, held)
                inside = (times > now - 1e-9) & (times < path.t[-1] - 1e-9)
                if inside.any():
                    potential[inside] = path.sol(times[inside])[0]
                y, now = path.y[:, -1].copy(), path.t[-1]
                if path.status == 1:
                    spikes.append(now)
                    y[0], held_until = self.law.V_reset, now + self.law.t_ref
                    y[1] += self.law.b if self.adex else 0.0
            if kind is not None:
                self.arrive(y, kind, weight)
        return np.array(spikes), potential

    def path(self, y, start, stop, held):
        def crossing(_, y):
            return y[0] - self.top

        crossing.terminal = True
        return solve_ivp(
            lambda _, y: self.slope(y, held),
            (start, stop),
            y,
            method="DOP853",
            rtol=1e-10,
            atol=1e-10,
            events=None if held else crossing,
            dense_output=True,
        )


def simulated(circuit, duration, step, spike_times="interpolated"):
    """Spike times of the neuron, and its potential every COARSE."""
    found = heddle.simulate(
        circuit,
        duration=duration,
        step=step,
        bin=COARSE,
        spike_times=spike_times,
        keep_spikes=True,
        probes=[heddle.Probe("A", [0])],
    )
    times, neurons = found.spikes
    return times[neurons == found.sizes[0]], found.traces[0][0]


def order_of(steps, errors) -> float:
    """The fitted slope."""
    return np.polyfit(np.log(steps), np.log(errors), 1)[0]


@pytest.mark.parametrize("kinds", SYNAPSES)
def test_potentials_have_errors_of_second_order_and_below_two_microvolts(kinds):
    feed, steps = Feed(SYNAPSES[kinds]), [COARSE, COARSE / 3, COARSE / 9]
    grid = COARSE * np.arange(1, 101)
    _, exact = Equations(SILENT, feed.synapses).solve(feed.arrivals(90.0), grid)
    circuit = feed.onto(SILENT)
    errors = [simulated(circuit, 90.0, step)[1] - exact for step in steps]
    assert np.ptp(exact) > 5.0  # mV: conductances do something
    assert order_of(steps, [np.std(error) for error in errors]) == pytest.approx(2.0, abs=0.1)
    assert np.abs(errors[-1]).max() < 0.002  # mV, at the default step


@pytest.mark.parametrize("kinds", [k for k in SYNAPSES if "jumps" not in k])
def test_on_the_grid_spikes_arrive_at_grid_points_and_errors_are_of_second_order(kinds):
    """In NEST's convention a spike of the middle of a step is said at its end: h / 2 late."""
    feed, steps, errors = Feed(SYNAPSES[kinds]), [COARSE, COARSE / 3, COARSE / 9], []
    grid = COARSE * np.arange(1, 101)
    for step in steps:
        arrivals = feed.arrivals(90.0, late=0.5 * step)
        _, exact = Equations(SILENT, feed.synapses).solve(arrivals, grid)
        errors.append(simulated(feed.onto(SILENT), 90.0, step, "grid")[1] - exact)
    assert order_of(steps, [np.std(error) for error in errors]) == pytest.approx(2.0, abs=0.1)
    assert np.abs(errors[-1]).max() < 0.002


def test_spikes_anywhere_in_a_step_leave_an_error_of_the_time_they_are_off():
    """By h / 2 at most, and by nothing on average: of first order, and the mean far smaller."""
    rng, irregular = np.random.default_rng(5), 40
    grid = COARSE * np.arange(1, 101)
    synapses = [(EXCITE, 1.0), (INHIBIT, 1.0)]
    feed = Feed(synapses, rng.uniform(10.0, 60.0, irregular), np.full(irregular, 0.9))
    _, exact = Equations(SILENT, feed.synapses).solve(feed.arrivals(90.0), grid)
    steps = [COARSE / 3, COARSE / 9, COARSE / 27]
    errors = [simulated(feed.onto(SILENT), 90.0, step)[1] - exact for step in steps]
    assert order_of(steps, [np.std(error) for error in errors]) == pytest.approx(1.0, abs=0.2)
    assert np.std(errors[1]) < 0.01 * np.std(exact)
    for error in errors:
        assert abs(np.mean(error)) < 0.3 * np.std(error)


@pytest.mark.parametrize(("name", "tolerance"), [("leaky", 0.2), ("adaptive exponential", 0.5)])
def test_spike_times_under_conductances_have_errors_of_second_order(name, tolerance):
    """An arrival in the step of a spike costs first order, in a share of spikes that is itself of
    first order: the median is sharp, though not before steps resolve the upstroke."""
    law, steps, errors = FIRING[name], [COARSE / 3, COARSE / 9, COARSE / 27], []
    for seed in range(4):
        feed = Feed(SYNAPSES["excitation, inhibition and current"], seed=seed)
        spikes, _ = Equations(law, feed.synapses).solve(feed.arrivals(90.0), np.arange(1.0, 90.0))
        found = [simulated(feed.onto(law), 90.0, step)[0] for step in steps]
        assert [len(times) for times in found] == [len(spikes)] * 3
        errors.append([np.abs(times - spikes) for times in found])
    errors = np.concatenate(errors, axis=1)
    assert errors.shape[1] >= 15  # spikes
    slope = order_of(steps, np.median(errors, axis=1))
    assert slope == pytest.approx(2.0, abs=tolerance)
    assert np.mean(errors[1]) < 0.01  # ms, at the default step


@pytest.mark.parametrize(
    ("law", "weight"),
    [
        (heddle.LeakyNeuron(V_th=1e3), 1.5),
        (heddle.ExponentialNeuron(), 1.5),
        (heddle.QuadraticNeuron(eta=-1.0), 0.125),
    ],
    ids=["leaky beside a conductance", "adaptive exponential", "quadratic"],
)
def test_on_the_grid_a_delta_synapse_makes_v_jump_at_the_end_of_a_step(law, weight):
    clock = heddle.LeakyNeuron(**MEMBRANE, V_th=-52.0, I_e=400.0)
    silent = [heddle.Projection("Q", "A", heddle.AllToAll(), 1.0, 1.0, synapse=EXCITE)]
    if not isinstance(law, heddle.LeakyNeuron):
        silent = []
    jumps = [heddle.Projection("S", "A", heddle.AllToAll(), weight, 1.0, synapse=JUMP)]

    def potentials(projections):
        populations = [
            heddle.Population(name, 1, neuron)
            for name, neuron in {"S": clock, "Q": SILENT, "A": law}.items()
        ]
        return heddle.simulate(
            heddle.Circuit(populations, projections), duration=50.0, step=0.1,
            spike_times="grid", probes=[heddle.Probe("A", [0])], probe_interval=0.1, bin=0.1,
        ).traces[0][0]  # fmt: skip

    difference = potentials(silent + jumps) - potentials(silent)
    first = np.flatnonzero(difference)[0]
    assert difference[first] == pytest.approx(weight, rel=1e-9)


@pytest.mark.parametrize("law", ["lif", "gif", "adex", "qif"])
def test_on_the_grid_spikes_are_at_grid_points(law):
    neuron = {
        "lif": heddle.LeakyNeuron(I_e=1000.0),
        "gif": heddle.EscapeNeuron(I_e=1000.0),
        "adex": heddle.ExponentialNeuron(I_e=1000.0),
        "qif": heddle.QuadraticNeuron(eta=1.0),
    }[law]
    circuit = heddle.Circuit([heddle.Population("A", 3, neuron)])
    times = heddle.simulate(
        circuit, duration=500.0, step=0.1, spike_times="grid", keep_spikes=True
    ).spikes[0]
    assert len(times) > 3
    np.testing.assert_allclose(times / 0.1, np.round(times / 0.1), atol=1e-4)
