"""Hershey letters as motifs: shape, timing, pen and layout, each claim measured."""

import string
from itertools import pairwise

import numpy as np
import pytest
from heddle._core import DomainError

from heddle.io import font_motifs, font_names, glyph_advances
from heddle.io.font import _dots_last, _ink, _joined
from heddle.io.strokes import (
    _at_rest,
    _log_jerk,
    minimum_jerk,
    pen_channel,
    through_points,
    time_grid,
)

GRID = 1 / 9  # the script's digitisation grid, in x-heights


def letter(character, **options):
    (motif,) = font_motifs(character, **options)
    return motif


def pen_lifts(motif):
    return int(np.sum(np.diff((motif.values[:, 2] > 0.5).astype(int)) == -1))


def jerk_cost(movement):
    middles = (np.arange(20000) + 0.5) / 20000
    return np.mean(np.sum(movement(middles, 3) ** 2, axis=1))


@pytest.mark.parametrize("character", string.ascii_lowercase)
def test_the_ink_of_a_letter_lies_on_its_glyph_and_covers_it(character):
    motif = letter(character, samples=1500)
    drawn = motif.values[motif.values[:, 2] > 0.5, :2] / GRID
    segments = [pair for stroke in _ink(character, "scripts") for pair in pairwise(stroke)]
    glyph = np.concatenate([np.linspace(a, b, 60) for a, b in segments])
    distance = np.linalg.norm(drawn[:, None] - glyph[None], axis=2)
    # The grid rounds by 0.5; between two of its points the curve may bulge as much again.
    assert distance.min(axis=1).max() < 0.7
    assert distance.min(axis=0).max() < 0.7


@pytest.mark.parametrize("character", string.ascii_letters)
def test_a_letter_starts_and_ends_at_rest_and_never_moves_abruptly(character):
    motif = letter(character, samples=1001)
    velocity = np.diff(motif.values[:, :2], axis=0) / motif.dt
    speed = np.linalg.norm(velocity, axis=1)
    assert speed[[0, -1]].max() < 1e-2 * speed.max()
    # An abrupt turn or start would change the velocity by its own size within one sample.
    assert np.linalg.norm(np.diff(velocity, axis=0), axis=1).max() < 0.08 * speed.max()


def test_passage_times_are_where_no_small_change_lowers_the_jerk():
    points = np.array([[0, 0], [1, 2], [3, 1], [2, -1], [0, 1.5]], dtype=float)
    best, time = through_points(points)
    generator = np.random.default_rng(5)
    for _ in range(20):
        moved = time + np.concatenate([[0], 0.01 * generator.standard_normal(3), [0]])
        assert jerk_cost(_at_rest(moved, points)) > jerk_cost(best) * (1 - 1e-6)


def test_the_gradient_of_the_jerk_agrees_with_differences():
    generator = np.random.default_rng(8)
    points, intervals = generator.standard_normal((9, 2)), 0.3 * generator.standard_normal(8)
    gradient = _log_jerk(intervals, points)[1]
    steps = 1e-5 * np.eye(8)
    higher = np.array([_log_jerk(intervals + step, points)[0] for step in steps])
    lower = np.array([_log_jerk(intervals - step, points)[0] for step in steps])
    assert np.abs(gradient - (higher - lower) / 2e-5).max() < 1e-6


def test_a_straight_movement_is_the_minimum_jerk_polynomial():
    movement, time = through_points(np.array([[0.0, 0.0], [2.0, -1.0]]))
    s = np.linspace(0, 1, 101)
    expected = (10 * s**3 - 15 * s**4 + 6 * s**5)[:, None] * [2.0, -1.0]
    assert time.tolist() == [0, 1]
    assert np.abs(movement(s) - expected).max() < 1e-12


def test_speed_around_an_ellipse_follows_the_two_thirds_power_law():
    angle = np.linspace(0, 8 * np.pi, 97)
    movement, _ = through_points(np.column_stack([2 * np.cos(angle), np.sin(angle)]))
    t = np.linspace(0.3, 0.7, 4001)
    (vx, vy), (ax, ay) = movement(t, 1).T, movement(t, 2).T
    speed = np.hypot(vx, vy)
    curvature = np.abs(vx * ay - vy * ax) / speed**3
    exponent = np.polyfit(np.log(curvature), np.log(speed), 1)[0]
    assert exponent == pytest.approx(-1 / 3, abs=0.02)


@pytest.mark.parametrize(("characters", "lifts"), [("acdeghmnqvwy", 0), ("ijtx", 1)])
def test_strokes_that_meet_are_written_without_lifting_the_pen(characters, lifts):
    assert [pen_lifts(motif) for motif in font_motifs(characters)] == [lifts] * len(characters)


def test_joining_adds_no_ink_and_loses_none():
    for character in string.ascii_letters:
        strokes = _ink(character, "scripts")
        joined = _joined(_dots_last(strokes))
        vertices = {tuple(point) for stroke in strokes for point in stroke}
        assert vertices == {tuple(point) for stroke in joined for point in stroke}


def test_the_dot_of_an_i_is_written_last():
    motif = letter("i")
    assert motif.values[-1, 1] > 1.2
    assert motif.values[0, 1] < 1


def test_without_a_lift_the_pen_channel_is_one_throughout():
    assert np.all(letter("a").values[:, 2] == 1)


def test_the_pen_channel_crosses_one_half_exactly_at_lift_and_touch():
    lifts = [(0.2, 0.35), (0.4, 0.6)]
    instants = np.array([0.2, 0.35, 0.4, 0.6])
    assert np.abs(pen_channel(instants, lifts) - 0.5).max() < 1e-15
    time = np.linspace(0, 1, 4001)
    pen = pen_channel(time, lifts)
    inside = np.any([(time > a) & (time < b) for a, b in lifts], axis=0)
    edge = np.min(np.abs(time[:, None] - instants), axis=1) < 1e-9
    assert np.all((pen < 0.5)[~edge] == inside[~edge])
    assert pen.min() >= 0
    assert pen.max() <= 1
    # The steepest raised cosine rises by pi/2 in units of its width, here 0.05.
    assert np.abs(np.diff(pen)).max() / (time[1] - time[0]) < np.pi / 2 / 0.05 * 1.001


def test_a_bridge_keeps_position_and_velocity_at_both_ends():
    start, stop = np.array([1.0, 2.0]), np.array([-1.0, 0.5])
    velocities = np.array([3.0, -1.0]), np.array([0.5, 2.0])
    time = np.linspace(0, 0.2, 20001)
    path = minimum_jerk(start, stop, velocities, time)
    h = time[1]
    assert np.abs(path[[0, -1]] - [start, stop]).max() < 1e-12
    assert np.abs((path[1] - path[0]) / h - velocities[0]).max() < 1e-3
    assert np.abs((path[-1] - path[-2]) / h - velocities[1]).max() < 1e-3
    acceleration = np.diff(path, n=2, axis=0) / h**2
    assert np.abs(acceleration[[0, -1]]).max() < 1e-2 * np.abs(acceleration).max()


def test_letters_of_one_font_share_scale_and_baseline_and_meet_in_a_word():
    word = "unruly"  # letters that begin with an upstroke from where the last one ends
    motifs = {motif.name: motif for motif in font_motifs(word)}
    advances = glyph_advances(word)
    for before, after in pairwise(word):
        end = motifs[before].values[-1, :2] - [advances[before], 0]
        assert np.abs(end - motifs[after].values[0, :2]).max() < 1.01 * GRID
    x = letter("x", samples=2000).values[:, 1]
    assert x.min() == pytest.approx(0, abs=0.5 * GRID)
    assert x.max() == pytest.approx(1, abs=0.5 * GRID)


def test_an_em_is_the_height_of_a_line():
    ratio = letter("h").values[:, :2] / letter("h", unit="em").values[:, :2].clip(1e-12)
    assert np.nanmedian(ratio) == pytest.approx(33 / 9)
    assert glyph_advances("h")["h"] / glyph_advances("h", unit="em")["h"] == pytest.approx(33 / 9)


def test_letters_come_once_each_in_order_and_white_space_is_skipped():
    assert [motif.name for motif in font_motifs("to be or not")] == list("tobern")
    assert glyph_advances(" ")[" "] > 0


def test_channels_duration_and_step_are_what_is_asked():
    motif = letter("k", duration=0.8, dt=0.002)
    assert list(motif.channels) == ["x", "y", "pen"]
    assert motif.values.shape == (401, 3)
    assert motif.dt == 0.002
    assert letter("k").dt == 0.005
    assert letter("k").values.shape == (201, 3)
    assert letter("k", samples=200).dt == pytest.approx(1 / 199)


def test_time_scales_without_changing_the_movement():
    slow, fast = letter("f", duration=2, samples=300), letter("f", duration=0.5, samples=300)
    assert np.array_equal(slow.values, fast.values)


def test_the_same_letter_is_the_same_to_the_last_bit():
    assert np.array_equal(letter("g").values, letter("g").values)


def test_every_font_writes_print_letters():
    assert "scripts" in font_names()
    assert "futural" in font_names()
    for font in ("scripts", "futural", "rowmans", "cursive"):
        for motif in font_motifs("aAzZ3", font=font, samples=60):
            assert np.isfinite(motif.values).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: font_motifs("aé"), ["'é'", "scripts", "characters"]),
        (lambda: font_motifs("a", font="script"), ["'script'", "did you mean"]),
        (lambda: font_motifs("a", font="Helvetica"), ["'Helvetica'", "futural"]),
        (lambda: font_motifs(""), ["letters", "at least one"]),
        (lambda: font_motifs("  "), ["letters", "at least one"]),
        (lambda: font_motifs("a", unit="inch"), ["'inch'", "x-height"]),
        (lambda: font_motifs("a", duration=0), ["duration", "positive"]),
        (lambda: font_motifs("a", dt=-1), ["dt", "positive"]),
        (lambda: font_motifs("a", dt=2), ["dt=2", "two"]),
        (lambda: font_motifs("a", dt=0.1, samples=10), ["dt or samples", "both"]),
        (lambda: font_motifs("a", samples=1), ["samples=1", "two"]),
        (lambda: font_motifs("z", font="greeks"), ["'z'", "no stroke"]),
        (lambda: font_motifs("a", font="markers"), ["markers", "em"]),
        (lambda: glyph_advances("aé"), ["'é'"]),
    ],
)
def test_what_the_font_cannot_write_is_refused_in_one_sentence(call, words):
    with pytest.raises(DomainError) as caught:
        call()
    message = str(caught.value)
    assert "\n" not in message
    assert all(word in message for word in words)


def test_a_time_grid_ends_within_the_movement():
    time, step = time_grid(1.0, 0.01, dt=0.3)
    assert step == 0.3
    assert time[-1] == pytest.approx(0.9)
    assert time_grid(1.0, 0.01, dt=0.1)[0][-1] == pytest.approx(1.0)
