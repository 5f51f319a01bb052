"""How robust a loop, how fast, against CMA-ES and against automatic differentiation?

A stepped motif of 100 τ, 10 conjugate pairs, one loop. CMA-ES (the published optimiser, from the
package `cmaes`) minimises the published cost in NumPy; L-BFGS with strong Wolfe conditions runs on
the gradient that PyTorch derives of the same formula. Each is skipped, with a line, where its
package is missing. All start from the same u and use one BLAS thread.

Then motifs of two outputs with several loops, where no one has published an optimiser: beside
`robust_motif_loops`, L-BFGS on the gradient that PyTorch derives of the same cost in steps of
τ / 4, from the same closed-form loops; the deviation of its end is Heddle's exact one.
"""

import argparse
import time
from importlib.util import find_spec

import numpy as np
from table import show

import heddle

PAIRS = 10
EVALUATIONS = {"cmaes": 20_000, "gradient": 1000}


def stepped_motif(seed: int) -> heddle.Motif:
    """Levels N(0, 1), each held for 5 to 50 τ, between two zero ends; 0.1 τ a sample."""
    rng = np.random.default_rng(seed)
    values = [0.0]
    while len(values) < 950:
        values += [rng.standard_normal()] * int(rng.integers(50, 500))
    values = np.array([*values[:950], *[0.0] * 51])
    return heddle.Motif("steps", values[:, None], 0.001)


def targets_of(fit: heddle.ModeFit) -> tuple[np.ndarray, np.ndarray]:
    half = fit.amplitudes[0] / 2
    return (
        np.concatenate([fit.eigenvalues, fit.eigenvalues.conj()]),
        np.concatenate([half, half.conj()]),
    )


class PlainCost:
    """The published cost (Eqs. 16-23) with all that u does not change computed once, for NumPy
    arrays or PyTorch tensors alike; 2 complex matrix products a value."""

    def __init__(self, network, problem, convert=np.asarray):
        values, right = np.linalg.eig(network.weights)
        order = [np.argmin(abs(values - z)) for z in problem.eigenvalues]
        right = right[:, order]
        gap = problem.spectrum[None, :] - problem.eigenvalues[:, None]
        near = abs(gap).argmin(0)
        cauchy = gap[near, range(len(near))] / gap
        slope = (problem.strengths[:, None] * cauchy**2).sum(0)
        time = problem.duration / problem.tau
        sums = (problem.spectrum[:, None] + problem.spectrum[None, :] - 2) * time
        kernel = time * np.where(sums == 0, 1, np.expm1(sums) / np.where(sums == 0, 1, sums))
        placed = [np.argmin(abs(problem.spectrum - z)) for z in problem.targets]
        self.scale = 1 / (np.sqrt(len(values)) * time)
        self.left = convert(np.linalg.inv(right))
        self.gram = convert(right.T @ right)
        self.seen = convert(right.T @ network.readout[0])
        self.cauchy = convert(cauchy)
        self.inverse = convert((cauchy * problem.strengths[:, None]).T / slope[:, None])
        self.kernel = convert(kernel)
        self.alpha = convert(problem.amplitudes)
        self.placed = placed
        self.placed_cauchy = convert(cauchy[:, placed])
        self.placed_kernel = convert(kernel[np.ix_(placed, placed)])

    def squared(self, u):
        """The cost's square, over its constant factor."""
        a = self.left @ u
        c = self.cauchy.T @ (self.seen * a)
        q = self.alpha / c[self.placed]
        scaled = a[:, None] * self.placed_cauchy
        activity = q @ ((scaled.T @ (self.gram @ scaled)) * self.placed_kernel) @ q
        inverse = (self.inverse / a) @ self.left
        response = c @ ((inverse @ inverse.T) * self.kernel) @ c
        return activity.real * response.real

    def __call__(self, u) -> float:
        squared = self.squared(u)
        return self.scale * np.sqrt(squared) if squared > 0 else np.inf


def by_heddle(network, problem, starts: int) -> tuple[float, float, heddle.RobustLoop]:
    start = time.perf_counter()
    loop = heddle.robust_loop(
        network,
        problem.targets,
        problem.amplitudes,
        problem.duration,
        starts=starts,
        most_evaluations=EVALUATIONS["gradient"],
        threads=1,
    )
    return loop.cost, time.perf_counter() - start, loop


def by_cmaes(network, problem, u, evaluations: int) -> tuple[float, float]:
    from cmaes import CMA

    cost = PlainCost(network, problem)
    solver = CMA(mean=u, sigma=0.5, seed=0)
    best, done, start = np.inf, 0, time.perf_counter()
    while done < evaluations:
        asked = [solver.ask() for _ in range(solver.population_size)]
        told = [(x, np.log(min(cost(x), 1e300))) for x in asked]
        solver.tell(told)
        best = min(best, *(value for _, value in told))
        done += len(told)
    return float(np.exp(best)), time.perf_counter() - start


def by_autograd(network, problem, u, evaluations: int) -> tuple[float, float]:
    import torch

    torch.set_num_threads(1)
    cost = PlainCost(network, problem, lambda a: torch.tensor(np.asarray(a, dtype=complex)))
    x = torch.tensor(u, requires_grad=True)
    solver = torch.optim.LBFGS(
        [x],
        max_iter=evaluations,
        max_eval=evaluations,
        history_size=20,
        line_search_fn="strong_wolfe",
        tolerance_grad=0.0,
        tolerance_change=1e-12,
    )
    best = [np.inf]

    def closure():
        solver.zero_grad()
        value = 0.5 * torch.log(cost.squared(x.to(torch.complex128)))
        value.backward()
        if value.item() < best[0]:
            best[0] = value.item()
        return value

    start = time.perf_counter()
    solver.step(closure)
    return float(np.exp(best[0])) * cost.scale, time.perf_counter() - start


def cells(name: str, cost: float, seconds: float, reference: float) -> list[str]:
    return [name, f"{cost:.4g}", f"{seconds:.3g} s", f"{seconds / reference:.3g}"]


def question(n: int, evaluations: int) -> None:
    network = heddle.gaussian_network(1, n=n, g=0.9, seed=1)
    motif = stepped_motif(1)
    fit = heddle.fit_modes(motif, pairs=PAIRS, loops=1, most_gain=1e4)
    targets, amplitudes = targets_of(fit)
    problem = heddle.robust_problem(network, targets, amplitudes, 1.0)
    u = np.random.default_rng(0).standard_normal(n)
    before = heddle.robust_loop_cost(problem, u).cost
    one, one_s, _ = by_heddle(network, problem, 1)
    four, four_s, loop = by_heddle(network, problem, 4)
    rows = [cells("random u", before, 0.0, one_s), cells("Heddle, 1 start", one, one_s, one_s)]
    rows.append(cells("Heddle, 4 starts", four, four_s, one_s))
    if find_spec("torch"):
        rows.append(
            cells(
                f"L-BFGS on PyTorch, {EVALUATIONS['gradient']} evaluations",
                *by_autograd(network, problem, u, EVALUATIONS["gradient"]),
                one_s,
            )
        )
    else:
        print("skipped: L-BFGS on automatic differentiation (torch is not installed)")
    if find_spec("cmaes"):
        cost, seconds = by_cmaes(network, problem, u, evaluations)
        rows.append(cells(f"CMA-ES, {evaluations} evaluations", cost, seconds, one_s))
    else:
        print("skipped: CMA-ES (cmaes is not installed)")
    print(
        f"\nn = {n}, fit error {fit.error:.2g}; Heddle's loop of 4 starts: eigenvalue error "
        f"{loop.error.max():.1e}, deviations {loop.deviation:.6g} and {loop.checked_deviation:.6g},"
        f" gain {loop.gain:.3g}, {'trusted' if loop.trusted else 'not trusted: ' + loop.reason}"
    )
    show(["", "cost", "time", "time over Heddle's, 1 start"], rows)


def closed_curve(seed: int) -> heddle.Motif:
    """A smooth closed curve of 100 τ: five harmonics in each of two channels."""
    rng = np.random.default_rng(seed)
    phase = 2 * np.pi * np.linspace(0, 1, 201)[:, None]
    weights = rng.standard_normal((2, 5, 2)) / np.arange(1, 6)[None, :, None]
    waves = [np.cos(phase * np.arange(1, 6)), np.sin(phase * np.arange(1, 6))]
    return heddle.Motif("curve", waves[0] @ weights[0] + waves[1] @ weights[1], 0.005)


class SteppedCost:
    """ln of the cost of a motif's loops in PyTorch: e^{A τ / 4} once, then steps of it, Simpson's
    rule. (PyTorch refuses the gradient through eigenvectors, whose phase it finds undetermined.)"""

    def __init__(self, network, fit, duration):
        import torch

        self.torch = torch
        n = network.size
        to = torch.as_tensor
        self.weights = to(network.weights.copy())
        self.readout = to(network.readout.copy())
        self.amplitudes = to(fit.amplitudes.copy())
        shifted = fit.eigenvalues[:, None, None] * np.eye(n) - network.weights
        self.resolvents = torch.linalg.inv(to(shifted))
        self.time = duration / network.tau
        rates = fit.eigenvalues - 1
        self.plain = to(self.kernel(rates, rates))
        self.crossed = to(self.kernel(rates, rates.conj()))
        self.scale = 1 / (np.sqrt(n) * self.time)

    def kernel(self, one, other):
        sums = (one[:, None] + other[None, :]) * self.time
        return self.time * np.where(sums == 0, 1, np.expm1(sums) / np.where(sums == 0, 1, sums))

    def __call__(self, u, h):
        torch = self.torch
        driven = self.resolvents @ u.to(torch.complex128)
        seen = self.readout.to(torch.complex128) @ driven
        left = self.amplitudes.T[:, :, None] - seen @ h.T[:, :, None]
        directions = h.T[:, :, None] + seen.mH @ torch.linalg.solve(seen @ seen.mH, left)
        modes = (driven @ directions)[:, :, 0].T
        parts = torch.cat([modes.real, modes.imag], 1)
        goal = torch.cat([directions[:, :, 0].T.real, directions[:, :, 0].T.imag], 1)
        v = parts @ torch.linalg.solve(parts.T @ parts, goal.T)
        plain = (modes.T @ modes * self.plain).sum()
        crossed = (modes.T @ modes.conj() * self.crossed).sum()
        steps = 2 * int(np.ceil(2 * self.time))
        rates = self.weights + u @ v.T - torch.eye(len(self.weights), dtype=torch.float64)
        step = torch.linalg.matrix_exp(self.time / steps * rates)
        rows, response = self.readout, 0.0
        for j in range(steps + 1):
            weight = 1 if j in (0, steps) else (4 if j % 2 else 2)
            response = response + weight * (rows**2).sum()
            rows = rows @ step
        response = response * self.time / (3 * steps)
        return 0.5 * torch.log(0.5 * (plain + crossed).real * response) + np.log(self.scale)


def motif_by_autograd(network, fit, motif, design, evaluations: int) -> tuple[float, float]:
    import torch

    torch.set_num_threads(1)
    begun = time.perf_counter()
    cost = SteppedCost(network, fit, motif.duration)
    h = design.loops.v.T @ design.modes
    unit = np.linalg.norm(h) / (3 * np.linalg.norm(design.loops.u))
    u = torch.tensor(design.loops.u.copy(), requires_grad=True)
    x = torch.tensor(np.stack([h.real, h.imag]) / unit, requires_grad=True)
    solver = torch.optim.LBFGS(
        [u, x],
        max_iter=evaluations,
        max_eval=evaluations,
        history_size=20,
        line_search_fn="strong_wolfe",
        tolerance_grad=0.0,
        tolerance_change=1e-12,
    )
    best = [np.inf, None, None]

    def closure():
        solver.zero_grad()
        directions = torch.complex(x[0], x[1]) * unit
        value = cost(u, directions)
        value.backward()
        if value.item() < best[0]:
            best[:] = value.item(), u.detach().numpy().copy(), directions.detach().numpy().copy()
        return value

    solver.step(closure)
    seconds = time.perf_counter() - begun
    return heddle.robust_motif_cost(network, fit, motif.duration, *best[1:]).cost, seconds


def motif_question(n: int, loops: int) -> list[list[str]]:
    """Rows of the table: the deviation at 2 % noise, in per cent of the movement."""
    network = heddle.gaussian_network(2, n=n, g=0.9, seed=1)
    motif = closed_curve(1)
    fit = heddle.fit_modes(motif, pairs=5, loops=loops)
    plain = heddle.design_motif_loops(network, [motif], [fit], loops=loops)[0]
    percent = 100 / np.sqrt(np.mean(np.sum((motif.values - motif.values.mean(0)) ** 2, 1)))
    rows = []

    def row(name: str, deviation: float, measured: str, evaluations: int, seconds: float) -> None:
        cost = "" if seconds == 0 else f"{seconds:.3g} s"
        rows.append(
            [f"{loops}", name, f"{percent * deviation:.3g} %", measured, f"{evaluations}", cost]
        )

    for label, most, starts in (("60", 60, 1), ("1000", 1000, 1), ("60, 4 starts", 60, 4)):
        begun = time.perf_counter()
        design = heddle.robust_motif_loops(
            network, motif, fit, loops=loops, most_evaluations=most, starts=starts, threads=1
        )
        seconds = time.perf_counter() - begun
        found = design.robustness
        if not rows:
            row("closed form", found.before.deviation, told(found.before, percent), 1, 0.0)
        after = told(found.after, percent)
        row(f"Heddle, {label}", found.after.deviation, after, found.evaluations, seconds)
    if find_spec("torch"):
        cost, seconds = motif_by_autograd(network, fit, motif, plain, 60)
        row("L-BFGS on PyTorch, 60", 0.02 * cost, "", 60, seconds)
    return rows


def told(noisy, percent: float) -> str:
    return f"{percent * noisy.measured:.3g} ± {percent * noisy.standard_error:.2g} %"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, nargs="*", default=[50, 200])
    parser.add_argument("--evaluations", type=int, default=EVALUATIONS["cmaes"])
    parser.add_argument("--loops", type=int, nargs="*", default=[4, 8])
    chosen = parser.parse_args()
    for n in chosen.units:
        question(n, chosen.evaluations)
    print("\nMotif of two outputs, n = 300, 5 pairs, 2 % noise on the initial state:")
    columns = ["loops", "", "deviation of the movement", "simulated", "evaluations", "time"]
    show(columns, [row for loops in chosen.loops for row in motif_question(300, loops)])


if __name__ == "__main__":
    main()
