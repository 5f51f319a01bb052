"""heddle.optimise_safe_time: shorter safe preparations, and performances that agree."""

import pickle

import numpy as np
import pytest

import heddle


def stepped(seed):
    levels = np.repeat(np.random.default_rng(seed).normal(size=5), 110)
    values = np.concatenate([[0.0], levels, np.zeros(50)])
    return heddle.Motif(name="abc"[seed], values=values[:, None], dt=0.001)


@pytest.fixture(scope="module")
def library():
    motifs = [stepped(k) for k in range(3)]
    return heddle.design(motifs, n=80, loops=2, pairs=5, preparation_fraction=0.1)


@pytest.fixture(scope="module")
def found(library):
    return heddle.optimise_safe_time(library, most_rounds=2, preparation_evaluations=15)


def test_the_safe_time_falls_and_certify_proves_it(library, found):
    assert found.after < found.before
    assert found.steps[-1].safe_time == found.after
    assert found.step_after <= 1.25 * found.step_before
    assert heddle.certify(found.library, preparation=found.after).verdict == "stable"
    assert heddle.certify(library, preparation=0.5 * found.after).verdict != "stable"
    assert found.trusted
    assert not found.reason


def test_long_words_at_the_safe_time_stay_within_the_certificate(found):
    time = 1.05 * found.after
    certificate = heddle.certify(found.library, preparation=time)
    start = [found.library[name].initial_state for name in "abc"]
    performance = heddle.perform(
        found.library, "abcacb" * 10, preparation=time, transitions=False, spectra=False
    )
    off = [
        item.state_error * np.linalg.norm(start["abc".index(name)])
        for item, name in zip(performance.items, performance.sequence, strict=True)
    ]
    constant = certificate.radius.constant
    for k, one in enumerate(off):
        rate = certificate.radius.upper**k
        assert one <= constant * rate * off[0] + certificate.bound


def test_an_undisturbed_motif_is_performed_as_before(library, found):
    for name in library.names:
        before = heddle.isolated_states(library[name], library.network.tau)
        after = heddle.isolated_states(found.library[name], library.network.tau)
        readout = library.network.readout
        np.testing.assert_allclose(readout @ after, readout @ before, atol=1e-9)


def test_it_pickles_and_saves(found, tmp_path):
    assert repr(pickle.loads(pickle.dumps(found))) == repr(found)
    assert "SafeDesign(safe after" in repr(found)
    heddle.save_library(tmp_path / "safe.h5", found.library)
    again = heddle.load_library(tmp_path / "safe.h5")
    np.testing.assert_array_equal(again.preparation.loops.u, found.library.preparation.loops.u)


def test_progress_never_falls(library):
    seen = []
    heddle.optimise_safe_time(
        library,
        most_rounds=1,
        preparation_evaluations=5,
        motif_evaluations=2,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == sorted(seen)
    assert all(done <= total for done, total in seen)


def test_bad_arguments_are_named(library):
    with pytest.raises(heddle.DomainError, match="most_rounds: found 0"):
        heddle.optimise_safe_time(library, most_rounds=0)
    with pytest.raises(heddle.DomainError, match="false for both"):
        heddle.optimise_safe_time(library, preparation=False, motifs=False)
    with pytest.raises(TypeError):
        heddle.optimise_safe_time("library")
