"""How fast are circuits of spiking populations, beside NEST and Brian2 and what the machine can do?

Wall-clock seconds for each biological second, after a transient, medians of repeated runs, each in
a process of its own; a small C++ program measures memory and scattered additions beside them.
Peers run the scripts that `export_nest` and `export_brian2` write, for short times where they are
slow. `--small` runs everything on small circuits, to see that it works.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time

import spiking_peers
from table import show

import heddle

# Circuit, step (ms), recorded time (ms) of Heddle and of the peers.
CASES = {
    "gif": (heddle.circuits.ei_gif, 0.2, 20_000.0, 5000.0),
    "brunel": (heddle.circuits.brunel, 0.1, 2000.0, 500.0),
    "adex": (heddle.circuits.adex_network, 0.1, 2000.0, 500.0),
    "microcircuit": (heddle.circuits.microcircuit, 0.1, 2000.0, 500.0),
}
SMALL = {
    "gif": (lambda: heddle.circuits.ei_gif(500), 0.2, 500.0, 200.0),
    "brunel": (lambda: heddle.circuits.brunel(1000), 0.1, 200.0, 100.0),
    "adex": (lambda: heddle.circuits.adex_network(500, p=0.1), 0.1, 200.0, 100.0),
    "microcircuit": (lambda: heddle.circuits.microcircuit(0.02), 0.1, 200.0, 100.0),
}
ENGINES = {
    "Heddle": (1, 2),
    "Heddle, grid": (1,),
    "NEST": (1, 2),
    "Brian2": (1, 2),
}
# 0.3 billion synapses with a weight and a delay of their own are 28 bytes each in Brian2, and as
# many again while they are made.
TOO_LARGE = {("Brian2", "microcircuit")}
TRANSIENT = 200.0


def heddle_run(circuit, threads: int, spike_times: str, times: dict[str, float]) -> dict:
    """The transient is left out of the time of the run."""
    marks = []

    def progress(done: int, _total: int) -> None:
        marks.append((done * times["step"], time.perf_counter()))

    recording = heddle.simulate(
        circuit, threads=threads, spike_times=spike_times, progress=progress, **times
    )
    whole = times["duration"] + times["transient"]
    marks.append((whole, time.perf_counter()))
    since = next(mark for mark in marks if mark[0] >= times["transient"])
    left = (whole - since[0]) / times["duration"]
    return {
        "build_seconds": recording.build_seconds,
        "run_seconds": (marks[-1][1] - since[1]) / left if left > 0.5 else recording.run_seconds,
        "spikes": int(sum(recording.counts)),
        "synapses": recording.synapses,
        "events": recording.events,
        "rates": [float(rate) for rate in recording.activity.mean(axis=1)],
        "peak_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


def measure(name: str, engine: str, threads: int, cases: dict) -> dict:
    """One run, of this process."""
    make, step, own, peers = cases[name]
    duration = own if engine.startswith("Heddle") else peers
    times = {"duration": duration, "transient": TRANSIENT, "step": step}
    circuit = make()
    if engine in LESS:
        circuit = LESS[engine](circuit)
    if engine.startswith("Heddle"):
        spike_times = "grid" if "grid" in engine else "interpolated"
        found = heddle_run(circuit, threads, spike_times, times)
    else:
        found = spiking_peers.run(engine, circuit, spiking_peers.python(), threads, times)
    neurons = sum(p.size for p in circuit.populations)
    return {
        **found,
        "neuron_steps": neurons * duration / step,
        "biological_seconds": duration / 1e3,
    }


def without_projections(circuit: heddle.Circuit) -> heddle.Circuit:
    return heddle.Circuit(populations=circuit.populations, inputs=circuit.inputs)


def without_weights(circuit: heddle.Circuit) -> heddle.Circuit:
    """Spikes arrive and do nothing: neurons fire as without projections."""
    mute = [
        heddle.Projection(**{**{f: getattr(p, f) for f in p._fields}, "weight": 0.0})
        for p in circuit.projections
    ]
    return heddle.Circuit(circuit.populations, mute, circuit.inputs)


LESS = {
    "Heddle without synapses": without_projections,
    "Heddle without weights": without_weights,
}


def repeated(name: str, engine: str, threads: int, options: argparse.Namespace) -> dict:
    """Medians over processes."""
    case = [sys.executable, __file__, "--case", name, engine, str(threads)]
    runs = [
        json.loads(
            subprocess.run(
                case + ["--small"] * options.small, check=True, stdout=subprocess.PIPE
            ).stdout
        )
        for _ in range(options.repeat)
    ]
    medians = {
        key: statistics.median(run[key] for run in runs)
        for key in ("build_seconds", "run_seconds", "peak_gib")
    }
    return {**runs[0], **medians, "circuit": name, "engine": engine, "threads": threads}


def events_of(row: dict, rows: list[dict]) -> float:
    """A second: Heddle counts them; a peer has as many for each spike."""
    own = next(r for r in rows if r["circuit"] == row["circuit"] and "events" in r)
    each = own["events"] / max(own["spikes"], 1)
    return row.get("events", each * row["spikes"]) / row["run_seconds"]


def cells(row: dict, rows: list[dict]) -> list[str]:
    seconds = row["biological_seconds"]
    return [
        row["circuit"],
        row["engine"],
        str(row["threads"]),
        f"{row['run_seconds'] / seconds:.3g}",
        f"{(row['build_seconds'] + row['run_seconds']) / seconds:.3g}",
        f"{row['build_seconds']:.2f}",
        f"{events_of(row, rows) / 1e6:.3g}",
        f"{row['peak_gib']:.2f}",
        f"{sum(row['rates']) / len(row['rates']):.2f}",
    ]


def unit_costs(name: str, rows: list[dict], options: argparse.Namespace) -> list[str]:
    """Of neurons and inputs alone, and of what synaptic events add where they have no weight."""
    whole = next(
        r for r in rows if (r["circuit"], r["engine"], r["threads"]) == (name, "Heddle", 1)
    )
    bare, mute = (repeated(name, engine, 1, options) for engine in LESS)
    steps, events = whole["neuron_steps"], max(mute["events"], 1)
    an_event = (mute["run_seconds"] - bare["run_seconds"]) / events
    return [
        name,
        f"{1e9 * whole['run_seconds'] / steps:.2f}",
        f"{1e9 * bare['run_seconds'] / steps:.2f}",
        f"{sum(bare['rates']) / len(bare['rates']):.1f}",
        f"{1e9 * an_event:.2f}",
        f"{events:.3g}",
    ]


def tables(options: argparse.Namespace) -> None:
    limits = spiking_peers.limits()
    rows = [
        repeated(name, engine, threads, options)
        for name in options.circuits
        for engine in options.engines
        for threads in ENGINES[engine]
        if (engine, name) not in TOO_LARGE
    ]
    if options.json:
        print(json.dumps({"limits": limits, "rows": rows}))
        return
    print(spiking_peers.versions(spiking_peers.python()))
    columns = ["circuit", "engine", "threads", "s / s", "with build", "build, s", "10⁶ events / s"]
    show([*columns, "peak, GiB", "mean rate, Hz"], [cells(row, rows) for row in rows])
    costs = [unit_costs(name, rows, options) for name in options.circuits]
    columns = ["circuit", "all, ns a neuron and step", "without synapses", "at Hz"]
    show([*columns, "ns an event", "events"], costs)
    show(list(limits), [[f"{value:.3g}" for value in limits.values()]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--small", action="store_true", help="small circuits: does it all work?")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--circuits", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--case", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        name, engine, threads = options.case
        print(json.dumps(measure(name, engine, int(threads), SMALL if options.small else CASES)))
        return
    if not any(engine == "Heddle" for engine in options.engines):
        parser.error("--engines: the others are compared with Heddle; name it too")
    tables(options)


if __name__ == "__main__":
    main()
