"""Intervals over seeds, rows, sentences and the picture of a table of architectures."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import heddle
from heddle.robustness.intervals import mean_interval, rate_interval, ratio_interval
from heddle.robustness.measures import CellResult
from heddle.robustness.protocol import Cell, RobustnessProtocol
from heddle.robustness.values import RobustnessTable

TINY = RobustnessProtocol(motifs=10)


def test_the_interval_of_a_mean_is_students():
    values = [1.0, 2.0, 4.0, 4.5]
    found = mean_interval(values)
    assert (found.low, found.high) == pytest.approx(
        stats.ttest_1samp(values, 0).confidence_interval(0.95)
    )
    assert ratio_interval(np.exp(values)).high == pytest.approx(np.exp(found.high))
    assert np.isinf(mean_interval([1.0]).high)


def test_the_bound_on_a_rate_that_was_never_seen_holds_for_the_worst_distribution():
    high = rate_interval([0.0] * 5).high
    # Rates of 0 or 1 alone make five zeros as likely as they can be: (1 − mean)^5.
    assert (1 - high) ** 5 == pytest.approx(0.025)
    assert rate_interval([1.0] * 5).low == pytest.approx(1 - high)
    assert rate_interval([0.0, 0.1, 0.0]).low == 0.0


def table_of(rates, seeds=6):
    """Pairs fail with the given chance in each seed; single motifs and prepared ones never."""
    random = np.random.default_rng(1)
    results, cells = [], []
    for architecture, prepared, rate in rates:
        cell = Cell(20, architecture, prepared, "tanh")
        cells.append(cell)
        for seed in range(seeds):
            pairs = np.where(random.random((10, 10, 2)) < rate, 1.0, 0.1)
            few = np.full((10, 2), 0.1)
            results.append(
                CellResult(cell, seed, few, pairs, pairs[0], 0.0, np.nan, few[0], "finished", "")
            )
    return RobustnessTable(TINY, cells, list(range(seeds)), results)


def test_the_finding_claims_what_the_intervals_carry_and_leaves_open_what_they_do_not():
    found = table_of([("loops", False, 0.4), ("loops", True, 0.0)]).finding
    assert found[0].startswith("Pairs of networks with trained loops without preparation fail more")
    assert any(
        line.startswith("In each of 6 seeds pairs") and "equally often" in line for line in found
    )
    assert any(line.startswith("A motif that is added changes no bit") for line in found)
    assert not any("diverged" in line for line in found)
    alike = table_of([("loops", False, 0.3), ("loops", True, 0.3)]).finding
    assert any(
        line.startswith("Open: whether pairs of networks with trained loops without preparation or")
        for line in alike
    )
    assert table_of([("loops", False, 0.3)], seeds=1).finding == [
        "Too few seeds are finished to compare anything: two of a cell are needed."
    ]


def test_the_finding_names_networks_that_could_not_be_trained():
    found = table_of([("loops", False, 0.4)])
    lost = replace(found.results[2], outcome="diverged")
    told = replace(found, results=[*found.results[:2], lost, *found.results[3:]])
    assert any(
        line.startswith("Training diverged in 1 of 6 networks (loops-direct-tanh-20 seed 2)")
        for line in told.finding
    )
    assert told.rows[0].diverged == [2]


def test_a_row_has_medians_shares_and_the_largest_interference():
    found = table_of([("loops", False, 0.4)])
    (row,) = found.rows
    assert row.single.estimate == pytest.approx(0.1)
    shares = [np.mean(result.pairs > TINY.failure) for result in found.results]
    assert row.pair_failure.estimate == pytest.approx(np.mean(shares))
    assert row.pair_failure.low < 0.4 < row.pair_failure.high
    assert row.single_failure.estimate == 0
    assert row.interference == 0
    assert "RobustnessRow(loops-direct-tanh-20: 6 seeds" in repr(row)
    assert len(found.errors(row.cell, "pairs")) == 6


def test_the_picture_has_a_line_for_every_cell():
    from heddle.plot.robustness import robustness

    found = table_of([("loops", False, 0.4), ("loops", True, 0.0)])
    figure = robustness(found)
    lines = [line for line in figure.axes[1].lines if len(line.get_xdata()) > 2]
    assert len(lines) == 2
    below = lines[0].get_ydata()[lines[0].get_xdata() < 0.5][-1]
    assert below == pytest.approx(1 - found.rows[0].pair_failure.estimate)
    with pytest.raises(heddle.DomainError, match="no finished cell"):
        robustness(RobustnessTable(TINY, [], [0], []))
