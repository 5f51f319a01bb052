"""Tests of two recordings alarm as often as they state, and find what is there.

False-alarm rates are compared with 5 % over 400 pairs of recordings, whose standard error is 1.1 %:
`trusted` means within three of them, so each claim fails by chance once in 370, on another seed.
"""

import re

import numpy as np
import pytest
from scipy import stats

import heddle
from heddle import equivalence

PAIRS = 400
TWO = {"coupling": ((0.5, -0.8), (0.6, -0.3)), "rates": (20.0, 30.0), "sizes": (100, 50)}


@pytest.fixture(scope="module")
def activities(hawkes, of_activity):
    """Recordings of the activity of two populations that share their fluctuations."""
    runs = hawkes(**TWO).activity(seed=1, bins=5000, runs=2 * PAIRS)
    return [of_activity(run, [100, 50]) for run in runs]


def test_differences_of_activity_alarm_at_five_percent_statistics(activities):
    tests = {
        "rates": equivalence.rate_difference,
        "spectra": equivalence.spectral_difference,
        "fluctuations": equivalence.fluctuation_difference,
    }
    found = equivalence.null_calibration(activities.__getitem__, tests, repetitions=PAIRS)
    print(found)
    assert found.trusted, str(found)
    assert found.stated == pytest.approx([0.05] * 3)
    assert found.standard_error == pytest.approx([np.sqrt(0.05 * 0.95 / PAIRS)] * 3)


def test_differences_of_neurons_alarm_at_five_percent_statistics(hawkes):
    """Other neurons with other rates each time, which share their population's fluctuations."""
    model = hawkes(coupling=((0.6,),), rates=(30.0,), sizes=(60,))
    tests = {
        "rate distributions": lambda a, b: equivalence.distribution_difference(
            a, b, permutations=99
        ),
        "CVs": equivalence.cv_difference,
    }

    runs = model.activity(seed=2, bins=1500, runs=PAIRS)

    def record(seed):
        weights = np.random.default_rng([seed, 2]).gamma(4, 1, 60)
        return model.dealt(runs[seed], seed, weights)

    found = equivalence.null_calibration(record, tests, repetitions=PAIRS // 2)
    print(found)
    assert found.trusted, str(found)


def test_a_shot_noise_error_would_alarm_far_too_often(activities):
    """√(r / N T) on the same recordings: why errors of networks need S(0)."""
    found = [heddle.population_rates(one) for one in activities[:200]]
    values = np.array([(one.estimate[0], one.poisson_error[0]) for one in found])
    score = np.diff(values[:, 0].reshape(-1, 2))[:, 0] / np.hypot(*values[:, 1].reshape(-1, 2).T)
    alarms = np.mean(np.abs(score) > 1.96)
    assert not 0.02 < alarms < 0.09


def test_networks_that_differ_need_several_of_each_statistics(of_activity):
    rng = np.random.default_rng(3)

    def network(_):
        return of_activity(rng.normal(rng.normal(20, 1), 5, 400), [10])

    single = equivalence.null_calibration(
        network, {"rates": equivalence.rate_difference}, repetitions=PAIRS
    )
    assert single.false_alarms[0] > 0.5
    assert not single.trusted
    assert "rates alarmed at another rate than stated" in single.statement
    several = equivalence.null_calibration(
        lambda seed: [network(seed) for _ in range(5)],
        {"rates": equivalence.rate_difference},
        repetitions=PAIRS,
    )
    assert several.trusted, str(several)


def test_equivalence_states_how_often_equal_rates_fail_it_statistics(activities):
    found = equivalence.null_calibration(
        activities.__getitem__,
        {"rates": lambda a, b: equivalence.rate_equivalence(a, b, tolerance=0.05)},
        repetitions=PAIRS,
    )
    assert 0.02 < found.stated[0] < 0.98
    assert found.false_alarms[0] == pytest.approx(found.stated[0], abs=0.1)


def test_rates_that_differ_by_the_tolerance_pass_equivalence_in_a_fortieth_statistics(of_activity):
    rng = np.random.default_rng(4)

    def passes():
        pair = [of_activity(rng.normal(rate, 2, 2000), [10]) for rate in (20.0, 20.202)]
        return equivalence.rate_equivalence(*pair, tolerance=0.202 / 20.101).passed

    passed = sum(passes() for _ in range(PAIRS))
    assert stats.binomtest(passed, PAIRS, 0.025).pvalue > 0.001


@pytest.mark.parametrize(
    ("changed", "test"),
    [
        ({"rates": (20.0, 33.0)}, "rates"),
        ({"coupling": ((0.8, -0.8), (0.6, -0.3))}, "spectra"),
        ({"coupling": ((0.9, -0.8), (0.6, -0.3))}, "fluctuations"),
    ],
)
def test_changed_populations_are_found(hawkes, of_activity, activities, changed, test):
    other = of_activity(hawkes(**{**TWO, **changed}).activity(seed=5, bins=20_000)[0], [100, 50])
    found = {one.name: one for one in _activity_tests(activities[0], other)}
    assert not found[test].passed
    assert found[test].p_value < 0.01
    assert "corrected p = " in found[test].statement


def _activity_tests(first, second):
    tests = (
        equivalence.rate_difference,
        equivalence.spectral_difference,
        equivalence.fluctuation_difference,
    )
    return [test(first, second) for test in tests]


def test_wider_rate_distributions_and_other_cvs_are_found(hawkes):
    model = hawkes(coupling=((0.0,),), sizes=(300,))
    narrow = model.recording(6, 10_000)
    wide = model.recording(7, 10_000, weights=np.random.default_rng(8).gamma(20, 1, 300))
    found = equivalence.distribution_difference(narrow, wide)
    assert not found.passed
    assert found.statistic > found.limit
    assert equivalence.distribution_difference(narrow, wide, tolerance=0.9).passed
    regular = heddle.recording_from_spikes(
        (np.arange(0, 10_000, 50)[None] + np.linspace(0, 49, 300)[:, None]).ravel(),
        np.repeat(np.arange(300), 200),
        [300],
        duration=10_000,
    )
    assert not equivalence.cv_difference(narrow, regular).passed
    assert not equivalence.cv_equivalence(narrow, regular).passed
    assert equivalence.cv_equivalence(narrow, narrow, tolerance=0.05).passed


def test_the_comparison_says_everything_at_once(hawkes):
    first, second = (hawkes(**TWO).recording(seed, 4000) for seed in (20, 21))
    found = heddle.compare_recordings(first, second)
    assert found.passed
    assert found.trusted
    assert [one.name for one in found.tests] == [
        "rates",
        "rate distributions",
        "CVs",
        "spectra",
        "fluctuations",
    ]
    assert "all tests passed; equal models fail at least one of 5 tests in up to 23%" in str(found)
    strict = heddle.compare_recordings(first, second, rate_tolerance=1e-4, cv_tolerance=0.5)
    assert strict.statement.startswith("failed: rates within tolerance;")


def test_holm_corrects_as_published():
    """Holm (1979): p_(i) (m − i + 1), monotonous, at most 1."""
    found = equivalence.values.holm(np.array([0.01, 0.04, 0.03, 0.005]))
    np.testing.assert_allclose(found, [0.03, 0.06, 0.06, 0.02])


def test_bad_input_is_named(hawkes, of_activity, activities):
    one, other = activities[0], hawkes().recording(9, 1000)
    cases = [
        (lambda: equivalence.rate_difference(one, other), "populations are ['0', '1'] and ['0']"),
        (
            lambda: equivalence.rate_difference(one, one, level=2),
            "level is 2; expected between 0 and 1",
        ),
        (
            lambda: equivalence.rate_equivalence(one, one, tolerance=0),
            "tolerance is 0; expected > 0",
        ),
        (lambda: equivalence.rate_difference(one, []), "a sample holds no recordings"),
        (
            lambda: equivalence.distribution_difference(other, hawkes().recording(9, 2000)),
            "durations reach from 1000 to 2000 ms",
        ),
        (
            lambda: equivalence.distribution_difference(one, one, permutations=19),
            "permutations is 19; expected at least 20",
        ),
        (
            lambda: equivalence.fluctuation_difference(
                of_activity(np.ones(900), [3]), of_activity(np.ones(900), [3], bin=2.0)
            ),
            "bins are [1.0, 2.0] ms; expected one",
        ),
        (
            lambda: equivalence.null_calibration(lambda seed: one, repetitions=3),
            "repetitions is 3; expected at least 20",
        ),
    ]
    for call, message in cases:
        with pytest.raises(ValueError, match=re.escape(message)):
            call()
