"""Structured weights, and networks too large to be one matrix, from Python."""

import pickle

import numpy as np
import pytest
import scipy.sparse

import heddle


def parts(n: int = 60, seed: int = 0) -> dict:
    rng = np.random.default_rng(seed)
    return {
        "sparse": heddle.sparse_weights(n, 0.1, 0.4, seed=1),
        "diagonal": rng.uniform(-0.3, 0.3, n),
        "low_rank": (rng.normal(size=(n, 2)) / 20, rng.normal(size=(n, 2)) / 20),
        "kronecker": [
            (rng.normal(size=(6, 6)) / 8, rng.normal(size=(n // 6, n // 6)) / 8),
            (rng.normal(size=(6, 6)) / 8, np.eye(n // 6)),
        ],
    }


def dense(given: dict) -> np.ndarray:
    low, high = given["low_rank"]
    return (
        given["sparse"].toarray()
        + np.diag(given["diagonal"])
        + low @ high.T
        + sum(np.kron(a, b) for a, b in given["kronecker"])
    )


def test_structured_weights_are_the_sum_of_their_parts():
    given = parts()
    weights = heddle.structured_weights(**given)
    expected = dense(given)
    np.testing.assert_allclose(weights.toarray(), expected, atol=1e-15)
    x = np.random.default_rng(1).normal(size=(60, 3))
    np.testing.assert_allclose(weights @ x, expected @ x, atol=1e-13)
    np.testing.assert_allclose(weights @ x[:, 0], expected @ x[:, 0], atol=1e-13)
    assert weights.shape == (60, 60)
    network = heddle.Network(weights)
    assert network.size == 60
    assert "structured" in repr(network)
    np.testing.assert_allclose(heddle.eigenvalues(network), heddle.eigenvalues(weights))
    assert heddle.bulk_of(weights).radius == pytest.approx(heddle.bulk_of(expected).radius)


def test_block_weights_have_the_eigenvalues_of_the_blocks():
    blocks = np.array([[0.9, -1.2], [0.8, -0.3]])
    weights = heddle.block_weights(blocks, [40, 20])
    found = np.linalg.eigvals(weights.toarray())
    for value in np.linalg.eigvals(blocks):
        assert abs(found - value).min() < 1e-12
    noise = heddle.sparse_weights(60, 0.1, 0.3, seed=2)
    together = heddle.block_weights(blocks, [40, 20], sparse=noise, diagonal=np.full(60, -0.1))
    np.testing.assert_allclose(
        together.toarray(), weights.toarray() + noise.toarray() - 0.1 * np.eye(60), atol=1e-15
    )


@pytest.mark.parametrize("kept", ["sparse", "diagonal", "low_rank", "kronecker", None])
def test_a_network_comes_back_from_its_file_bit_for_bit(tmp_path, kept):
    given = parts() if kept is None else {kept: parts()[kept]}
    network = heddle.make_network(heddle.structured_weights(**given), 2, seed=1, tau=0.02)
    heddle.save_network(tmp_path / "net.h5", network)
    for loaded in (
        heddle.load_network(tmp_path / "net.h5"),
        heddle.load(tmp_path / "net.h5"),
        pickle.loads(pickle.dumps(network)),
    ):
        assert loaded.tau == network.tau
        np.testing.assert_array_equal(loaded.readout, network.readout)
        assert_same(loaded.weights, network.weights)
    assert_same(heddle.read_weights(tmp_path / "net.h5"), network.weights)


def assert_same(found: heddle.StructuredWeights, expected: heddle.StructuredWeights) -> None:
    assert (found.sparse != expected.sparse).nnz == 0
    np.testing.assert_array_equal(found.p, expected.p)
    np.testing.assert_array_equal(found.q, expected.q)
    assert len(found.kronecker) == len(expected.kronecker)
    for one, other in zip(found.kronecker, expected.kronecker, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])


def test_sparse_and_dense_networks_come_back_too(tmp_path):
    for weights in (heddle.sparse_weights(30, 0.2, 0.5, seed=1), heddle.gaussian_weights(30, 0.5)):
        heddle.save_network(tmp_path / "net.h5", heddle.make_network(weights, 1, seed=1))
        loaded = heddle.load_network(tmp_path / "net.h5").weights
        assert scipy.sparse.issparse(loaded) == scipy.sparse.issparse(weights)
        assert abs(loaded - weights).max() == 0
    with pytest.raises(heddle.FormatError, match="holds a network, not a library"):
        heddle.load_library(tmp_path / "net.h5")


def test_a_library_of_a_small_structured_network_keeps_its_structure(tmp_path):
    time = np.linspace(0, 2 * np.pi, 61)
    motif = heddle.Motif("a", np.column_stack([np.sin(time), np.cos(time)]), 0.01)
    network = heddle.make_network(heddle.structured_weights(**parts()), 2, seed=1)
    library = heddle.design([motif], network, pairs=2, loops=4)
    assert library.motifs[0].trusted
    heddle.save_library(tmp_path / "net.h5", library)
    assert_same(heddle.load_library(tmp_path / "net.h5").network.weights, network.weights)
    assert_same(heddle.load_network(tmp_path / "net.h5").weights, network.weights)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"diagonal": np.zeros(59)}, "diagonal is for 59 units; expected 60"),
        ({"diagonal": np.zeros((60, 1))}, "one dimension"),
        ({"diagonal": np.full(60, np.nan)}, "diagonal: found NaN"),
        ({"low_rank": (np.zeros((60, 2)), np.zeros((60, 3)))}, "low_rank"),
        ({"low_rank": (np.zeros((61, 2)), np.zeros((61, 2)))}, "low_rank is for 61 units"),
        ({"kronecker": [(np.eye(6), np.eye(11))]}, "kronecker is for 66 units"),
        ({"kronecker": [(np.ones((6, 5)), np.eye(10))]}, "square"),
        ({"kronecker": [(np.eye(6), np.eye(10)), (np.eye(10), np.eye(6))]}, "same sizes"),
        ({"sparse": np.eye(60)}, "SciPy sparse"),
        ({"sparse": scipy.sparse.csr_matrix(np.full((60, 60), np.nan))}, "NaN"),
    ],
)
def test_parts_that_do_not_fit_are_named(change, named):
    with pytest.raises(ValueError, match=named):
        heddle.structured_weights(**{**parts(), **change})


def test_no_part_at_all_is_refused():
    with pytest.raises(heddle.DomainError, match="no part"):
        heddle.structured_weights()


def test_eigenvalues_near_finds_what_the_dense_spectrum_has():
    network = heddle.Network(
        heddle.structured_weights(low_rank=parts()["low_rank"], diagonal=parts()["diagonal"])
    )
    placed = heddle.place_eigenvalues(network, [1 + 0.3j, 1 - 0.3j], loops=2)
    (found,) = heddle.eigenvalues_near(network, placed.loops, [1 + 0.3j])
    assert found.converged
    assert found.point == 1 + 0.3j
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(found)).values, found.values)
    assert abs(found.values[0] - (1 + 0.3j)) < 1e-8
    assert found.residual[0] < 1e-8
    spectrum = heddle.closed_spectrum(network, placed.loops)
    assert abs(spectrum - found.values[0]).min() < 1e-8


def test_what_needs_one_matrix_refuses_large_networks_before_it_starts():
    n = 60_000
    network = heddle.make_network(heddle.block_weights([[0.5]], [n]), 1, seed=1)
    motif = heddle.Motif("a", np.sin(np.linspace(0, 6, 50))[:, None], 0.01)
    for attempt in (
        lambda: heddle.design([motif], network),
        lambda: heddle.eigenvalues(network),
        lambda: heddle.place_eigenvalues(network, [1.0], solver="dense"),
        lambda: heddle.closed_spectrum(network, heddle.Loops(np.zeros((n, 1)), np.zeros((n, 1)))),
    ):
        with pytest.raises(heddle.DomainError, match=r"26\.8.* GiB for 60000 units"):
            attempt()


def test_a_large_structured_network_is_placed_designed_and_performed():
    n = 20_000
    rng = np.random.default_rng(1)
    factors = tuple(rng.normal(size=(n, 2)) / np.sqrt(n) for _ in range(2))
    weights = heddle.structured_weights(diagonal=rng.uniform(-0.6, 0.6, n), low_rank=factors)
    network = heddle.make_network(weights, 1, seed=1)
    frontier = heddle.frontier(network, [1 + 0.5j, 1 - 0.5j, 1.0], most_loops=2)
    assert frontier.points[1].suffices
    time = np.linspace(0, 2 * np.pi, 41)
    motif = heddle.Motif("a", np.sin(time)[:, None], 0.01)
    (design,) = heddle.design_motif_loops(
        network, [motif], [heddle.fit_modes(motif, pairs=2, tau=network.tau)], loops=2
    )
    assert design.trusted
    run = heddle.perform_motif(network, design)
    assert run.deviation < 1e-8
    assert run.error == pytest.approx(design.fit.error, abs=1e-8)
