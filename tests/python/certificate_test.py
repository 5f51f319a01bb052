"""heddle.joint_spectral_radius and heddle.certify, with NumPy as the second opinion."""

import itertools
import pickle

import numpy as np
import pytest

import heddle


@pytest.fixture(scope="module")
def library():
    t = np.linspace(0, 1, 51)
    motifs = [
        heddle.Motif(name=name, values=np.column_stack([np.sin(f * t), np.cos(f * t) - 1]), dt=0.02)
        for name, f in [("a", 6.0), ("b", 9.0)]
    ]
    return heddle.design(motifs, n=60, pairs=3, preparation_time=1.0)


def test_two_shears_share_the_golden_ratio():
    found = heddle.joint_spectral_radius([[[1, 1], [0, 1]], [[1, 0], [1, 1]]])
    golden = (1 + 5**0.5) / 2
    assert found.lower == pytest.approx(golden, rel=1e-12)
    assert golden <= found.upper <= 1.01 * golden
    assert sorted(found.word) == [0, 1]


def test_products_stay_within_the_bounds_and_the_transform_shows_it():
    matrices = np.random.default_rng(5).normal(size=(3, 4, 4))
    found = heddle.joint_spectral_radius(list(matrices), gap=0.05)
    t = found.transform
    assert np.linalg.svd(t, compute_uv=False)[-1] == pytest.approx(1)
    assert np.linalg.cond(t) == pytest.approx(found.condition)
    norms = [np.linalg.norm(t @ a @ np.linalg.inv(t), 2) for a in matrices]
    assert max(norms) == pytest.approx(found.ellipsoid, rel=1e-6)
    for length in (1, 3, 5):
        for word in itertools.product(matrices, repeat=length):
            product = np.linalg.multi_dot([*word, np.eye(4)])
            assert np.linalg.norm(product, 2) <= found.constant * found.upper**length


def test_a_certificate_says_more_than_the_2_norm(library):
    plain = heddle.transitions(library)
    found = heddle.certify(library)
    assert plain.q == pytest.approx(found.contraction.max(), rel=1e-8)
    assert found.radius.upper < plain.q
    assert (found.verdict == "stable") == (found.radius.upper < 1)
    assert found.breaking == [
        library.names[i] for i in np.argsort(-found.contraction) if found.contraction[i] >= 1
    ]
    assert found.preparation == library.preparation.duration
    performance = heddle.perform(library, "abba" * 10, transitions=False, spectra=False)
    start = np.linalg.norm(library["a"].initial_state)  # from rest: this far off, before preparing
    off = [
        item.state_error * np.linalg.norm(library[name].initial_state)
        for item, name in zip(performance.items, performance.sequence, strict=True)
    ]
    assert off[0] <= found.radius.constant * start
    for k, one in enumerate(off):
        earlier = found.radius.constant * found.radius.upper**k * off[0]
        assert one <= earlier + found.bound


def test_a_certificate_pickles(library):
    found = heddle.certify(library, safe_time=False)
    again = pickle.loads(pickle.dumps(found))
    assert again.statement == found.statement
    assert again.worst_word == found.worst_word
    np.testing.assert_array_equal(again.radius.transform, found.radius.transform)
    assert "Certificate(" in repr(found)
    assert "JointRadius(from" in repr(found.radius)


def test_progress_is_reported_and_never_falls(library):
    seen = []
    heddle.certify(library, threads=1, progress=lambda done, total: seen.append((done, total)))
    assert seen
    assert {total for _, total in seen} == {1000}
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_bad_arguments_are_named(library):
    with pytest.raises(heddle.DomainError, match="matrices: found none"):
        heddle.joint_spectral_radius([])
    with pytest.raises(heddle.ShapeError, match="matrices"):
        heddle.joint_spectral_radius([np.eye(2), np.eye(3)])
    with pytest.raises(heddle.DomainError, match="gap"):
        heddle.joint_spectral_radius([np.eye(2)], gap=-1)
    with pytest.raises(heddle.DomainError, match="preparation"):
        heddle.certify(library, preparation=0.0)
    with pytest.raises(TypeError, match="preparation"):
        heddle.certify(library, preparation="long")
