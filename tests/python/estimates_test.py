"""Estimators of recordings: the errors they state are the errors they make.

The oracle is mostly a Hawkes population, whose spectra are known in closed form: 400 of them for
each claim, on fixed seeds. A claim that 95 % of intervals hold the truth is tested at ± 3.3
standard errors of 400 runs, so that a correct estimator fails it once in a thousand.
"""

import re
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.signal
from scipy import stats

import heddle

RUNS = 400
MARGIN = 3.3 * np.sqrt(0.95 * 0.05 / RUNS)


def covered(truth, estimates, errors, degrees=np.inf):
    """Share of 95 % intervals that hold the truth."""
    return np.mean(np.abs(estimates - truth) <= stats.t.ppf(0.975, degrees) * errors)


def band_means(exact, bands):
    """A spectrum at every frequency, averaged as the estimate was."""
    values = exact(np.arange(bands.starts[-1]) * 1e3 / bands.segment)
    return np.add.reduceat(values, bands.starts[:-1]) / np.diff(bands.starts)


@pytest.mark.parametrize(("coupling", "amplified"), [(0.6, 2.5), (0.0, 1.0), (-1.5, 0.4)])
def test_intervals_around_rates_hold_the_rate_statistics(hawkes, of_activity, coupling, amplified):
    model = hawkes(coupling=((coupling,),))
    runs = model.activity(seed=1, bins=10_000, runs=RUNS)
    found = [heddle.population_rates(of_activity(run, [100])) for run in runs]
    rates, errors, poisson, degrees = np.array(
        [
            (one.estimate[0], one.standard_error[0], one.poisson_error[0], one.degrees[0])
            for one in found
        ]
    ).T
    assert abs(covered(20, rates, errors, degrees) - 0.95) < MARGIN
    exact = np.sqrt(model.spectrum(0.0)[0, 0, 0].real / 10)  # √(S(0) / T)
    assert errors.mean() == pytest.approx(exact, rel=0.05)
    assert exact / poisson.mean() == pytest.approx(amplified, rel=0.01)
    assert np.mean([one.trusted for one in found]) > 0.98


def test_an_oscillation_does_not_widen_the_error_of_a_rate_statistics():
    """20 Hz, damped in 30 ms: S(0) is a fiftieth of S(20 Hz), and batches would see the latter."""
    rng = np.random.default_rng(22)
    a, b = 2 * np.exp(-1 / 30) * np.cos(2 * np.pi * 0.02), -np.exp(-2 / 30)
    noise = rng.normal(0, 1, (RUNS, 3000))
    series = 10 + scipy.signal.lfilter([1], [1, -a, -b], noise, axis=1)[:, 1000:]
    found = [heddle.mean_with_error(row) for row in series]
    exact = 1 / (1 - a - b) / np.sqrt(2000)  # √(S(0) / T)
    errors = np.array([one.standard_error for one in found])
    assert errors.mean() == pytest.approx(exact, rel=0.15)
    means = np.array([one.estimate for one in found])
    degrees = np.array([one.degrees for one in found])
    assert abs(covered(10, means, errors, degrees) - 0.95) < MARGIN


def test_a_recording_of_few_correlation_times_is_not_trusted(hawkes, of_activity):
    runs = hawkes(coupling=((0.95,),)).activity(seed=2, bins=3000, runs=40)
    found = [heddle.population_rates(of_activity(run, [100])) for run in runs]
    assert np.mean([one.trusted for one in found]) < 0.1
    assert "correlat" in found[0].statement


def test_a_recording_that_drifts_is_not_trusted(of_activity):
    rng = np.random.default_rng(3)
    found = heddle.population_rates(
        of_activity(rng.poisson(20, 4000) + 10 * (np.arange(4000) > 2000), [9])
    )
    assert not found.trusted


@pytest.mark.parametrize("coupling", [0.7, -1.5])
def test_spectra_are_the_closed_form_within_errors_they_state(hawkes, of_activity, coupling):
    model = hawkes(coupling=((coupling,),))
    runs = model.activity(seed=4, bins=10_000, runs=RUNS)
    found = [heddle.power_spectrum(of_activity(run, [100]), segment=500) for run in runs]
    density = np.array([one.density[0] for one in found])
    bands = found[0].bands
    exact = band_means(lambda f: model.spectrum(f)[:, 0, 0].real, bands)
    relative = density / exact
    # the mean of 400 has an error of 1 / √(400 n): all bands within 4, and 2 % of leakage
    assert np.all(
        np.abs(relative.mean(axis=0) - 1) < 4 / np.sqrt(RUNS * bands.effective_samples) + 0.02
    )
    spread = relative.std(axis=0) * np.sqrt(bands.effective_samples)
    assert np.all(np.abs(spread - 1) < 4 / np.sqrt(2 * RUNS))
    stated = np.array([one.standard_error[0] for one in found]) / density.mean(axis=0)
    # in bands from 39 segments: their scatter is skewed, 10 % besides
    assert np.all(
        np.abs(stated.mean(axis=0) / relative.std(axis=0) - 1) < 4 / np.sqrt(2 * RUNS) + 0.1
    )
    assert found[0].trusted


def test_the_deviation_of_the_activity_has_the_error_it_states(hawkes, of_activity):
    runs = hawkes(coupling=((0.6,),)).activity(seed=5, bins=10_000, runs=RUNS)
    found = [heddle.power_spectrum(of_activity(run, [100]), segment=500) for run in runs]
    values = np.array([one.deviation[0] for one in found])
    errors = np.array([one.deviation_error[0] for one in found])
    assert errors.mean() == pytest.approx(values.std(), rel=4 / np.sqrt(2 * RUNS))


def test_high_frequencies_hold_the_shot_noise_r_over_n_limit_case(hawkes, of_activity):
    activity = hawkes(coupling=((0.5,),)).activity(seed=6, bins=60_000)[0]
    found = heddle.power_spectrum(of_activity(activity, [100]), per_octave=3)
    assert found.density[0, -1] == pytest.approx(
        20 / 100, abs=4 * found.standard_error[0, -1] + 0.004
    )


def test_every_frequency_and_a_highest_one_can_be_asked_for(hawkes, of_activity):
    recording = of_activity(hawkes().activity(seed=7, bins=4000)[0], [100])
    found = heddle.power_spectrum(recording, per_octave=0, highest=100)
    np.testing.assert_allclose(found.frequency, np.arange(1, 101))


def test_coherence_is_the_closed_form_and_its_bias_is_gone(hawkes, of_activity):
    model = hawkes(coupling=((0.3, -0.8), (0.6, -0.5)), rates=(20.0, 30.0), sizes=(100, 50))
    runs = model.activity(seed=8, bins=8000, runs=RUNS)
    found = [
        heddle.coherence(of_activity(run, [100, 50]), "0", "1", segment=500, per_octave=4)
        for run in runs
    ]
    values = np.array([one.coherence for one in found])
    errors = np.array([one.standard_error for one in found])
    spectrum = model.spectrum(found[0].frequency)
    exact = np.abs(spectrum[:, 0, 1]) ** 2 / (spectrum[:, 0, 0] * spectrum[:, 1, 1]).real
    off = values.mean(axis=0) - exact
    assert np.all(np.abs(off) < 4 * values.std(axis=0) / np.sqrt(RUNS) + 0.012)
    assert np.all(np.abs(errors.mean(axis=0) / values.std(axis=0) - 1) < 0.25)
    phases = np.array([one.phase for one in found])[:, :4]
    assert np.allclose(
        np.angle(np.exp(1j * phases).mean(axis=0)), np.angle(spectrum[:4, 0, 1]), atol=0.05
    )


def test_the_coherence_of_strangers_is_zero_on_average(hawkes, of_activity):
    model = hawkes(coupling=((0.5, 0), (0, 0.5)), rates=(20, 20), sizes=(100, 100))
    runs = model.activity(seed=9, bins=4000, runs=RUNS)
    values = np.array(
        [
            heddle.coherence(of_activity(run, [100, 100]), "0", "1", segment=500).coherence
            for run in runs
        ]
    )
    assert np.all(np.abs(values.mean(axis=0)) < 4.5 * values.std(axis=0) / np.sqrt(RUNS))


def gamma_counts(rng, rates, regularity, seconds):
    """Counts and interval statistics of gamma processes, from the equilibrium."""
    most = int(rates.max() * seconds * 2 + 80)
    gaps = rng.gamma(regularity, 1 / (regularity * rates[:, None]), (len(rates), most))
    times = np.cumsum(gaps, axis=1) - 20 * rng.random((len(rates), 1)) / rates[:, None]
    inside = (times >= 0) & (times < seconds)
    neurons, _ = np.nonzero(inside)
    return times[inside] * 1e3, neurons


@pytest.mark.parametrize("regularity", [1, 4])
def test_rate_distributions_are_freed_of_count_noise_statistics(regularity):
    rng = np.random.default_rng(10 + regularity)
    found = []
    for _ in range(100):
        rates = rng.gamma(4, 5, 400) + 5  # mean 25, deviation 10, skew 1
        times, neurons = gamma_counts(rng, rates, regularity, 5.0)
        recording = heddle.recording_from_spikes(times, neurons, [400], duration=5000)
        found.append(heddle.rate_distributions(recording, resamples=100)[0])
    for truth, value, error in (
        (25, "mean", "mean_error"),
        (10, "deviation", "deviation_error"),
        (1, "skew", "skew_error"),
    ):
        values = np.array([getattr(one, value) for one in found])
        errors = np.array([getattr(one, error) for one in found])
        # 100 runs: the mean within 4 of its errors; stated errors within 30 % of the scatter
        assert abs(values.mean() - truth) < 4 * values.std() / 10 + 0.01 * truth
        assert 0.7 < errors.mean() / values.std() < 1.3
    raw = np.mean([one.raw_deviation for one in found])
    assert raw == pytest.approx(np.sqrt(100 + 25 / (regularity * 5)), rel=0.01)


def test_neurons_that_do_not_differ_have_deviation_zero_and_are_not_trusted(hawkes):
    recording = hawkes(coupling=((0.0,),), sizes=(400,)).recording(12, 4000)
    found = heddle.rate_distributions(recording)[0]
    assert found.deviation < 0.35 * found.count_noise
    assert not found.trusted
    assert "counting explains" in found.statement


def test_resampling_is_a_function_of_its_seed(hawkes):
    recording = hawkes().recording(13, 2000, weights=np.arange(1, 101))
    first, again = heddle.rate_distributions(recording)[0], heddle.rate_distributions(recording)[0]
    other = heddle.rate_distributions(recording, seed=1)[0]
    assert first.deviation_error == again.deviation_error != other.deviation_error


def test_interval_variability_is_that_of_gamma_processes_closed_form():
    rng = np.random.default_rng(14)
    times, neurons = gamma_counts(rng, np.full(400, 20.0), 4, 20.0)
    recording = heddle.recording_from_spikes(times, neurons, [400], duration=20_000)
    found = heddle.interval_variability(recording)
    # CV = 1 / √4; of 400 intervals it is too small by about 1 / 400 relative
    assert found.estimate[0] == pytest.approx(0.5, abs=4 * found.standard_error[0] + 0.002)
    assert found.pooled[0] == pytest.approx(0.5, abs=4 * found.pooled_error[0] + 0.002)
    assert found.trusted
    assert found.neurons[0] == 400
    fano = heddle.fano_factors(recording, 1000.0)
    # F = CV² + (1 − CV⁴) / (6 ⟨n⟩) in long windows, ⟨n⟩ = 20 (Cox 1962)
    assert fano.estimate[0] == pytest.approx(
        0.25 + (1 - 0.0625) / 120, abs=4 * fano.standard_error[0]
    )
    assert fano.trusted


def test_the_pooled_cv_sees_that_rates_differ():
    rng = np.random.default_rng(15)
    times, neurons = gamma_counts(rng, np.repeat([10.0, 40.0], 100), 4, 20.0)
    found = heddle.interval_variability(
        heddle.recording_from_spikes(times, neurons, [200], duration=20_000)
    )
    assert found.pooled[0] > found.estimate[0] + 0.2


def test_components_tell_networks_from_time_statistics(of_activity):
    rng = np.random.default_rng(16)
    found = []
    for _ in range(60):
        rates = 20 + rng.normal(0, 0.5, 10)
        recordings = [of_activity(rng.normal(rate, 8, 4000), [50]) for rate in rates]
        found.append(heddle.rate_components(recordings))
    network = np.array([one.network_variance[0] for one in found])
    assert network.mean() == pytest.approx(0.25, abs=4 * network.std() / np.sqrt(60))
    temporal = np.array([one.temporal_variance[0] for one in found])
    assert temporal.mean() == pytest.approx(64 / 4000, rel=4 * np.sqrt(2 / (60 * 10 * 32)))
    errors = np.array([one.standard_error[0] for one in found])
    assert np.sqrt(np.mean(errors**2)) == pytest.approx(np.sqrt((0.25 + 64 / 4000) / 10), rel=0.15)
    assert max(one.p_value[0] for one in found) < 0.01


def test_identical_networks_have_uniform_p_values(of_activity):
    rng = np.random.default_rng(17)
    draws = [
        heddle.rate_components([of_activity(rng.normal(20, 8, 640), [50]) for _ in range(4)])
        for _ in range(200)
    ]
    values = [one.p_value[0] for one in draws]
    assert stats.kstest(values, "uniform").pvalue > 0.001


def test_the_autocorrelation_is_the_closed_form_within_bartletts_errors(hawkes, of_activity):
    model = hawkes(coupling=((0.8,),))
    runs = model.activity(seed=18, bins=10_000, runs=RUNS)
    found = [heddle.autocorrelation(of_activity(run, [100]), longest=100) for run in runs]
    values = np.array([one.estimate[0] for one in found])
    spectrum = model.spectrum(np.arange(4096) / 4096 * 1e3)[:, 0, 0].real
    exact = np.fft.ifft(spectrum).real
    exact = exact[:101] / exact[0]
    assert np.all(np.abs(values.mean(axis=0) - exact) < 4 * values.std(axis=0) / 20 + 0.01)
    errors = np.array([one.standard_error[0] for one in found])
    assert np.all(np.abs(errors[:, 1:].mean(axis=0) / values[:, 1:].std(axis=0) - 1) < 0.25)


def test_a_step_response_has_the_error_of_its_trials(of_activity):
    rng = np.random.default_rng(19)
    t = np.arange(400.0)
    truth = (
        10
        + 20 * (t >= 100) * (1 - np.exp(-(t - 99.5) / 20))
        + 30 * (t >= 100) * np.exp(-np.abs(t - 110) / 5)
    )
    trials = [of_activity(rng.poisson(truth), [1000]) for _ in range(50)]
    found = heddle.step_response(trials, onset=100)
    assert found.before[0] == pytest.approx(10, abs=0.2)
    assert found.after[0] == pytest.approx(30, abs=0.3)
    assert found.latency[0] == pytest.approx(10, abs=3)
    assert found.time[100] == 0.5
    score = (found.estimate[0] - truth) / found.standard_error[0]
    assert np.mean(score**2) == pytest.approx(49 / 47, abs=4 * np.sqrt(2.2 / 400))
    floor = np.mean((found.estimate[0] - truth) ** 2)
    assert found.noise_floor[0] == pytest.approx(floor, rel=0.3)


def test_recordings_of_spikes_count_them_slow_twin():
    rng = np.random.default_rng(20)
    times, neurons = 1000 * rng.random(500), rng.integers(0, 30, 500)
    found = heddle.recording_from_spikes(
        times, neurons, [10, 20], duration=990, bin=7, names=["E", "I"]
    )
    kept = times < 990
    for population, members in enumerate((range(10), range(10, 30))):
        own = times[kept & np.isin(neurons, members)]
        counts = np.histogram(own, np.arange(0, 991, 7)[: 990 // 7 + 1])[0]
        np.testing.assert_allclose(found.activity[population], counts / (len(members) * 7e-3))
    for neuron in range(30):
        own = np.sort(times[kept & (neurons == neuron)])
        assert found.counts[neuron] == len(own)
        assert found.interval_mean[neuron] == pytest.approx(np.diff(own).mean())
        assert found.interval_cv[neuron] == pytest.approx(np.diff(own).std() / np.diff(own).mean())
    assert "E (10), I (20)" in repr(found)


def test_silent_populations_have_rates_of_zero(of_activity):
    silent = heddle.recording_from_spikes([], [], [5], duration=1000)
    assert heddle.population_rates(silent).estimate[0] == 0
    assert heddle.population_rates(silent).standard_error[0] == 0
    assert not heddle.rate_distributions(silent)[0].trusted
    assert not heddle.interval_variability(silent).trusted
    assert heddle.power_spectrum(silent, segment=100).density.max() == 0


BLANK = SimpleNamespace(activity=np.ones((1, 100)), bin=1.0, names=["E"], sizes=[3])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: heddle.mean_with_error(np.ones(10)),
            "series has 10 samples; expected at least 64",
        ),
        (lambda: heddle.mean_with_error([np.nan] * 99), "series: found NaN"),
        (lambda: heddle.mean_with_error(np.ones((70, 2))), "series has shape (70, 2)"),
        (lambda: heddle.power_spectrum(BLANK), "segment is 1000 ms; expected at least 8 ms"),
        (lambda: heddle.coherence(BLANK, "E", "J", segment=50), "no population 'J'"),
        (lambda: heddle.rate_components([BLANK]), "recordings holds 1; expected at least two"),
        (
            lambda: heddle.autocorrelation(BLANK, longest=99),
            "longest is 99 ms; expected 1 to 25 ms",
        ),
        (lambda: heddle.step_response([BLANK, BLANK], 500), "onset is 500 ms"),
        (
            lambda: heddle.fano_factors(heddle.recording_from_spikes([], [], [5], duration=99), 10),
            "keep_spikes",
        ),
        (
            lambda: heddle.recording_from_spikes([1.0], [5], [5], duration=9),
            "neurons reaches from 5 to 5; expected 0 to 4",
        ),
        (
            lambda: heddle.recording_from_spikes([1.0], [1, 2], [5], duration=9),
            "times has shape (1,)",
        ),
        (lambda: heddle.recording_from_spikes([], [], [], duration=9), "sizes is []"),
        (lambda: heddle.recording_from_spikes([], [], [2], duration=9, bin=10), "bin is 10 ms"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_values_print_in_a_line(hawkes):
    recording = hawkes(
        **{"rates": (20, 30), "sizes": (50, 20), "coupling": np.eye(2) / 2}
    ).recording(21, 4000)
    shown = [
        heddle.rate_distributions(recording)[0],
        heddle.power_spectrum(recording, segment=250),
        heddle.coherence(recording, "0", "1", segment=250),
        heddle.autocorrelation(recording),
        heddle.step_response([recording] * 5, 100),
    ]
    for value in shown:
        text = repr(value)
        print(text)
        assert text.startswith(type(value).__name__)
        assert len(text) < 200
        assert "array" not in text
