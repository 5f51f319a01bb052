"""`heddle train`: what is learned is scored, kept, and gone on from."""

import json
from contextlib import nullcontext

import numpy as np
import pytest

import heddle
from heddle.commands.running import Running

SMALL = ("gaussian:n=30,g=1,tau=0.1", "flip_flop:bits=1,duration=1,h=0.05")
FEW = ("--steps", 40, "--rate", 0.02, "--trials", 8, "--test", 30)


def test_a_trained_network_is_scored_kept_and_drawn(process, tmp_path):
    out, figure = tmp_path / "training.h5", tmp_path / "loss.png"
    result = process("train", *SMALL, *FEW, "-o", out, "--figure", figure)
    assert result.code == 0, result.err
    assert result.err == ""
    assert "took all of 40 steps" in result.out
    assert "of 30 new trials are correct" in result.out
    assert figure.read_bytes().startswith(b"\x89PNG")
    best = heddle.load_trained(out)
    drawn = heddle.build_task(SMALL[1]).batch(30, 0, 2**63)
    kept, _ = heddle.store.load_training(out)
    assert heddle.training_loss(best, drawn).value == kept.best_loss


def test_the_command_trains_the_same_bits_as_the_function(command, tmp_path):
    result = command("train", *SMALL, *FEW, "-o", tmp_path / "a.h5", "--seed", 3, "--json")
    assert result.code == 0, result.err
    found = json.loads(result.out)
    task = heddle.build_task(SMALL[1])
    network = heddle.build_network(SMALL[0], channels=1, seed=3, response="tanh")
    expected = heddle.train(
        heddle.trainable_for(network, task.batch(8, 3, 0), seed=3),
        lambda step: task.batch(8, 3, step),
        of=["weights", "input", "bias", "initial", "readout"],
        steps=40,
        rate=0.02,
        validation=task.batch(30, 3, 2**63),
    )
    assert found["losses"] == expected.losses.tolist()
    assert found["best_loss"] == expected.best_loss


def test_the_same_command_goes_on_and_another_one_is_refused(command, tmp_path):
    out = tmp_path / "a.h5"
    few = [*FEW[:1], 10, *FEW[2:]]
    assert command("train", *SMALL, *few, "-o", out).code == 0
    more = json.loads(command("train", *SMALL, *FEW, "-o", out, "--json").out)
    once = json.loads(command("train", *SMALL, *FEW, "-o", tmp_path / "b.h5", "--json").out)
    assert more["losses"] == once["losses"]
    refused = command("train", *SMALL, *FEW, "--clip", 0.5, "-o", out)
    assert refused.code == 2
    assert "`clip` was 1.0 and is 0.5 now" in refused.err


def test_ctrl_c_keeps_what_was_done_and_the_same_command_goes_on(command, tmp_path, monkeypatch):
    out = tmp_path / "a.h5"
    pressed = Running(stopped=True)  # what `until_interrupted` makes of Ctrl-C
    monkeypatch.setattr("heddle.commands.train.until_interrupted", lambda: nullcontext(pressed))
    stopped = command("train", *SMALL, *FEW, "-o", out)
    assert stopped.code == 0
    assert "interrupted after" in stopped.out
    assert "the same command goes on from here" in stopped.out
    pressed.stopped = False
    more = json.loads(command("train", *SMALL, *FEW, "-o", out, "--json").out)
    once = json.loads(command("train", *SMALL, *FEW, "-o", tmp_path / "b.h5", "--json").out)
    assert more["losses"] == once["losses"]


def test_loops_alone_learn_motifs_under_gates(command, files, tmp_path):
    motifs = (files / "a.csv", files / "b.csv")
    result = command(
        "train", "gaussian:n=40,tau=0.05", "motif_production:h=0.02", *motifs, "--rank", 2,
        "--steps", 60, "--rate", 0.02, "--trials", 2, "--test", 2, "--json",
        "-o", tmp_path / "m.h5",
    )  # fmt: skip
    assert result.code == 0, result.err
    found = json.loads(result.out)
    assert found["best_loss"] < 0.7 * found["losses"][0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("gaussian:n=30", "flipflop"), "did you mean 'flip_flop'?"),
        (("gaussian:n=30", "flip_flop:bit=1"), "did you mean 'bits'?"),
        (("gaussian:n=30", "motif_production"), "motif_production needs motifs"),
        ((*SMALL, "--dale"), "excites and inhibits at the start"),
        ((*SMALL, "--of", "readout", "--sparse"), "--of weights"),
        ((*SMALL, "--of", "wieghts"), "did you mean 'weights'?"),
        ((*SMALL, "--norm", "weights"), "give a name and a number"),
        ((*SMALL, "--optimiser", "sgd"), 'expected "adam" or "lbfgs"'),
        ((*SMALL, "--steps", 0), "steps: found 0"),
        (("gaussian:n=30", "flip_flop:h=0.05"), "at most tau = 0.01 s"),
        ((*SMALL, "--figure", "loss.txt"), "--figure is 'loss.txt'"),
    ],
)
def test_bad_input_is_named_and_leaves_no_file(command, tmp_path, words, message):
    result = command("train", *words, "-o", tmp_path / "t.h5")
    assert result.code == 2
    assert message in result.err
    assert list(tmp_path.iterdir()) == []


def test_dale_and_sparse_hold_in_the_file(command, tmp_path):
    result = command(
        "train", "dale:n=30,p=0.5,tau=0.1", SMALL[1], *FEW, "--dale", "--sparse", "--norm",
        "readout=30", "-o", tmp_path / "d.h5",
    )  # fmt: skip
    assert result.code == 0, result.err
    start = np.asarray(heddle.dale_weights(30, p=0.5, seed=0))
    state, _ = heddle.store.load_training(tmp_path / "d.h5")
    found = np.asarray(state.best.network.weights)
    assert (found[start == 0] == 0).all()
    assert (found * np.sign(start) >= 0).all()
    assert not np.array_equal(found, start)
