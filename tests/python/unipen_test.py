"""Recorded handwriting: what was on the paper stays, what was in the air is smooth."""

import string
from pathlib import Path

import numpy as np
import pytest
from heddle._core import DomainError, FormatError

from heddle.io import read_motifs, read_unipen
from heddle.io.strokes import Stroke, connect

UJI = Path(__file__).resolve().parents[3] / "shared" / "data" / "uji"
recorded = pytest.mark.skipif(
    not UJI.is_dir(), reason="the UJI pen characters are not in ../shared/data/uji"
)

# Two letters by hand: an x-height letter on the baseline 200, a dotted one, and a second `o`.
SMALL = """.VERSION 1.0
.COMMENT made by hand
12 of them, over two lines
.HIERARCHY CHARACTER
.SEGMENT CHARACTER 0 ? "o"
.PEN_DOWN
 110 100
 100 150
 100 150
 120 200
 150 160
 130 100
.PEN_UP
.DT 100
.SEGMENT CHARACTER 1-2 ? "i"
.PEN_DOWN
 10 120
 12 150
 14 180
 18 200
.PEN_UP
.DT 100
.PEN_DOWN
 12 60
 13 62
 14 63
.PEN_UP
.SEGMENT CHARACTER 3 OK "o"
.PEN_DOWN
 200 120
 190 160
 210 210
 230 120
.PEN_UP
"""


@pytest.fixture
def written(tmp_path):
    def write(text, name="hand.txt"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def on_paper(motif):
    return motif.values[:, 2] > 0.5


def test_samples_on_the_paper_are_the_recorded_ones_repeats_included(written):
    (o,) = read_unipen(written(SMALL), characters="o", scale=10.0)
    # The baseline is the median lower edge 200 of (200, 200, 210); the left edge is 100.
    expected = np.array([[1, 10], [0, 5], [0, 5], [2, 0], [5, 4], [3, 10]], dtype=float)
    assert np.array_equal(o.values[:, :2], expected)
    assert np.all(o.values[:, 2] == 1)
    assert o.dt == 0.01
    assert list(o.channels) == ["x", "y", "pen"]


def test_an_x_height_is_one_and_the_baseline_zero(written):
    (o,) = read_unipen(written(SMALL), characters="o")
    # Heights of the two o: 100 and 90.
    assert np.ptp(o.values[:, 1]) == pytest.approx(100 / 95)
    assert o.values[:, 1].min() == 0


def test_a_lift_is_bridged_without_a_jump_and_keeps_the_samples_of_both_strokes(written):
    (i,) = read_unipen(written(SMALL), characters="i", scale=1.0)
    down = on_paper(i)
    assert np.array_equal(down[:4], [True] * 4)
    assert np.array_equal(down[-3:], [True] * 3)
    assert not down[4:-3].any()
    xy = i.values[:, :2] * [1, -1] + [10, 200]
    assert np.allclose(xy[:4], [[10, 120], [12, 150], [14, 180], [18, 200]], atol=1e-12)
    assert np.allclose(xy[-3:], [[12, 60], [13, 62], [14, 63]], atol=1e-12)
    assert len(xy) >= 4 + 3 + 9  # 0.1 s at 100 Hz at least


def test_a_bridge_goes_on_with_the_velocity_of_the_strokes_it_joins():
    step = np.array([3.0, -1.0])
    last = Stroke(np.arange(6)[:, None] * step)
    following = Stroke(np.array([40.0, 30.0]) - np.arange(6)[:, None] * step)
    points, lifts = connect([last, following], 100.0, 100.0)
    steps = np.diff(points, axis=0)
    assert np.array_equal(points[:6], last.points)
    assert np.array_equal(points[-6:], following.points)
    assert np.abs(steps[5] - step).max() < 0.02 * 3
    assert np.abs(steps[-6] + step).max() < 0.02 * 3
    # 25, 35 apart at 100 per second.
    assert lifts[0][1] - lifts[0][0] == pytest.approx(np.hypot(25, 35) / 100, abs=0.02)


def test_the_pen_crosses_one_half_half_a_sample_beyond_the_stroke(written):
    (i,) = read_unipen(written(SMALL), characters="i", dt=0.0001)
    switches = np.flatnonzero(np.diff(on_paper(i).astype(int))) * i.dt
    assert switches[0] == pytest.approx(0.035, abs=2e-4)
    assert i.duration - switches[1] == pytest.approx(0.025, abs=2e-4)


def test_samples_recorded_above_the_paper_take_the_place_of_a_bridge(written):
    text = """.COORD T X Y
.POINTS_PER_SECOND 50
.PEN_DOWN
0 0 0
1 1 5
2 2 10
.PEN_UP
3 9 9
4 8 8
.PEN_DOWN
5 7 0
6 8 10
.SEGMENT CHARACTER 0-2 ? "say \\"k\\""
"""
    (k,) = read_unipen(written(text), scale=1.0)
    assert k.name == 'say "k"'
    assert k.dt == 0.02
    assert np.array_equal(k.values[:, 0], [0, 1, 2, 9, 8, 7, 8])
    assert np.array_equal(k.values[:, 1], [10, 5, 0, 1, 2, 10, 0])
    assert np.array_equal(on_paper(k), [True] * 3 + [False] * 2 + [True] * 2)


def test_repetitions_are_chosen_by_number_or_all_taken(written):
    path = written(SMALL)
    assert [m.name for m in read_unipen(path)] == ["o", "i"]
    assert [m.name for m in read_unipen(path, repetition=None)] == ["o-0", "o-1", "i-0"]
    (second,) = read_unipen(path, characters=["o"], repetition=1)
    assert len(second.values) == 4


def test_rate_duration_step_and_number_of_samples(written):
    path = written(SMALL)
    (o,) = read_unipen(path, characters="o", rate=50)
    assert o.dt == 0.02
    (o,) = read_unipen(path, characters="o", duration=1.0)
    assert o.values.shape == (6, 3)
    assert o.duration == pytest.approx(1.0)
    (o,) = read_unipen(path, characters="o", duration=1.0, samples=200)
    assert o.values.shape == (200, 3)
    assert o.duration == pytest.approx(1.0)
    (o,) = read_unipen(path, characters="o", dt=0.005, pen=False)
    assert o.values.shape == (11, 2)
    assert list(o.channels) == ["x", "y"]
    assert np.allclose(
        o.values[::2], read_unipen(path, characters="o", pen=False)[0].values, atol=1e-12
    )


def test_smoothing_lowers_the_roughness_and_leaves_the_pen_alone(written):
    path = written(SMALL)
    (rough,) = read_unipen(path, characters="i")
    (smooth,) = read_unipen(path, characters="i", smooth=0.01)
    roughness = [np.abs(np.diff(m.values[:, :2], n=3, axis=0)).sum() for m in (rough, smooth)]
    assert roughness[1] < roughness[0]
    assert np.array_equal(rough.values[:, 2], smooth.values[:, 2])


def test_read_motifs_knows_unipen_by_its_contents(written):
    for name in ("hand.txt", "hand.unp", "hand"):
        motifs = read_motifs(written(SMALL, name), characters="i", duration=0.5, samples=60)
        assert [m.name for m in motifs] == ["i"]
        assert motifs[0].values.shape == (60, 3)


def change(old, new):
    assert old in SMALL
    return SMALL.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["hand.txt", "empty"]),
        (".VERSION 1.0\n.PEN_DOWN\n 1 2\n 3 4\n.PEN_UP\n", ["no labelled .SEGMENT"]),
        (change("120 200", "120 two"), ["line 10", "'120 two'", "finite numbers"]),
        (change("120 200", "120 nan"), ["line 10", "finite numbers"]),
        (change("120 200", "120"), ["line 10", "lacks"]),
        (change("CHARACTER 1-2 ?", "CHARACTER 1-9 ?"), ["line 15", "1-9", "0 to 3"]),
        (change("CHARACTER 1-2 ?", "CHARACTER 1:3-2:1 ?"), ["line 15", "whole components"]),
        (change('0 ? "o"', '"o"'), ["line 5", ".SEGMENT CHARACTER 0-1"]),
        (change(".VERSION 1.0", ".COORD X P"), ["line 1", ".COORD", "Y"]),
        (change(".VERSION 1.0", ".POINTS_PER_SECOND 0"), ["line 1", "positive"]),
        (change(".PEN_DOWN\n 110 100", ".PEN_UP\n 110 100"), ["line 5", "'o'", "two samples"]),
    ],
)
def test_a_file_that_is_not_right_is_refused_in_one_sentence(written, text, words):
    path = written(text)
    with pytest.raises(FormatError) as caught:
        read_unipen(path)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    assert all(word in message for word in words)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FormatError, match=r"nowhere\.txt cannot be read: No such file"):
        read_unipen(tmp_path / "nowhere.txt")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"characters": "oz"}, ["'z'", "o i"]),
        ({"characters": ""}, ["nothing"]),
        ({"repetition": 1}, ["repetition 1", "'i'", "1 times"]),
        ({"repetition": -1}, ["repetition", "from 0"]),
        ({"rate": 0}, ["rate", "positive"]),
        ({"scale": float("nan")}, ["scale", "positive"]),
        ({"smooth": -0.1}, ["smooth", "seconds"]),
        ({"duration": -1}, ["duration", "positive"]),
        ({"samples": 1}, ["samples=1", "two"]),
    ],
)
def test_an_argument_out_of_range_is_refused_in_one_sentence(written, options, words):
    with pytest.raises(DomainError) as caught:
        read_unipen(written(SMALL), **options)
    message = str(caught.value)
    assert "\n" not in message
    assert all(word in message for word in words)


def writers():
    return sorted(UJI.glob("UJIpenchars-w*.txt")) if UJI.is_dir() else []


@recorded
@pytest.mark.parametrize("path", writers(), ids=lambda path: path.stem)
def test_every_writer_has_the_alphabet_twice_in_comparable_units(path):
    motifs = read_unipen(path, characters=string.ascii_lowercase, repetition=None)
    assert len(motifs) == 52
    for motif in motifs:
        ink = motif.values[on_paper(motif)]
        assert ink[:, 0].min() == 0
        assert 0.3 < np.ptp(ink[:, 1]) < 6
        assert ink[:, 1].min() > -3
    height = np.median([np.ptp(m.values[:, 1]) for m in motifs if m.name[0] in "aceo"])
    assert 0.7 < height < 1.3


@recorded
@pytest.mark.parametrize("path", writers(), ids=lambda path: path.stem)
def test_the_pen_moves_no_faster_in_the_air_than_on_the_paper(path):
    paper, air = [], []
    for motif in read_unipen(path, characters=string.ascii_lowercase):
        down = on_paper(motif)
        speed = np.linalg.norm(np.diff(motif.values[:, :2], axis=0), axis=1)
        paper += list(speed[down[1:] & down[:-1]])
        air += list(speed[~(down[1:] & down[:-1])])
    assert max(air) < max(paper)
    assert 0.3 < np.mean(air) / np.mean(paper) < 1.7


@recorded
def test_strokes_and_pen_lifts_are_as_many_as_recorded():
    text = (UJI / "UJIpenchars-w01.txt").read_text()
    declared = {}
    for line in text.splitlines():
        if line.startswith(".SEGMENT"):
            _, _, parts, _, label = line.split()
            ends = [int(end) for end in parts.split("-")]
            declared.setdefault(label.strip('"'), ends[-1] - ends[0])
    for motif in read_unipen(UJI / "UJIpenchars-w01.txt"):
        lifts = np.sum(np.diff(on_paper(motif).astype(int)) == -1)
        assert lifts == declared[motif.name]
