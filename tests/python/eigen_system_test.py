"""Eigen systems that follow loops: what goes in, what comes out, how it fails."""

import numpy as np
import pytest

import heddle

N = 50


@pytest.fixture(scope="module")
def network():
    return heddle.gaussian_network(1, n=N, seed=1)


def loops(seed, count=1):
    rng = np.random.default_rng(seed)
    shape = (N, count)
    return heddle.Loops(rng.standard_normal(shape) / np.sqrt(N), rng.standard_normal(shape) / 5)


def test_an_opened_system_has_the_spectrum_and_the_vectors_of_the_closed_network(network):
    opened = heddle.open_loops(heddle.eigen_system(network), loops(2, 3))
    weights = network.weights + loops(2, 3).u @ loops(2, 3).v.T
    np.testing.assert_allclose(opened.eigenvalues, heddle.eigenvalues(weights), atol=1e-11)
    right, left = opened.right(), opened.left()
    np.testing.assert_allclose(weights @ right, right * opened.eigenvalues, atol=1e-11)
    np.testing.assert_allclose(left @ right, np.eye(N), atol=1e-10)
    pair = opened.pair(0)
    assert pair.value == opened.eigenvalues[0]
    assert pair.residual < 1e-12
    assert opened.trusted
    assert opened.updates == 3
    assert "3 loops open" in repr(opened)
    assert opened.error.max() < 1e-10 * np.abs(opened.eigenvalues).max()


def test_gate_spectra_visit_every_pattern(network):
    system = heddle.eigen_system(network)
    groups = [loops(k) for k in range(3)]
    gates = [[0, 0, 0], [1, 0, 1], [1, 1, 1]]
    told = []
    progress = lambda done, total: told.append((done, total))  # noqa: E731
    spectra = heddle.gate_spectra(system, groups, gates, progress=progress)
    for i, gate in enumerate(gates):
        weights = network.weights + sum(g * k.u @ k.v.T for g, k in zip(gate, groups, strict=True))
        values = heddle.eigenvalues(weights)
        assert spectra.abscissa[i] == pytest.approx(values.real.max(), abs=1e-12)
        np.testing.assert_allclose(spectra.eigenvalues[:, i], values, atol=1e-11)
    assert spectra.trusted
    assert told


@pytest.mark.parametrize(
    ("work", "word"),
    [
        (
            lambda system: heddle.open_loops(
                system, heddle.Loops(np.ones((3, 1)), np.ones((3, 1)))
            ),
            "u",
        ),
        (lambda system: system.pair(N), "i: found 50"),
        (lambda system: system.pair(-1), "i: found -1"),
        (lambda system: heddle.gate_spectra(system, [loops(1)], [[0, 1]]), "patterns"),
        (lambda system: heddle.gate_spectra(system, [loops(1)], [[0.5]]), "patterns"),
    ],
)
def test_bad_input_is_named(network, work, word):
    with pytest.raises(heddle.Error) as caught:
        work(heddle.eigen_system(network))
    assert word in str(caught.value)


def test_weights_without_eigenvectors_are_refused_before_any_loop_opens():
    jordan = 0.5 * np.eye(4) + np.diag(np.ones(3), 1)
    with pytest.raises(heddle.DomainError, match="basis of eigenvectors"):
        heddle.eigen_system(heddle.make_network(jordan, 1, seed=1))
    with pytest.raises(heddle.DomainError, match="tolerance"):
        heddle.eigen_system(heddle.make_network(jordan, 1, seed=1), tolerance=-1.0)
