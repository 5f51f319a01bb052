"""The command line as tests use it: in this process, and as a process of its own."""

import signal
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

import heddle
from heddle.cli import main

TIME = np.linspace(0, 1, 51)


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


@pytest.fixture
def command(capfd, monkeypatch):
    """Runs `heddle` with the given words and returns exit code, stdout and stderr."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    def run(*words):
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        out, err = capfd.readouterr()
        return Result(left.value.code, out, err)

    return run


@pytest.fixture
def process():
    """Runs `heddle` as a process of its own."""

    def run(*words):
        done = subprocess.run(
            [sys.executable, "-m", "heddle", *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return run


def curve(frequency=1.0):
    return np.column_stack([TIME, np.sin(6 * frequency * TIME), np.cos(5 * frequency * TIME)])


def write_csv(path, rows, header="t,x,y"):
    path.write_text(
        "\n".join([header, *(",".join(map(repr, map(float, row))) for row in rows)]) + "\n"
    )
    return path


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """Motifs a, b and c, a library of a and b, and a performance of it."""
    folder = tmp_path_factory.mktemp("files")
    for name, frequency in [("a", 1.0), ("b", 1.4), ("c", 0.7)]:
        write_csv(folder / f"{name}.csv", curve(frequency))
    library = heddle.design(heddle.read_motifs([folder / "a.csv", folder / "b.csv"]), n=60, pairs=3)
    heddle.save_library(folder / "net.h5", library)
    performance = heddle.perform(library, "abba", noise=0.01, trials=3, units=[0, 7])
    heddle.save_performance(folder / "run.h5", performance)
    return folder
