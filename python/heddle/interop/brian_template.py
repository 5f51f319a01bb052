"""The parts of a Brian2 script that are the same for every circuit."""

from heddle.interop.laws import DRAW

__all__ = ["FINISH", "HELPERS", "START"]

START = '''"""@sizes@ neurons, for Brian2. Written by Heddle @version@.

python @stem@.py [--target cython | numpy | standalone] [--threads 2] [--output spikes.npz]

`standalone` writes, compiles and runs a C++ program. A spike is said to be at the end of its step,
and a neuron is refractory for t_ref from there.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
from brian2 import (
    Hz,
    Network,
    NeuronGroup,
    SpikeMonitor,
    Synapses,
    TimedArray,
    defaultclock,
    device,
    ms,
    mV,
    nS,
    pA,
    pF,
    prefs,
    seed,
    set_device,
)

arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
arguments.add_argument("--target", choices=("cython", "numpy", "standalone"), default="@target@")
arguments.add_argument("--threads", type=int, default=@threads@, help="of a standalone program")
arguments.add_argument("--duration", type=float, default=@duration@, help="recorded, ms")
arguments.add_argument("--transient", type=float, default=@transient@, help="before, ms")
arguments.add_argument("--seed", type=int, default=@seed@)
arguments.add_argument("--output", type=Path, default=Path("@stem@_spikes.npz"))
arguments = arguments.parse_args()

started = time.perf_counter()
if arguments.target == "standalone":
    prefs.devices.cpp_standalone.openmp_threads = arguments.threads if arguments.threads > 1 else 0
    folder = tempfile.TemporaryDirectory(prefix="@stem@_")
    set_device("cpp_standalone", directory=folder.name, build_on_run=False)
else:
    prefs.codegen.target = arguments.target
seed(arguments.seed)
rng = np.random.default_rng(arguments.seed)
defaultclock.dt = @step@ * ms
network = Network()
# data
# helpers
'''

CHOOSE = '''
def choose(n, number, multapses, other=None):
    """`number` of n neurons, none of them `other`."""
    m = n if other is None else n - 1
    if multapses:
        found = rng.integers(m, size=number)
    else:
        found = rng.choice(m, number, replace=False, shuffle=False)
    return found if other is None else found + (found >= other)
'''

BY_DEGREE = '''
def by_degree(n, m, degree, multapses, apart):
    """For each of m neurons, `degree` (one number or m of them) of n others: both, as arrays."""
    degrees = np.broadcast_to(np.maximum(np.round(degree), 0).astype(int), m)
    others = [choose(n, degrees[k], multapses, k if apart else None) for k in range(m)]
    return np.concatenate(others).astype(np.int32), np.repeat(np.arange(m, dtype=np.int32), degrees)
'''

TOTAL_PAIRS = '''
def total_pairs(n, m, number, apart):
    """`number` pairs of one of n and one of m neurons."""
    i, j = (rng.integers(size, size=number, dtype=np.int32) for size in (n, m))
    while apart and (same := i == j).any():
        i[same] = rng.integers(n, size=same.sum())
        j[same] = rng.integers(m, size=same.sum())
    return i, j
'''

BERNOULLI_PAIRS = '''
def bernoulli_pairs(n, m, p, apart):
    """Each pair with probability p."""
    chosen = [np.flatnonzero(rng.random(n) < p) for _ in range(m)]
    i = np.concatenate(chosen).astype(np.int32)
    j = np.repeat(np.arange(m, dtype=np.int32), [len(found) for found in chosen])
    return (i[i != j], j[i != j]) if apart else (i, j)
'''

# Those that a script calls go into it.
HELPERS = {
    "by_degree": CHOOSE + "\n" + BY_DEGREE,
    "total_pairs": TOTAL_PAIRS,
    "bernoulli_pairs": BERNOULLI_PAIRS,
    "draw": DRAW,
}

FINISH = """
# --- recording ----------------------------------------------------------------------------------
monitors = {name: SpikeMonitor(group) for name, group in populations.items()}
network.add(*monitors.values())

# --- running ------------------------------------------------------------------------------------
if arguments.transient:
    for monitor in monitors.values():
        monitor.active = False
    network.run(arguments.transient * ms)
    for monitor in monitors.values():
        monitor.active = True
settled = time.perf_counter()
network.run(arguments.duration * ms)
done = time.perf_counter()
run_seconds = done - settled
if arguments.target == "standalone":
    device.build(directory=folder.name, run=False)
    settled = time.perf_counter()
    device.run(folder.name, with_output=False, run_args=[])
    done = time.perf_counter()
    run_seconds = device._last_run_time

# --- spikes -------------------------------------------------------------------------------------
spikes = {
    "duration": arguments.duration,
    "synapses": sum(len(item) for item in network.objects if isinstance(item, Synapses)),
    "build_seconds": settled - started,
    "program_seconds": done - settled,
    "run_seconds": run_seconds,
    "peak_kib": resource.getrusage(
        resource.RUSAGE_CHILDREN if arguments.target == "standalone" else resource.RUSAGE_SELF
    ).ru_maxrss,
}
for name, monitor in monitors.items():
    end_of_step = (monitor.t + defaultclock.dt) / ms - arguments.transient
    spikes[f"{name}/times"] = np.asarray(end_of_step)
    spikes[f"{name}/neurons"] = np.asarray(monitor.i)
    rate = 1e3 * len(end_of_step) / (arguments.duration * len(populations[name]))
    print(f"{name}: {rate:.3f} Hz")
np.savez(arguments.output, **spikes)
print(f"ran in {run_seconds:.2f} s: {arguments.output}")
"""
