"""Ctrl-C and SIGTERM: one line, the right exit code, no partial output, and no waiting."""

import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from heddle.commands.workers import workers_for

MOTIFS = 400  # many more than are designed before the signal comes


@pytest.fixture(scope="module")
def movements(tmp_path_factory):
    """Motifs that take a fit its time."""
    path = tmp_path_factory.mktemp("movements") / "movements.npz"
    walks = np.random.default_rng(0).standard_normal((MOTIFS, 200, 3)).cumsum(axis=1)
    np.savez(path, dt=0.005, **{f"m{k}": walk for k, walk in enumerate(walks)})
    return path


def with_default_signals():
    """A process in the background may have been told to ignore Ctrl-C; this one is not."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def start(movements, output):
    words = ["design", movements, "-o", output, "--n", "300", "--error", "1e-12"]
    return subprocess.Popen(
        [sys.executable, "-m", "heddle", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=with_default_signals,
    )


def wait_for_work(process, folder):
    """Until the temporary file is there, and a moment longer, so that the design is on its way."""
    deadline = time.monotonic() + 60
    while not any(folder.glob(".*.part")):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(1.0)


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_long_design_ends_at_once_and_leaves_nothing(movements, tmp_path, sent, code):
    output = tmp_path / "net.h5"
    output.write_text("what was here before")
    process = start(movements, output)
    try:
        wait_for_work(process, tmp_path)
        begun = time.monotonic()
        process.send_signal(sent)
        out, err = process.communicate(timeout=60)
        waited = time.monotonic() - begun
    finally:
        process.kill()
    assert process.returncode == code, err
    assert out == ""
    assert "Traceback" not in err
    if sent == signal.SIGINT:
        assert err == "heddle: interrupted; nothing was written\n"
        assert waited < 2.0  # 0.1 s by design; the rest is for a busy machine
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.h5"]
    assert output.read_text() == "what was here before"


def leave_in_the_middle():
    with workers_for(2) as executor:
        assert executor.submit(abs, -1).result() == 1  # They are there, and listen.
        for _ in range(4):
            executor.submit(time.sleep, 60.0)
        raise KeyboardInterrupt


def test_workers_are_ended_at_once_when_a_command_is_interrupted():
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        leave_in_the_middle()
    assert time.monotonic() - began < 30
