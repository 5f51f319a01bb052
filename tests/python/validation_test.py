"""`validate`: the error of a reduction is four numbers, each with an interval that holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import heddle
from heddle import (
    AllToAll,
    Bernoulli,
    Circuit,
    CorrelatedDegrees,
    CurrentInput,
    Distribution,
    Edges,
    EscapeNeuron,
    FixedIndegree,
    FixedOutdegree,
    FixedTotal,
    Input,
    OneToOne,
    PoissonInput,
    Population,
    Projection,
    QuadraticNeuron,
    Synapse,
)
from heddle.circuits import brunel, ei_gif
from heddle.plot.validity import errors, validity
from heddle.validation import scaled, with_value
from heddle.validation.responses import _distance

SHORT = {"duration": 1000.0, "transient": 200.0}  # ms


def alone(size: int = 200, **changes: object) -> Circuit:
    """Neurons that do not hear each other."""
    neuron = EscapeNeuron(**{"Delta_V": 2.5, "I_e": 300.0, **changes})
    return Circuit(populations=[Population(name="A", size=size, neuron=neuron)])


def quadratic(size: int = 400) -> Circuit:
    eta = Distribution(kind="lorentzian", location=-1.0, scale=1.0)
    neurons = Population("A", size, QuadraticNeuron(), quenched={"eta": eta})
    return Circuit([neurons], [Projection("A", "A", AllToAll(), weight=2.0 / size, delay=1.0)])


def test_terms_add_up_and_mesoscopic_equations_close_the_full_circuit_statistics() -> None:
    """Closure of rates is within four standard errors, with 16 degrees of freedom or more passed
    less than once in 1000; the finite size of I is what N = ∞, 16.913 Hz, leaves of 17.14."""
    found = heddle.validate(ei_gif(p=1), duration=4000, seed=1, threads=1, tolerance=0.02)
    assert (found.level, found.joined, found.finite_size_by) == ("ages", False, "equations")
    assert not found.quenched
    for row in found.rows:
        if row.total is not None:
            parts = row.finite_size.estimate + row.closure.estimate + row.transfer.estimate
            assert parts == pytest.approx(row.total.estimate, abs=1e-9)
    for name in ("E", "I"):
        row = found.row("rate", name)
        assert abs(row.closure.estimate) < 4 * row.closure.standard_error
        assert row.closure.standard_error < 0.15
        assert row.transfer.estimate == 0
        assert abs(row.discretisation.estimate) < 4 * row.discretisation.standard_error
        assert row.reduction == pytest.approx(16.915, abs=0.005)
    assert found.row("rate", "I").finite_size.low < 16.913 - 17.14 < -0.1
    assert found.row("rate", "I").finite_size.significant
    power = found.row("power", "E", (64, 128))
    assert abs(power.closure.estimate) < 4 * power.closure.standard_error + 0.05
    assert power.transfer is power.total is None
    assert power.verdict == "not described"


def test_rates_that_are_wrong_by_five_percent_are_found_and_blamed_on_the_transfer() -> None:
    exact = heddle.mesoscopic(alone(), duration=300, transient=500, finite_size=False)
    wrong = 1.05 * exact.activity[:, -1]
    found = heddle.validate(alone(), lambda _: wrong, duration=3000, seed=2, threads=1)
    row = found.row("rate", "A")
    assert row.verdict == "outside"
    assert row.largest == "transfer"
    assert row.transfer.estimate == pytest.approx(wrong[0] / 1.05 * 0.05, rel=1e-3)
    assert not found.passed
    assert "off by +" in found.statement
    assert "most of it transfer" in found.statement
    right = heddle.validate(
        alone(), lambda _: wrong / 1.05, duration=3000, seed=2, threads=1, tolerance=0.02
    )
    assert right.row("rate", "A").verdict == "within"
    assert right.passed


def test_intervals_leave_out_equal_rates_once_in_twenty_statistics() -> None:
    """The reduction is the simulation itself with another seed, so every total is 0. Of 40
    intervals with 95 % more than 7 miss with a probability of 0.1 %."""
    circuit = alone(50)
    misses = 0
    for k in range(40):

        def other(same: Circuit, seed: int = 10_000 + k) -> heddle.SpikeRecording:
            return heddle.simulate(same, step=0.5, seed=seed, **SHORT)

        how = {"networks": 2, "step": 0.5, "threads": 1, **SHORT}
        found = heddle.validate(circuit, other, seed=10 * k, **how)
        misses += found.row("rate", "A").total.significant
    assert misses <= 7


def test_steps_share_their_random_numbers_so_that_discretisation_is_sharp() -> None:
    found = heddle.validate(alone(400), duration=2000, networks=2, step=0.5, threads=1)
    row = found.row("rate", "A")
    assert row.discretisation.standard_error < row.neurons_error / 5
    assert abs(row.step_error) < 0.02


def test_without_mesoscopic_equations_sizes_tell_and_the_refusal_is_kept() -> None:
    found = heddle.validate(quadratic(), duration=1000, step=0.5, threads=1)
    assert (found.level, found.joined, found.finite_size_by) == ("quadratic", True, "sizes")
    assert found.quenched
    assert "qif neurons have no hazard" in found.refused["mesoscopic"]
    row = found.row("rate", "A")
    assert row.transfer is None
    assert row.finite_size.estimate + row.closure.estimate == pytest.approx(row.total.estimate)
    assert "closure and transfer are one number" in found.statement


def test_rate_units_of_neurons_that_differ_are_compared_by_sizes_statistics() -> None:
    """Thresholds that differ: no age-structured equation; the rate unit is right to 3 %, and its
    interval, with two degrees of freedom, is left by the truth once in twenty."""
    neuron = EscapeNeuron(I_e=200.0, reset=False, t_ref=0.0, hazard="softplus")
    spread = {"V_T_star": Distribution(kind="normal", location=15.0, scale=1.0)}
    circuit = Circuit([Population("A", 2000, neuron, quenched=spread)])
    found = heddle.validate(circuit, duration=1000, step=0.5, threads=1)
    assert (found.level, found.joined) == ("rate_units", True)
    assert "V_T_star" in found.refused["mesoscopic"]
    row = found.row("rate", "A")
    assert row.reduction == pytest.approx(row.neurons, rel=0.03)


def test_sizes_extrapolate_fluctuations_to_none() -> None:
    """Leaky neurons alone: the deviation falls as 1 / √N, so that its finite size is all of it."""
    neuron = heddle.LeakyNeuron(I_e=450.0)
    circuit = Circuit([Population("A", 200, neuron, noise=heddle.Noise(sigma=5.0))])
    found = heddle.validate(circuit, duration=3000, networks=2, threads=1)
    assert found.level == "stationary"
    row = found.row("deviation", "A")
    assert row.finite_size.low < -row.neurons < row.finite_size.high
    assert found.row("rate", "A").verdict in {"within", "undecided"}


def test_a_circuit_that_nothing_describes_has_no_reduction_but_its_other_errors() -> None:
    spread = {"V_reset": Distribution(kind="normal", location=0.0, scale=2.0)}
    neuron = EscapeNeuron(I_e=300.0)
    circuit = Circuit([Population("A", 100, neuron, quenched=spread)])
    found = heddle.validate(circuit, networks=2, **SHORT)
    assert (found.level, found.passed) == ("none", None)
    assert "rate_units: " in found.refused["reduction"]
    assert "ages: " in found.refused["reduction"]
    assert found.row("rate", "A").finite_size is not None
    assert found.row("rate", "A").total is None
    with pytest.raises(heddle.DomainError, match="V_reset"):
        heddle.validate(circuit, "ages", **SHORT)


def test_neurons_that_run_away_are_a_result() -> None:
    wild = alone(I_e=20_000.0, t_ref=0.1)
    found = heddle.validate(wild, **SHORT)
    assert found.rows == ()
    assert not found.trusted
    assert "population 'A'" in found.statement


def stepped(**changes: object) -> Circuit:
    """Neurons without reset that meet a step of current."""
    quiet = alone(500, I_e=175.0, reset=False, t_ref=0.0, **changes)
    current = CurrentInput(times=[0.0, 300.0], values=[[0.0, 75.0]])
    return Circuit(quiet.populations, inputs=[Input("A", current)])


def slow(circuit: Circuit) -> heddle.RateEquations:
    """Rate units whose membrane is 1.5 times too slow, with the same stationary rate."""
    for name, value in (("tau_m", 30.0), ("C_m", 375.0)):
        circuit = with_value(circuit, f"populations.A.neuron.{name}", value)
    return heddle.rate_unit_equations(circuit)


def test_a_response_that_is_too_slow_is_found_where_its_rate_is_right() -> None:
    how = {"duration": 2000, "transient": 300, "step": 0.5, "threads": 1, "tolerance": 0.05}
    right = heddle.validate(stepped(), **how)
    assert right.level == "rate_units"
    assert right.row("response", "A").verdict == "within"
    assert right.row("rate", "A").neurons > 40  # After the step: 4 Hz before it.
    assert right.passed
    rates = right.row("rate", "A").reduction
    static = heddle.validate(stepped(), lambda _: [rates], **how)
    assert static.row("response", "A").verdict == "not described"
    assert static.passed
    wrong = heddle.validate(stepped(), slow, **how)
    row = wrong.row("response", "A")
    assert wrong.row("rate", "A").verdict == "within"
    assert row.verdict == "outside"
    assert row.largest == "transfer"
    assert row.transfer.estimate == pytest.approx(row.total.estimate, abs=0.01)
    assert not wrong.passed
    assert "the response of A is outside" in wrong.statement


def test_distances_of_curves_are_unbiased_and_their_intervals_hold_statistics() -> None:
    """Noise that is correlated over time, 20 trials: of 300 intervals for a distance of 0 those
    with 95 % start above 0 in 2.5 %, more than 18 with a probability of 0.1 %; of as many for a
    distance of 1, 5 % miss it, more than 28 with a probability of 0.1 %; twice that is allowed."""
    rng = np.random.default_rng(5)
    curve = np.sqrt(2) * np.sin(np.arange(100) * 2 * np.pi / 100)
    squares, zero, missed = [], 0, 0
    for _ in range(300):
        noise = np.cumsum(rng.normal(size=(20, 100)), axis=1) / 4
        zero += _distance(noise, np.zeros((1, 100)), 1.0).significant
        term = _distance(noise + curve, np.zeros((1, 100)), 1.0)
        squares.append(term.estimate**2)
        missed += not term.low <= 1 <= term.high
    assert np.mean(squares) == pytest.approx(1, abs=5 * np.std(squares) / np.sqrt(300))
    assert zero <= 18
    assert missed <= 56


def both(rule: object, weight: object = 1.0, **more: object) -> Circuit:
    sizes = {"A": 60, "B": 90}
    return Circuit(
        [Population(name, size, EscapeNeuron()) for name, size in sizes.items()],
        [
            Projection("A", "B", rule, weight=weight, delay=1.0, **more),
            Projection("B", "B", rule, weight=weight, delay=1.0),
        ],
    )


def mean_inputs(circuit: Circuit) -> np.ndarray:
    """Summed weights of a neuron, mean over neurons, of each projection."""
    found = []
    for k, projection in enumerate(circuit.projections):
        edges = heddle.edges_of(circuit, k, seed=3)
        size = circuit.populations[circuit.index(projection.target)].size
        found.append(np.sum(edges.weight) / size)
    return np.array(found)


@pytest.mark.parametrize("keep", ["probability", "indegree"])
@pytest.mark.parametrize(
    "rule",
    [
        AllToAll(),
        FixedIndegree(indegree=7),
        FixedOutdegree(outdegree=12),
        FixedTotal(synapses=1000),
        Bernoulli(p=0.2),
        CorrelatedDegrees(p=0.2, in_cv=0.3, out_cv=0.2),
    ],
    ids=lambda rule: type(rule).__name__,
)
def test_a_scaled_circuit_has_the_same_mean_inputs_statistics(rule: object, keep: str) -> None:
    """Drawn numbers of synapses have a relative standard deviation below 3 %: six of them."""
    circuit = both(rule)
    larger = scaled(circuit, 3, keep=keep)
    assert [p.size for p in larger.populations] == [180, 270]
    drawn = isinstance(rule, (Bernoulli, CorrelatedDegrees))
    accuracy = 0.18 if drawn else 1e-6  # weights are stored in single precision
    np.testing.assert_allclose(mean_inputs(larger), mean_inputs(circuit), rtol=accuracy)
    weight = larger.projections[1].weight.location
    if drawn and keep == "probability":
        assert weight == pytest.approx(89 / 269, rel=1e-12)
    if keep == "indegree" and not isinstance(rule, AllToAll):
        assert weight == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("keep", ["probability", "indegree"])
def test_given_edges_are_lifted_and_low_rank_weights_repeated(keep: str) -> None:
    rng = np.random.default_rng(1)
    edges = Edges(
        source=rng.integers(0, 60, 300),
        target=rng.integers(0, 60, 300),
        weight=rng.normal(size=300),
    )
    circuit = both(edges)
    larger = scaled(circuit, 2, keep=keep)
    np.testing.assert_allclose(mean_inputs(larger), mean_inputs(circuit), rtol=1e-6)
    assert len(larger.projections[0].rule.source) == (1200 if keep == "probability" else 600)
    tables = {"left": rng.normal(size=(90, 2)), "right": rng.normal(size=(60, 2))}
    low = both(AllToAll(), 0.5, **tables)
    np.testing.assert_allclose(mean_inputs(scaled(low, 2, keep=keep)), mean_inputs(low), rtol=1e-6)
    with pytest.raises(heddle.DomainError, match=r"edges are given one by one.*found 1\.5"):
        scaled(circuit, 1.5)


def test_what_stays_per_neuron_stays_as_a_circuit_grows() -> None:
    rows = CurrentInput(times=[0.0], values=np.arange(60.0)[:, None])
    poisson = PoissonInput(9.0, 1.0, Synapse())
    onto_itself = Projection("A", "A", OneToOne(), weight=1.0, delay=1.0, autapses=True)
    inputs = [Input("A", rows), Input("A", poisson)]
    circuit = Circuit(alone(60).populations, [onto_itself], inputs)
    larger = scaled(circuit, 2)
    assert larger.projections[0].weight.location == 1.0
    assert larger.inputs[0].drive.values.shape == (120, 1)
    assert larger.inputs[1].drive.rate == 9.0
    assert scaled(ei_gif(p=0.2), 0.5).populations[0].size == 400
    with pytest.raises(heddle.DomainError, match="keep is 'probabilty'; did you mean"):
        scaled(circuit, 2, keep="probabilty")


def test_places_in_a_circuit_are_found_by_name_or_refused_with_a_hint() -> None:
    circuit = brunel(200)
    assert with_value(circuit, "populations.E.neuron.V_th", 18.0).populations[0].neuron.V_th == 18
    assert with_value(circuit, "populations.I.size", 70.4).populations[1].size == 70
    assert with_value(circuit, "projections.I->E.weight", -1.0).projections[2].weight.location == -1
    assert with_value(circuit, "inputs.0.rate", 7.0).inputs[0].drive.rate == 7.0
    assert with_value(circuit, "populations.E.noise.sigma", 2.0).populations[0].noise.sigma == 2.0
    assert with_value(circuit, "scale", 2.0).size == 400
    for path, said in [
        ("populations.E.neuron.V_thr", "did you mean 'V_th'"),
        ("population.E.size", "did you mean 'populations'"),
        ("projections.E->K.weight", "there is no 'E->K'"),
        ("populations.E.neuron", "is no number; go on with one of its parts: C_m"),
        ("populations.E.quenched.V_m", "is a law; name its part"),
        ("populations.E.size.x", "there is nothing below 'x'"),
    ]:
        with pytest.raises(heddle.DomainError, match=said):
            with_value(circuit, path, 1.0)


X = ("populations.A.neuron.I_e", [250.0, 300.0])
Y = ("scale", [0.5, 1.0, 2.0])
QUICK = {"duration": 300.0, "transient": 100.0, "networks": 2, "step": 0.5}


def test_a_map_that_was_interrupted_goes_on_with_the_same_bits(tmp_path: Path) -> None:
    whole = heddle.validity_map(alone(60), X, Y, **QUICK)
    assert whole.done.all()
    assert whole.valid.shape == (3, 2)
    store = tmp_path / "map.h5"

    def stop(done: int, of: int) -> None:
        assert of == 6
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        heddle.validity_map(alone(60), X, Y, store=store, progress=stop, **QUICK)
    assert heddle.load_validity_map(store).done.sum() == 2
    seen: list[int] = []
    with ThreadPoolExecutor(2) as executor:
        again = heddle.validity_map(
            alone(60),
            X,
            Y,
            store=store,
            executor=executor,
            progress=lambda done, _: seen.append(done),
            **QUICK,
        )
    assert seen == [3, 4, 5, 6]
    for found in (again, heddle.load(store)):
        np.testing.assert_array_equal(found.error, whole.error)
        np.testing.assert_array_equal(found.reach, whole.reach)
        assert found.levels == ["ages"] * 6
    with pytest.raises(heddle.DomainError, match="holds a map with duration 300"):
        heddle.validity_map(alone(60), X, Y, store=store, **{**QUICK, "duration": 400.0})
    with pytest.raises(heddle.DomainError, match="holds a map with circuit"):
        heddle.validity_map(alone(61), X, Y, store=store, **QUICK)


def sometimes(x: float, y: float) -> Circuit:
    """With a reset above the threshold where y is 1: no rate unit."""
    return alone(40, I_e=x, V_reset=20.0 if y > 0.5 else 0.0, t_ref=0.0)


def test_points_that_a_level_refuses_keep_the_reason_and_are_hatched(tmp_path: Path) -> None:
    how = {**QUICK, "level": "rate_units"}
    found = heddle.validity_map(sometimes, ("I_e", [200.0, 240.0]), ("reset", [0.0, 1.0]), **how)
    np.testing.assert_array_equal(found.refused, [[False, False], [True, True]])
    assert all("V_reset" in reason for reason in found.reasons[2:])
    assert found.levels == ["rate_units"] * 2 + ["none"] * 2
    assert "2 refused" in found.statement
    figure = validity(found)
    assert sum(patch.get_hatch() == "////" for patch in figure.axes[0].patches) == 2
    path = tmp_path / "map.png"
    figure.savefig(path)
    assert path.stat().st_size > 1000


def test_the_picture_of_a_validation_has_all_its_terms() -> None:
    found = heddle.validate(alone(60), networks=2, **SHORT)
    figure = errors(found)
    assert len(figure.axes) == 2
    assert len(figure.axes[0].containers) == 5


def test_several_stable_solutions_are_named_and_one_may_be_chosen() -> None:
    noise = heddle.Noise(sigma=3.0)
    leaky = Population("E", 200, heddle.LeakyNeuron(I_e=150.0), noise=noise)
    excites = Projection(
        "E", "E", FixedIndegree(indegree=100), weight=0.8, delay=1.0, synapse=Synapse("delta")
    )
    circuit, how = Circuit([leaky], [excites]), {"duration": 300.0, "step": 0.5, "networks": 1}
    found = heddle.validate(circuit, **how)
    assert found.level == "none"
    assert "2 stable solutions, with rates of (0.02038) and (405.9) Hz" in found.statement
    low = heddle.validate(circuit, lambda _: [0.02038], **how)
    assert low.row("rate", "E").reduction == 0.02038


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"level": "agess"}, "did you mean 'ages'"),
        ({"duration": 50.0}, "at least 256 bins"),
        ({"step": 0.3}, "a multiple of the step"),
        ({"networks": 0}, "networks is 0"),
        ({"tolerance": 0.0}, "tolerance is 0"),
        ({"trials": 3}, "trials is 3"),
        ({"response_tolerance": 0.0}, "response_tolerance is 0"),
        ({"level": lambda _: [1.0, 2.0]}, "for each of 1 populations"),
    ],
)
def test_bad_arguments_are_named(change: dict, said: str) -> None:
    with pytest.raises(heddle.DomainError, match=said):
        heddle.validate(alone(), **{**SHORT, **change})


def test_bad_axes_are_named() -> None:
    with pytest.raises(heddle.DomainError, match="x needs finite values that rise"):
        heddle.validity_map(alone(), ("scale", [2.0, 1.0]), Y)
    with pytest.raises(heddle.DomainError, match="did you mean 'deviation'"):
        heddle.validity_map(alone(), X, Y, observable="deviatoin")
