"""Figures of recordings draw what was recorded, and say what they leave out."""

import dataclasses

import numpy as np
import pytest
from matplotlib import image
from matplotlib.colors import to_hex

import heddle
from heddle.plot import lanes, spiking
from heddle.plot.style import ACCENT, SECOND, look, new_figure


@pytest.fixture(scope="module")
def recording(hawkes):
    model = hawkes(coupling=((0.5, -0.8), (0.6, -0.3)), rates=(20, 30), sizes=(400, 100))
    return dataclasses.replace(model.recording(1, 3000), names=["E", "I"])


@pytest.fixture
def axes():
    with look():
        yield new_figure(6, 4).subplots()


def test_the_raster_holds_the_spikes_of_evenly_spaced_neurons(axes, recording):
    spiking.raster(axes, recording, (500, 900))
    assert axes.get_title(loc="left") == "Spikes of 200 of 500 neurons"
    excitatory, inhibitory = axes.get_lines()
    assert to_hex(excitatory.get_color()) == ACCENT
    assert to_hex(inhibitory.get_color()) == SECOND
    times, neurons = recording.spikes
    chosen = np.concatenate([np.arange(160) * 400 // 160, 400 + np.arange(40) * 100 // 40])
    seen = (times >= 500) & (times < 900) & np.isin(neurons, chosen)
    drawn = np.concatenate([excitatory.get_xdata(), inhibitory.get_xdata()])
    np.testing.assert_allclose(np.sort(drawn), np.sort(times[seen]))
    rows = np.concatenate([excitatory.get_ydata(), inhibitory.get_ydata()])
    assert sorted(chosen[rows.astype(int)]) == sorted(neurons[seen])


def test_a_small_raster_says_that_it_is_whole(axes, hawkes):
    spiking.raster(axes, hawkes().recording(2, 500))
    assert axes.get_title(loc="left") == "Spikes of all 100 neurons"


def test_small_populations_are_shown_in_larger_shares_and_that_is_said(axes):
    one = heddle.recording_from_spikes([1.0], [0], [100_000, 10], duration=100)
    spiking.raster(axes, one)
    assert axes.get_title(loc="left").endswith("small populations in larger shares")


def test_rates_over_time_are_scaled_to_the_number_beside_them(axes, recording):
    spiking.activities(axes, recording, (0, 1000))
    line = axes.get_lines()[0]
    np.testing.assert_allclose(
        line.get_ydata(), 0.86 * recording.activity[0, :1000] / recording.activity[0, :1000].max()
    )
    assert axes.texts[0].get_text() == f"{recording.activity[0, :1000].max():.3g}"
    label = axes.get_yticklabels()[0].get_text()
    found = heddle.population_rates(recording)
    assert label.startswith("E\n")
    assert float(label.split()[1]) == pytest.approx(found.estimate[0], abs=found.standard_error[0])
    assert axes.get_title(loc="left").startswith("Population rates, bins of 1 ms")


def test_long_recordings_are_averaged_to_what_can_be_drawn(axes, of_activity):
    rng = np.random.default_rng(3)
    one = of_activity(rng.poisson(5, 12_000), [10])
    spiking.activities(axes, one)
    assert len(axes.get_lines()[0].get_xdata()) == 1200
    assert "bins of 10 ms" in axes.get_title(loc="left")


def test_spectra_are_those_estimated_with_the_shot_noise_beside(axes, recording):
    spiking.spectra(axes, recording)
    found = heddle.power_spectrum(recording, segment=375)
    np.testing.assert_allclose(axes.get_lines()[0].get_ydata(), found.density[0])
    shot = axes.get_lines()[1].get_ydata()[0]
    assert shot == pytest.approx(recording.activity[0].mean() / 400)
    assert axes.get_xscale() == axes.get_yscale() == "log"


def test_bars_are_the_spread_of_rates_without_count_noise(axes, recording):
    lanes.rates_of_neurons(axes, recording)
    found = heddle.rate_distributions(recording)[0]
    bar = next(line for line in axes.get_lines() if line.get_linewidth() == 2.4)
    assert np.ptp(bar.get_xdata()) == pytest.approx(2 * found.deviation, abs=1e-9)
    assert not found.trusted
    assert "(?)" in axes.get_yticklabels()[0].get_text()
    assert "not trusted" in axes.get_xlabel()


def test_numbers_are_written_to_the_digit_their_error_allows():
    assert lanes.measured(17.2134, 0.083) == "17.21 ± 0.08"
    assert lanes.measured(123.4, 12) == "123 ± 12"
    assert lanes.measured(5.0, 0.0) == "5"


@pytest.mark.parametrize("kind", [".png", ".svg", ".pdf"])
def test_a_page_is_written_in_each_format(tmp_path, recording, kind):
    path = heddle.plot_recording(recording, tmp_path / f"page{kind}")
    assert path.stat().st_size > 10_000
    if kind == ".png":
        assert image.imread(path).shape[2] == 4


def test_pages_of_recordings_without_spikes_or_bins_of_use(hawkes):
    one = hawkes().recording(4, 1000)
    bare = dataclasses.replace(one, spikes=(np.empty(0), np.empty(0, int)))
    assert len(spiking.recording_figure(one).axes) == 5
    assert len(spiking.recording_figure(bare).axes) == 4
    short = heddle.recording_from_spikes([], [], [5], duration=20)
    texts = [
        text.get_text() for part in spiking.recording_figure(short).axes for text in part.texts
    ]
    assert "too short for spectra" in texts
    silent = heddle.recording_from_spikes([], [], [5], duration=2000)
    spiking.recording_figure(silent).canvas.draw()


def test_bad_input_is_named(tmp_path, recording):
    with pytest.raises(ValueError, match=r"give a name that ends in \.png"):
        heddle.plot_recording(recording, tmp_path / "page.bmp")
    empty = dataclasses.replace(recording, activity=np.empty((2, 0)))
    with pytest.raises(ValueError, match="no bins of activity"):
        spiking.recording_figure(empty)
