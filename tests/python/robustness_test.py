"""The table of architectures: targets, designs, training, measures, storage, intervals, words."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import heddle
from heddle.robustness import table as table_module
from heddle.robustness.architectures import performer, trained_parts, untrained, with_motif
from heddle.robustness.cells import cell_result
from heddle.robustness.measures import CellResult, measure_short
from heddle.robustness.motifs import stepped_targets
from heddle.robustness.parts import Problem
from heddle.robustness.protocol import ARCHITECTURES, Cell, RobustnessProtocol
from heddle.robustness.store import CellStore
from heddle.robustness.thalamocortical import designed
from heddle.robustness.values import RobustnessTable
from heddle.training import motif_task, training_outputs, word_errors

TINY = RobustnessProtocol(
    motifs=2, duration=10, iterations=4, added_iterations=3, batch=2, starts=2, words=2,
    word_length=3, preparation=3,
)  # fmt: skip


def problem(architecture, prepared=False, response="tanh", n=30, seed=3, **changes):
    cell = Cell(n, architecture, prepared, response)
    return Problem(cell, seed, replace(TINY, **changes))


# Targets


def test_stepped_targets_hold_levels_between_zero_ends():
    steps = 400
    for motif in stepped_targets(20, steps, seed=1):
        assert motif[0] == 0
        assert (motif[-steps // 20 :] == 0).all()
        borders = np.flatnonzero(np.diff(motif)) + 1
        assert (np.diff(borders)[:-1] >= steps // 20).all()
        assert (np.diff(borders) <= steps // 2).all()


def test_levels_of_stepped_targets_scatter_by_nine_tenths():
    levels = np.concatenate([np.unique(m[m != 0]) for m in stepped_targets(1000, 100, seed=2)])
    n = len(levels)
    # False alarm 1e-4, on a fixed seed.
    low, high = stats.chi2.ppf([0.5e-4, 1 - 0.5e-4], n - 1)
    assert low < (n - 1) * levels.var(ddof=1) / 0.9**2 < high


def test_a_stepped_target_depends_on_its_seed_and_number_alone():
    few, many = stepped_targets(2, 50, seed=4), stepped_targets(5, 50, seed=4)
    assert np.array_equal(few, many[:2])
    assert not np.array_equal(few, stepped_targets(2, 50, seed=5))


# Designs


def test_a_designed_linear_network_misses_its_targets_by_the_errors_of_the_fits():
    found = designed(problem("thalamocortical", response="linear", n=60, duration=40))[0]
    words = np.arange(2)[:, None]
    errors = word_errors(found.trainable, found.repertoire, words, start=found.centres)
    motifs = [heddle.Motif(name=f"m{k}", values=y, dt=found.repertoire.h)
              for k, y in enumerate(found.repertoire.targets)]  # fmt: skip
    fits = heddle.design(motifs, n=60, seed=3).motifs
    expected = [np.sqrt(design.fit.error) for design in fits]
    assert errors[:, 0] == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("response", ["tanh", "rectified"])
def test_a_designed_network_prepares_any_motif_after_any_other(response):
    how = {"duration": 40, "preparation": 20, "starts": 1, "amplitude": 0.1}
    asked = problem("thalamocortical", True, response, 60, **how)
    found = measure_short(asked, designed(asked)[0])
    linear = replace(asked, cell=replace(asked.cell, response="linear"))
    errors = measure_short(linear, designed(linear)[0])
    assert found.pairs == pytest.approx(errors.pairs, abs=0.015)
    assert (errors.pairs < 0.5).all()


def test_outputs_of_a_designed_tanh_network_are_off_by_the_square_of_its_amplitude():
    def outputs(response, amplitude):
        asked = problem("thalamocortical", False, response, 60, duration=40, amplitude=amplitude)
        found = designed(asked)[0]
        task = motif_task(found.repertoire, [0, 1], start=found.centres)
        return training_outputs(found.trainable, task)

    linear = outputs("linear", 1.0)
    far, near = (np.linalg.norm(outputs("tanh", a) - linear) for a in (0.02, 0.01))
    assert np.log2(far / near) == pytest.approx(2, abs=0.1)


def test_design_preparation_moves_the_slowest_eigenvalues_left_and_no_other():
    weights = heddle.gaussian_weights(40, 0.9, seed=1)
    found = heddle.design_preparation(weights, 8, shift=0.7)
    count = found.loops.u.shape[1]
    assert count in (8, 9)
    before = np.linalg.eigvals(weights)
    before = before[np.argsort(-before.real)]
    expected = np.concatenate([before[:count] - 0.7, before[count:]])
    after = np.linalg.eigvals(weights + found.loops.u @ found.loops.v.T)
    distance = np.abs(after[:, None] - expected[None, :])
    assert distance.min(axis=0).max() < 1e-10
    assert distance.min(axis=1).max() < 1e-10
    assert found.slowest == pytest.approx(expected.real.max(), abs=1e-10)
    with pytest.raises(heddle.DomainError, match="found 41, expected 1 to 40"):
        heddle.design_preparation(weights, 41)


# Networks that are trained


@pytest.mark.parametrize("preparation", [False, True])
@pytest.mark.parametrize("architecture", ARCHITECTURES[:3])
def test_training_makes_the_error_of_the_library_smaller(architecture, preparation):
    asked = problem(architecture, preparation, spread=0.1, iterations=60, rate=5e-3)
    before = measure_short(asked, untrained(asked)).single.mean()
    assert cell_result(asked).single.mean() < 0.9 * before


@pytest.mark.parametrize("preparation", [False, True])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_motif_that_is_added_changes_no_bit_of_the_others(architecture, preparation):
    found = cell_result(problem(architecture, preparation))
    assert found.interference == 0.0
    if architecture != "thalamocortical":
        assert found.unsegregated > 0.0


@pytest.mark.parametrize("architecture", ARCHITECTURES[:3])
def test_parameters_of_other_motifs_are_the_same_bits_after_a_motif_was_added(architecture):
    asked = problem(architecture, True)
    first = untrained(asked)
    grown = with_motif(asked, first.trainable, 2)
    more = performer(asked, grown, 3)
    assert measure_short(asked, first).change(measure_short(asked, more)) == 0.0
    assert len(set(trained_parts(asked))) == len(trained_parts(asked))
    assert np.array_equal(grown.input[:, : first.trainable.input.shape[1]], first.trainable.input)


def test_a_motif_does_not_hear_what_belongs_to_another():
    asked = problem("additive", True)
    first = untrained(asked)
    changed = np.array(first.trainable.input)
    changed[:, 2:] += 1.0  # input and cue of motif 1
    other = replace(first, trainable=replace(first.trainable, input=changed))
    words = np.array([[0, 0]])
    errors = [word_errors(p.trainable, p.repertoire, words) for p in (first, other)]
    assert np.array_equal(*errors)
    touched = [word_errors(p.trainable, p.repertoire, words + 1) for p in (first, other)]
    assert not np.array_equal(*touched)


def test_words_report_every_motif_and_stop_when_they_are_told_to():
    found = untrained(problem("additive"))
    told = []
    words = np.zeros((40, 5), int)
    word_errors(found.trainable, found.repertoire, words, progress=lambda *at: told.append(at))
    assert told[-1] == (5, 5)

    def stop(done, _):
        if done >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        word_errors(found.trainable, found.repertoire, np.zeros((1, 10**6), int), progress=stop)


# The table


def run(folder, **changes):
    how = {"architectures": ["additive", "thalamocortical"], "preparation": [True],
           "responses": ["tanh"], "sizes": [30], "seeds": [0, 1]}  # fmt: skip
    return heddle.robustness_table(folder, TINY, **(how | changes))


def same(one, other):
    return all(
        np.array_equal(getattr(a, name), getattr(b, name), equal_nan=True)
        for a, b in zip(one.results, other.results, strict=True)
        for name in ("single", "pairs", "words", "added", "interference", "unsegregated")
    )


def test_a_table_that_was_interrupted_repeats_nothing_and_has_the_same_bits(tmp_path, monkeypatch):
    done = []

    def stop(done_, _):
        done.append(done_)
        if len(done) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "cut", progress=stop)
    asked = []
    monkeypatch.setattr(
        table_module, "cell_result", lambda p: asked.append((p.cell, p.seed)) or cell_result(p)
    )
    gone_on = run(tmp_path / "cut")
    assert len(asked) == 2
    assert gone_on.completed
    assert same(gone_on, run(tmp_path / "whole"))
    asked.clear()
    assert same(gone_on, run(tmp_path / "cut"))
    assert asked == []


def test_workers_give_the_same_bits_in_the_same_order(tmp_path):
    alone = run(tmp_path / "one")
    with ThreadPoolExecutor(3) as executor:
        together = run(tmp_path / "three", executor=executor)
    assert same(alone, together)
    files = [sorted((tmp_path / name / "cells").iterdir()) for name in ("one", "three")]
    assert [a.read_bytes() for a in files[0]] == [b.read_bytes() for b in files[1]]


def test_a_stored_cell_comes_back_bit_for_bit(tmp_path):
    cell = Cell(20, "loops", False, "linear")
    errors = np.array([[0.1 + 0.2, np.inf], [np.nan, 1e-300]])
    kept = CellResult(
        cell, 7, errors, errors[:, :, None], errors, 0.0, np.nan, errors[0], "patience", "no gain"
    )
    store = CellStore(tmp_path, TINY)
    store.save(kept)
    assert (cell, 7) in store
    assert same(RobustnessTable(TINY, [cell], [7], [kept]),
                RobustnessTable(TINY, [cell], [7], [store.load(cell, 7)]))  # fmt: skip
    assert store.load(cell, 7).reason == "no gain"


def test_a_folder_of_another_protocol_and_damaged_files_are_refused(tmp_path):
    run(tmp_path, seeds=[0], architectures=["thalamocortical"])
    with pytest.raises(heddle.DomainError, match="holds cells with batch 2, and 5 is asked for"):
        heddle.robustness_table(tmp_path, replace(TINY, batch=5))
    path = next((tmp_path / "cells").iterdir())
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    with pytest.raises(heddle.FormatError, match=f"{path.name} cannot be read"):
        run(tmp_path, seeds=[0], architectures=["thalamocortical"])
    data = {"format_version": 1, "cell": {}}
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(heddle.FormatError, match="is damaged"):
        run(tmp_path, seeds=[0], architectures=["thalamocortical"])
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(heddle.DomainError, match="is not a folder"):
        heddle.robustness_table(tmp_path / "file", TINY)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"architectures": ["additiv"]}, "did you mean 'additive'"),
        ({"responses": ["relu"]}, "responses holds 'relu'"),
        ({"sizes": [5]}, "sizes holds 5; expected 30"),
        ({"seeds": []}, "seeds is"),
        ({"seeds": [1, 1]}, "each once"),
        ({"seeds": [-1]}, "0 to"),
        ({"sizes": []}, "nothing to compare"),
        ({"sizes": [30, 30]}, "given twice"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_anything_is_computed(tmp_path, changes, message):
    with pytest.raises(heddle.DomainError, match=message):
        run(tmp_path / "none", **changes)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"motifs": 0}, "motifs is 0; expected at least 1"),
        ({"step": 1.5}, "step is 1.5"),
        ({"duration": 3.0}, "duration is 3; expected 20 steps"),
        ({"rate": float("nan")}, "rate is nan"),
        ({"spread": -1.0}, "spread is -1"),
        ({"preparatory_fraction": 0.0}, "preparatory_fraction is 0"),
    ],
)
def test_a_protocol_that_cannot_be_meant_is_refused(changes, message):
    with pytest.raises(heddle.DomainError, match=message):
        RobustnessProtocol(**changes)
