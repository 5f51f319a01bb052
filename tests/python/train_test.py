"""heddle.train: what C++ trains, with checkpoints, progress and interruption around it."""

from __future__ import annotations

import h5py
import numpy as np
import pytest

import heddle

N, D, STEPS, TRIALS = 12, 2, 20, 3


def trainable(seed: int = 1, **more) -> heddle.TrainableNetwork:
    draw = np.random.default_rng(seed)
    network = heddle.Network(
        weights=0.8 * draw.normal(size=(N, N)) / np.sqrt(N),
        tau=0.05,
        response="tanh",
        bias=np.zeros(N),
        readout=draw.normal(size=(D, N)) / np.sqrt(N),
    )
    loops = (heddle.Loops(u=0.1 * draw.normal(size=(N, 2)), v=0.1 * draw.normal(size=(N, 2))),)
    values = {"loops": loops, "initial": draw.normal(size=N)} | more
    return heddle.TrainableNetwork(network, **values)


def task(seed: int = 2) -> heddle.TrainingTask:
    draw = np.random.default_rng(seed)
    targets = 0.3 * draw.normal(size=(STEPS + 1, TRIALS, D))
    return heddle.TrainingTask(h=0.02, steps=STEPS, trials=TRIALS, targets=targets)


def bits(network: heddle.TrainableNetwork) -> list[bytes]:
    loops = [array for group in network.loops for array in (group.u, group.v)]
    core = network.network
    arrays = [core.weights, core.bias, core.readout, network.initial, *loops]
    return [np.asarray(array).tobytes() for array in arrays]


@pytest.mark.parametrize("optimiser", ["adam", "lbfgs"])
def test_the_best_network_has_the_loss_that_is_stated(optimiser):
    found = heddle.train(
        trainable(), task(), of=["loops", "readout"], optimiser=optimiser, steps=30, rate=0.01
    )
    assert found.outcome == "finished"
    assert found.losses.size == found.steps == 30
    assert found.best_loss < 0.9 * found.losses[0]
    best, asked = found.trainable, task()
    loss, _ = heddle.value_and_gradient(
        best.network,
        h=asked.h,
        initial=best.initial,
        targets=asked.targets,
        loops=best.loops,
        of="readout",
    )
    assert loss.value == found.best_loss
    np.testing.assert_array_equal(best.network.weights, trainable().network.weights)
    np.testing.assert_array_equal(best.initial, trainable().initial)


def test_a_task_of_the_step_is_asked_for_each_step_once_and_at_the_end():
    asked = []

    def tasks(step):
        asked.append(step)
        return task(seed=step)

    found = heddle.train(trainable(), tasks, steps=7)
    assert asked == list(range(8))
    first, _ = heddle.value_and_gradient(
        trainable().network,
        h=0.02,
        initial=trainable().initial,
        targets=task(0).targets,
        loops=trainable().loops,
        of="readout",
    )
    assert found.losses[0] == first.value


@pytest.mark.parametrize("function", [False, True])
def test_a_training_that_was_interrupted_goes_on_to_the_same_bits(tmp_path, function):
    path = tmp_path / "training.h5"
    asked = (lambda step: task(seed=step)) if function else task()
    settings = {"of": ["weights", "loops", "initial"], "rate": 0.01, "validation": task(9)}
    whole = heddle.train(trainable(), asked, steps=25, **settings)
    stops = iter([5, 6, 14])
    stop = next(stops)

    def listen(step, steps, loss):
        return step < stop

    for _ in range(3):
        part = heddle.train(
            trainable(), asked, steps=25, checkpoint=path, progress=listen, **settings
        )
        assert part.outcome == "interrupted"
        assert part.steps < 25
        stop = next(stops, 25)
    last = heddle.train(trainable(), asked, steps=25, checkpoint=path, **settings)
    assert last.outcome == "finished"
    assert bits(last.trainable) == bits(whole.trainable)
    assert bits(last.last) == bits(whole.last)
    np.testing.assert_array_equal(last.losses, whole.losses)
    np.testing.assert_array_equal(last.validation, whole.validation)


def test_ctrl_c_leaves_a_checkpoint_of_all_that_was_finished(tmp_path):
    path = tmp_path / "training.h5"

    def press(step, steps, loss):
        if step >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        heddle.train(trainable(), task(), steps=1000, checkpoint=path, progress=press)
    with h5py.File(path) as file:
        assert file["state"].attrs["step"] >= 4
    found = heddle.train(trainable(), task(), steps=20, checkpoint=path)
    assert bits(found.last) == bits(heddle.train(trainable(), task(), steps=20).last)


def test_a_finished_training_can_be_trained_further(tmp_path):
    path = tmp_path / "training.h5"
    heddle.train(trainable(), task(), steps=10, checkpoint=path)
    more = heddle.train(trainable(), task(), steps=25, checkpoint=path)
    once = heddle.train(trainable(), task(), steps=25)
    np.testing.assert_array_equal(more.losses, once.losses)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rate": 0.02}, "`rate` was 0.001 and is 0.02 now"),
        ({"of": "readout"}, "`of` was loops, readout and is readout now"),
        ({"trainable": trainable(7)}, "`trainable` was not the same"),
        ({"task": task(7)}, "`task` was not the same"),
        ({"validation": task(7)}, "`validation` was not the same"),
        (
            {"constraints": [heddle.Constraint(parameter="readout", norm=9.0)]},
            "`constraints` was not the same",
        ),
    ],
)
def test_the_checkpoint_of_another_training_is_refused_with_what_differs(tmp_path, change, message):
    path = tmp_path / "training.h5"
    heddle.train(trainable(), task(), steps=3, checkpoint=path)
    before = path.read_bytes()
    given = {"trainable": trainable(), "task": task()} | change
    with pytest.raises(heddle.FormatError, match=message):
        heddle.train(given.pop("trainable"), given.pop("task"), checkpoint=path, **given)
    assert path.read_bytes() == before


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path):
    path = tmp_path / "library.h5"
    path.write_text("not a checkpoint")
    with pytest.raises(heddle.FormatError, match="is not an HDF5 file"):
        heddle.train(trainable(), task(), checkpoint=path)
    with pytest.raises(heddle.DomainError, match="there is no folder"):
        heddle.train(trainable(), task(), checkpoint=tmp_path / "none" / "t.h5")


def test_what_diverges_keeps_the_best_network_and_names_the_step(tmp_path):
    network = heddle.Network(
        weights=trainable().network.weights,
        tau=0.05,
        response="linear",
        readout=trainable().network.readout,
    )
    linear = heddle.TrainableNetwork(network, initial=trainable().initial)
    asked = heddle.TrainingTask(
        h=0.02, steps=400, trials=1, targets=np.zeros((401, 1, D)), velocity=1e-6
    )
    path = tmp_path / "t.h5"
    found = heddle.train(
        linear, asked, of="weights", rate=5.0, clip=None, explosion=1e300, steps=50, checkpoint=path
    )
    assert found.outcome == "diverged"
    assert found.reason.startswith(f"diverged at step {found.steps}: ")
    assert np.isfinite(found.best_loss)
    assert np.isfinite(found.trainable.network.weights).all()
    assert path.exists()


def test_constraints_hold_in_what_is_found():
    start = trainable()
    mask = np.zeros((N, N))
    mask[:4] = 1
    found = heddle.train(
        start,
        task(),
        of=["weights", "loops[0].u"],
        steps=20,
        rate=0.02,
        constraints=[
            heddle.Constraint(parameter="weights", trained=mask),
            heddle.Constraint(parameter="loops[0].u", norm=0.6),
        ],
    )
    weights = found.last.network.weights
    np.testing.assert_array_equal(weights[4:], start.network.weights[4:])
    assert (weights[:4] != start.network.weights[:4]).all()
    assert np.linalg.norm(found.last.loops[0].u) <= 0.6 * (1 + 1e-14)


@pytest.mark.parametrize(
    ("more", "error", "message"),
    [
        ({"of": "wieghts"}, heddle.DomainError, "did you mean 'weights'"),
        ({"optimiser": "sgd"}, heddle.DomainError, 'expected "adam" or "lbfgs"'),
        ({"steps": 0}, heddle.DomainError, "steps: found 0"),
        ({"rat": 1.0}, TypeError, "did you mean 'rate'"),
        ({"target": -1.0}, heddle.DomainError, "target: found -1"),
    ],
)
def test_bad_arguments_are_named(more, error, message):
    with pytest.raises(error, match=message):
        heddle.train(trainable(), task(), **more)


def test_tasks_of_wrong_shapes_are_named():
    bad = heddle.TrainingTask(h=0.02, steps=5, targets=np.zeros((4, 1, D)))
    with pytest.raises(heddle.ShapeError, match="targets"):
        heddle.train(trainable(), bad)
    flat = heddle.TrainingTask(h=0.02, steps=5, targets=np.zeros((6, D)))
    with pytest.raises(heddle.ShapeError, match="steps, trials, channels"):
        heddle.train(trainable(), flat)


def test_new_tasks_at_each_of_many_quick_steps_are_taken_to_the_end():
    network = heddle.Network(np.zeros((2, 2)), tau=0.02, readout=[[1.0, 0.0]])
    trainable = heddle.TrainableNetwork(network, initial=np.ones(2))
    targets = [np.full((2, 1, 1), value) for value in (0.1, 0.2)]
    tasks = [heddle.TrainingTask(h=0.01, steps=1, targets=each) for each in targets]
    found = heddle.train(trainable, lambda step: tasks[step % 2], of="readout", steps=1500)
    assert (found.outcome, found.steps) == ("finished", 1500)
    assert found.losses[-1] < 0.1 * found.losses[0]


def test_values_with_arrays_are_shown_by_shapes_on_one_line():
    assert repr(task()) == (
        "TrainingTask(h=0.02, steps=20, trials=3, targets=(21, 3, 2), activity=0, velocity=0)"
    )
    many = heddle.TrainableNetwork(trainable().network, loops=trainable().loops * 9)
    assert "loops=9 × Loops" in repr(many)
