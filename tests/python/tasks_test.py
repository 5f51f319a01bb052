"""heddle.tasks: trials as arrays, what was drawn, scores, and a network that does one."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import heddle
from heddle import tasks
from heddle.training import TrainingTask


def motifs() -> list[heddle.Motif]:
    t = np.linspace(0, 0.2, 41)
    return [
        heddle.Motif("a", np.column_stack([np.sin(20 * t), np.cos(20 * t)]), t[1]),
        heddle.Motif("b", np.column_stack([np.cos(35 * t), np.sin(10 * t)])[:31], t[1]),
    ]


PRODUCTION = tasks.MotifProduction(motifs(), h=0.005, preparation=0.02, spread=0.4, units=12)
TASKS = {
    "reach": (tasks.DelayedReach(), 3, 2),
    "saccade": (tasks.MemorySaccade(directions=0), 3, 2),
    "integration": (tasks.ContextIntegration(), 4, 1),
    "timing": (tasks.ReadySetGo(gains=[1, 1.5]), 2, 1),
    "flip-flop": (tasks.FlipFlop(bits=4), 4, 4),
    "motif": (PRODUCTION, 2, 2),
    "sequence": (tasks.SequenceProduction(PRODUCTION, length=2), 2, 2),
}
EACH = pytest.mark.parametrize("name", TASKS)


@EACH
def test_a_batch_is_a_training_task_with_time_first(name: str):
    task, inputs, outputs = TASKS[name]
    batch = task.batch(5, seed=2, batch=7)
    assert isinstance(batch, TrainingTask)
    assert (batch.h, batch.trials) == (task.h if name != "sequence" else PRODUCTION.h, 5)
    assert batch.inputs.shape == (batch.steps, 5, inputs)
    assert batch.targets.shape == (batch.steps + 1, 5, outputs)
    assert batch.weights.shape == (batch.steps + 1, 5)
    assert (batch.start is None) == (name not in ("motif", "sequence"))


@EACH
def test_perfect_outputs_are_correct_and_silence_is_not(name: str):
    task = TASKS[name][0]
    batch = task.batch(20, seed=1)
    perfect = task.score(batch, batch.targets)
    assert isinstance(perfect, tasks.TaskScore)
    assert perfect.fraction_correct == 1
    assert perfect.answered == 20
    assert perfect.correct.shape == perfect.measure.shape == (20,)
    silent = task.score(batch, np.zeros_like(batch.targets))
    assert silent.fraction_correct == 0
    # Trials keep their places: the outputs of one set to nothing fail that one.
    outputs = batch.targets.copy()
    outputs[:, 13] = 0
    assert list(np.flatnonzero(task.score(batch, outputs).correct == 0)) == [13]


@EACH
def test_a_batch_is_a_function_of_seed_and_number(name: str):
    task = TASKS[name][0]
    one, same = task.batch(6, seed=3, batch=4), task.batch(9, seed=3, batch=4)
    for field in ("inputs", "start", "weights"):
        if getattr(one, field) is not None and name != "sequence":
            axis = (slice(6),) if field == "start" else (slice(None), slice(6))
            np.testing.assert_array_equal(getattr(one, field), getattr(same, field)[axis])
    drawn = task.conditions(6, seed=3, batch=4)
    for key, values in task.conditions(9, seed=3, batch=4).items():
        np.testing.assert_array_equal(drawn[key], values[:6])
    other = task.batch(6, seed=3, batch=5)
    assert not np.array_equal(one.start if name == "motif" else one.inputs,
                              other.start if name == "motif" else other.inputs)  # fmt: skip


@EACH
def test_a_task_comes_back_from_a_pickle_and_names_itself(name: str):
    task = TASKS[name][0]
    again = pickle.loads(pickle.dumps(task))
    np.testing.assert_array_equal(again.batch(3).targets, task.batch(3).targets)
    assert repr(task).startswith(type(task).__name__ + "(")
    score = task.score(task.batch(3), task.batch(3).targets)
    assert repr(pickle.loads(pickle.dumps(score))) == repr(score)


def test_conditions_say_what_the_arrays_hold():
    task = tasks.ContextIntegration(noise=0)
    batch, drawn = task.batch(30, seed=5), task.conditions(30, seed=5)
    assert list(drawn) == ["context", "motion", "colour", "answer"]
    for i in range(30):
        np.testing.assert_array_equal(
            batch.inputs[50, i, :2], [drawn["motion"][i], drawn["colour"][i]]
        )
        assert batch.inputs[0, i, 2 + int(drawn["context"][i])] == 1
    np.testing.assert_array_equal(batch.targets[-1, :, 0], drawn["answer"])


@pytest.mark.parametrize(
    ("cue", "inputs", "gates", "gains"), [("gate", 2, 3, 0), ("input", 4, 0, 0), ("gain", 2, 0, 3)]
)
def test_motifs_are_cued_by_inputs_gates_or_gains(cue: str, inputs: int, gates: int, gains: int):
    task = tasks.MotifProduction(motifs(), h=0.005, cue=cue, preparation=0.02)
    batch = task.batch(2)
    assert task.cue == cue
    assert batch.inputs.shape[2] == inputs
    assert (0 if batch.gates is None else len(batch.gates)) == gates
    assert (0 if batch.gain_weights is None else batch.gain_weights.shape[2]) == gains
    np.testing.assert_allclose(batch.targets[4:, 0], motifs()[0].values)
    np.testing.assert_allclose(batch.targets[4:35, 1], motifs()[1].values)


def test_orders_can_be_given_as_all_pairs():
    pairs = [[a, b] for a in range(2) for b in range(2)]
    task = tasks.SequenceProduction(PRODUCTION, orders=pairs)
    drawn = task.conditions(8)
    np.testing.assert_array_equal(np.column_stack(list(drawn.values())), pairs * 2)
    assert task.score(task.batch(8), task.batch(8).targets).parts.shape == (8, 2)


def test_arrays_make_a_task_and_short_trials_are_padded_only_on_demand():
    draw = np.random.default_rng(1)
    targets = [draw.normal(size=(steps + 1, 2)) for steps in (6, 4)]
    inputs = [draw.normal(size=(steps, 3)) for steps in (6, 4)]
    with pytest.raises(heddle.ShapeError, match=r"trials\[1\]\.targets has shape 5; .*pad=True"):
        tasks.from_trials(0.01, targets, inputs=inputs)
    task = tasks.from_trials(0.01, targets, inputs=inputs, pad=True)
    assert task.steps == 6
    np.testing.assert_array_equal(task.targets[:, 0], targets[0])
    np.testing.assert_array_equal(task.targets[:5, 1], targets[1])
    np.testing.assert_array_equal(task.inputs[:4, 1], inputs[1])
    np.testing.assert_array_equal(task.weights, np.array([[1] * 7, [1] * 5 + [0] * 2]).T)
    outputs = task.targets + 0.1 * draw.normal(size=task.targets.shape)
    found = tasks.score(task, outputs)
    for i, n in enumerate((7, 5)):
        expected = heddle.normalised_error(outputs[:n, i], targets[i])
        assert found.measure[i] == pytest.approx(np.sqrt(expected))
    assert tasks.from_trials(0.01, targets[:1]).inputs is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tasks.DelayedReach(movement=0), "movement: found 0 s"),
        (lambda: tasks.DelayedReach(delay=1), "no field 'delay'"),
        (lambda: tasks.MotifProduction([]), "motifs: found none"),
        (lambda: tasks.MotifProduction(motifs(), cue="gates"), "found 'gates', expected 'input'"),
        (lambda: tasks.MotifProduction([1]), "motifs is .* expected a list"),
        (lambda: tasks.FlipFlop().batch(0), "trials: found 0"),
        (lambda: tasks.from_trials(0.01, []), "trials: found none"),
        (lambda: tasks.from_trials(0.01, [np.ones((3, 1))], inputs=[]), None),
        (lambda: tasks.from_trials(0.01, [np.ones((3, 1))], weights=[[1] * 3] * 2), "weights"),
        (lambda: tasks.from_trials(0.0, [np.ones((3, 1))]), "h: found 0 s"),
        (lambda: tasks.FlipFlop().score(tasks.FlipFlop().batch(2), np.ones((601, 6))), "outputs"),
        (
            lambda: tasks.FlipFlop().score(tasks.ReadySetGo().batch(2), np.ones((281, 2, 1))),
            "task.targets",
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(make, message: str | None):
    if message is None:
        assert make().inputs is None
        return
    with pytest.raises((ValueError, TypeError), match=message):
        make()


def test_bistable_units_hold_the_bits_of_a_flip_flop():
    """A unit for each bit, τ ẋ = −x + w tanh(x) + u with w > 1, keeps the sign it was pushed to."""
    task = tasks.FlipFlop(pulse=0.1)
    batch = task.batch(30, seed=1)
    x = np.zeros((30, 3))
    outputs = [np.tanh(x)]
    for inputs in batch.inputs:
        x = x + batch.h / 0.05 * (-x + 2 * np.tanh(x) + 4 * inputs)
        outputs.append(np.tanh(x))
    assert task.score(batch, outputs).fraction_correct == 1
    forgetful = np.array(outputs) * (np.arange(batch.steps + 1) < 300)[:, None, None]
    found = task.score(batch, forgetful)
    assert found.fraction_correct == 0
    # Half of the bits: a trial's measure has the part of its samples that count in the first half.
    counts = batch.weights > 0
    np.testing.assert_allclose(found.measure, counts[:300].sum(0) / counts.sum(0))
