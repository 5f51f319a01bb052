"""What does following a rectified network cost, at equal accuracy?

`threshold_flow` against SciPy's DOP853 with one event a unit: once as people call it (events are
noted and integration goes on), once restarted at every crossing. The tolerance of DOP853 is the
loosest of 1e-8 … 1e-13 with which its final state agrees with a reference to 1e-10: a restarted run
at 3e-14. `python bench/flow.py --json` prints the numbers as JSON.
"""

import argparse
import json
import time

import numpy as np
from scipy.integrate import solve_ivp
from table import show

import heddle

TOLERANCES = [1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13]
ASKED = 1e-10
HEADINGS = ["system", "time", "crossings", "threshold_flow", "error", "series"]
HEADINGS += ["DOP853, events", "error", "faster", "restarted", "error", "faster"]


def loops_on_cortex(n: int, k: int, seed: int) -> tuple[heddle.ThresholdLinear, np.ndarray]:
    """k rectified loops that keep a linear cortex of n units moving."""
    rng = np.random.default_rng(seed)
    weights = 0.9 * rng.standard_normal((n, n)) / np.sqrt(n)
    u = np.linalg.qr(rng.standard_normal((n, k)))[0]
    graph = (rng.random((k, k)) < 0.3) & ~np.eye(k, dtype=bool)
    among_loops = np.where(graph, -0.75, -1.5) * ~np.eye(k, dtype=bool)  # a CTLN
    network = heddle.Network(weights)
    system = heddle.rectified_loops(network, heddle.Loops(u @ among_loops, u), np.ones(k))
    return system, rng.standard_normal(n)


def rectified(n: int, seed: int) -> tuple[heddle.ThresholdLinear, np.ndarray]:
    rng = np.random.default_rng(seed)
    weights = 2.2 * rng.standard_normal((n, n)) / np.sqrt(n) - 20.0 / n
    network = heddle.Network(weights, response="rectified", bias=np.ones(n))
    return heddle.input_form(network), rng.standard_normal(n)


class Peer:
    """The same system for solve_ivp; time in units of τ."""

    def __init__(self, system: heddle.ThresholdLinear) -> None:
        self.system = system
        selects = np.array_equal(system.inputs, np.eye(system.units, system.states))
        leaks = np.array_equal(system.linear, -np.eye(system.states))
        linear = (lambda x: -x) if leaks else (lambda x: system.linear @ x)
        self.inputs = (lambda x: x) if selects else (lambda x: system.inputs @ x + system.bias)
        self.velocity = lambda _t, x: (
            linear(x) + system.outputs @ np.maximum(self.inputs(x), 0.0) + system.drive
        )
        self.events = [self._event(j, selects) for j in range(system.units)]

    def _event(self, j: int, selects: bool):
        row, bias = self.system.inputs[j].copy(), self.system.bias[j]
        if selects:
            return lambda _t, x: x[j]
        return lambda _t, x: row @ x + bias

    def noted(self, x, end: float, tolerance: float):
        """Events are located, integration goes on."""
        found = solve_ivp(
            self.velocity,
            (0, end),
            x,
            method="DOP853",
            rtol=tolerance,
            atol=tolerance,
            events=self.events,
            t_eval=[end],
        )
        return found.y[:, -1]

    def restarted(self, x, end: float, tolerance: float):
        """Integration ends at every crossing and starts anew, so that no step straddles one."""
        active = self.inputs(x) > 0
        t = 0.0
        while t < end:
            events = [self._leaving(j, active[j]) for j in range(self.system.units)]
            found = solve_ivp(
                self.velocity,
                (t, end),
                x,
                method="DOP853",
                rtol=max(tolerance, 2.3e-14),
                atol=tolerance,
                events=events,
            )
            t, x = found.t[-1], found.y[:, -1]
            for j in range(self.system.units):
                if found.t_events[j].size:
                    active[j] = not active[j]
        return x

    def _leaving(self, j: int, active: bool):
        event = self.events[j]

        def crossing(t, x):
            return event(t, x)

        crossing.terminal = True
        crossing.direction = -1 if active else 1
        return crossing


def measured(action) -> tuple[float, np.ndarray]:
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def loosest(run, x, end: float, reference) -> tuple[float, float, float]:
    """Tolerance, seconds and error of the first run that is accurate enough, or of the last."""
    for tolerance in TOLERANCES:
        seconds, final = measured(lambda tolerance=tolerance: run(x, end, tolerance))
        error = distance(final, reference)
        if error <= ASKED:
            break
    return tolerance, seconds, error


def distance(a, b) -> float:
    return float(np.linalg.norm(a - b) / np.linalg.norm(b))


def compare(name: str, system, x, end: float) -> dict:
    peer = Peer(system)
    reference = peer.restarted(x, end, 3e-14)
    heddle.threshold_flow(system, x, [0.0])
    times = []
    for _ in range(3):
        seconds, flow = measured(lambda: heddle.threshold_flow(system, x, [end * system.tau]))
        times.append(seconds)
    row = {
        "system": name,
        "end": end,
        "crossings": len(flow.crossings),
        "seconds": float(np.median(times)),
        "error": distance(flow.states[:, -1], reference),
        "steps": flow.steps,
    }
    for kind in ("noted", "restarted"):
        row[kind] = loosest(getattr(peer, kind), x, end, reference)
    return row


def text(row: dict) -> list[str]:
    cells = [row["system"], f"{row['end']:g} τ", str(row["crossings"])]
    cells += [f"{1000 * row['seconds']:.3g} ms", f"{row['error']:.0e}", str(row["steps"])]
    for kind in ("noted", "restarted"):
        tolerance, seconds, error = row[kind]
        cells += [f"{seconds:.3g} s ({tolerance:.0e})", f"{error:.0e}"]
        cells += [f"{seconds / row['seconds']:.0f}×"]
    return cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    rows = []
    for end in (20.0, 200.0, 1000.0):
        rows.append(compare("10 loops on n = 500", *loops_on_cortex(500, 10, 1), end))
    for end in (5.0, 20.0):
        rows.append(compare("rectified n = 100", *rectified(100, 2), end))
    if parser.parse_args().json:
        print(json.dumps(rows))
        return
    show(HEADINGS, [text(row) for row in rows])


if __name__ == "__main__":
    main()
