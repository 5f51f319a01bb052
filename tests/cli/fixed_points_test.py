"""`heddle fixed-points`, `heddle cycles` and `heddle certify` on every kind of network."""

import json

import numpy as np
import pytest

import heddle


@pytest.fixture
def model(tmp_path):
    """z' = 0.5 z − 1.25 [z]₊ + 1: one fixed point, at 4 / 7, with the slope −3 / 4."""
    path = tmp_path / "model.npz"
    np.savez(path, A=np.array([[0.5]]), W=np.array([[-1.25]]), h=np.array([1.0]))
    return path


def test_a_smooth_network_gets_fixed_points_with_proofs(command):
    words = ("fixed-points", "gaussian:n=12,g=2", "--response", "tanh", "--starts", "8")
    found = json.loads(command(*words, "--json").out)
    network = heddle.build_network("gaussian:n=12,g=2", channels=0, response="tanh")
    expected = heddle.smooth_fixed_points(network, starts=8)
    assert found["certified"] == expected.certified >= 1
    assert [p["state"] for p in found["points"]] == [list(p.state) for p in expected.points]
    assert "no other within" in command(*words).out


def test_a_saved_network_of_spiking_populations_gets_fixed_points_with_proofs(command, tmp_path):
    response = heddle.TransferResponse(hazard="sigmoid", variance=1.0, scale=2.0)
    network = heddle.Network(heddle.gaussian_weights(8, 1.5, seed=1), response=response)
    heddle.save_network(tmp_path / "net.h5", network)
    found = json.loads(command("fixed-points", tmp_path / "net.h5", "--json").out)
    expected = heddle.smooth_fixed_points(network)
    assert found["certified"] == expected.certified >= 1
    assert [p["state"] for p in found["points"]] == [list(p.state) for p in expected.points]
    refused = command("fixed-points", tmp_path / "net.h5", "--form", "rate")
    assert refused.code != 0
    assert "this is a network of spiking populations" in refused.err


def test_a_map_gets_fixed_points_and_cycles(command, model):
    points = json.loads(command("fixed-points", model, "--map", "--json").out)
    assert points["complete"]
    assert [cycle["states"] for cycle in points["cycles"]] == [[[pytest.approx(4 / 7)]]]
    out = command("cycles", model, "--map", "--period", "2").out
    assert out.splitlines()[1].split()[0] == "1"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("fixed-points", "gaussian:n=5", "--response", "tanh", "--form", "rate"), "--form"),
        (("fixed-points", "gaussian:n=5", "--response", "tanh", "--figure", "a.png"), "--figure"),
        (("fixed-points", "MODEL", "--map", "--bias", "1"), "--bias"),
        (("cycles", "MODEL", "--map", "--linear", "0"), "--linear"),
        (("cycles", "gaussian:n=5", "--figure", "a.gif"), ".svg"),
    ],
)
def test_what_does_not_apply_is_refused_by_name(command, model, words, named):
    result = command(*(model if word == "MODEL" else word for word in words))
    assert result.code == 2
    assert named in result.err


def test_a_library_is_certified_with_the_bias_that_keeps_its_thalamic_units_linear(command, files):
    found = json.loads(command("certify", files / "net.h5", "--json").out)["linear_regime"]
    library = heddle.load_library(files / "net.h5")
    regime = heddle.linear_regime(library)
    for name, bias in zip(library.names, regime.bias.motifs, strict=True):
        np.testing.assert_array_equal(found["bias"][name], bias)
    items = heddle.perform_rectified(
        library,
        library.names,
        heddle.ThalamicBias([c + 0.05 for c in regime.bias.motifs], regime.bias.preparation + 0.05),
    )
    assert all(item.crossings == item.preparation_crossings == 0 for item in items)
    assert "stay linear" in command("certify", files / "net.h5").out
