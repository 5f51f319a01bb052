"""From artificial units to spiking populations: how far noise of spikes drives a trajectory (H10).

Ten linear units that turn in five planes at 1 to 5 Hz while they decay, τ ẋ = −x + W x with
eigenvalues 0.85 ± 2πi f τ and τ = 100 ms, each made of N neurons that fire at 40 Hz + 20 Hz x.
Neurons forget nothing but x, so the linear noise approximation

    Ṗ = J P + P Jᵀ + W diag(r / (N g²)) Wᵀ / τ² ,   J = (W − 1) / τ ,   r = r_0 + g x(t)

is exact as long as no rate meets 0.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import block_diag, expm

import heddle

UNITS, TAU, R0, G = 10, 100.0, 0.04, 0.02  # ms, 1 / ms
DELAY, INTERVAL, DURATION = 0.5, 5.0, 600.0  # ms
TIMES = INTERVAL * np.arange(1, 121)
NAMES = [f"x{k}" for k in range(UNITS)]


def turning() -> tuple[np.ndarray, np.ndarray]:
    """W and x(0), of amplitude 1 in each plane, seen in axes that lie in no plane."""
    turns = 2e-3 * np.pi * TAU * np.arange(1.0, 6.0)
    planes = block_diag(*[[[0.85, -w], [w, 0.85]] for w in turns])
    mix = np.linalg.qr(np.random.default_rng(0).standard_normal((UNITS, UNITS)))[0]
    return mix @ planes @ mix.T, mix @ np.tile([1.0, 0.0], 5)


W, START = turning()
J = (W - np.eye(UNITS)) / TAU
NOMINAL = np.stack([expm(t * J) @ START for t in TIMES], axis=1)


def on_their_way() -> np.ndarray:
    """What the spikes of the last DELAY before 0 are worth."""
    return DELAY / TAU * W @ expm(DELAY * J) @ (R0 / G + expm(-DELAY / 2 * J) @ START)


def realised(size: int) -> heddle.Circuit:
    """x is V in mV, filtered by the membrane; W e^{J d} makes up for the delay d, and V sets out
    with the spikes that were on their way."""
    ahead = W @ expm(DELAY * J)
    start = START + on_their_way()
    currents = -250.0 / TAU * R0 / G * ahead.sum(axis=1)
    neuron = {"tau_m": TAU, "E_L": 0.0, "V_T_star": -R0 / G, "V_reset": -5.0, "t_ref": 0.0}
    neuron |= {"Delta_V": 1.0, "lambda_0": 1e3 * G, "hazard": "rectified", "reset": False}
    return heddle.Circuit(
        [
            heddle.Population(
                name,
                size,
                heddle.EscapeNeuron(I_e=currents[k], **neuron),
                quenched={"V_m": heddle.Distribution("constant", location=start[k])},
            )
            for k, name in enumerate(NAMES)
        ],
        [
            heddle.Projection(
                NAMES[source],
                NAMES[target],
                heddle.AllToAll(),
                ahead[target, source] / (size * G * TAU),
                DELAY,
                synapse=heddle.Synapse("delta"),
                autapses=True,
            )
            for target in range(UNITS)
            for source in range(UNITS)
        ],
    )


def neurons(circuit: heddle.Circuit, seed: int, connectome: heddle.Connectome) -> np.ndarray:
    """x(t), shape (units, times)."""
    run = heddle.simulate(
        circuit,
        connectome=connectome,
        duration=DURATION,
        step=DELAY,
        seed=seed,
        probes=[heddle.Probe(name, [0]) for name in NAMES],
        probe_interval=INTERVAL,
    )
    return np.concatenate(run.traces)


def approximation(size: int) -> float:
    """Mean variance of a unit over the trajectory."""

    def change(t: float, p: np.ndarray) -> np.ndarray:
        covariance = p.reshape(UNITS, UNITS)
        rates = R0 + G * (expm(t * J) @ START)
        noise = W @ np.diag(rates / (size * G**2)) @ W.T / TAU**2
        return (J @ covariance + covariance @ J.T + noise).ravel()

    start = np.zeros(UNITS**2)
    found = solve_ivp(change, (0.0, TIMES[-1]), start, t_eval=TIMES, rtol=1e-6)
    return float(np.trace(found.y.reshape(UNITS, UNITS, -1)).mean() / UNITS)


def squares(size: int, trials: int) -> np.ndarray:
    """Mean square distance from the trajectory, of each trial."""
    circuit = realised(size)
    connectome = heddle.connect(circuit, step=DELAY, seed=0)
    return np.array(
        [np.mean((neurons(circuit, s, connectome) - NOMINAL) ** 2) for s in range(trials)]
    )


def test_rates_of_the_trajectory_do_not_meet_zero():
    assert NOMINAL.min() > -1.4
    assert np.linalg.eigvals(W).real == pytest.approx(np.full(UNITS, 0.85))


# Standard deviation of a trial's mean square over its mean, the same for all N: of 300 trials.
SCATTER = 0.4


def agrees(found: np.ndarray, size: int, slack: float) -> bool:
    """Within `slack` and 5 standard errors: means of 16 trials or more are nearly normal, and a
    false alarm is below 10⁻⁴ for each."""
    error = SCATTER / np.sqrt(len(found))
    return bool(abs(found.mean() / approximation(size) - 1.0) < slack + 5.0 * error)


@pytest.mark.parametrize(
    ("size", "trials"), [(50, 64), (200, 24), pytest.param(800, 16, marks=pytest.mark.slow)]
)
def test_neurons_leave_the_trajectory_as_linear_noise_says(size, trials):
    """RMSE √N is 3.02; the published 7.7 ± 0.6 is of frequencies and amplitudes that are not known,
    and within 13 % of its theory. Fifty neurons reach a rate of 0 now and then: 5 %."""
    assert np.sqrt(approximation(size) * size) == pytest.approx(3.02, abs=0.01)
    assert agrees(squares(size, trials), size, 0.05 if size == 50 else 0.01)


def integrated(circuit: heddle.Circuit, seed: int, step: float = DELAY) -> np.ndarray:
    """x(t) as the membranes make it of the activity that `mesoscopic` has."""
    run = heddle.mesoscopic(circuit, duration=DURATION, step=step, bin=step, seed=seed)
    kept, ahead, late = np.exp(-step / TAU), W @ expm(DELAY * J), round(DELAY / step)
    sent = np.zeros((UNITS, run.activity.shape[1] + late))
    sent[:, late:] = 1e-3 * run.activity
    x, found = START + on_their_way(), []
    for arriving in sent[:, : run.activity.shape[1]].T:
        x = kept * x + (1.0 - kept) / G * (ahead @ (arriving - R0))
        found.append(x)
    every = round(INTERVAL / step)
    return np.array(found)[every - 1 :: every].T


@pytest.mark.parametrize("size", [3200, 12_800])
def test_the_distance_falls_with_the_root_of_the_number_of_neurons(size):
    """By the equations of finite populations, which are exact for neurons without a memory of their
    spikes: RMSE √N does not depend on N. Over 300 trials the mean square was 0.98 ± 0.02 of it."""
    circuit = realised(size)
    trials = [np.mean((integrated(circuit, seed) - NOMINAL) ** 2) for seed in range(40)]
    assert agrees(np.array(trials), size, 0.02)
