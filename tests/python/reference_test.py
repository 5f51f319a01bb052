"""The reference says what the package does: every parameter, and a file that runs as it stands."""

import re
from pathlib import Path

import pytest

import heddle

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def _row(parameter: dict) -> str:
    condition = ", > 0" if parameter["positive"] else ""
    cells = (
        f"`{parameter['name']}`",
        parameter["unit"] or "–",
        f"{parameter['default']:g}",
        parameter["meaning"] + condition,
    )
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("law", ["lif", "gif", "adex", "qif"])
def test_the_table_of_a_neuron_is_that_of_the_code(law):
    page = (REFERENCE / "neurons.md").read_text(encoding="utf-8")
    section = page.split(f"## `{law}`", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == [_row(parameter) for parameter in heddle.neuron_parameters(law)]


def test_the_example_of_a_circuit_file_is_read_and_runs(tmp_path):
    page = (REFERENCE / "circuit-files.md").read_text(encoding="utf-8")
    path = tmp_path / "circuit.toml"
    path.write_text(re.search(r"```toml\n(.*?)```", page, re.DOTALL)[1], encoding="utf-8")
    recording = heddle.simulate(heddle.read_circuit(path), duration=50)
    assert recording.completed
    assert sum(recording.counts) > 0
