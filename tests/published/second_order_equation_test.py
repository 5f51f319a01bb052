"""The equation of second order of Augustin et al. (2017), "spec2", by its printed coefficients.

    b_2 r'' + b_1 r' + (b_0 + 1) r = r_∞ − b_c

`cascade_rates` has it in other coordinates, for any synapse and delay, and with the derivatives of
⟨w⟩ put in as they come. Here it is as published, with ⟨w⟩ and the exponential synapse eliminated by
hand, for tables in closed form; b_0 to b_c follow from the two-mode expansion as they are printed.
"""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import heddle

CELL = {"C_m": 200.0, "g_L": 10.0, "E_L": -65.0, "V_th": -50.0, "Delta_T": 1.5, "V_peak": -40.0}
CELL |= {"V_reset": -70.0, "t_ref": 0.0, "tau_w": 200.0, "E_w": -80.0}
MODE = -0.2 + 0.6j  # 1 / ms, and its conjugate
TO_MU, TO_SIGMA = 0.4 + 0.3j, -0.3 + 0.2j  # f c, Hz / mV
INDEGREE, JUMP, TAU_SYN = 100, 0.05, 3.0  # mV, ms
ONSET, SPIKES, WEIGHT = 1500.0, 4.0, 0.1  # ms; 1 / ms and mV of a delta synapse from then on


def rate(x, sigma):
    """r_∞ at μ = x − 45 mV, Hz; tables read polynomials of this order without an error."""
    return 30.0 + 2.0 * x + 0.05 * x * x + 0.08 * sigma**2 + 0.02 * x * sigma


def potential(x, sigma):
    return -58.0 + 0.2 * x + 0.01 * sigma**2


def tables(neuron):
    mu, sigma = np.linspace(-90.0, 20.0, 56), np.linspace(4.0, 12.0, 9)
    x, s = np.meshgrid(mu + 45.0, sigma, indexing="ij")
    ones = np.ones_like(x)
    plain = ("tau_mu", "tau_sigma", "tau", "omega", "exponential_misfit", "oscillator_misfit")
    modes = {"lambda": MODE, "mu_coupling": TO_MU, "sigma_coupling": TO_SIGMA}
    return heddle.CascadeTables(
        neuron=neuron,
        mu=mu,
        sigma=sigma,
        f=np.geomspace(1.0, 500.0, 6),
        rate=rate(x, s),
        mean_potential=potential(x, s),
        **dict.fromkeys(plain, ones),
        **{f"{name}_1": value * ones for name, value in modes.items()},
        **{f"{name}_2": np.conj(value) * ones for name, value in modes.items()},
        rate_error=0.0,
        interpolation_error=0.0,
        lost_modes=0,
    )


def circuit(neuron, coupled, delay):
    """Mean and variance of the input jump at ONSET."""
    recurrent = heddle.Projection(
        "E",
        "E",
        heddle.FixedIndegree(INDEGREE),
        JUMP * CELL["C_m"] / TAU_SYN,
        delay,
        synapse=heddle.Synapse(tau_syn=TAU_SYN),
    )
    return heddle.Circuit(
        [heddle.Population("E", 400, neuron, noise=heddle.Noise(sigma=7.0))],
        [recurrent] if coupled else [],
        [
            heddle.Input("E", heddle.CurrentInput([0.0], [[150.0]])),
            heddle.Input("E", heddle.PoissonInput(1e3 * SPIKES, WEIGHT, "delta", start=ONSET)),
        ],
    )


class Published:
    """The equation after ONSET, 1 / ms; C and μ / τ_m of the paper are g_L and μ here."""

    def __init__(self, neuron, coupled, smoothing):
        self.neuron, self.smoothing, self.coupled = neuron, smoothing, coupled
        tau_m = neuron.C_m / neuron.g_L
        self.to_mu = tau_m * INDEGREE * JUMP * coupled
        self.to_variance = tau_m * INDEGREE * JUMP**2 * coupled
        self.jump = tau_m * SPIKES * np.array([WEIGHT, WEIGHT**2])

    def external(self, t):
        """(μ, σ²), and two derivatives of both."""
        left = np.exp(-t / self.smoothing)
        value = np.array([-50.0, 49.0]) + self.jump * (1.0 - left)
        slope = self.jump * left / self.smoothing
        return value, slope, -slope / self.smoothing

    def steep(self, x, sigma):
        """M and S, with respect to σ²."""
        m = 2.0 + 0.1 * x + 0.02 * sigma + 2.0 * TO_MU.real
        s = 0.16 * sigma + 0.02 * x + 2.0 * TO_SIGMA.real
        return 1e-3 * m, 1e-3 * s / (2.0 * sigma)

    def coefficients(self, t, w, delayed):
        """b_2, b_1, b_0, b_c, r_∞ and τ_w ⟨w⟩' − b τ_w r."""
        n, (value, slope, bend) = self.neuron, self.external(t)
        x = value[0] + self.to_mu * delayed - w / n.g_L + 45.0
        sigma = np.sqrt(value[1] + self.to_variance * delayed)
        m, s = self.steep(x, sigma)
        d, big_t = 1.0 / abs(MODE) ** 2, 2.0 * (1.0 / MODE).real
        f_mu = 2e-3 * (MODE * TO_MU).real
        f_sigma = 2e-3 * (MODE * TO_SIGMA).real / (2.0 * sigma)
        pull = n.a * (potential(x, sigma) - n.E_w) - w
        share = d * m * n.a / (n.tau_w * n.g_L)
        h_mu = big_t * m + share * 0.2 - d * f_mu
        h_sigma = big_t * s + share * 0.01 - d * f_sigma
        b_1 = -big_t + d * m * n.b / n.g_L
        b_0 = -d * m * n.b / (n.tau_w * n.g_L) - n.b / n.g_L * h_mu
        b_c = -d * m * (bend[0] + pull / (n.tau_w**2 * n.g_L)) - d * s * bend[1]
        b_c += (slope[0] - pull / (n.tau_w * n.g_L)) * h_mu + slope[1] * h_sigma
        if self.coupled:
            r = d * m * self.to_mu + d * s * self.to_variance
            back = (self.to_mu * h_mu + self.to_variance * h_sigma) / TAU_SYN + r / TAU_SYN**2
            b_1, b_0, b_c = b_1 - r / TAU_SYN, b_0 + back, b_c - back * delayed
        return d, b_1, b_0, b_c, 1e-3 * rate(x, sigma), pull

    def velocity(self, t, state):
        r, slope, w, delayed = state
        b_2, b_1, b_0, b_c, rest, pull = self.coefficients(t, w, delayed)
        bend = (rest - b_c - b_1 * slope - (b_0 + 1.0) * r) / b_2
        return slope, bend, pull / self.neuron.tau_w + self.neuron.b * r, (r - delayed) / TAU_SYN

    def solve(self, r, w, times):
        """From rest; input that sets out with a slope moves r' at once, by M μ' + S (σ²)'."""
        value, slope, _ = self.external(0.0)
        x = value[0] + self.to_mu * r - w / self.neuron.g_L + 45.0
        m, s = self.steep(x, np.sqrt(value[1] + self.to_variance * r))
        start = (r, m * slope[0] + s * slope[1], w, r)
        found = solve_ivp(
            self.velocity, (0.0, times[-1]), start, t_eval=times, rtol=1e-9, atol=1e-12
        )
        return 1e3 * found.y[0]


@pytest.mark.parametrize("coupled", [False, True])
@pytest.mark.parametrize(("a", "b"), [(0.0, 0.0), (4.0, 40.0)])
def test_spec2_is_the_equation_with_the_printed_coefficients(coupled, a, b):
    """Without a synapse the distance is what is left of second order in the step; a delay of a
    step, which the published equation has not, is of first order. Two modes by themselves go
    elsewhere: their rate jumps with the input."""
    neuron = heddle.ExponentialNeuron(**CELL, a=a, b=b)
    found = {}
    for step in (0.08, 0.04):
        options = {"tables": {"E": tables(neuron)}, "step": step, "bin": step, "smoothing": 1.5}
        where = circuit(neuron, coupled, step)
        rest = heddle.cascade_rates(where, model="spec2", duration=ONSET, **options)
        w, r = rest.adaptation[0, -1], 1e-3 * rest.activity[0, -1]
        run = {"duration": 40.0, "transient": ONSET, **options}
        ours, modes = (
            heddle.cascade_rates(where, model=model, **run).activity[0]
            for model in ("spec2", "two_modes")
        )
        times = step * (np.arange(len(ours)) + 0.5)
        exact = Published(neuron, coupled, 1.5).solve(r, w, times)
        found[step] = np.abs(ours - exact).max() / np.ptp(exact)
        assert np.abs(modes - exact).max() > 0.3 * np.ptp(exact)
    assert found[0.04] < (0.002 if coupled else 5e-4)
    assert found[0.08] / found[0.04] > (1.5 if coupled else 3.5)


SINE = {"mean": -40.0, "amplitude": 1e-3}  # mV


def answer(model, neuron, found, frequency, step=0.02):
    """Complex amplitude of the rate over that of μ, at a node of the tables; Hz / mV."""
    period = 1e3 / frequency
    length = period * np.ceil(60.0 / period)
    times = step * np.arange(round((length + 200.0) / step))
    wave = SINE["mean"] + SINE["amplitude"] * np.cos(2e-3 * np.pi * frequency * (times + step / 2))
    drive = heddle.CurrentInput(times=times, values=[neuron.g_L * (wave - neuron.E_L)])
    where = heddle.Circuit(
        [heddle.Population("A", 1, neuron, noise=heddle.Noise(sigma=7.0))],
        [],
        [heddle.Input("A", drive)],
    )
    run = {"duration": length, "transient": 200.0, "step": step, "bin": step}
    if model == "density":
        activity = heddle.fokker_planck(where, **run).activity[0]
    else:
        activity = heddle.cascade_rates(where, model=model, tables={"A": found}, **run).activity[0]
    when = 200.0 + step * (np.arange(len(activity)) + 0.5)
    turned = activity * np.exp(-2e-3j * np.pi * frequency * when)
    return 2.0 * turned.mean() / SINE["amplitude"]


@pytest.mark.parametrize("frequency", [5.0, 50.0])
def test_spec2_answers_weak_modulation_as_two_modes_do_and_slow_one_as_the_density(frequency):
    """χ = ∂r_∞/∂μ + Σ f c s / (s − λ), once the exponential over which spec2 spreads its input, 1
    ms, is divided out: to 10⁻⁴, with steps of 0.02 ms. What other modes add goes with s: 2 % of the
    density's answer at 5 Hz, in phase only, and 22 % at 50 Hz."""
    neuron = heddle.ExponentialNeuron(**CELL, a=0.0, b=0.0)
    found = heddle.cascade_tables(
        neuron,
        mu=SINE["mean"] + 0.5 * np.arange(-3, 4),
        sigma=7.0 + 0.25 * np.arange(-2, 3),
        f=np.geomspace(1.0, 200.0, 8),
        cache=False,
    )
    node = (3, 2)
    s = 2e-3j * np.pi * frequency
    slope = (found.rate[4, 2] - found.rate[2, 2]) / 1.0
    two = slope + sum(
        getattr(found, f"mu_coupling_{k}")[node] * s / (s - getattr(found, f"lambda_{k}")[node])
        for k in (1, 2)
    )
    published = answer("spec2", neuron, found, frequency) * (1.0 + s)
    assert abs(published - two) < 1e-4 * abs(two)
    (exact,) = heddle.diffusion_response(neuron, [SINE["mean"]], [7.0], f=[frequency]).mu_response[
        0
    ]
    off = abs(published - exact) / abs(exact)
    assert off == pytest.approx(0.0043 * frequency, rel=0.1)
    if frequency == 5.0:
        assert abs(published) == pytest.approx(abs(exact), rel=1e-3)
        density = answer("density", neuron, found, frequency, step=0.1)
        assert abs(density - exact) < 0.01 * abs(exact)


def test_a_rate_that_would_become_negative_stays_at_zero_and_comes_back():
    """A fall of 40 mV, by which r_∞ falls to 0 and the equation of second order overshoots it."""
    neuron = heddle.ExponentialNeuron(**CELL, a=0.0, b=0.0)
    found = heddle.cascade_tables(
        neuron, mu=np.linspace(-85.0, -25.0, 61), sigma=np.linspace(6.0, 8.0, 5), cache=False
    )
    drive = heddle.CurrentInput(times=[0.0, 100.0, 200.0], values=[[350.0, -50.0, 350.0]])
    where = heddle.Circuit(
        [heddle.Population("A", 1, neuron, noise=heddle.Noise(sigma=7.0))],
        [],
        [heddle.Input("A", drive)],
    )
    run = heddle.cascade_rates(where, model="spec2", tables={"A": found}, duration=400.0)
    assert any("jump by with a time constant of 1 ms" in line for line in run.assumptions)
    rate = run.activity[0]
    assert rate.min() == 0.0
    assert rate[100:200].max() < rate[95] + 1e-9
    assert rate[-1] == pytest.approx(found.rate[55, 2], rel=1e-3)
