"""How long must a network prepare so that every sequence of motifs holds together? Past 1 %."""

import sys
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

import heddle
from heddle.plot.style import ACCENT, RULE, SECOND, SOFT, look, new_figure

sys.path.insert(0, str(Path(__file__).parents[1]))
from support import claim, duration_of, modes_of, parser, save, show, step, stepped_motif

TIMES = (5.0, 8.0, 12.0, 16.0, 20.0)  # τ
COLOURS = {"random loops": SECOND, "robust loops": ACCENT, "six loops each": SOFT}


def single_loop(design: heddle.MotifLoops, loops: heddle.Loops, state) -> heddle.MotifLoops:
    """The same motif from the same fixed point by other loops."""
    fields = {name: getattr(design, name) for name in design._fields}
    start = design.fixed_point + state
    return heddle.MotifLoops(
        **{**fields, "loops": loops, "initial_state": start, "thalamic_state": loops.v.T @ start}
    )


def libraries(network: heddle.Network, names: str, pairs: int, rank: int) -> tuple[dict, float]:
    """Libraries that differ in the loops of their motifs alone, and τ until 1 % is left."""
    motifs = [stepped_motif(name, seed) for seed, name in enumerate(names)]
    options = {"network": network, "pairs": pairs, "most_gain": 1e4}
    six = heddle.design(motifs, loops=6, **options)
    fields = {name: getattr(six, name) for name in six._fields}
    optimum = heddle.optimise_preparation(network, rank)
    fields["preparation"] = heddle.preparation_from(optimum, TIMES[0] * network.tau)
    made = {"random loops": [], "robust loops": [], "six loops each": list(six.motifs)}
    for design in six.motifs:
        step(f"motif {design.motif.name}: a random and a robust loop")
        targets, amplitudes = modes_of(design.fit)
        problem = heddle.robust_problem(network, targets, amplitudes, duration_of(design.motif))
        u = np.random.default_rng(1).standard_normal(len(network.bias))
        state = heddle.robust_initial_state(problem, u)
        random = single_loop(design, heddle.robust_loop_at(problem, u), state)
        found = heddle.robust_loop(network, targets, amplitudes, duration_of(design.motif))
        made["random loops"].append(random)
        made["robust loops"].append(single_loop(design, found.loops, found.initial_state))
    made = {name: heddle.Library(**{**fields, "motifs": each}) for name, each in made.items()}
    return made, optimum.time_to_1_percent


def performed(library: heddle.Library, preparation: float, length: int) -> np.ndarray:
    """Relative errors of the states at the starts of motifs, in a random sequence."""
    sequence = np.random.default_rng(0).choice(library.names, length)
    run = heddle.perform(
        library, list(sequence), preparation=preparation, spectra=False, transitions=False
    )
    return np.array([item.state_error for item in run.items])


def study(library: heddle.Library, times: tuple, length: int) -> list[dict]:
    found = []
    for time in times:
        seconds = time * library.network.tau
        proof = heddle.certify(library, preparation=seconds, safe_time=False)
        error = performed(library, seconds, length)
        found.append({"time": time, "proof": proof, "error": error})
    return found


def row(name: str, one: dict) -> list[str]:
    proof, late = one["proof"], one["error"][len(one["error"]) // 2 :]
    return [
        f"{one['time']:g} τ",
        name,
        f"{proof.contraction.max():.3g}",
        f"{proof.radius.lower:.3g} … {proof.radius.upper:.3g}",
        proof.verdict,
        f"{np.median(late):.1e}, {late.max():.1e}" if late.max() < 1e3 else "diverges",
    ]


COLUMNS = ["preparation", "motifs by", "max ‖E M‖₂", "joint spectral radius", "every sequence"]
COLUMNS += ["error: median, most"]


def draw_growth(axes: Axes, found: dict, one_percent: float) -> None:
    for name, each in found.items():
        colour, times = COLOURS[name], [one["time"] for one in each]
        norms = [one["proof"].contraction.max() for one in each]
        radii = [one["proof"].radius.upper for one in each]
        axes.semilogy(times, norms, "o:", c=colour, ms=3, lw=1)
        axes.semilogy(times, radii, "o-", c=colour, ms=4, label=name)
    axes.axhline(1, c=RULE, lw=1.5)
    axes.axvline(one_percent, c=SOFT, lw=0.8, ls=(0, (4, 3)))
    axes.text(one_percent + 0.2, axes.get_ylim()[0] * 2, "1 % left of\na random state", color=SOFT)
    axes.set(xlabel="preparation, τ", ylabel="growth of deviations a motif")
    axes.set_title("Joint spectral radius (dotted: 2-norm)")
    axes.legend()


def draw_errors(axes: Axes, found: dict, time: float) -> None:
    for name, each in found.items():
        error = next(one["error"] for one in each if one["time"] == time)
        axes.semilogy(np.clip(error[:30], 1e-6, 1e6), "o-", c=COLOURS[name], ms=3, lw=1, label=name)
    axes.set(xlabel="motifs performed", ylabel="relative error of the state at its start")
    axes.set_title(f"Random sequences after {time:g} τ of preparation")
    axes.legend(loc="center right")


def main() -> None:
    chosen = parser(__doc__).parse_args()
    n, pairs, names, length = (80, 5, "ab", 60) if chosen.quick else (200, 10, "abcd", 500)
    network = heddle.gaussian_network(1, n=n, g=0.9 if chosen.quick else 1.0, seed=1)
    made, one_percent = libraries(network, names, pairs, n // 10)
    times = TIMES[:3] if chosen.quick else TIMES
    found = {}
    for name, library in made.items():
        step(f"{name}: certificates and sequences")
        found[name] = study(library, times, length)
    title = f"n = {n}, {n // 10} preparatory loops: 1 % of a random state is left after"
    rows = [row(name, found[name][i]) for i in range(len(times)) for name in found]
    show(f"{title} {one_percent:.1f} τ", COLUMNS, rows)
    with look():
        figure = new_figure(9.6, 4)
        left, right = figure.subplots(1, 2)
        draw_growth(left, found, one_percent)
        draw_errors(right, found, 8.0)
    save(figure, chosen.out, __file__)
    radii = {name: [one["proof"].radius.upper for one in each] for name, each in found.items()}
    claim(
        "at every preparation time, robust loops let deviations grow less than random ones and "
        "six loops less than either; performances do what the certificates say.",
        robust_is_safer=bool(np.all(np.less(radii["robust loops"], radii["random loops"]))),
        six_are_safest=bool(np.all(np.less(radii["six loops each"], radii["robust loops"]))),
        stable_means_bounded=all(
            one["error"].max() < 1e3
            for each in found.values()
            for one in each
            if one["proof"].verdict == "stable"
        ),
    )


if __name__ == "__main__":
    main()
