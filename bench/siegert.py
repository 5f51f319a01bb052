"""How fast are stationary rates of leaky neurons, beside NNMT?

Microseconds a rate for arrays of neurons in noise of a short correlation time, over the mean and
the noise, by `heddle.siegert` and by NNMT's Siegert function with the same shift of thresholds;
the least of repeated calls, on one core. Both agree to 10 digits where both are accurate. `--peers
PYTHON` names a Python that has NNMT (see peers.sh).
"""

import argparse
import json
import subprocess
import time

import numpy as np
from mesoscopic import peers
from table import show

import heddle

SIDE = 40
LEAKY = {"tau_m": 20.0, "V_th": 20.0, "V_reset": 15.0, "t_ref": 2.0, "tau_s": 0.5}

NNMT = """
import json, sys, time
import numpy as np
from nnmt.lif.exp import _firing_rate_shift
case = json.loads(sys.stdin.read())
mu, sigma = np.array(case["mu"]) * 1e-3, np.array(case["sigma"]) * 1e-3
given = dict(V_th_rel=case["V_th"] * 1e-3, V_0_rel=case["V_reset"] * 1e-3,
             tau_m=case["tau_m"] * 1e-3, tau_r=case["t_ref"] * 1e-3, tau_s=case["tau_s"] * 1e-3)
def call():
    return _firing_rate_shift(mu=mu, sigma=sigma, **given)
call()
times = []
for _ in range(case["repeat"]):
    begin = time.perf_counter()
    rates = call()
    times.append(time.perf_counter() - begin)
one = []
for _ in range(case["repeat"]):
    begin = time.perf_counter()
    _firing_rate_shift(mu=mu[:1], sigma=sigma[:1], **given)
    one.append(time.perf_counter() - begin)
print(json.dumps(dict(times=times, one=one, rates=rates.tolist())))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=50)
    parser.add_argument("--peers", help="a Python that has NNMT")
    options = parser.parse_args()
    mu, sigma = (
        grid.ravel()
        for grid in np.meshgrid(np.linspace(10.0, 25.0, SIDE), np.linspace(1.0, 6.0, SIDE))
    )
    times, one = [], []
    for _ in range(options.repeat):
        begin = time.perf_counter()
        rates = heddle.siegert(mu, sigma, **LEAKY)
        times.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        heddle.siegert(float(mu[0]), float(sigma[0]), **LEAKY)
        one.append(time.perf_counter() - begin)
    case = {"mu": mu.tolist(), "sigma": sigma.tolist(), "repeat": options.repeat, **LEAKY}
    done = subprocess.run(
        [peers(options.peers), "-c", NNMT],
        input=json.dumps(case),
        capture_output=True,
        text=True,
        check=True,
    )
    other = json.loads(done.stdout.splitlines()[-1])
    per = 1e6 / len(mu)
    rows = [
        [name, f"{per * min(many):.3g}", f"{1e6 * min(single):.3g}"]
        for name, many, single in (
            ("Heddle", times, one),
            ("NNMT", other["times"], other["one"]),
        )
    ]
    show(["tool", f"µs a rate, of {len(mu)}", "µs a call for one rate"], rows)
    ratio = min(other["times"]) / min(times)
    single = min(other["one"]) / min(one)
    difference = np.max(np.abs(rates - other["rates"]) / np.maximum(np.abs(rates), 1e-3))
    print(
        f"\n{ratio:.1f} times as fast for many, {single:.0f} for one; largest relative difference"
    )
    print(f"of rates {difference:.1e}.")


if __name__ == "__main__":
    main()
