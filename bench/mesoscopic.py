"""How fast are mesoscopic equations, beside NEST's, and does their cost depend on N?

Seconds of processor time for each biological second of the cortical microcircuit with escape noise,
eight populations told by their ages: the least of repeated runs, of each engine in turn; the same
with a hundred to a million neurons in an E–I circuit. NEST's `gif_pop_psc_exp` runs the same
populations. `--peers PYTHON` names a Python that has NEST (see peers.sh); `--small` sees that
everything works.
"""

import argparse
import json
import subprocess
import time
from pathlib import Path

from table import show

import heddle

# Potjans & Diesmann (2014); with escape noise Schwalger, Deger & Gerstner (2017), figure 9.
NAMES = ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"]
SIZES = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948]
PROBABILITIES = [
    [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0],
    [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0],
    [0.0077, 0.0059, 0.0497, 0.1350, 0.0067, 0.0003, 0.0453, 0.0],
    [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0],
    [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0],
    [0.0548, 0.0269, 0.0257, 0.0022, 0.0600, 0.3158, 0.0086, 0.0],
    [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
    [0.0364, 0.0010, 0.0034, 0.0005, 0.0277, 0.0080, 0.0658, 0.1443],
]
DRIVE = [19.149, 20.362, 30.805, 28.069, 29.437, 29.330, 34.932, 32.081]  # mV
WEIGHT, RATIO = 87.8, -4.0  # pA, of excitatory synapses; inhibitory ones over these
MEMBRANE = {"C_m": 250.0, "tau_m": 10.0, "E_L": 0.0, "V_T_star": 15.0, "V_reset": 0.0}
MEMBRANE |= {"t_ref": 2.0, "Delta_V": 5.0, "lambda_0": 10.0}
DELAY = {"E": 1.5, "I": 1.0}  # ms: multiples of the step
STEP = 0.5  # ms


def weight(target: int, source: int) -> float:
    excitatory = NAMES[source].endswith("E")
    doubled = 2.0 if (NAMES[target], NAMES[source]) == ("L23E", "L4E") else 1.0
    return WEIGHT * (doubled if excitatory else RATIO)


def current(population: int) -> float:
    return DRIVE[population] * MEMBRANE["C_m"] / MEMBRANE["tau_m"]


def microcircuit() -> heddle.Circuit:
    populations = [
        heddle.Population(name, size, heddle.EscapeNeuron(I_e=current(k), **MEMBRANE))
        for k, (name, size) in enumerate(zip(NAMES, SIZES, strict=True))
    ]
    projections = [
        heddle.Projection(
            NAMES[source],
            NAMES[target],
            heddle.Bernoulli(PROBABILITIES[target][source]),
            synapse=heddle.Synapse("exponential", tau_syn=0.5),
            weight=weight(target, source),
            delay=DELAY[NAMES[source][-1]],
        )
        for target in range(8)
        for source in range(8)
        if PROBABILITIES[target][source] > 0
    ]
    return heddle.Circuit(populations, projections)


def heddle_run(circuit: heddle.Circuit, duration: float, seed: int) -> dict:
    """Seconds a biological second, mean rates, and age bins of all populations."""
    begin = time.process_time()
    run = heddle.mesoscopic(circuit, duration=duration, transient=500.0, step=STEP, seed=seed)
    seconds = (time.process_time() - begin) / (duration + 500.0) * 1e3
    rates = [float(rate) for rate in run.activity.mean(axis=1)]
    return {"seconds": seconds, "rates": rates, "bins": float(run.history.sum()) / STEP}


NEST = """
import json, sys, time
import nest
case = json.loads(sys.stdin.read())
nest.verbosity = nest.VerbosityLevel.ERROR
nest.ResetKernel()
nest.resolution = case["step"]
pops = [nest.Create("gif_pop_psc_exp", 1, dict(
    N=size, I_e=current, tau_syn_ex=0.5, tau_syn_in=0.5, tau_sfa=[300.0], q_sfa=[0.0],
    **case["membrane"])) for size, current in zip(case["sizes"], case["currents"])]
for target, source, w, delay in case["connections"]:
    nest.Connect(pops[source], pops[target],
                 syn_spec=dict(weight=w, delay=delay))
meters = []
for pop in pops:
    meter = nest.Create("multimeter", params=dict(record_from=["n_events"], interval=case["step"]))
    nest.Connect(meter, pop)
    meters.append(meter)
nest.Simulate(500.0)
begin = time.process_time()
nest.Simulate(case["duration"])
seconds = time.process_time() - begin
rates = [float(m.events["n_events"][-int(case["duration"] / case["step"]):].sum())
         / size / case["duration"] * 1e3 for m, size in zip(meters, case["sizes"])]
print(json.dumps(dict(seconds=seconds / case["duration"] * 1e3, rates=rates)))
"""


def nest_run(python: str, duration: float) -> dict:
    case = {
        "step": STEP,
        "duration": duration,
        "sizes": SIZES,
        "currents": [current(k) for k in range(8)],
        "membrane": MEMBRANE,
        "connections": [
            (t, s, weight(t, s) * PROBABILITIES[t][s], DELAY[NAMES[s][-1]])
            for t in range(8)
            for s in range(8)
            if PROBABILITIES[t][s] > 0
        ],
    }
    done = subprocess.run(
        [python, "-c", NEST], input=json.dumps(case), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def peers(given: str | None) -> str:
    script = Path(__file__).with_name("peers.sh")
    return (
        given
        or subprocess.run(
            ["bash", script], capture_output=True, text=True, check=True
        ).stdout.strip()
    )


def text(rates: list[float]) -> str:
    return " ".join(f"{rate:.2f}" for rate in rates)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--peers", help="a Python that has NEST")
    options = parser.parse_args()
    duration = 500.0 if options.small else 10_000.0
    python = peers(options.peers)
    pairs = [
        (heddle_run(microcircuit(), duration, seed), nest_run(python, duration))
        for seed in range(options.repeat)
    ]
    ours, other = (min(runs, key=lambda run: run["seconds"]) for runs in zip(*pairs, strict=True))
    ratios = sorted(nest["seconds"] / mine["seconds"] for mine, nest in pairs)
    print(f"\nEight populations, step {STEP} ms, one core\n")
    bin_seconds = ours["seconds"] * STEP / 1e3 / ours["bins"]
    show(
        ["engine", "s a biological s", "ns an age bin", "rates (Hz)"],
        [
            ["Heddle", f"{ours['seconds']:.3g}", f"{1e9 * bin_seconds:.2f}", text(ours["rates"])],
            ["NEST gif_pop_psc_exp", f"{other['seconds']:.3g}", "–", text(other["rates"])],
        ],
    )
    print(
        f"\nHeddle is {other['seconds'] / ours['seconds']:.1f} times as fast; "
        f"pair by pair {ratios[0]:.1f} to {ratios[-1]:.1f}.\n"
    )
    rows = []
    for size in (100, 1000, 10_000, 100_000, 1_000_000):
        circuit = heddle.circuits.ei_gif(size, p=1.0)
        found = [heddle_run(circuit, duration, seed) for seed in range(options.repeat)]
        rows.append([f"{size:,}", f"{min(run['seconds'] for run in found):.2g}"])
    print("E–I circuit with escape noise, all to all\n")
    show(["neurons", "s a biological s"], rows)


if __name__ == "__main__":
    main()
