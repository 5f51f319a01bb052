"""The report in a headless Chromium: it draws, it answers, and it asks nothing of a network.

The browser is spoken to in its DevTools protocol over a pipe: no port, no driver.
"""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from matplotlib import image

import heddle
from heddle.report import write_report

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars "
    "--no-first-run --disable-component-update --disable-background-networking "
    "--remote-debugging-pipe"
)
PATIENCE = 60.0  # s for an answer; a machine that builds beside this is slow
HOSTILE = "</script><img src=x onerror=alert(1)>\"'&${x}"


def browser_command():
    """A Chromium that runs: a stub that only says how to install one does not."""
    for name in filter(shutil.which, NAMES):
        if subprocess.run([name, "--version"], capture_output=True, check=False).returncode == 0:
            return name
    return None


def high_pipe():
    """A pipe whose ends are out of the way of 3 and 4, which are what the browser listens to."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return moved


class Browser:
    """One page of a headless Chromium, and everything it reported since it was opened."""

    def __init__(self, command, profile):
        commands, self._out = high_pipe()
        self._in, answers = high_pipe()
        call = f"exec {command} {FLAGS} --user-data-dir='{profile}' about:blank"
        self._process = subprocess.Popen(
            ["bash", "-c", f"{call} 3<&{commands} 4>&{answers} 2>/dev/null"],
            pass_fds=(commands, answers),
        )
        os.close(commands)
        os.close(answers)
        self._buffer, self._count, self._session, self.events = b"", 0, None, []
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        attached = self.call("Target.attachToTarget", targetId=page, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def close(self):
        self._process.terminate()
        self._process.wait(PATIENCE)
        os.close(self._in)
        os.close(self._out)

    def _next(self):
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], PATIENCE)
            received = os.read(self._in, 1 << 16) if ready else b""
            assert received, "the browser did not answer"
            self._buffer += received
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._count:
            self.events.append(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def seen(self, method):
        return [event["params"] for event in self.events if event.get("method") == method]

    def open(self, path, width=1200, height=900, scheme="light"):
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.call("Emulation.setEmulatedMedia", features=[feature])
        self.events = []
        self.call("Page.navigate", url=path.as_uri())
        while not self.seen("Page.loadEventFired"):
            self.events.append(self._next())
        assert self.run("document.documentElement.dataset.ready") == "yes", self.complaints()

    def run(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def key(self, key, code=None, text=None):
        event = {"key": key, "code": code or key}
        typed = {"text": text} if text else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **event, **typed)
        self.call("Input.dispatchKeyEvent", type="keyUp", **event)

    def complaints(self):
        said = self.seen("Runtime.consoleAPICalled")
        loud = [words for words in said if words["type"] in ("error", "warning", "assert")]
        return self.seen("Runtime.exceptionThrown") + self.seen("Log.entryAdded") + loud

    def picture(self, folder):
        """The whole page as RGB in 0 … 1, shape (height, width, 3)."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        options = {"format": "png", "captureBeyondViewport": True, "clip": {**size, "scale": 1}}
        path = folder / "page.png"
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", **options)["data"]))
        return image.imread(path)[..., :3]

    def cut(self, folder, element):
        """The part of the picture that shows one element."""
        box = self.run(
            f"(() => {{ const b = document.getElementById('{element}').getBoundingClientRect();"
            "return [b.left, b.top + scrollY, b.right, b.bottom + scrollY].map(Math.round) })()"
        )
        left, top, right, bottom = box
        return self.picture(folder)[top:bottom, left:right]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    command = browser_command()
    if command is None:
        pytest.skip("no Chromium is installed to open the report in")
    opened = Browser(command, tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def performance():
    def curve(name, harmonic):
        angle = np.linspace(0, 2 * np.pi, 101)
        pen = 0.5 + 0.5 * np.tanh(8 * np.cos(angle))
        values = np.column_stack([np.cos(angle), np.sin(harmonic * angle), pen])
        return heddle.Motif(name, values, 0.01, ["x", "y", "pen"])

    motifs = [curve("o", 1), curve("8", 2), curve("3", 3)]
    library = heddle.design(motifs, n=100, loops=4, error=0.02, threads=1)
    options = {"noise": 0.01, "trials": 4, "units": [0, 7, 9], "threads": 1}
    return heddle.perform(library, ["o", "8", "o", "3"], **options)


@pytest.fixture(scope="module")
def report(performance, tmp_path_factory):
    return write_report(performance, tmp_path_factory.mktemp("report") / "report.html")


def ink(picture):
    """How many pixels differ from the most common colour."""
    levels = (picture * 255).round().astype(int) @ [1, 256, 65536]
    return int(np.sum(levels != np.bincount(levels.ravel()).argmax()))


def like(picture, colour, tolerance=0.12):
    """How many pixels have about this colour, given as #rrggbb."""
    wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return int(np.sum(np.abs(picture - wanted).max(axis=-1) < tolerance))


def seek(browser, time):
    browser.run(
        f"(() => {{ const s = document.getElementById('time'); s.value = {time};"
        "s.dispatchEvent(new Event('input')) })()"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_draws_without_a_complaint_or_a_request(browser, report, scheme, tmp_path):
    browser.open(report, scheme=scheme)
    assert browser.complaints() == []
    asked = [event["request"]["url"] for event in browser.seen("Network.requestWillBeSent")]
    assert asked == [report.as_uri()]
    paper = np.median(browser.picture(tmp_path))
    assert paper > 0.9 if scheme == "light" else paper < 0.2
    for figure in ("word", "traces", "spectrum", "errors", "noise", "transitions"):
        drawn = browser.cut(tmp_path, figure)
        assert drawn.shape[0] > 100
        assert ink(drawn) > 0.01 * drawn.shape[0] * drawn.shape[1], figure


def test_the_word_is_written_as_time_goes_on(browser, report, performance, tmp_path):
    browser.open(report)
    accent = browser.run("getComputedStyle(document.documentElement).getPropertyValue('--accent')")
    finish = float(browser.run("document.getElementById('time').max"))
    written = []
    for share in (0.0, 0.3, 0.6, 1.0):
        seek(browser, share * finish)
        written.append(like(browser.cut(tmp_path, "word"), accent.strip()))
    assert written[0] < 20
    assert all(a + 100 < b for a, b in pairwise(written))
    seek(browser, performance.items[2].start + 0.5 * performance.preparation_time)
    assert "preparing o (3 of 4)" in browser.run("document.getElementById('now').textContent")


def test_space_plays_and_stops(browser, report):
    browser.open(report)
    now = "Number(document.getElementById('time').value)"
    finish = browser.run(now)
    browser.key(" ", "Space", " ")
    deadline = time.monotonic() + PATIENCE
    while not 0.05 < browser.run(now) < finish and time.monotonic() < deadline:
        time.sleep(0.05)
    assert 0.05 < browser.run(now) < finish
    assert browser.run("document.getElementById('play').getAttribute('aria-label')") == "Pause"
    browser.key(" ", "Space", " ")
    stopped = browser.run(now)
    time.sleep(0.2)
    assert browser.run(now) == stopped


def test_the_arrow_keys_choose_whose_spectrum_is_shown(browser, report, performance):
    browser.open(report)
    browser.run("document.querySelector('#letters [aria-checked=true]').focus()")
    for name in ["8", "3", "o"]:
        browser.key("ArrowRight")
        checked = "document.querySelector('#letters [aria-checked=true]').textContent"
        assert browser.run(checked) == name
        rows = browser.run("document.querySelectorAll('#modes tr').length")
        assert rows == len(performance.motifs[name].eigenvalues)


def test_pointing_at_a_target_says_its_eigenvalue(browser, report, performance):
    browser.open(report)
    browser.run("document.getElementById('spectrum').focus()")
    browser.key("ArrowRight")
    first = performance.motifs["o"].eigenvalues[0]
    assert f"{first.real:.3f} + {first.imag:.3f} i" in browser.run(
        "document.getElementById('tip').innerText"
    )
    browser.run("document.getElementById('transitions').focus()")
    browser.key("ArrowDown")
    told = browser.run("document.getElementById('tip').innerText")
    assert "o after 8" in told


@pytest.mark.parametrize("width", [360, 700])
def test_a_narrow_page_does_not_scroll_sideways(browser, report, width):
    browser.open(report, width=width)
    assert browser.run("document.documentElement.scrollWidth") == width


def test_the_page_prints(browser, report):
    browser.open(report, scheme="dark")
    printed = base64.b64decode(browser.call("Page.printToPDF", printBackground=True)["data"])
    assert printed.startswith(b"%PDF")
    assert browser.complaints() == []


def test_hostile_names_do_nothing(browser, performance, tmp_path):
    def renamed(names):
        return {name + HOSTILE: value for name, value in names.items()}

    hostile = replace(
        performance,
        sequence=[name + HOSTILE for name in performance.sequence],
        motifs=renamed(performance.motifs),
        closed_spectra=renamed(performance.closed_spectra),
    )
    browser.open(write_report(hostile, tmp_path / "hostile.html"))
    assert browser.complaints() == []
    assert browser.seen("Page.javascriptDialogOpening") == []
    assert browser.run("document.images.length") == 0
    assert browser.run("document.querySelector('#letters button').title") == "o" + HOSTILE


def test_motifs_that_are_no_drawings_are_shown_over_time(browser, tmp_path):
    time_constant = np.linspace(0, 1, 101)
    motif = heddle.Motif("push", np.sin(6 * time_constant)[:, None], 0.01, ["force"])
    library = heddle.design([motif], n=100, loops=2, error=0.02, threads=1)
    alone = heddle.perform(library, ["push"], transitions=False, spectra=False, threads=1)
    browser.open(write_report(alone, tmp_path / "force.html"))
    assert browser.complaints() == []
    assert browser.run("document.getElementById('page').offsetHeight") == 0
    assert ink(browser.cut(tmp_path, "traces")) > 1000
    assert ink(browser.cut(tmp_path, "spectrum")) > 1000


def test_a_thousand_motifs_are_drawn(browser, performance, tmp_path):
    many = replace(performance, sequence=performance.sequence * 250, items=performance.items * 250)
    browser.open(write_report(many, tmp_path / "many.html"))
    assert browser.complaints() == []
    assert ink(browser.cut(tmp_path, "word")) > 10_000
