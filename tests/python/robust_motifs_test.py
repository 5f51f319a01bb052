"""Loops of motifs that noise disturbs least: the values, the library, the file."""

import pickle

import numpy as np
import pytest

import heddle

TIME = np.linspace(0, 1, 61)
OPTIONS = {"n": 60, "pairs": 3, "loops": 4, "robust": True, "robust_evaluations": 20}


def wave(name, frequency=1.0):
    values = np.column_stack([np.sin(2 * np.pi * frequency * TIME), np.cos(5 * TIME)])
    return heddle.Motif(name, values, TIME[1], ["x", "y"])


@pytest.fixture(scope="module")
def library():
    return heddle.design([wave("a"), wave("b", 1.5)], **OPTIONS, threads=2)


@pytest.fixture(scope="module")
def plain():
    given = {name: value for name, value in OPTIONS.items() if not name.startswith("robust")}
    return heddle.design([wave("a"), wave("b", 1.5)], **given)


def test_robust_motifs_write_the_same_curve_and_noise_disturbs_them_less(library, plain):
    for name in "ab":
        robust, closed_form = library[name], plain[name]
        assert closed_form.robustness is None
        found = robust.robustness
        assert found.after.deviation < 0.6 * found.before.deviation
        expected = heddle.readout_deviation(
            plain.network,
            closed_form.loops,
            closed_form.initial_state - closed_form.fixed_point,
            closed_form.motif.duration,
            noise=found.noise,
        )
        assert found.before.deviation == pytest.approx(expected.deviation, rel=1e-8)
        assert found.checked_deviation == pytest.approx(found.after.deviation, rel=1e-8)
        assert robust.trusted
    alone = heddle.perform(library, "ab", transitions=False)
    for item in alone.items:
        fit = library.motifs[item.motif].fit.error
        assert item.isolated_error == pytest.approx(fit, rel=1e-6)


def test_robust_loops_are_prepared_and_certified_as_any_others(library):
    certificate = heddle.certify(library)
    assert certificate.radius.upper < 1
    run = heddle.perform(library, "abba", noise=0.02, trials=40, seed=1)
    for item in run.items:
        # Statistics: 4 standard errors, about 1 false alarm in 16,000 other seeds for each item.
        assert abs(item.mean_error - item.predicted_error) < 4 * item.standard_error


def test_company_and_threads_change_no_bit_of_robust_loops(library):
    alone = heddle.design([wave("b", 1.5)], **OPTIONS, threads=1)
    for field in ("u", "v"):
        one, other = getattr(alone["b"].loops, field), getattr(library["b"].loops, field)
        assert one.tobytes() == other.tobytes()
    assert alone["b"].robustness.after.measured == library["b"].robustness.after.measured


def test_a_robust_library_is_extended_by_robust_motifs(library):
    larger = heddle.extend(library, [wave("c", 2.0)])
    assert larger["c"].robustness.evaluations <= 20
    assert larger["a"].loops.v.tobytes() == library["a"].loops.v.tobytes()


def test_a_robust_library_comes_back_from_its_file_and_from_a_pickle(library, tmp_path):
    heddle.save_library(tmp_path / "net.h5", library)
    for again in (heddle.load_library(tmp_path / "net.h5"), pickle.loads(pickle.dumps(library))):
        assert again.options.robust
        assert again.options.robustness.most_evaluations == 20
        found, kept = again["a"].robustness, library["a"].robustness
        assert repr(found) == repr(kept)
        assert found.costs.tobytes() == kept.costs.tobytes()
        assert found.after.standard_error == kept.after.standard_error


def test_a_file_from_before_there_were_robust_loops_is_read(plain, tmp_path):
    import h5py

    path = tmp_path / "net.h5"
    heddle.save_library(path, plain)
    with h5py.File(path, "a") as file:
        for motif in ("0", "1"):
            del file[f"library/motifs/{motif}"].attrs["robustness"]
        del file["library/options"].attrs["robust"]
        del file["library/options/robustness"]
    again = heddle.load_library(path)
    assert again["a"].robustness is None
    assert not again.options.robust


def test_the_cost_in_python_is_that_of_the_loops(library):
    design = library["a"]
    directions = design.loops.v.T @ design.modes
    cost = heddle.robust_motif_cost(
        library.network, design.fit, design.motif.duration, design.loops.u, directions
    )
    assert cost.cost * design.robustness.noise == pytest.approx(
        design.robustness.after.deviation, rel=1e-8
    )
    assert cost.u_gradient.shape == design.loops.u.shape
    assert cost.directions_gradient.shape == directions.shape


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"thalamic_tau": 0.005}, "thalamic_tau: found 0.005"),
        ({"robust_noise": -1.0}, "noise: found -1"),
        ({"robust_trials": -1}, "trials: found -1"),
        ({"robust_evaluations": 0}, "most_evaluations: found 0"),
        ({"loops": 1}, "loops: found 1"),
    ],
)
def test_a_bad_choice_is_refused_before_any_work(options, message):
    with pytest.raises(heddle.DomainError, match=message):
        heddle.design([wave("a")], **{**OPTIONS, **options})


def test_a_misspelt_choice_is_named():
    with pytest.raises(TypeError, match="robust_evaluations"):
        heddle.design([wave("a")], n=60, robust=True, robust_evaluation=3)


def test_what_progress_raises_stops_a_descent():
    class EnoughError(Exception):
        pass

    def stop(done, total):
        assert total == 20
        raise EnoughError

    with pytest.raises(EnoughError):
        heddle.design([wave("a")], **OPTIONS, threads=1, progress=stop)
