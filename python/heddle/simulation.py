"""`heddle.simulate`: the core's, within the memory there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from heddle import _core
from heddle._core import Circuit, Connectome, Probe, SpikeRecording
from heddle.memory import free_memory

Sink = Callable[[Any, Any], Any]


def simulate(
    circuit: Circuit,
    *,
    duration: float = 1000.0,
    transient: float = 0.0,
    step: float = 0.1,
    spike_times: str = "interpolated",
    seed: int = 0,
    threads: int = 1,
    bin: float = 1.0,
    keep_spikes: bool = False,
    probes: Sequence[Probe] = (),
    probe_interval: float = 0.0,
    runaway_rate: float = 500.0,
    memory: int | None = None,
    regenerate: bool = False,
    connectome: Connectome | None = None,
    sink: Sink | None = None,
    progress: Callable[[int, int], Any] | None = None,
) -> SpikeRecording:
    """Simulates a circuit of spiking populations.

    Linear membranes and synapses are propagated exactly; in-step spike times are solved for; a
    neuron with escape noise fires when its integrated hazard reaches an exponential number drawn
    at its last spike. White noise crosses thresholds between grid points with the probability of a
    Brownian bridge.

    duration        ms recorded
    transient       ms simulated before, not recorded; inputs count from its start
    step            ms
    spike_times     "interpolated": times inside the step, second order in the step; "grid": NEST's
                    convention, spikes and arrivals at grid points
    seed            of synapses, parameters and noise
    threads         0: one per core; any number gives the same bits
    bin             of activity and readouts, ms; a multiple of the step
    keep_spikes     in the recording; else they go to `sink` only
    probes          list of Probe: variables of some neurons to write down
    probe_interval  ms; the bin if 0
    runaway_rate    Hz: a population faster than this for 50 ms stops the run; 0: never
    memory          bytes that the synapses may take; 90 % of what is free if None; 0: no limit
    regenerate      draw the synapses of a neuron again whenever it fires, in place of storing
                    them: the same bits, for circuits that do not fit into memory; not for fixed
                    in-degrees
    connectome      a Connectome to use; drawn from the seed if None
    sink            sink(times, neurons), arrays in order of time: ms, and the neuron counted in
                    the circuit; what it raises stops the run
    progress        progress(done, total) in steps; what it raises stops the run, and if it returns
                    False the run ends there, with a recording of what came before

    Returns a SpikeRecording; one that was stopped says why in `statement`. Raises DomainError or
    ShapeError, naming what is wrong, before anything is drawn. O(N) a step and O(1) a synaptic
    event; 2 to 6 bytes a synapse, or, with `regenerate`, 20 to 40 ns a synaptic event.
    """
    return _core.simulate(
        circuit,
        duration=duration,
        transient=transient,
        step=step,
        spike_times=spike_times,
        seed=seed,
        threads=threads,
        bin=bin,
        keep_spikes=keep_spikes,
        probes=list(probes),
        probe_interval=probe_interval,
        runaway_rate=runaway_rate,
        memory=free_memory() if memory is None else memory,
        regenerate=regenerate,
        connectome=connectome,
        sink=sink,
        progress=progress,
    )
