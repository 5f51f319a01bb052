"""tools/check_layers.py on small trees: what it must refuse and what it must let pass."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECKER = Path(__file__).parents[2] / "tools" / "check_layers.py"
LAYERS = "core:\nlinalg: core  # LAPACK\nnetwork: linalg\nloops: network\npython: loops\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with layers and one harmless header."""
    write(tmp_path, "tools/layers.txt", LAYERS)
    write(tmp_path, "include/heddle/core/error.hpp", "#pragma once\n")
    return tmp_path


def write(tree: Path, name: str, text: str) -> None:
    path = tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def check(tree: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CHECKER), str(tree)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_include_that_points_down_passes(tree: Path) -> None:
    write(tree, "src/loops/place.cpp", "#include <heddle/network/network.hpp>\n#include <vector>\n")
    result = check(tree)
    assert result.returncode == 0, result.stdout
    assert "2 files" in result.stdout


def test_what_a_lower_layer_may_see_the_upper_one_may_too(tree: Path) -> None:
    write(tree, "python/bindings/core.cpp", '#include "heddle/core/error.hpp"\n')
    assert check(tree).returncode == 0


@pytest.mark.parametrize(
    ("file", "include", "reason"),
    [
        ("src/core/a.cpp", '"heddle/loops/place.hpp"', "'core' may not include 'loops'"),
        ("src/network/a.cpp", "<heddle/loops/place.hpp>", "'network' may not include 'loops'"),
        ("include/heddle/linalg/a.hpp", '"../network/b.hpp"', "'linalg' may not include 'network'"),
        ("src/linalg/a.cpp", '"loops/private.hpp"', "'linalg' may not include 'loops'"),
        ("src/loops/a.cpp", "<heddle/rumour/b.hpp>", "'loops' may not include 'rumour'"),
        ("include/heddle/loops/a.hpp", '"loops/private.hpp"', "is private"),
        ("src/loops/a.cpp", "<heddle/heddle.hpp>", "belongs to no module"),
        ("src/loops/a.cpp", "<Eigen/Eigenvalues>", "for linalg alone"),
        ("src/loops/a.cpp", "<lapacke.h>", "for linalg alone"),
    ],
)
def test_an_include_that_breaks_a_rule_is_named(
    tree: Path, file: str, include: str, reason: str
) -> None:
    write(tree, "include/heddle/network/b.hpp", "#pragma once\n")
    write(tree, "src/loops/private.hpp", "#pragma once\n")
    write(tree, file, f"#pragma once\n  # include {include}\n")
    result = check(tree)
    assert result.returncode == 1
    assert result.stdout.startswith(f"{file}:2: ")
    assert reason in result.stdout


def test_heavy_headers_are_allowed_in_linalg_and_light_ones_everywhere(tree: Path) -> None:
    write(tree, "src/linalg/a.cpp", "#include <Eigen/Dense>\n")
    write(tree, "src/loops/a.cpp", "#include <Eigen/Core>\n#include <Eigen/SparseCore>\n")
    assert check(tree).returncode == 0


def test_a_module_without_a_line_is_named(tree: Path) -> None:
    write(tree, "src/gossip/a.cpp", "")
    result = check(tree)
    assert result.returncode == 1
    assert "module 'gossip' has no line" in result.stdout


@pytest.mark.parametrize("layers", ["core: linalg\nlinalg:\n", "core\n", "core:\ncore:\n"])
def test_layers_that_cannot_be_meant_are_refused(tree: Path, layers: str) -> None:
    write(tree, "tools/layers.txt", layers)
    result = check(tree)
    assert result.returncode == 2
    assert "layers.txt:" in result.stderr


def test_a_tree_without_sources_is_no_success(tmp_path: Path) -> None:
    write(tmp_path, "tools/layers.txt", LAYERS)
    assert check(tmp_path).returncode == 2
