"""Diffusion to a threshold against quadrature and eigenvalues of a full matrix."""

import pickle

import numpy as np
import pytest
import scipy.linalg
from scipy.integrate import quad
from scipy.special import erf, erfcx

import heddle

# The neuron of Augustin et al. (2017); its inputs are in mV / ms and mV / √ms there.
PUBLISHED = {
    **{"C_m": 200.0, "g_L": 10.0, "E_L": -65.0, "V_th": -50.0, "Delta_T": 1.5, "V_peak": -40.0},
    **{"V_reset": -70.0, "t_ref": 0.0, "tau_w": 200.0, "E_w": -80.0},
}


def alone(neuron, sigma, size=1000):
    noise = heddle.Noise(sigma=sigma)
    return heddle.Circuit([heddle.Population("A", size, neuron, noise=noise)], [], [])


def test_the_cv_is_brunel_s_double_integral():
    """CV² = 2π (r τ_m)² ∫ e^{x²} dx ∫ e^{y²} (1 + erf y)² dy (Brunel 2000, appendix)."""
    neuron = heddle.LeakyNeuron(tau_m=20.0, V_th=20.0, V_reset=10.0, E_L=0.0, t_ref=2.0)
    for mu, sigma in [(15.0, 4.0), (19.0, 3.0), (24.0, 5.0)]:
        low, high = (10.0 - mu) / sigma, (20.0 - mu) / sigma

        def inner(x):
            def of(y):  # e^{x² + y²} (1 + erf y)², without overflow below 0.
                if y < 0:
                    return np.exp(x * x - y * y) * erfcx(-y) ** 2
                return np.exp(x * x + y * y) * (1 + erf(y)) ** 2

            return quad(of, -8.0, x)[0]

        found = heddle.diffusion_response(neuron, [mu], [sigma])
        square = 2 * np.pi * (found.rate[0] * 20e-3) ** 2 * quad(inner, low, high)[0]
        np.testing.assert_allclose(found.cv[0], np.sqrt(square), rtol=1e-5)


def generator(mu, sigma, grid):
    """The matrix of dp/dt, plainly, and the rates that lead over the faces."""
    low, h, nodes, reset = grid
    v = low + h * (np.arange(nodes) + 0.5)
    pull = mu - v + 1.5 * np.exp((v + 50.0) / 1.5)
    z = 2 * h * pull / sigma**2
    up, down = (
        sigma**2 / (40 * h * h) * x / -np.expm1(-x) * s for x, s in ((z, 1), (z, np.exp(-z)))
    )
    matrix = np.zeros((nodes, nodes))
    k = np.arange(nodes)
    matrix[k, k] -= up
    matrix[k[1:], k[:-1]] += up[:-1]
    matrix[k[:-1], k[1:]] += down[:-1]
    matrix[k[1:], k[1:]] -= down[:-1]
    matrix[reset, -1] += up[-1]
    return matrix, up[-1]


def plain_modes(mu, sigma, spacing):
    """λ and f c of the two slowest modes from all eigenvectors of the matrix, by differences."""
    up = round(30.0 / spacing)
    down = round(60.0 / spacing)
    grid = (-70.0 - down * spacing, spacing, up + down, down)
    matrix, leaving = generator(mu, sigma, grid)
    values, left, right = scipy.linalg.eig(matrix, left=True)
    order = np.argsort(-values.real)
    rest = right[:, order[0]].real / right[:, order[0]].real.sum()
    found = []
    for i in order[1:3]:
        coupling = []
        for step in ((1e-3, 0.0), (0.0, 1e-3)):
            more = generator(mu + step[0], sigma + step[1], grid)[0]
            less = generator(mu - step[0], sigma - step[1], grid)[0]
            excited = left[:, i].conj() @ ((more - less) / 2e-3 @ rest)
            excited /= left[:, i].conj() @ right[:, i]
            coupling.append(1e3 * leaving * right[-1, i] * excited / values[i])
        found.append((values[i], *coupling))
    return sorted(found, key=lambda mode: -mode[0].imag)


@pytest.mark.parametrize(("mu", "sigma"), [(-40.0, 6.0), (-60.0, 8.0)])
def test_modes_and_couplings_are_those_of_all_eigenvectors_of_a_full_matrix(mu, sigma):
    """A pair, and two real ones; the matrix by itself is right to second order in its spacing."""
    neuron = heddle.ExponentialNeuron(**PUBLISHED, a=0.0, b=0.0)
    modes = heddle.diffusion_modes(neuron, [mu], [sigma])
    ours = [
        (modes.first[0], modes.first_mu[0], modes.first_sigma[0]),
        (modes.second[0], modes.second_mu[0], modes.second_sigma[0]),
    ]
    if modes.first[0].imag == 0:
        ours.sort(key=lambda mode: -mode[0].real)
    plain = plain_modes(mu, sigma, 0.2)
    if modes.first[0].imag == 0:
        plain.sort(key=lambda mode: -mode[0].real)
    np.testing.assert_allclose(np.array(ours), np.array(plain), rtol=0.01)


def test_results_are_values_that_pickle():
    neuron = heddle.LeakyNeuron(tau_m=20.0, V_th=20.0, V_reset=10.0, E_L=0.0, I_e=200.0)
    response = heddle.diffusion_response(neuron, [15.0, 18.0], [4.0], [1.0, 10.0])
    modes = heddle.diffusion_modes(neuron, [15.0], [4.0])
    density = heddle.fokker_planck(alone(neuron, 4.0), duration=5.0)
    for value, text in [
        (response, "DiffusionResponse(2 pairs, 2 frequencies)"),
        (modes, "DiffusionModes(1 pairs)"),
        (density, "FokkerPlanckRecording(1 populations, 5 bins)"),
    ]:
        assert repr(pickle.loads(pickle.dumps(value))) == repr(value) == text


def test_progress_is_told_and_stops_a_run():
    neuron = heddle.LeakyNeuron(tau_m=20.0, V_th=20.0, V_reset=10.0, E_L=0.0, I_e=200.0)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        heddle.fokker_planck(alone(neuron, 4.0), duration=1e6, progress=stop)
    with pytest.raises(KeyboardInterrupt):
        heddle.diffusion_modes(neuron, np.linspace(0, 20, 100000), [4.0], progress=stop)
