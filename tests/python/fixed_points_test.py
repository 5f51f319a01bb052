"""Fixed points from Python: graphs of every kind, and what the command prints."""

import itertools
import json
import subprocess
import sys

import numpy as np
import pytest

import heddle
from heddle.plot.fixed_points import fixed_points as picture
from heddle.plot.fixed_points import plane_of

CYCLE = [(0, 1), (1, 2), (2, 0)]


def heddle_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "heddle", "fixed-points", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def points_of(network: heddle.Network) -> heddle.FixedPoints:
    return heddle.fixed_points(heddle.input_form(network), threads=1)


class Graph:
    """As much of a networkx DiGraph as is looked at."""

    nodes = ("a", "b", "c")
    edges = (("a", "b"), ("b", "c"), ("c", "a"))


def test_fixed_points_are_those_of_all_supports_in_numpy_slow_twin():
    rng = np.random.default_rng(3)
    n = 8
    w = 2.5 * rng.standard_normal((n, n)) / np.sqrt(n)
    b = rng.standard_normal(n)
    made = heddle.make_network(w, channels=0, response="rectified")
    fields = {name: getattr(made, name) for name in made._fields}
    found = points_of(heddle.Network(**{**fields, "bias": b}))
    expected = set()
    for bits in itertools.product((False, True), repeat=n):
        active = np.array(bits)
        z = np.zeros(n)
        z[active] = np.linalg.solve(np.eye(active.sum()) - w[active][:, active], b[active])
        if ((w @ z + b > 0) == active).all():
            expected.add(tuple(np.flatnonzero(active)))
    assert {tuple(point.support) for point in found.points} == expected
    assert found.trusted


def test_every_form_of_a_graph_gives_the_same_network(tmp_path):
    adjacency = np.zeros((3, 3))
    for j, i in CYCLE:
        adjacency[i, j] = 1
    edges, matrix = tmp_path / "edges.csv", tmp_path / "matrix.txt"
    edges.write_text("# from, to\n0,1\n1,2\n2,0\n4,0\n", encoding="utf-8")
    matrix.write_text("\n".join(" ".join(f"{x:g}" for x in row) for row in adjacency), "utf-8")
    expected = heddle.ctln_weights(adjacency)
    for graph in (adjacency, CYCLE, Graph(), matrix, str(matrix)):
        network = heddle.ctln_network(graph)
        assert np.array_equal(network.weights, expected)
        assert network.response == "rectified"
        assert (network.bias == 1).all()
    assert heddle.ctln_network(edges).size == 5
    assert expected[1, 0] == -0.75
    assert expected[0, 1] == -1.5


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        ([(0, 0)], "loop"),
        ([(0, -1), (1, 2), (2, 3)], "numbered from 0"),
        (np.full((3, 3), 0.5), "0 and 1"),
        (np.zeros((3, 4)), "shape"),
        ("hello", "hello"),
    ],
)
def test_a_graph_that_is_none_is_refused(graph, message):
    with pytest.raises((heddle.Error, OSError), match=message):
        heddle.ctln_network(graph)


def test_a_p_matrix_means_one_fixed_point_for_every_bias_and_a_witness_says_why_not():
    test = heddle.is_p_matrix(np.array([[1.0, 5.0], [0.0, 1.0]]))
    assert test.holds
    other = heddle.is_p_matrix(np.array([[1.0, 2.0], [2.0, 1.0]]))
    assert not other.holds
    assert sorted(other.witness) == [0, 1]


def test_permitted_sets_of_two_units_that_excite_each_other_too_much_are_single_units():
    found = heddle.maximal_permitted_sets(np.array([[0.0, 1.5], [1.5, 0.0]]))
    assert found.maximal == [[0], [1]]
    assert found.complete
    network = heddle.make_network(
        np.array([[0.0, 1.5], [1.5, 0.0]]), channels=0, response="rectified"
    )
    assert heddle.permission(heddle.input_form(network), [0]).permitted
    assert not heddle.permission(heddle.input_form(network), [0, 1]).permitted


def test_the_picture_keeps_distances_along_its_axes_and_marks_what_is_proven():
    found = points_of(heddle.ctln_network(np.zeros((4, 4))))
    states = np.array([point.state for point in found.points])
    plane, _ = plane_of(states, None)
    variance = np.linalg.svd(states - states.mean(0), compute_uv=False)[:2] ** 2
    assert np.allclose((plane**2).sum(0), variance)
    titles = [axes.get_title(loc="left") for axes in picture(found).axes]
    assert titles[0] == "15 fixed points, proven to be all"


def test_the_command_prints_points_proof_and_json_and_writes_a_picture(tmp_path):
    edges = tmp_path / "edges.csv"
    edges.write_text("0,1\n1,2\n2,0\n", encoding="utf-8")
    figure = tmp_path / "points.png"
    done = heddle_command(f"ctln:graph={edges}", "--figure", str(figure))
    assert done.returncode == 0, done.stderr
    assert "0,1,2" in done.stdout
    assert "Proven: there is no other" in done.stdout
    assert "add up to 1, as they must" in " ".join(done.stdout.split())
    assert figure.read_bytes().startswith(b"\x89PNG")
    data = json.loads(heddle_command(f"ctln:graph={edges}", "--json").stdout)
    assert data["complete"] is True
    assert [point["support"] for point in data["points"]] == [[0, 1, 2]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gaussian:n=5", "--response", "tanh", "--linear", "0"], "tanh"),
        (["gaussian:n=5", "--units", "1,9"], "0 to 4"),
        (["gaussian:n=5", "--form", "other"], "form"),
        (["ctln:epsilon=0.2"], "graph is missing"),
        (["ctln:graph=nowhere.csv"], "nowhere.csv does not exist"),
        (["gaussian:n=5", "--figure", "a.gif"], ".png"),
    ],
)
def test_bad_input_is_named(arguments, message):
    done = heddle_command(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
