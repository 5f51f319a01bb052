"""Gains and phases of rates that follow a modulated current, at every level of a validation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import heddle
from heddle import Circuit, CurrentInput, EscapeNeuron, Input, LeakyNeuron, Population
from heddle.circuits import adapting_population, ei_gif
from heddle.plot.validity import validity
from heddle.validation import Modulation
from heddle.validation.harmonics import Harmonics
from heddle.validation.levels import Times, run_ages
from heddle.validation.modulation import modulated

TIMES = Times(duration=1600.0, transient=400.0, step=0.5, bin=1.0)
BOTH = ["gain", "phase"]


def alone(size: int = 4000) -> Circuit:
    """Neurons that do not hear each other."""
    return Circuit([Population("A", size, EscapeNeuron(Delta_V=2.5, I_e=300.0))])


def curve(frequency: float, gain: float, phase: float, amplitude: float) -> np.ndarray:
    """20 + gain × amplitude × cos(2π f t + phase), exactly averaged over bins, as if the current
    were not held during them; degrees."""
    edges = TIMES.transient + TIMES.bin * np.arange(round(TIMES.duration / TIMES.bin) + 1)
    angle = 2e-3 * np.pi * frequency * edges + np.radians(phase)
    mean = np.diff(np.sin(angle)) / np.diff(angle)
    return 20 + gain * amplitude * mean[None]


@pytest.mark.parametrize("frequency", [5.0, 17.3, 125.0])
def test_gain_and_phase_of_a_known_curve_are_exact_but_for_the_held_current(
    frequency: float,
) -> None:
    """A current held during bins has sinc(f bin) of its first harmonic; that is taken out."""
    found = Harmonics(Modulation(frequency, 4.0), TIMES).certain(
        curve(frequency, 0.3, -70.0, 4.0), np.zeros(1)
    )
    assert found.estimate[0] == pytest.approx(0.3 / np.sinc(frequency * 1e-3), rel=1e-9)
    assert found.estimate[1] == pytest.approx(-70, abs=1e-9)


def distance_to_linear_theory(amplitude: float) -> complex:
    """Of the age-structured equations, relative."""
    modulation = Modulation(30.0, amplitude)
    estimates = Harmonics(modulation, TIMES)
    activity = run_ages(modulated(alone(), modulation, TIMES), TIMES).activity
    ours = estimates.certain(np.asarray(activity), np.zeros(1)).estimate
    theory = estimates.linear(alone()).estimate
    return ours[0] / theory[0] * np.exp(1j * np.radians(ours[1] - theory[1])) - 1


def test_ages_leave_linear_theory_as_the_square_of_the_amplitude() -> None:
    """Order of convergence 2, once the error of the time step, alike for both, is taken away."""
    least = distance_to_linear_theory(0.5)
    assert abs(least) < 2e-3
    far = [abs(distance_to_linear_theory(amplitude) - least) for amplitude in (20.0, 40.0)]
    assert np.log2(far[1] / far[0]) == pytest.approx(2, abs=0.1)


def test_intervals_of_gain_and_phase_hold_what_they_say_statistics() -> None:
    """Correlated noise, 400 recordings: intervals of 95 % miss in 20 of them, more than 38 or
    fewer than 5 with a probability below 1e-4."""
    rng = np.random.default_rng(3)
    estimates = Harmonics(Modulation(20.0, 1.0), TIMES)
    clean = curve(20.0, 1.5, 100.0, 1.0)
    truth = np.array([1.5 / np.sinc(0.02), 100.0])
    missed = np.zeros(2)
    for _ in range(400):
        white = rng.normal(size=1800)
        noise = np.convolve(white, np.exp(-np.arange(200) / 10.0), mode="full")[200:1800]
        found = estimates.pooled([Recording(clean + 3 * noise)], quenched=False)
        missed += np.abs(found.estimate - truth) > found.reach()
    assert (missed <= 38).all()
    assert (missed >= 5).all()


class Recording:
    def __init__(self, activity: np.ndarray) -> None:
        self.activity, self.names, self.bin = activity, ["A"], 1.0


def test_neurons_follow_as_linear_theory_says_statistics() -> None:
    """Two numbers within four standard errors, 45 degrees of freedom: false alarms 5e-4; a wrong
    sign of the phase would be 60 degrees off."""
    how = {"duration": 2000.0, "transient": 200.0, "step": 0.5, "networks": 2, "threads": 1}
    modulation = Modulation(30.0, 20.0)
    found = heddle.validate(alone(), "linear", modulation=modulation, observables=BOTH, **how)
    assert [str(row.observable) for row in found.rows] == ["gain A", "phase A"]
    assert [row.observable.unit for row in found.rows] == ["Hz/pA", "degrees"]
    for row in found.rows:
        assert abs(row.total.estimate) < 4 * row.total.standard_error + 0.01 * abs(row.neurons)
        parts = row.finite_size.estimate + row.closure.estimate + row.transfer.estimate
        assert parts == pytest.approx(row.total.estimate, abs=1e-9)
    assert -80 < found.row("phase", "A").neurons < -20
    assert found.row("phase", "A").neurons_error < 4
    assert "the gain of A at 30 Hz is" in found.statement
    assert found.statement.startswith("linear: ")
    assert found.modulation == modulation


def test_only_the_chosen_population_gets_the_current() -> None:
    circuit = modulated(ei_gif(p=1), Modulation(20.0, 10.0, ("I",)), TIMES)
    added = circuit.inputs[-1]
    assert added.target == "I"
    assert len(circuit.inputs) == len(ei_gif(p=1).inputs) + 1
    assert isinstance(added.drive, CurrentInput)
    assert np.abs(added.drive.values).max() <= 10
    assert len(added.drive.times) == 2000


def test_rate_units_lead_a_slow_current_as_their_neurons_do_statistics() -> None:
    """At 0.5 Hz adaptation makes both lead by more than 10 degrees, eight standard errors and
    more from none; they are apart by five standard errors at most, 15 degrees of freedom: false
    alarms 3e-4 in all."""
    how = {"duration": 16000.0, "step": 1.0, "networks": 1, "threads": 1, "observables": BOTH}
    modulation = Modulation(0.5, 20.0)
    circuit = adapting_population(500, cv=0.5)
    found = heddle.validate(circuit, "rate_units", modulation=modulation, **how)
    assert (found.level, found.joined) == ("rate_units", True)
    phase = found.row("phase", "E")
    assert phase.neurons > 10
    assert phase.reduction > 10
    for row in found.rows:
        assert abs(row.total.estimate) < 5 * row.total.standard_error


def test_theories_of_rates_have_no_gain_and_say_which_levels_do() -> None:
    leaky = Circuit([Population("A", 50, LeakyNeuron(I_e=400.0), noise=heddle.Noise(sigma=4.0))])
    how = {"duration": 400.0, "transient": 50.0, "step": 0.5, "networks": 1, "threads": 1}
    modulation = Modulation(20.0, 20.0)
    found = heddle.validate(leaky, modulation=modulation, observables=BOTH, **how)
    assert found.level == "stationary"
    assert found.passed is None
    assert {row.verdict for row in found.rows} == {"not described"}
    assert "this level has no gain and no phase" in found.statement
    described = heddle.validate(leaky, "linear", modulation=modulation, observables=BOTH, **how)
    assert described.row("gain", "A").total is not None


def test_the_mesoscopic_level_is_wrong_by_its_closure_alone() -> None:
    how = {"duration": 4000.0, "transient": 200.0, "step": 0.5, "networks": 1, "threads": 1}
    found = heddle.validate(alone(200), "mesoscopic", **how)
    for row in found.rows:
        assert row.total.estimate == pytest.approx(row.closure.estimate, abs=1e-12)
        assert (row.finite_size.estimate, row.transfer.high) == (0, 0)
    assert {row.observable.kind for row in found.rows} == {"rate", "deviation", "power"}


def test_linear_theory_has_the_powers_and_deviations_of_neurons_statistics() -> None:
    """Neurons that do not hear each other, where it is exact: 9 numbers within 5 standard errors,
    120 degrees of freedom or more for powers: false alarms 2e-5."""
    how = {"duration": 8000.0, "transient": 200.0, "step": 0.25, "networks": 1, "threads": 1}
    found = heddle.validate(alone(400), "linear", **how)
    assert len(found.rows) == 9
    for row in found.rows:
        assert abs(row.total.estimate) < 5 * row.total.standard_error
    assert found.row("deviation", "A").neurons_error < 0.05 * found.row("deviation", "A").neurons
    assert found.row("power", "A", (128, 256)).neurons_error < 0.05


QUICK = {"duration": 500.0, "transient": 100.0, "networks": 2, "step": 0.5}


def test_maps_over_frequency_and_amplitude_go_on_with_the_same_bits(tmp_path: Path) -> None:
    axes = ("modulation.frequency", [20.0, 50.0]), ("modulation.amplitude", [10.0, 80.0])
    how = {**QUICK, "level": "linear", "observable": "gain", "modulation": Modulation(20.0, 10.0)}
    whole = heddle.validity_map(alone(300), *axes, **how)
    assert whole.done.all()
    assert not whole.refused.any()
    gain = heddle.linear_response(alone(300), np.array([20.0, 50.0])).response
    near = np.abs([gain[0][0, 0], gain[1][0, 0]])
    # At 80 pA the gain is told to a few per cent: 4 standard errors and what is not linear.
    far = np.abs(whole.neurons[1, :, 0] - near)
    assert (far < 2.5 * whole.reach[4, 1, :, 0] + 0.1 * near).all()
    store = tmp_path / "map.h5"

    def stop(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        heddle.validity_map(alone(300), *axes, store=store, progress=stop, **how)
    again = heddle.validity_map(alone(300), *axes, store=store, **how)
    np.testing.assert_array_equal(again.error, whole.error)
    other = {**how, "modulation": Modulation(20.0, 10.0, ("A",))}
    with pytest.raises(heddle.DomainError, match="modulated all; expected A"):
        heddle.validity_map(alone(300), *axes, store=store, **other)
    assert validity(whole).axes[0].get_xlabel() == "modulation.frequency (Hz)"


def test_maps_of_phases_are_in_radians_those_of_responses_relative_already() -> None:
    axes = ("scale", [1.0, 2.0]), ("populations.A.neuron.I_e", [290.0, 300.0])
    modulation = Modulation(25.0, 60.0)
    how = {**QUICK, "level": "linear"}
    found = heddle.validity_map(alone(200), *axes, observable="phase", modulation=modulation, **how)
    expected = np.radians(np.abs(found.error[4, :, :, 0]))
    np.testing.assert_allclose(found.relative, expected, rtol=1e-12)
    step = CurrentInput([0.0, 300.0], [[0.0, 50.0]])
    stepped = Circuit(alone(200).populations, [], [Input("A", step)])
    found = heddle.validity_map(stepped, *axes, observable="response", **{**how, "level": "ages"})
    np.testing.assert_array_equal(found.relative, found.error[4, :, :, 0])
    assert (found.relative < 0.3).all()


def test_a_map_of_power_needs_an_octave_and_a_level_that_fluctuates() -> None:
    axes = ("scale", [1.0]), ("populations.A.neuron.I_e", [300.0])
    how = {**QUICK, "duration": 4000.0, "observable": "power", "band": (64.0, 128.0)}
    found = heddle.validity_map(alone(50), *axes, level="mesoscopic", **how)
    assert found.relative[0, 0] < 1
    assert not found.refused.any()
    found = heddle.validity_map(alone(50), *axes, level="ages", **how)
    assert found.refused.all()
    assert "'linear' and 'mesoscopic' have" in found.reasons[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"modulation": Modulation(2.0, 1.0)}, "expected at least 8: a duration of 4000 ms"),
        ({"modulation": Modulation(200.0, 1.0)}, "expected at most 125 Hz, 8 bins of 1 ms"),
        ({"modulation": Modulation(20.0, 1.0, ("AB",))}, "no population 'AB'; it has A"),
        ({"observables": ["gain"]}, "'gain', but they are those of a `modulation`"),
        ({"observables": ["power"]}, "'power', but powers are those of recordings of 4000 ms"),
        ({"observables": ["response"]}, "'response', but no current of the circuit changes"),
        ({"observables": ["rates"]}, "did you mean 'rate'"),
    ],
)
def test_bad_modulations_are_named_before_anything_runs(change: dict, said: str) -> None:
    with pytest.raises(heddle.DomainError, match=said):
        heddle.validate(alone(), duration=1000.0, **change)


def test_equations_that_are_given_do_not_hear_a_modulation() -> None:
    equations = heddle.rate_unit_equations(adapting_population(50))
    with pytest.raises(heddle.DomainError, match="do not hear the modulation; give a function"):
        heddle.validate(adapting_population(50), equations, modulation=Modulation(20.0, 1.0))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"observable": "gain"}, "a modulation belongs to 'gain' and 'phase'"),
        ({"observable": "power"}, "a band, such as"),
        ({"observable": "power", "band": (8.0, 16.0)}, "recordings of 4000 ms or more"),
        ({"observable": "power", "band": (8.0, 20.0), "duration": 4000.0}, r"one of \(2, 4\)"),
        ({"observable": "response"}, "no current of the circuit changes"),
        ({"observable": "gain", "modulation": Modulation(3.0, 1.0)}, "a duration of 2666"),
    ],
)
def test_bad_maps_are_named_before_anything_runs(change: dict, said: str) -> None:
    axes = ("scale", [1.0, 2.0]), ("populations.A.neuron.I_e", [300.0])
    with pytest.raises(heddle.DomainError, match=said):
        heddle.validity_map(alone(), *axes, **change)
    with pytest.raises(heddle.DomainError, match="is an axis, but there is no modulation"):
        heddle.validity_map(alone(), axes[0], ("modulation.frequency", [20.0]))
    with pytest.raises(heddle.DomainError, match="frequency of the modulation is -1"):
        Modulation(-1.0, 1.0)
