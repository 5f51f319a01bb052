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
