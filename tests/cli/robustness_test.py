"""`heddle robustness`: a table from one command, which goes on where it was interrupted."""

import json
import signal
import subprocess
import sys
import time

import pytest

SMALL = ("--architectures", "loops,thalamocortical", "--responses", "tanh", "--preparation", "with",
         "--sizes", "30", "--seeds", "2", "--motifs", "2", "--duration", "10", "--iterations", "4",
         "--added-iterations", "2", "--batch", "2", "--starts", "2", "--words", "2",
         "--word-length", "4")  # fmt: skip


def test_the_table_has_a_row_for_each_cell_and_a_finding(command, tmp_path):
    figure = tmp_path / "table.png"
    result = command("robustness", tmp_path / "t", *SMALL, "--workers", "1", "--figure", figure)
    assert result.code == 0
    head, first, second = result.out.splitlines()[:3]
    assert all(word in head for word in ("architecture", "pairs fail", "interference"))
    assert "loops" in first
    assert "thalamocortical" in second
    assert "hold together with 95%" in result.out
    assert figure.read_bytes().startswith(b"\x89PNG")
    assert len(list((tmp_path / "t" / "cells").iterdir())) == 4


def test_json_holds_intervals_finding_and_protocol(command, tmp_path):
    result = command("robustness", tmp_path / "t", *SMALL, "--workers", "1", "--json")
    data = json.loads(result.out)
    assert data["completed"]
    assert [row["cell"]["architecture"] for row in data["rows"]] == ["loops", "thalamocortical"]
    row = data["rows"][1]
    assert row["single"]["low"] <= row["single"]["estimate"] <= row["single"]["high"]
    assert row["interference"] == 0
    assert data["protocol"]["motifs"] == 2
    assert data["finding"]


def test_any_number_of_workers_gives_the_same_bytes(command, tmp_path):
    for workers in ("1", "2"):
        result = command("robustness", tmp_path / workers, *SMALL, "--workers", workers)
        assert result.code == 0, result.err
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / w / "cells").iterdir()} for w in "12")
    assert one == two


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--architectures", "loop"), "did you mean 'loops'"),
        (("--architectures", ","), "--architectures names nothing"),
        (("--preparation", "wth"), "did you mean 'with'"),
        (("--sizes", "1e2"), "--sizes is '1e2'; give numbers of units"),
        (("--motifs", "0"), "motifs is 0; expected at least 1"),
        (("--figure", "table.jpg"), "ends in .png"),
    ],
)
def test_bad_input_is_one_line_before_anything_is_computed(command, tmp_path, words, message):
    result = command("robustness", tmp_path / "t", *SMALL, *words)
    assert result.code == 2
    assert message in result.err
    assert result.err.count("\n") == 1
    assert not (tmp_path / "t").exists()


def with_default_signals():
    """A process in the background may have been told to ignore Ctrl-C; this one is not."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_ctrl_c_keeps_what_is_finished_and_says_so(tmp_path):
    words = ("robustness", tmp_path / "t", *SMALL, "--seeds", "10000", "--workers", "1")
    running = subprocess.Popen(
        [sys.executable, "-m", "heddle", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=with_default_signals,
    )
    try:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("t/cells/*-seed2.json")):
            assert running.poll() is None, running.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 0, err
    assert "of 20000 are finished: the same command goes on" in out
    for path in (tmp_path / "t" / "cells").iterdir():
        assert not path.name.endswith(".part")
        assert json.loads(path.read_text(encoding="utf-8"))["format_version"] == 1
