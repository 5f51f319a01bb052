"""Every Python snippet in the README and the documentation runs, page by page, in order.

TOML that starts with the name of a file, `# circuit.toml`, is there for the snippets to read. A
page that imports a package which Heddle does without runs where that is installed.
"""

import re
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
SNIPPET = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
TOML = re.compile(r"^```toml\n(# (\S+\.toml)\n.*?)^```", re.MULTILINE | re.DOTALL)
OPTIONAL = re.compile(r"^import (torch|onnxruntime)$", re.MULTILINE)
PAGES = sorted(
    page
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    if SNIPPET.search(page.read_text(encoding="utf-8"))
)


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that the README's snippets read: small movements under the names of letters."""
    monkeypatch.chdir(tmp_path)
    t = np.linspace(0.0, 0.6, 121)
    for i, name in enumerate("hedl"):
        turn = 2 * np.pi * t / t[-1]
        table = np.column_stack([t, np.sin(turn + i), np.cos((1 + i % 2) * turn) - 1])
        np.savetxt(f"{name}.csv", table, delimiter=",", header="t,x,y", comments="")


@pytest.mark.usefixtures("letters")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_snippet_of_the_page_runs(page: Path) -> None:
    namespace: dict[str, object] = {}
    text = page.read_text(encoding="utf-8")
    for package in OPTIONAL.findall(text):
        pytest.importorskip(package)
    for content, name in TOML.findall(text):
        Path(name).write_text(content, encoding="utf-8")
    for snippet in SNIPPET.findall(text):
        exec(compile(snippet, page.name, "exec"), namespace)


def test_every_test_that_the_index_of_published_numbers_names_exists_and_none_is_left_out() -> None:
    page = (ROOT / "docs" / "reference" / "published-numbers.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[^`]+)`", page))
    assert len(named) > 20
    missing = sorted(path for path in named if not (ROOT / path).exists())
    assert not missing
    folders = (ROOT / "tests" / "published", ROOT / "tests" / "agreement")
    there = {
        path.relative_to(ROOT).as_posix() for folder in folders for path in folder.glob("*_test.py")
    }
    assert not sorted(there - named)
