"""The parts of a PyNEST script that are the same for every circuit."""

from heddle.interop.laws import DRAW

__all__ = ["FINISH", "HELPERS", "START"]

START = '''"""@sizes@ neurons, for NEST 3. Written by Heddle @version@.

python @stem@.py [--threads 2] [--duration 1000] [--output spikes.npz]
mpirun -n 4 python @stem@.py    with a NEST built with MPI; every rank writes its own file

ms, mV, pA, pF, nS, Hz throughout.
"""

import argparse
import resource
import time
from pathlib import Path

import nest
import numpy as np

arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
arguments.add_argument("--threads", type=int, default=@threads@)
arguments.add_argument("--duration", type=float, default=@duration@, help="recorded, ms")
arguments.add_argument("--transient", type=float, default=@transient@, help="before, ms")
arguments.add_argument("--seed", type=int, default=@seed@)
arguments.add_argument("--output", type=Path, default=Path("@stem@_spikes.npz"))
arguments = arguments.parse_args()

STEP = @step@
started = time.perf_counter()
nest.ResetKernel()
if hasattr(nest, "VerbosityLevel"):
    nest.verbosity = nest.VerbosityLevel.ERROR
else:
    nest.set_verbosity("M_ERROR")
nest.set(resolution=STEP, rng_seed=arguments.seed + 1, local_num_threads=arguments.threads)
rng = np.random.default_rng(arguments.seed)
# data
# helpers
'''

CONNECT_EDGES = '''
def connect_edges(sources, targets, source, target, weight, delay, receptor=0):
    """One synapse for each entry of the arrays."""
    if len(source) == 0:
        return
    synapse = {"weight": weight, "delay": delay}
    if receptor:
        synapse["receptor_type"] = np.full(len(source), receptor)
    first, other = sources[0].global_id, targets[0].global_id
    nest.Connect(source.astype(int) + first, target.astype(int) + other, "one_to_one", synapse)
'''

# Those that a script calls go into it.
HELPERS = {"draw": DRAW, "connect_edges": CONNECT_EDGES}

FINISH = """
# --- recording ----------------------------------------------------------------------------------
recorders = {}
for name, population in populations.items():
    recorders[name] = nest.Create("spike_recorder", {"start": arguments.transient})
    nest.Connect(population, recorders[name])

# --- running: NEST sorts its connections in the first step, which counts as building ------------
nest.Prepare()
nest.Run(STEP)
built = time.perf_counter()
if arguments.transient > STEP:
    nest.Run(arguments.transient - STEP)
settled = time.perf_counter()
nest.Run(arguments.duration - (STEP if arguments.transient <= STEP else 0.0))
done = time.perf_counter()
nest.Cleanup()

# --- spikes -------------------------------------------------------------------------------------
spikes = {
    "duration": arguments.duration,
    "synapses": nest.num_connections,
    "build_seconds": built - started,
    "transient_seconds": settled - built,
    "run_seconds": done - settled,
    "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
}
for name, recorder in recorders.items():
    events = recorder.events
    order = np.argsort(events["times"], kind="stable")
    spikes[f"{name}/times"] = events["times"][order] - arguments.transient
    spikes[f"{name}/neurons"] = events["senders"][order] - populations[name][0].global_id
    rate = 1e3 * len(order) / (arguments.duration * len(populations[name]))
    print(f"{name}: {rate:.3f} Hz" + (" on this rank" if nest.num_processes > 1 else ""))
output = arguments.output
if nest.num_processes > 1:
    output = output.with_name(f"{output.stem}_rank{nest.Rank()}{output.suffix}")
np.savez(output, **spikes)
print(f"built in {spikes['build_seconds']:.2f} s, ran in {spikes['run_seconds']:.2f} s: {output}")
"""
