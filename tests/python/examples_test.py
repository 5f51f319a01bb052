"""Every example runs, ends in a figure, and checks its own claim; a false claim fails."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/run.py"))


def run(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_claim_of_the_example_holds_and_there_is_something_to_look_at(example, tmp_path):
    done = run(example / "run.py", "--quick", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("The claim holds: ")
    assert re.search(r"^\| .+ \|$", done.stdout, re.MULTILINE), "no table"
    picture = (tmp_path / f"{example.name}.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000


def test_there_are_nine_examples_and_each_has_its_page_and_its_place_in_the_list():
    assert len(EXAMPLES) == 9
    overview = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    for example in EXAMPLES:
        page = (example / "README.md").read_text(encoding="utf-8")
        assert f"examples/{example.name}/run.py" in page
        assert (example / "figure.png").exists()
        assert f"({example.name}/README.md)" in overview


def test_an_example_whose_claim_is_false_fails_and_says_which_part(tmp_path):
    script = tmp_path / "false.py"
    script.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT / 'examples')!r})\nfrom support import claim\n"
        "claim('the sun is cold.', it_shines=True, water_freezes_there=False)\n",
        encoding="utf-8",
    )
    done = run(script)
    assert done.returncode == 1
    assert "The claim does not hold (water freezes there): the sun is cold." in done.stderr
