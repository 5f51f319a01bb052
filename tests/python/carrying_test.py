"""From a linear design to a non-linear network, in Python: arguments, statistics, repair."""

import pickle

import numpy as np
import pytest
import scipy.stats

import heddle
from heddle.carrying.attraction import clopper_pearson

TIME = np.linspace(0, 0.4, 81)


def wave(name, turns):
    values = np.column_stack([np.sin(turns * TIME), np.cos(turns * TIME) - 1])
    return heddle.Motif(name, values, TIME[1])


@pytest.fixture(scope="module")
def library():
    return heddle.design([wave("slow", 15), wave("fast", 30)], n=60, g=0.8, loops=4, seed=2)


@pytest.fixture(scope="module")
def strong(library):
    """Of an amplitude at which tanh breaks the motifs."""
    return heddle.carry_over(library, "tanh", amplitude=0.4)


@pytest.fixture(scope="module")
def repaired(strong):
    return heddle.repair(strong, ["slow"])


def test_one_operating_point_for_all_units_or_one_for_each(library):
    one = heddle.carry_over(library, "softplus", operating_point=0.5)
    each = heddle.carry_over(library, "softplus", operating_point=np.full(60, 0.5))
    np.testing.assert_array_equal(one.input, each.input)
    np.testing.assert_allclose(one.gain, 1 / (1 + np.exp(-0.5)), rtol=1e-14)
    np.testing.assert_allclose(one.offset, one.network.readout @ np.full(60, np.log1p(np.exp(0.5))))


def test_a_carried_library_comes_back_from_a_pickle(strong):
    again = pickle.loads(pickle.dumps(strong))
    assert repr(again) == repr(strong)
    np.testing.assert_array_equal(again.loops[1].v, strong.loops[1].v)
    assert heddle.survival(again).statement == heddle.survival(strong).statement


@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_the_loss_of_a_motif_as_a_task_is_its_error(strong, noise):
    network, task = heddle.motif_training(strong, "fast", noise=noise, trials=3, seed=4)
    outputs = heddle.training_outputs(network, task) - strong.offset
    target = strong.library["fast"].motif.values
    stride = strong.sample_steps[1]
    errors = [heddle.normalised_error(outputs[::stride, i], target) for i in range(3)]
    assert errors[0] == pytest.approx(heddle.survival(strong).error[1], rel=1e-9)
    per_error = np.mean((target - target.mean(0)) ** 2)
    loss = heddle.training_loss(network, task).value
    assert loss == pytest.approx(per_error * np.mean(errors), rel=1e-9)
    assert (errors[1] == errors[0]) == (noise == 0.0)


def test_a_sequence_as_a_task_is_performed_with_the_errors_of_its_transitions(strong):
    network, task = heddle.sequence_training(strong, ["slow", "fast", "fast"])
    outputs = heddle.training_outputs(network, task)[:, 0] - strong.offset
    measured = heddle.survival(strong, points=0)
    at = 0
    for before, after in ((None, 0), (0, 1), (1, 1)):
        start = at + strong.preparation_steps
        end = start + strong.motif_steps[after]
        target = strong.library.motifs[after].motif.values
        found = heddle.normalised_error(
            outputs[start : end + 1 : strong.sample_steps[after]], target
        )
        expected = measured.error[0] if before is None else measured.transitions[before, after]
        assert found == pytest.approx(expected, rel=1e-3)
        at = end
    assert at == task.steps
    counted = task.weights[:, 0] > 0
    np.testing.assert_allclose(
        heddle.training_loss(network, task).value,
        np.mean((outputs[counted] + strong.offset - task.targets[counted, 0]) ** 2),
        rtol=1e-9,
    )


def test_training_the_loops_alone_repairs_a_motif(strong, repaired):
    assert repaired.before[0] > 0.05
    assert repaired.after[0] < repaired.before[0] / 30
    assert repaired.change[0] < 0.5
    assert repaired.losses["slow"][-1] < repaired.losses["slow"][0]
    assert heddle.survival(repaired.carried).error[0] == repaired.after[0]
    before, after = strong.loops[0], repaired.carried.loops[0]
    moved = np.linalg.norm(after.u @ after.v.T - before.u @ before.v.T)
    assert repaired.change[0] == pytest.approx(moved / np.linalg.norm(before.u @ before.v.T))


def test_a_repair_leaves_every_bit_of_the_rest_and_of_other_motifs_outputs(strong, repaired):
    for one, other in zip(strong.loops[1:], repaired.carried.loops[1:], strict=True):
        assert one.u.tobytes() == other.u.tobytes()
        assert one.v.tobytes() == other.v.tobytes()
    for name in ("input", "starts", "operating_point", "offset"):
        assert getattr(strong, name).tobytes() == getattr(repaired.carried, name).tobytes()
    for name in ("weights", "bias", "readout"):
        one, other = (getattr(net.network, name) for net in (strong, repaired.carried))
        assert one.tobytes() == other.tobytes()
    assert heddle.survival(repaired.carried).error[1] == heddle.survival(strong).error[1]


def test_repairing_one_motif_or_all_gives_it_the_same_loops(strong, repaired):
    told = []
    everything = heddle.repair(strong, progress=lambda done, total: told.append((done, total)))
    for part in ("u", "v"):
        one, other = (getattr(found.carried.loops[0], part) for found in (repaired, everything))
        np.testing.assert_array_equal(one, other)
    assert everything.motifs == ("slow", "fast")
    assert told == [(0, 2), (1, 2)]


def test_after_repair_every_sequence_is_proven(repaired):
    proof = heddle.certify_sequences(repaired.carried)
    assert proof.proven
    measured = heddle.survival(repaired.carried, points=0).transitions
    assert np.all(proof.error >= measured)
    assert proof.error[:, 0].max() < 2 * measured[:, 0].max()


def test_clopper_and_pearsons_bounds_have_their_closed_forms():
    lower, upper = clopper_pearson(200, 200, 0.99)
    assert lower == pytest.approx(0.01 ** (1 / 200), rel=1e-12)
    assert upper == 1.0
    assert clopper_pearson(0, 50, 0.99) == (0.0, pytest.approx(1 - 0.01 ** (1 / 50), rel=1e-9))


@pytest.mark.parametrize("p", [0.02, 0.5, 0.93])
def test_the_bounds_hold_at_least_as_often_as_they_say(p):
    # Exactly, by summing the binomial law over all outcomes.
    hits = np.arange(41)
    law = scipy.stats.binom.pmf(hits, 40, p)
    bounds = np.array([clopper_pearson(k, 40, 0.95) for k in hits])
    assert law[bounds[:, 0] <= p].sum() >= 0.95
    assert law[bounds[:, 1] >= p].sum() >= 0.95


def test_attraction_counts_the_starts_that_stay_in_the_tube(strong):
    found = heddle.region_of_attraction(strong, "fast", radius=1.0, tube=0.05, starts=300, seed=3)
    assert found.within == np.count_nonzero(found.distance <= 0.05)
    assert found.lower <= found.probability <= found.upper
    assert found.statement.startswith(f"{found.within} of 300 starts of 'fast'")
    bare = heddle.region_of_attraction(
        strong, "fast", radius=1.0, tube=0.05, starts=300, preparation=False
    )
    assert bare.within == 0  # a displacement as large as the motif itself, without preparation


def test_a_certified_ball_is_within_what_simulation_finds(strong):
    proof = heddle.tube(strong, "fast", most=0.05, after="slow")
    assert proof.start > 0
    found = heddle.region_of_attraction(
        strong, "fast", radius=proof.start, tube=0.05, shape="ball", after="slow", starts=200
    )
    assert found.within == 200


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda c: heddle.carry_over(c.library, "tan"), "tan"),
        (lambda c: heddle.carry_over(c.library, amplitude=-1.0), "amplitude"),
        (lambda c: heddle.repair(c, ["slo"]), "did you mean 'slow'"),
        (lambda c: heddle.repair(c, rounds=0), "rounds: found 0"),
        (lambda c: heddle.repair(c, evaluations=0), "evaluations: found 0"),
        (lambda c: heddle.repair(c, target=-1.0), "target: found -1"),
        (lambda c: heddle.motif_training(c, "fast", trials=0), "trials: found 0"),
        (lambda c: heddle.motif_training(c, "fast", noise=-1), "noise: found -1"),
        (lambda c: heddle.sequence_training(c, []), "sequence: found no motif"),
        (lambda c: heddle.sequence_training(c, ["slow", "past"]), "did you mean 'fast'"),
        (lambda c: heddle.tube(c, "fast"), "start: found none"),
        (lambda c: heddle.tube(c, "fast", start=0.1, most=0.1), "start: found beside most"),
        (lambda c: heddle.tube(c, "past", start=0.1), "did you mean 'fast'"),
        (lambda c: heddle.trajectory_contraction(c, "fast", where="end"), "where: found 'end'"),
        (lambda c: heddle.trajectory_contraction(c, "fast", norm="l3"), "norm: found 'l3'"),
        (lambda c: heddle.survival(c, points=-1), "points: found -1"),
        (lambda c: _attraction(c, tube=0.0), "tube: found 0"),
        (lambda c: _attraction(c, shape="cube"), "shape: found 'cube'"),
        (lambda c: _attraction(c, confidence=1.0), "confidence: found 1.0"),
        (lambda c: _attraction(c, starts=0), "starts: found 0"),
    ],
)
def test_bad_arguments_are_refused_by_name(strong, call, message):
    with pytest.raises(heddle.Error, match=message):
        call(strong)


def _attraction(carried, **changed):
    return heddle.region_of_attraction(carried, "fast", **{"radius": 1.0, "tube": 0.1} | changed)
