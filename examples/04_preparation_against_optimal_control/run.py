"""Preparatory loops and optimal control: each wins what it minimises, and few loops suffice."""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from scipy.linalg import expm, solve_continuous_are, solve_continuous_lyapunov
from scipy.optimize import brentq

import heddle
from heddle.plot.style import ACCENT, INK, SECOND, SOFT, look, new_figure

sys.path.insert(0, str(Path(__file__).parents[1]))
from support import claim, parser, save, show, step

TAU = 150.0  # ms
R = 0.1
RANKS = (1, 2, 3, 5, 8, 12, 20)
MOST_TIME = 4.0  # τ


class Problem:
    """A stability-optimised network, two readouts of its excitatory units, and what they see.

    Aᵀ Q + Q A = −Cᵀ C, A = W − 1, tr Q = 1: δᵀ Q δ is the error that a deviation δ at the start
    of a movement will cause during it, the prospective motor error.
    """

    def __init__(self, n: int, seed: int):
        self.weights = heddle.stability_optimised_weights(
            n, p=0.2, initial_radius=1.2, abscissa=0.81, seed=seed
        )
        readout = np.random.default_rng(seed).standard_normal((2, n)) / np.sqrt(n)
        readout[:, round(0.8 * n) :] = 0
        self.n, self.one = n, np.eye(n)
        self.network = heddle.Network(
            weights=self.weights, readout=readout, tau=TAU / 1000, bias=np.zeros(n)
        )
        self.a = self.weights - self.one
        q = solve_continuous_lyapunov(self.a.T, -readout.T @ readout)
        q /= np.trace(q)
        self.q = (q + q.T) / 2
        self.seen = readout.T @ readout * n / np.trace(readout.T @ readout)

    def lqr(self, r: float) -> np.ndarray:
        """K of the input K δ that minimises ∫ δᵀ Q δ + r |K δ|² dt from every δ(0)."""
        return -solve_continuous_are(self.a, self.one, self.q, r * self.one) / r

    def loops(self, rank: int, nuclear: float, weight) -> np.ndarray:
        """U Vᵀ of `rank` optimal loops; their columns' norms allow a nuclear norm of `nuclear`."""
        norm = np.sqrt(nuclear / rank)
        found = heddle.optimise_preparation(
            self.network, rank, beta=0, weight=weight, u_norm=norm, v_norm=norm
        )
        if not found.trusted:
            raise RuntimeError(found.reason)
        return found.loops.u @ found.loops.v.T


@dataclass
class Measured:
    """What feedback K does, averaged over δ(0) ~ N(0, 1); time in τ."""

    prospective: float  # ∫ δᵀ Q δ dt
    energy: float  # ∫ |K δ|² dt
    all: float  # ∫ |δ|² dt / n
    nuclear: float  # sum of K's singular values
    curve: np.ndarray  # E δᵀ Q δ over time, shape (times,)
    whole: np.ndarray  # E |δ|² / n over time
    rank: int


def measure(problem: Problem, k: np.ndarray) -> Measured:
    a = problem.a + k
    x = solve_continuous_lyapunov(a, -problem.one)
    strengths = np.linalg.svd(k, compute_uv=False)
    forward, state, curve, whole = expm(a * TIMES[1]), problem.one, [], []
    for _ in TIMES:
        curve.append(np.sum((problem.q @ state) * state))
        whole.append(np.sum(state**2) / problem.n)
        state = forward @ state
    return Measured(
        np.trace(problem.q @ x),
        np.trace(k.T @ k @ x),
        np.trace(x) / problem.n,
        strengths.sum(),
        np.array(curve),
        np.array(whole),
        int(np.sum(strengths > 1e-6 * max(strengths[0], 1e-300))),
    )


TIMES = np.linspace(0, MOST_TIME, 161)


def cut(k: np.ndarray, rank: int) -> np.ndarray:
    """The matrix of that rank closest to K."""
    u, s, v = np.linalg.svd(k)
    return (u[:, :rank] * s[:rank]) @ v[:rank]


def with_energy(problem: Problem, rank: int, energy: float, guess: float) -> np.ndarray:
    """Loops for the prospective error that spend as much control energy as asked."""
    made = partial(problem.loops, rank, weight=problem.n * problem.q)

    def excess(log_norm: float) -> float:
        return measure(problem, made(nuclear=np.exp(log_norm))).energy / energy - 1

    low, high = np.log(guess / 4), np.log(guess)
    return made(nuclear=np.exp(brentq(excess, low, high, xtol=3e-3)))


def controls(problem: Problem, rank: int) -> dict[str, Measured]:
    lqr = problem.lqr(R)
    optimal = measure(problem, lqr)
    same = partial(problem.loops, rank, optimal.nuclear)
    q = problem.n * problem.q
    made = {
        "no feedback": 0 * lqr,
        "LQR": lqr,
        f"LQR, cut to rank {rank}": cut(lqr, rank),
        "loops for the prospective error": same(weight=q),
        "the same, with LQR's energy": with_energy(problem, rank, optimal.energy, optimal.nuclear),
        "loops for the readout": same(weight=problem.seen),
        "loops for all directions": same(weight=None),
    }
    return {name: measure(problem, k) for name, k in made.items()}


def over_ranks(problem: Problem, ranks: tuple) -> dict[str, list[float]]:
    lqr = problem.lqr(R)
    nuclear = measure(problem, lqr).nuclear
    found = [measure(problem, problem.loops(k, nuclear, problem.n * problem.q)) for k in ranks]
    return {
        "loops": [one.prospective for one in found],
        "cut": [measure(problem, cut(lqr, k)).prospective for k in ranks],
    }


def fallen(curve: np.ndarray, fraction: float) -> float:
    """ms until a curve has fallen to a fraction of its start; nan if it has not."""
    below = np.nonzero(curve < fraction * curve[0])[0]
    return TAU * TIMES[below[0]] if len(below) else float("nan")


def cell(values: list[float], digits: str = ".3g") -> str:
    """Mean and standard deviation over networks."""
    mean, spread = np.mean(values), np.std(values)
    if np.isnan(mean):
        return f"> {TAU * MOST_TIME:.0f}"
    return f"{mean:{digits}}" + (f" ± {spread:.1g}" if len(values) > 1 else "")


def rows_of(every: list[dict[str, Measured]]) -> list[list[str]]:
    rows = []
    for name in every[0]:
        found = [one[name] for one in every]
        free = [one["no feedback"] for one in every]
        rows.append(
            [
                name,
                str(found[0].rank),
                cell([m.prospective / f.prospective for m, f in zip(found, free, strict=True)]),
                cell([m.energy for m in found]),
                cell([m.prospective + R * m.energy for m in found]),
                cell([m.all for m in found]),
                cell([m.nuclear for m in found]),
                cell([fallen(m.curve, 0.1) for m in found], ".0f"),
                cell([fallen(m.whole, 0.1) for m in found], ".0f"),
            ]
        )
    return rows


COLUMNS = ["feedback", "rank", "prospective error / without", "energy", "error + r energy"]
COLUMNS += ["all directions", "nuclear norm", "10 % prospective, ms", "10 % of all, ms"]
LINES = {
    "no feedback": (SOFT, ":"),
    "LQR": (SECOND, "-"),
    "loops for the prospective error": (ACCENT, "-"),
    "loops for the readout": (INK, (0, (1, 1.5))),
    "loops for all directions": (INK, "--"),
}


def draw_curves(error: Axes, whole: Axes, found: dict[str, Measured]) -> None:
    for name, (colour, dash) in LINES.items():
        one = found[name]
        error.semilogy(TAU * TIMES, one.curve / one.curve[0], c=colour, ls=dash, label=name)
        whole.semilogy(TAU * TIMES, one.whole, c=colour, ls=dash)
    error.set(xlabel="time of preparation, ms", ylabel="over its start", ylim=(1e-4, 2))
    error.set_title("Prospective motor error")
    whole.set(xlabel="time of preparation, ms", ylabel="over its start", ylim=(1e-2, 2))
    whole.set_title("Deviation in all directions")


def draw_energy(axes: Axes, problem: Problem, found: dict[str, Measured]) -> None:
    scan = [measure(problem, problem.lqr(r)) for r in np.geomspace(3, 3e-3, 13)]
    axes.loglog(
        [m.energy for m in scan], [m.prospective for m in scan], c=SECOND, label="LQR, any r"
    )
    axes.loglog(found["LQR"].energy, found["LQR"].prospective, "o", c=SECOND)
    marks = {
        "loops for the prospective error": ("o", ACCENT, ACCENT),
        "the same, with LQR's energy": ("o", ACCENT, "none"),
        "loops for the readout": ("^", INK, "none"),
        "loops for all directions": ("s", INK, INK),
    }
    for name, (mark, edge, face) in marks.items():
        one = found[name]
        axes.loglog(one.energy, one.prospective, mark, mec=edge, mfc=face, ms=5, label=name)
    axes.set(xlabel="control energy", ylabel="prospective error, summed over time")
    axes.set_title("Nothing lies below LQR's line")
    axes.legend(loc="lower left", fontsize=7)


def draw_ranks(axes: Axes, ranks: tuple, found: dict, lqr: Measured) -> None:
    axes.plot(ranks, found["cut"], "o-", c=SOFT, ms=3, lw=1, label="LQR, cut to this rank")
    axes.plot(ranks, found["loops"], "o-", c=ACCENT, ms=3, label="loops for the prospective error")
    axes.axhline(lqr.prospective, c=SECOND, lw=1, label="LQR, through all units")
    axes.set(xlabel="rank", ylabel="prospective error, summed over time")
    axes.set_xticks(ranks)
    axes.set_title("At LQR's nuclear norm, a few loops do better")
    axes.legend()


def draw(problem: Problem, found: dict, ranks: tuple, by_rank: dict):
    with look():
        figure = new_figure(9.6, 7.4)
        grid = figure.subplots(2, 2)
        draw_curves(grid[0, 0], grid[0, 1], found)
        draw_energy(grid[1, 0], problem, found)
        draw_ranks(grid[1, 1], ranks, by_rank, found["LQR"])
        handles = grid[0, 0].get_legend_handles_labels()
        figure.legend(*handles, loc="outside upper center", ncols=5)
    return figure


def main() -> None:
    chosen = parser(__doc__).parse_args()
    n, seeds, ranks = (60, 1, (1, 3, 5, 8)) if chosen.quick else (200, 5, RANKS)
    every = []
    for seed in range(1, seeds + 1):
        step(f"network {seed} of {seeds}")
        every.append(controls(Problem(n, seed), ranks[-1]))
    step("one network, other ranks and other costs of control")
    problem = Problem(n, 1)
    by_rank = over_ranks(problem, ranks)
    show(
        f"n = {n}, r = {R}, {seeds} networks (± s.d.); time in τ unless in ms",
        COLUMNS,
        rows_of(every),
    )
    save(draw(problem, every[0], ranks, by_rank), chosen.out, __file__)

    def always(check) -> bool:
        return all(check(one) for one in every)

    ours = "loops for the prospective error"
    claim(
        "LQR has the least error + r energy; at its nuclear norm, loops for the prospective error "
        "have less error, and loops for all directions forget everything sooner.",
        lqr_is_optimal=always(
            lambda one: all(
                m.prospective + R * m.energy
                >= one["LQR"].prospective + R * one["LQR"].energy - 1e-9
                for m in one.values()
            )
        ),
        loops_err_less=always(lambda one: one[ours].prospective < one["LQR"].prospective),
        loops_forget_all=always(lambda one: one["loops for all directions"].all < one["LQR"].all),
    )


if __name__ == "__main__":
    main()
