"""Figures: what they draw is what was performed, and the same performance gives the same files."""

import re
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import image
from matplotlib.colors import to_hex

import heddle
from heddle import plot
from heddle.plot.style import ACCENT, PALE, SECOND, look
from heddle.report.layout import offsets

FIGURES = (
    "channels",
    "errors",
    "gates",
    "noise",
    "spectra",
    "spectrum",
    "transitions",
    "units",
    "word",
)


def curve(name, harmonic, channels=("x", "y", "pen")):
    angle = np.linspace(0, 2 * np.pi, 101)
    pen = 0.5 + 0.5 * np.tanh(8 * np.cos(angle))
    values = np.column_stack([np.cos(angle), np.sin(harmonic * angle), pen])
    return heddle.Motif(name, values[:, : len(channels)], 0.01, list(channels))


@pytest.fixture(scope="module")
def performance():
    motifs = [curve("o", 1), curve("$8$", 2)]
    library = heddle.design(motifs, n=100, loops=4, error=0.02, threads=1)
    options = {"noise": 0.01, "trials": 4, "units": [0, 7], "threads": 1}
    return heddle.perform(library, ["o", "$8$", "o"], **options)


@pytest.fixture(scope="module")
def bare():
    library = heddle.design([curve("push", 1, ["force"])], n=100, loops=2, error=0.02, threads=1)
    return heddle.perform(library, ["push"], transitions=False, spectra=False, threads=1)


def curves(figure, colour, axes=0):
    """The points of every line of this colour."""
    lines = figure.axes[axes].get_lines()
    wanted = [line for line in lines if to_hex(line.get_color()) == colour]
    return [np.column_stack(line.get_data()) for line in wanted]


def test_the_word_is_the_outputs_where_the_pen_is_down(performance):
    drawn = curves(plot.word(performance), ACCENT)
    strokes = drawn[4::5]  # after the four noisy runs of each motif
    assert len(strokes) == 3
    for stroke, item, shift in zip(strokes, performance.items, offsets(performance), strict=True):
        down = item.output[:, 2] > 0.5
        np.testing.assert_array_equal(np.isfinite(stroke[:, 0]), down)
        np.testing.assert_array_equal(stroke[down], (item.output[:, :2] + shift)[down])
    assert 0 < down.sum() < len(down)


def test_outputs_lie_over_their_targets_in_time(performance):
    figure = plot.channels(performance)
    assert [axes.get_ylabel() for axes in figure.axes] == ["x", "y", "pen"]
    for c in range(3):
        targets, done = curves(figure, PALE, c), curves(figure, ACCENT, c)[4::5]
        pairs = zip(performance.sequence, performance.items, targets, done, strict=True)
        for name, item, target, output in pairs:
            np.testing.assert_array_equal(target[:, 1], performance.motifs[name].values[:, c])
            np.testing.assert_array_equal(output[:, 1], item.output[:, c])
            np.testing.assert_array_equal(output[:, 0], target[:, 0])
            started = item.start + performance.preparation_time
            assert output[0, 0] == pytest.approx(started)


def test_a_spectrum_shows_every_eigenvalue_and_every_target(performance):
    figure = plot.spectrum(performance, "$8$")
    drawn = [np.column_stack(line.get_data()) for line in figure.axes[0].lines[1:]]
    shown = [points @ [1, 1j] for points in drawn]
    targets = performance.motifs["$8$"].eigenvalues
    closed = performance.closed_spectra["$8$"]
    for points, expected in zip(
        shown, [performance.spectrum, closed, [*targets, *targets.conj()]], strict=True
    ):
        np.testing.assert_array_equal(np.sort_complex(points), np.sort_complex(expected))
    reached = np.abs(np.asarray(closed)[:, None] - targets).min(axis=0)
    assert reached.max() < 1e-8


def test_spectra_share_their_axes(performance):
    panels = plot.spectra(performance).axes
    assert [axes.get_title(loc="left") for axes in panels] == ["o", r"\$8\$"]
    assert len({axes.get_xlim() for axes in panels}) == 1


def test_units_are_told_apart_by_their_number(performance):
    labels = [text.get_text() for text in plot.units(performance).axes[0].get_yticklabels()]
    assert labels == ["0", "7"]


def test_gates_are_open_for_as_long_as_the_motif(performance):
    bars = plot.gates(performance).axes[0].patches
    widths = [bar.get_width() for bar in bars if to_hex(bar.get_facecolor()) == ACCENT]
    np.testing.assert_allclose(widths, 1.0)


def test_the_matrix_of_transitions_is_the_measured_one(performance):
    axes = plot.transitions(performance).axes[0]
    np.testing.assert_array_equal(axes.images[0].get_array(), performance.transitions.error)
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("performed before", "performed next")


def test_noise_shows_prediction_and_runs_side_by_side(performance):
    figure = plot.noise(performance)
    (predicted,) = curves(figure, SECOND)
    mean = curves(figure, ACCENT)[0]
    np.testing.assert_array_equal(predicted[:, 1], [i.predicted_error for i in performance.items])
    np.testing.assert_array_equal(mean[:, 1], [i.mean_error for i in performance.items])


def test_errors_stand_beside_their_isolated_ones(performance):
    figure = plot.sequence_errors(performance)
    assert [i.error for i in performance.items] == list(curves(figure, ACCENT)[0][:, 1])


def test_every_figure_is_written_and_is_not_blank(performance, tmp_path):
    written = plot.save_figures(performance, tmp_path / "figures")
    names = sorted(path.name for path in written)
    assert names == sorted(f"{name}.{kind}" for name in FIGURES for kind in ("png", "svg"))
    for path in written:
        if path.suffix == ".png":
            pixels = image.imread(path)[..., :3]
            assert min(pixels.shape[:2]) > 150
            assert 0.005 < np.mean(pixels.min(axis=-1) < 0.9) < 0.9


def test_the_same_performance_gives_the_same_files_whatever_the_settings(performance, tmp_path):
    first = plot.save_figures(performance, tmp_path / "a")
    with mpl.rc_context({"font.size": 20, "svg.hashsalt": None, "axes.grid": True}):
        second = plot.save_figures(performance, tmp_path / "b")
    for a, b in zip(first, second, strict=True):
        assert a.read_bytes() == b.read_bytes(), a.name
    assert not re.search(r"20\d\d-\d\d-\d\d", (tmp_path / "a" / "word.svg").read_text())


def test_the_settings_of_the_user_are_left_alone(performance, tmp_path):
    before = dict(mpl.rcParams)
    plot.word(performance)
    with look():
        assert mpl.rcParams["font.size"] == 9
    assert dict(mpl.rcParams) == before


def test_what_was_not_measured_cannot_be_drawn_and_says_what_would(bare, tmp_path):
    for draw, message in [
        (plot.word, "a drawing needs x and y"),
        (plot.units, "perform with units"),
        (plot.noise, "perform with noise"),
        (plot.transitions, "transitions=True"),
        (plot.spectra, "the performance holds the spectra of: none"),
    ]:
        with pytest.raises(heddle.DomainError, match=message):
            draw(bare)
    names = {path.name for path in plot.save_figures(bare, tmp_path)}
    assert names == {f"{n}.{k}" for n in ("channels", "gates", "errors") for k in ("png", "svg")}


def test_a_thousand_motifs_give_figures_of_bounded_size(performance):
    many = replace(performance, sequence=performance.sequence * 334, items=performance.items * 334)
    for draw in (plot.word, plot.channels, plot.sequence_errors, plot.noise):
        width, height = draw(many).get_size_inches()
        assert width <= 10
        assert height <= 12
