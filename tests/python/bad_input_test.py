"""Bad input to functions: one sentence that names the argument and what was found."""

import numpy as np
import pytest

import heddle

TIME = np.linspace(0, 1, 41)


def wave(name="a", channels=2):
    values = np.column_stack([np.sin((k + 1) * TIME) for k in range(channels)])
    return heddle.Motif(name, values, TIME[1])


def sentence(error, work):
    """The message of the error that `work` raises: one line, without the type's name."""
    with pytest.raises(error) as caught:
        work()
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) > 20
    return message


@pytest.fixture(scope="module")
def network():
    return heddle.gaussian_network(2, n=50, seed=1)


@pytest.fixture(scope="module")
def library(network):
    return heddle.design([wave("a"), wave("b")], network, pairs=2)


# Networks


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"weights": np.zeros((3, 4))}, "weights"),
        ({"weights": np.full((3, 3), np.nan)}, "weights"),
        ({"weights": np.zeros((3, 3)), "tau": 0.0}, "tau"),
        ({"weights": np.zeros((3, 3)), "tau": np.nan}, "tau"),
        ({"weights": np.zeros((3, 3)), "bias": np.zeros(2)}, "bias"),
        ({"weights": np.zeros((3, 3)), "readout": np.zeros((1, 2))}, "readout"),
        ({"weights": np.zeros((3, 3)), "response": "tan"}, "tanh"),
    ],
)
def test_a_network_that_is_none_is_refused_by_field(fields, word):
    assert word in sentence(heddle.Error, lambda: heddle.Network(**fields))


@pytest.mark.parametrize(
    "make",
    [
        lambda: heddle.gaussian_weights(0, 0.9),
        lambda: heddle.gaussian_weights(10, -1.0),
        lambda: heddle.sparse_weights(10, 1.5, 0.9),
        lambda: heddle.dale_weights(10, excitatory_fraction=1.0),
        lambda: heddle.low_rank_weights(10, 0.5, [np.nan]),
    ],
)
def test_a_generator_refuses_what_is_out_of_range(make):
    sentence(heddle.DomainError, make)


# Motifs and fits


@pytest.mark.parametrize(
    ("values", "dt", "word"),
    [
        ([[0.0, 1.0]], 0.1, "two|2"),
        (np.zeros((5, 0)), 0.1, "channel"),
        ([[0.0], [np.inf]], 0.1, "NaN|infinit|finite"),
        ([[0.0], [1.0]], 0.0, "dt"),
        ([[0.0], [1.0]], -0.1, "dt"),
    ],
)
def test_a_motif_that_is_none_is_refused_by_name(values, dt, word):
    with pytest.raises(heddle.Error, match=word) as caught:
        heddle.Motif("grasp", values, dt)
    assert "'grasp'" in str(caught.value)


def test_names_of_channels_must_fit_the_channels():
    assert "channels" in sentence(
        heddle.Error, lambda: heddle.Motif("m", [[0.0], [1.0]], 1, ["x", "y"])
    )


@pytest.mark.parametrize(
    ("option", "value"),
    [("pairs", -1), ("error", -1.0), ("tau", 0.0), ("separation", -1.0), ("most_pairs", 0)],
)
def test_a_fit_refuses_options_out_of_range(option, value):
    assert option in sentence(
        heddle.DomainError, lambda: heddle.fit_modes(wave(), **{option: value})
    )


# Placing eigenvalues


def test_a_target_in_the_spectrum_is_refused(network):
    inside = heddle.eigenvalues(network)[0]
    targets = [inside, inside.conjugate()] if inside.imag else [inside]
    message = sentence(heddle.DomainError, lambda: heddle.place_eigenvalues(network, targets))
    assert "target" in message
    assert "eigenvalue" in message


@pytest.mark.parametrize(
    ("targets", "word"),
    [
        ([0.9 + 0.2j], "conjugate"),
        ([0.9 + 0.2j, 0.9 - 0.3j], "conjugate"),
        ([0.95, 0.95], "distinct|twice|equal"),
        ([np.nan], "NaN|finite"),
        ([], "target"),
        (np.zeros((2, 2)), "targets"),
        ("0.9", "targets"),
    ],
)
def test_targets_that_cannot_be_placed_are_refused(network, targets, word):
    with pytest.raises(heddle.Error, match=word):
        heddle.place_eigenvalues(network, targets)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"loops": 0}, "loops"),
        ({"u": np.ones((3, 1))}, "u"),
        ({"u": np.full((50, 1), np.nan)}, "u"),
        ({"method": "least"}, "least_gain"),
        ({"method": "spectral", "loops": 2}, "spectral"),
        ({"tolerance": -1.0}, "tolerance"),
    ],
)
def test_options_of_placing_out_of_range_are_refused_by_name(network, options, word):
    message = sentence(heddle.Error, lambda: heddle.place_eigenvalues(network, [0.95], **options))
    assert word in message


# Designing


@pytest.mark.parametrize(
    ("motifs", "options", "word"),
    [
        ([], {}, "motifs"),
        ([wave("a"), wave("a")], {}, "'a'"),
        ([wave("a"), wave("b", channels=3)], {}, "'b'"),
        ([wave("a", channels=3)], {"loops": 2}, "loops"),
        ([wave("a")], {"g": 1.5}, "unstable"),
        ([wave("a")], {"preparation_fraction": 0.0}, "preparation_fraction"),
        ([wave("a")], {"preparation_time": np.nan}, "preparation_time"),
        ([wave("a")], {"thalamic_tau": -1.0}, "thalamic_tau"),
    ],
)
def test_a_design_refuses_before_it_computes(motifs, options, word):
    message = sentence(heddle.Error, lambda: heddle.design(motifs, n=50, **options))
    assert word in message


def test_a_design_refuses_networks_it_cannot_drive(network):
    weights = network.weights
    curved = heddle.Network(weights, response="tanh", readout=np.ones((2, 50)))
    assert "tanh" in sentence(heddle.DomainError, lambda: heddle.design([wave()], curved))
    blind = heddle.Network(weights)
    assert "readout" in sentence(heddle.Error, lambda: heddle.design([wave()], blind))


def test_parameters_of_a_network_beside_a_network_are_refused(network):
    message = sentence(heddle.DomainError, lambda: heddle.design([wave()], network, tau=0.02))
    assert message.startswith("tau is 0.02")


def test_a_motif_that_is_there_already_is_refused(library):
    assert "'a'" in sentence(heddle.DomainError, lambda: heddle.extend(library, [wave("a")]))


# Performing


@pytest.mark.parametrize(
    ("sequence", "options", "word"),
    [
        (["a", "grasp"], {}, "'grasp'"),
        ([], {}, "sequence"),
        ("a", {"noise": -1.0}, "noise"),
        ("a", {"trials": 3}, "noise"),
        ("a", {"noise": 0.1, "trials": -1}, "trials"),
        ("a", {"units": [50]}, "units"),
        ("a", {"preparation": 0.0}, "preparation"),
        ("a", {"initial_state": np.zeros(3)}, "initial_state"),
        ("a", {"initial_state": np.full(50, np.nan)}, "initial_state"),
    ],
)
def test_a_performance_refuses_by_argument(library, sequence, options, word):
    assert word in sentence(heddle.Error, lambda: heddle.perform(library, sequence, **options))
