"""The report as a file: what it holds, that it asks nothing of a network, that names stay text."""

import base64
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import chain, pairwise

import numpy as np
import pytest

import heddle
from heddle.report import report_html, write_report
from heddle.report.block import kept, script_json
from heddle.report.fragments import measured, number
from heddle.report.layout import drawing, offsets, progress, stretches
from heddle.report.pack import upper_half

HOSTILE = "</script><img src=x onerror=alert(1)>\"'&${x} \u2028"


def loop(name, harmonic, channels=("x", "y", "pen")):
    """A smooth closed curve with one pen-up stretch."""
    t = np.linspace(0, 1, 101)
    angle = 2 * np.pi * t
    pen = 0.5 + 0.5 * np.tanh(8 * np.cos(angle))
    values = np.column_stack([np.cos(angle), np.sin(harmonic * angle), pen])
    return heddle.Motif(name, values[:, : len(channels)], 0.01, list(channels))


def performed(motifs, sequence, **options):
    library = heddle.design(motifs, n=100, loops=4, error=0.02, seed=1, threads=1)
    return heddle.perform(library, sequence, seed=2, threads=1, **options)


@pytest.fixture(scope="module")
def performance():
    return performed(
        [loop("o", 1), loop("8", 2)], ["o", "8", "8"], noise=0.01, trials=3, units=[0, 7]
    )


@pytest.fixture(scope="module")
def bare():
    """One channel, and nothing that can be left out."""
    motif = loop("push", 1, ["force"])
    return performed([motif], ["push"], transitions=False, spectra=False)


class Page(HTMLParser):
    """The elements of a page, the text of each, of its scripts and of the cells of its tables."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts, self.rows, self.text = [], {}, [], {}
        self._script = self._cell = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._script = dict(attrs).get("id", "main") if tag == "script" else None
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._cell = True
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        if tag == "script":
            self._script = None
        if tag in ("td", "th"):
            self._cell = None

    def handle_data(self, data):
        if self._script:
            self.scripts[self._script] = self.scripts.get(self._script, "") + data
        else:
            self.text.setdefault(self.tags[-1][0] if self.tags else "", []).append(data)
            if self._cell:
                self.rows[-1][-1] += data


def unpacked(page):
    """The arrays that the page's script will see, by name."""
    header = json.loads(page.scripts["header"])
    block = np.frombuffer(base64.b64decode(page.scripts["block"]), "<f4")
    arrays = {
        key: block[start : start + int(np.prod(shape))].reshape(shape)
        for key, (start, shape) in header["arrays"].items()
    }
    return header, arrays


def test_the_file_holds_what_was_performed_to_single_precision(performance):
    header, arrays = unpacked(Page(report_html(performance)))
    items = performance.items
    outputs = np.concatenate([item.output for item in items])
    np.testing.assert_array_equal(arrays["output"], outputs.astype(np.float32))
    runs = np.concatenate([run for item in items for run in item.trials])
    np.testing.assert_array_equal(arrays["trials"], runs.astype(np.float32))
    units = np.concatenate([item.units for item in items])
    np.testing.assert_array_equal(arrays["units"], units.astype(np.float32))
    for k, name in enumerate(header["names"]):
        target = performance.motifs[name].values.astype(np.float32)
        np.testing.assert_array_equal(arrays[f"target/{k}"], target)
    assert [header["names"][k] for k in header["sequence"]] == performance.sequence
    errors = performance.transitions.error.astype(np.float32)
    np.testing.assert_array_equal(arrays["transitions/error"], errors)


def test_a_spectrum_and_its_half_are_the_same(performance):
    re, im = upper_half(performance.spectrum).T
    whole = np.concatenate([re + 1j * im, (re - 1j * im)[im > 0]])
    np.testing.assert_array_equal(np.sort_complex(whole), np.sort_complex(performance.spectrum))


def test_the_file_refers_to_nothing_outside_itself(performance):
    text = report_html(performance)
    assert not re.search(r"https?:|[\"'(=]//|@import|url\(|<link|<iframe|\bfetch\(|XMLHttp", text)
    tags = Page(text).tags
    assert not [tag for tag, attributes in tags if {"src", "href", "srcset"} & set(attributes)]
    policy = next(a["content"] for _, a in tags if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'")


def test_names_are_text_and_never_markup(bare):
    performance = replace(
        bare,
        sequence=[HOSTILE],
        motifs={HOSTILE: replace(bare.motifs["push"], trusted=False, reason=HOSTILE)},
        channels=[HOSTILE],
    )
    text = report_html(performance)
    page = Page(text)
    assert [tag for tag, _ in page.tags].count("script") == 3
    assert "img" not in [tag for tag, _ in page.tags]
    assert "".join(page.text["h1"]).startswith(HOSTILE[:20])
    assert unpacked(page)[0]["names"] == [HOSTILE]


@pytest.mark.parametrize("value", [HOSTILE, "<!--", "a\nb", "😀"])
def test_json_between_script_tags_comes_back_as_it_was(value):
    text = script_json({value: [value, np.nan, np.inf, np.float64(0.5), np.int64(3)]})
    assert not set(text) & set("<>&\u2028")
    assert json.loads(text) == {value: [value, None, None, 0.5, 3]}


def test_the_table_shows_the_numbers_of_every_position(performance):
    lines = [row for row in Page(report_html(performance)).rows if row[-1] == "yes"]
    assert [row[0].split()[0] for row in lines] == performance.sequence
    for row, name, item in zip(lines, performance.sequence, performance.items, strict=True):
        motif = performance.motifs[name]
        expected = [len(motif.eigenvalues), 4, motif.gain, motif.condition.max(), motif.fit_error]
        expected += [item.isolated_error, item.error, item.state_error, item.predicted_error]
        assert [read(cell) for cell in row[1:10]] == pytest.approx(expected, rel=0.06)
        assert "±" in row[10]


def read(cell):
    """The number in a cell of the table."""
    mantissa, _, power = cell.replace("−", "-").replace("\u2009", "").partition("×10")
    return float(mantissa) * 10.0 ** float(power or 0)


@pytest.mark.parametrize("value", [0.0, 0.5, -3.25, 1234.0, 12.0, 4.4e-7, -2e9, 9.96e-3])
def test_a_number_is_shown_to_two_digits_at_least(value):
    shown = re.sub("<.*?>", "", number(value)).replace("&thinsp;", "")
    assert read(shown) == pytest.approx(value, rel=0.05)


def test_a_mean_and_its_standard_error_share_one_power_of_ten():
    assert re.sub("<.*?>|&thinsp;", "", measured(2.5e-3, 4e-4)) == "(2.5±0.4)×10−3"


def test_a_failure_and_a_design_without_trust_are_said(performance):
    names = performance.motifs
    performance = replace(
        performance, motifs={**names, "o": replace(names["o"], trusted=False, reason="too close")}
    )
    assert "no: too close" in report_html(performance)
    library = heddle.design([loop("o", 1), loop("8", 2)], n=100, loops=4, pairs=2, threads=1)
    hasty = heddle.perform(library, ["o", "8"], preparation=0.002, threads=1, transitions=False)
    assert hasty.failed
    assert f"{len(hasty.failed)} of 2</dd>" in report_html(hasty)


def test_what_was_not_measured_is_left_out(bare):
    header, arrays = unpacked(page := Page(report_html(bare)))
    there = {attributes.get("id") for _, attributes in page.tags}
    assert not there & {"noise", "transitions"}
    assert header["drawing"] is None
    assert arrays["units"].shape[1] == 0
    assert not [key for key in arrays if key.startswith(("closed", "trials", "transitions"))]


def test_a_long_sequence_is_thinned_out_and_stays_below_two_megabytes(performance):
    many = 2000
    long = replace(
        performance, sequence=performance.sequence * many, items=performance.items * many
    )
    text = report_html(long)
    assert len(text) < 2e6
    header, arrays = unpacked(page := Page(text))
    said = "".join(chain.from_iterable(page.text.values()))
    assert "The first 1,500 of 6,000 letters are drawn" in said
    time = arrays["time/0"]
    assert (time[0], time[-1]) == (0.0, np.float32(1.0))
    assert len(arrays["output"]) == sum(len(arrays[f"time/{k}"]) for k in header["sequence"])


def test_thinning_keeps_both_ends():
    for samples, most in [(101, 25), (2, 25), (26, 25), (7, 2)]:
        indices = kept(samples, most)
        assert (indices[0], indices[-1]) == (0, samples - 1)
        assert len(indices) == min(samples, most)


def test_letters_are_moved_along_by_the_advances_before_them(performance):
    laid = offsets(replace(performance, advances={"o": 3.0, "8": 2.0}))
    np.testing.assert_allclose(laid, [[0, 0], [3, 0], [5, 0]])


def test_letters_without_advances_do_not_touch(performance):
    laid = offsets(performance)
    x = [performance.motifs[name].values[:, 0] for name in performance.sequence]
    spans = [(v.min() + shift, v.max() + shift) for v, (shift, _) in zip(x, laid, strict=True)]
    assert all(a[1] < b[0] for a, b in pairwise(spans))


def test_a_long_word_is_set_in_lines_that_read_downwards(performance):
    long = replace(performance, sequence=performance.sequence * 40, items=performance.items * 40)
    x, y = offsets(long).T
    lines = np.unique(y)[::-1]
    assert len(lines) > 3
    assert np.all(np.diff(y) <= 0)
    assert all(np.all(np.diff(x[y == line]) > 0) for line in lines)
    assert np.ptp(x) < 4 * np.ptp(y)


def test_the_page_moves_from_one_origin_to_the_next_without_turning_back(performance):
    for item in performance.items:
        share = progress(item.preparation, drawing(performance.channels))
        assert (share[0], share[-1]) == (0.0, 1.0)
        assert np.all(np.diff(share) >= 0)


def test_preparation_and_motif_follow_one_another_without_gaps(performance):
    when = stretches(performance)
    ends = [stretch.end for stretch in when[:-1]]
    np.testing.assert_allclose(ends, [stretch.start for stretch in when[1:]], rtol=1e-12)
    for stretch in when:
        assert stretch.open - stretch.start == pytest.approx(performance.preparation_time)


def test_the_same_performance_gives_the_same_bytes(performance, tmp_path):
    first = write_report(performance, tmp_path / "a.html").read_bytes()
    assert write_report(performance, tmp_path / "b.html").read_bytes() == first


def test_a_report_that_cannot_be_written_leaves_nothing_behind(performance, tmp_path):
    with pytest.raises(heddle.DomainError, match="there is no folder"):
        write_report(performance, tmp_path / "absent" / "a.html")
    with pytest.raises(heddle.DomainError, match="performance has no items"):
        write_report(replace(performance, items=[]), tmp_path / "a.html")
    assert not list(tmp_path.iterdir())


def test_figures_are_written_beside_the_report_when_asked_for(bare, tmp_path):
    write_report(bare, tmp_path / "a.html", figures=tmp_path / "figures")
    names = {path.name for path in (tmp_path / "figures").iterdir()}
    assert {"channels.png", "channels.svg", "errors.png"} <= names
