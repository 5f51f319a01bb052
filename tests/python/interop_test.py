"""Circuits in NEST and Brian2: spike by spike where nothing is random."""

import numpy as np
import pytest
from peers import needs, own_trains, run_peer, trains

import heddle

SYNAPSES = {
    "delta": (heddle.Synapse(kind="delta"), 0.4),
    "exponential": (heddle.Synapse(kind="exponential", tau_syn=2.0), 40.0),
    "alpha": (heddle.Synapse(kind="alpha", tau_syn=1.5), 30.0),
}


def deterministic(kind: str) -> heddle.Circuit:
    """Fifty leaky neurons, each with its own constant current, steps, and 600 given synapses."""
    rng = np.random.default_rng(3)
    n, number = 50, 600
    synapse, weight = SYNAPSES[kind]
    source, target = rng.integers(n, size=number), rng.integers(n, size=number)
    weights = np.float32(weight * np.where(source < 40, 1.0, -2.0) * rng.uniform(0.5, 1.5, number))
    neuron = heddle.LeakyNeuron(tau_m=10.0, C_m=250.0, E_L=-65.0, V_th=-50.0, V_reset=-65.0)
    levels = np.stack(
        [rng.uniform(300, 480, n), rng.uniform(200, 500, n), rng.uniform(350, 400, n)]
    )
    return heddle.Circuit(
        populations=[heddle.Population(name="A", size=n, neuron=neuron)],
        projections=[
            heddle.Projection(
                source="A",
                target="A",
                rule=heddle.Edges(
                    source=source,
                    target=target,
                    weight=weights.astype(float),
                    delay=np.round(rng.uniform(0.5, 4.0, number), 1),
                ),
                synapse=synapse,
                weight=0.0,
                delay=1.0,
                autapses=True,
            )
        ],
        inputs=[
            heddle.Input(
                target="A",
                drive=heddle.CurrentInput(times=[0.0, 150.0, 300.0], values=levels.T),
            )
        ],
    )


@pytest.mark.parametrize("kind", SYNAPSES)
@pytest.mark.parametrize(
    "peer",
    [pytest.param("nest", marks=needs("nest")), pytest.param("brian2", marks=needs("brian2"))],
)
def test_given_edges_and_steps_give_the_spikes_of_the_peer_one_by_one(peer, kind, tmp_path):
    circuit = deterministic(kind)
    options = {"target": "numpy"} if peer == "brian2" else {}
    theirs = trains(run_peer(peer, circuit, tmp_path, duration=500.0, **options), "A")
    ours = heddle._core.simulate(circuit, duration=500.0, spike_times="grid", keep_spikes=True)
    assert len(theirs) > 500
    assert own_trains(ours, "A") == theirs


def conducting(kind: str, law: object) -> heddle.Circuit:
    """Thirty leaky neurons with currents of their own, whose spikes excite and inhibit twenty."""
    rng = np.random.default_rng(7)
    source = heddle.LeakyNeuron(tau_m=10.0, C_m=250.0, E_L=-65.0, V_th=-50.0, V_reset=-65.0)

    def projection(number: int, tau_syn: float, E_rev: float) -> heddle.Projection:
        edges = heddle.Edges(
            source=rng.integers(30, size=number),
            target=rng.integers(20, size=number),
            weight=np.float32(rng.uniform(1.5, 4.5, number)).astype(float),
            delay=np.round(rng.uniform(0.5, 4.0, number), 1),
        )
        synapse = heddle.Synapse(kind=kind, tau_syn=tau_syn, conductance=True, E_rev=E_rev)
        return heddle.Projection("S", "A", edges, 0.0, 1.0, synapse=synapse)

    drive = heddle.CurrentInput(times=[0.0], values=rng.uniform(380, 600, (30, 1)))
    return heddle.Circuit(
        populations=[heddle.Population("S", 30, source), heddle.Population("A", 20, law)],
        projections=[projection(150, 2.0, 0.0), projection(60, 5.0, -80.0)],
        inputs=[heddle.Input("S", drive)],
    )


def apart(ours, theirs, population: str) -> np.ndarray:
    """Distances between spikes, ms, of neurons that spike as often as those of the peer."""
    found, expected = (
        np.array(sorted((neuron, time) for time, neuron in spikes))
        for spikes in (own_trains(ours, population), trains(theirs, population))
    )
    assert found[:, 0].tolist() == expected[:, 0].tolist()
    return np.abs(found[:, 1] - expected[:, 1])


@pytest.mark.parametrize("kind", ["exponential", "alpha"])
@pytest.mark.parametrize(
    "peer",
    [pytest.param("nest", marks=needs("nest")), pytest.param("brian2", marks=needs("brian2"))],
)
def test_conductances_give_the_spikes_of_the_peer_but_for_those_that_graze(peer, kind, tmp_path):
    """NEST's steps adapt themselves and Brian2's are of fourth order; ours are of second, off by
    0.001 mV: what a potential rises in a hundredth of a step, unless it grazes the threshold."""
    law = heddle.LeakyNeuron(tau_m=15.0, C_m=200.0, E_L=-65.0, V_th=-52.0, V_reset=-60.0, I_e=120.0)
    circuit = conducting(kind, law)
    options = {"target": "numpy"} if peer == "brian2" else {}
    theirs = run_peer(peer, circuit, tmp_path, duration=200.0, **options)
    ours = heddle.simulate(circuit, duration=200.0, spike_times="grid", keep_spikes=True)
    assert apart(ours, theirs, "S").max() == 0
    distances = apart(ours, theirs, "A")
    assert len(distances) > 100
    assert np.mean(distances > 0) < 0.03
    assert distances.max() < 0.15  # one step


@pytest.mark.parametrize(
    ("peer", "step"),
    [
        pytest.param("nest", 0.1, marks=needs("nest")),
        pytest.param("brian2", 0.02, marks=needs("brian2")),
    ],
)
def test_adaptive_exponential_neurons_with_conductances_fire_when_those_of_the_peer_do(
    peer, step, tmp_path
):
    """To a fifth of a millisecond, most of them. Brian2 takes Euler's steps: short ones here."""
    law = heddle.ExponentialNeuron(
        C_m=200.0, g_L=12.0, E_L=-70.0, E_w=-70.0, V_peak=-20.0, t_ref=1.0, I_e=300.0
    )
    circuit = conducting("exponential", law)
    options = {"target": "numpy"} if peer == "brian2" else {}
    theirs = run_peer(peer, circuit, tmp_path, duration=120.0, step=step, **options)
    ours = heddle.simulate(circuit, duration=120.0, step=step, spike_times="grid", keep_spikes=True)
    distances = apart(ours, theirs, "A")
    assert len(distances) > 20
    assert np.median(distances) < 0.2
    assert distances.max() < 2.0


def alone(neuron: str | object, size: int = 1, **fields) -> heddle.Circuit:
    return heddle.Circuit(
        populations=[heddle.Population(name="A", size=size, neuron=neuron, **fields)]
    )


@needs("brian2")
def test_the_quadratic_neuron_of_brian2_fires_at_the_closed_form_rate(tmp_path):
    eta, tau = 4.0, 10.0  # period π τ / √η
    circuit = alone(heddle.QuadraticNeuron(tau_m=tau, eta=eta))
    spikes = run_peer("brian2", circuit, tmp_path, duration=400.0, target="numpy")
    intervals = np.diff(spikes["A/times"])
    assert len(intervals) > 20
    assert np.mean(intervals) == pytest.approx(np.pi * tau / np.sqrt(eta), abs=0.1 / 20)


@needs("nest")
def test_adaptation_around_another_potential_than_rest_fires_in_nest_as_here(tmp_path):
    """NEST knows no E_w: the script shifts w and I_e instead."""
    neuron = heddle.ExponentialNeuron(I_e=1200.0, E_w=-60.0, a=6.0)
    circuit = alone(neuron)
    theirs = run_peer("nest", circuit, tmp_path, duration=1000.0, step=0.05)["A/times"]
    ours = heddle.simulate(
        circuit, duration=1000.0, step=0.05, spike_times="grid", keep_spikes=True
    ).spikes[0]
    assert len(theirs) == len(ours) > 10
    assert np.max(np.abs(theirs - ours)) < 0.005 * 1000.0


def noisy(**noise) -> dict:
    return {"noise": heddle.Noise(**noise)}


ADAPTING = {"adaptation": [heddle.Adaptation(kind="current", tau=50.0, q=5.0)]}


@pytest.mark.parametrize(
    ("circuit", "words"),
    [
        (alone(heddle.QuadraticNeuron()), "quadratic"),
        (alone(heddle.EscapeNeuron(hazard="softplus")), "softplus hazard"),
        (alone(heddle.EscapeNeuron(reset=False)), "leave the potential alone"),
        (alone(heddle.LeakyNeuron(), **ADAPTING), "adaptation"),
        (alone(heddle.LeakyNeuron(), **noisy(sigma=1.0, tau=5.0)), "coloured noise"),
        (alone(heddle.ExponentialNeuron(), **noisy(sigma=1.0)), "white noise"),
        (
            heddle.Circuit(
                populations=[heddle.Population(name="A", size=2, neuron=heddle.LeakyNeuron())],
                inputs=[heddle.Input(target="A", drive=heddle.OrnsteinUhlenbeckInput(sigma=10.0))],
            ),
            "Ornstein-Uhlenbeck",
        ),
    ],
)
def test_what_nest_lacks_is_refused_by_name_and_written_for_brian2(circuit, words, tmp_path):
    with pytest.raises(heddle.DomainError, match=words):
        heddle.export_nest(circuit, tmp_path / "nest.py")
    script = heddle.export_brian2(circuit, tmp_path / "brian.py")
    compile(script.read_text(encoding="utf-8"), script, "exec")


@pytest.mark.parametrize("make", [heddle.circuits.ei_gif, heddle.circuits.microcircuit])
@pytest.mark.parametrize("export", [heddle.export_nest, heddle.export_brian2])
def test_a_circuit_gives_one_script_whenever_it_is_exported(make, export, tmp_path):
    first, second = (export(make(), tmp_path / "a.py").read_text("utf-8") for _ in range(2))
    assert first == second
    compile(first, "a.py", "exec")


@pytest.mark.parametrize("export", [heddle.export_nest, heddle.export_brian2])
def test_bad_arguments_of_an_export_are_named(export, tmp_path):
    circuit = heddle.circuits.ei_gif(100)
    with pytest.raises(heddle.DomainError, match=r"ends in \.py"):
        export(circuit, tmp_path / "script.txt")
    with pytest.raises(heddle.DomainError, match="rules"):
        export(circuit, tmp_path / "script.py", synapses="all")
    with pytest.raises(heddle.DomainError, match="step"):
        export(circuit, tmp_path / "script.py", step=-0.1)


def test_the_microcircuit_has_the_published_number_of_neurons_and_synapses():
    """Potjans & Diesmann (2014): 77,169 neurons and about 0.3 billion synapses."""
    circuit = heddle.circuits.microcircuit()
    assert sum(p.size for p in circuit.populations) == 77_169
    assert sum(p.rule.synapses for p in circuit.projections) == pytest.approx(2.99e8, rel=2e-3)


@pytest.mark.parametrize("scale", [0.0, 0.001, 1.5])
def test_a_microcircuit_of_impossible_size_is_refused(scale):
    with pytest.raises(heddle.DomainError, match="scale"):
        heddle.circuits.microcircuit(scale)
