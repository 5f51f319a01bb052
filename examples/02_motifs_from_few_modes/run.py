"""A smooth motif takes a few eigenmodes; steps take many and converge slowly; networks obey."""

import sys
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from scipy.interpolate import CubicSpline
from scipy.linalg import expm

import heddle
from heddle.plot.style import ACCENT, PALE, SECOND, SOFT, look, new_figure

sys.path.insert(0, str(Path(__file__).parents[1]))
from support import claim, parser, save, show, step

TAU = 0.01
DT = 0.1 * TAU
PAIRS = (2, 3, 4, 5, 10)
# Sums of squared errors of the published fits, from their stored targets.
PUBLISHED = {
    "smooth_pattern4_1": (39.7, 9.71, 2e-3, 1e-3, 3e-4),
    "step_trajX10": (596, 308, 217, 170, 120),
}


def own_targets(seed: int = 1) -> dict[str, heddle.Motif]:
    """Levels that are held for 5 to 50 τ, as published ones are, and a spline through them."""
    random = np.random.default_rng(seed)
    dwells = random.integers(100, 300, size=5)
    levels = np.array([0, *0.9 * random.standard_normal(5), 0])
    steps = np.repeat(levels, [1, *dwells, 51])
    ends = np.cumsum([1, *dwells])
    middles = [0, *(ends[:-1] + ends[1:]) / 2, len(steps) - 1]
    smooth = CubicSpline(middles, levels, bc_type="clamped")(np.arange(len(steps)))
    values = {"smooth": smooth, "steps": steps}
    return {name: heddle.Motif(name, value[:, None], DT) for name, value in values.items()}


def stored_targets(path: Path) -> dict[str, heddle.Motif]:
    with np.load(path) as arrays:
        return {name: heddle.Motif(name, arrays[name][:, None], DT) for name in PUBLISHED}


def fitted(motif: heddle.Motif, pairs: int) -> heddle.ModeFit:
    """Eigenvalues 0.05 apart or more, as published; the gain is left to the number of loops."""
    return heddle.fit_modes(
        motif, pairs=pairs, tau=TAU, separation=0.05, loops=24, most_gain=1e6, ridge=1e-8, starts=8
    )


def performed(network: heddle.Network, motif: heddle.Motif, fit: heddle.ModeFit) -> np.ndarray:
    """What the readout does with the loops of the fit open: W + U Vᵀ, stepped exactly."""
    made = heddle.design_motif_loops(network, [motif], [fit], loops=6)[0]
    closed = network.weights + made.loops.u @ made.loops.v.T
    forward = expm((closed - np.eye(len(closed))) * motif.dt / TAU)
    states = [made.initial_state - made.fixed_point]
    for _ in motif.values[1:]:
        states.append(forward @ states[-1])
    return (np.array(states) + made.fixed_point) @ network.readout.T


def squares(motif: heddle.Motif) -> float:
    return float(((motif.values - motif.values.mean()) ** 2).sum())


def measured(network: heddle.Network, motif: heddle.Motif) -> list[dict]:
    found = []
    for pairs in PAIRS:
        step(f"fitting {motif.name} by {pairs} pairs of modes")
        fit = fitted(motif, pairs)
        output = performed(network, motif, fit)
        error = float(((output - motif.values) ** 2).sum()) / squares(motif)
        found.append({"pairs": pairs, "fit": fit, "output": output, "performed": error})
    return found


def rows_of(motif: heddle.Motif, found: list[dict]) -> list[list[str]]:
    published = PUBLISHED.get(motif.name, [None] * len(PAIRS))
    return [
        [
            motif.name,
            str(one["pairs"]),
            f"{one['fit'].error:.2e}",
            f"{one['performed']:.2e}",
            f"{one['performed'] * squares(motif):.3g}",
            "" if sse is None else f"{sse:g}",
            f"{one['fit'].amplitude:.2g}",
        ]
        for one, sse in zip(found, published, strict=True)
    ]


COLUMNS = ["motif", "pairs", "error of the fit", "of the network", "Σ squares", "published"]
COLUMNS += ["largest amplitude"]


def trace(axes: Axes, motif: heddle.Motif, found: list[dict]) -> None:
    time = np.arange(len(motif.values)) * motif.dt / TAU
    axes.plot(time, motif.values[:, 0], c=PALE, lw=5, label="target")
    for one, colour, width in zip(
        (found[0], found[2], found[-1]), (SOFT, SECOND, ACCENT), (0.9, 1.1, 1.3), strict=True
    ):
        name = f"network, {one['pairs']} pairs"
        axes.plot(time, one["output"][:, 0], c=colour, lw=width, label=name)
    axes.set(xlabel="time, τ", ylabel="readout", title=motif.name)


def draw(targets: dict, found: dict):
    with look():
        figure = new_figure(10.5, 3.6)
        panels = figure.subplots(1, 3, width_ratios=(1.25, 1.25, 1))
        for axes, name in zip(panels, targets, strict=False):
            trace(axes, targets[name], found[name])
        panels[0].figure.legend(
            *panels[0].get_legend_handles_labels(), loc="outside lower left", ncols=4
        )
        axes = panels[2]
        for name, colour, mark in zip(targets, (ACCENT, SECOND), "os", strict=True):
            pairs = [one["pairs"] for one in found[name]]
            axes.loglog(
                pairs, [one["performed"] for one in found[name]], f"{mark}-", c=colour, label=name
            )
            sse = PUBLISHED.get(name)
            if sse:
                relative = np.array(sse) / squares(targets[name])
                axes.loglog(pairs, relative, mark, mfc="none", c=SOFT, label=f"{name}, published")
        axes.set_xticks(PAIRS, map(str, PAIRS))
        axes.minorticks_off()
        axes.set(
            xlabel="pairs of modes",
            ylabel="error of the network",
            title="Squared error over variance",
        )
        if PUBLISHED.keys() & targets.keys():
            axes.legend(loc="upper right", bbox_to_anchor=(1, 0.87))
        else:
            axes.legend(loc="lower left")
    return figure


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--targets", type=Path, help="NPZ with the published targets")
    chosen = arguments.parse_args()
    targets = stored_targets(chosen.targets) if chosen.targets else own_targets()
    network = heddle.gaussian_network(1, n=100 if chosen.quick else 500, g=0.9, seed=1)
    found = {name: measured(network, motif) for name, motif in targets.items()}
    show(
        f"Motifs of n = {len(network.bias)} units, six loops",
        COLUMNS,
        [r for name in targets for r in rows_of(targets[name], found[name])],
    )
    save(draw(targets, found), chosen.out, __file__)
    smooth, steps = ([one["performed"] for one in found[name]] for name in targets)
    every = [one for name in targets for one in found[name]]
    claim(
        "ten pairs leave less than 1e-4 of a smooth motif and more than 1e-2 of a stepped one, "
        "and the network's error is the fit's.",
        smooth_is_few_modes=smooth[-1] < 1e-4,
        steps_are_many=steps[-1] > 1e-2,
        the_network_performs_the_fit=all(
            abs(one["performed"] - one["fit"].error) < 1e-6 for one in every
        ),
    )


if __name__ == "__main__":
    main()
