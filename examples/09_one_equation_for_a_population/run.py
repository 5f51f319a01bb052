"""Can one equation stand for a population whose neurons differ in their connections and adapt?"""

import sys
from pathlib import Path

import numpy as np

import heddle
from heddle.circuits import adapting_population
from heddle.plot.style import ACCENT, INK, SECOND, SOFT, look, new_figure

sys.path.insert(0, str(Path(__file__).parents[1]))
from support import claim, parser, save, show, step

SECONDS = 3000.0  # ms shown; the current steps up after 500
CLOSURES = ("mean", "heterogeneity", "full")


def rate_of(circuit: heddle.Circuit, seed: int, duration: float = SECONDS) -> np.ndarray:
    """The neurons' rate in bins of 10 ms, Hz."""
    recording = heddle.simulate(
        circuit, duration=duration, step=0.5, bin=10.0, seed=seed, threads=0, keep_spikes=False
    )
    return np.asarray(recording.activity)[0]


def distance(model: np.ndarray, neurons: np.ndarray) -> float:
    """Root mean square of the difference over the range, %."""
    return float(100 * np.sqrt(np.mean((model - neurons) ** 2)) / np.ptp(neurons))


def measure(size: int, cvs: list[float]) -> tuple[dict, dict]:
    rates, errors = {}, {}
    for cv in cvs:
        circuit = adapting_population(size, cv=cv)
        step(f"in-weights that differ by {cv:.0%}: {size} neurons, two runs")
        neurons = np.mean([rate_of(circuit, seed) for seed in (0, 1)], axis=0)
        rates[cv] = {"neurons": neurons}
        for closure in CLOSURES:
            units = heddle.rate_units(circuit, duration=SECONDS, bin=10.0, closure=closure)
            rates[cv][closure] = np.asarray(units.activity)[0]
            errors[cv, closure] = distance(rates[cv][closure], neurons)
    return rates, errors


def draw(rates: dict, cv: float, equations: heddle.RateEquations):
    with look():
        figure = new_figure(7.0, 5.4)
        upper, lower = figure.subplots(2, 1)
        time = np.arange(len(rates[cv]["neurons"])) * 10 + 5
        upper.plot(time, rates[cv]["neurons"], c=SOFT, lw=3, alpha=0.5, label="neurons")
        for closure, colour in zip(CLOSURES, (INK, SECOND, ACCENT), strict=True):
            upper.plot(time, rates[cv][closure], c=colour, lw=1.2, label=f"closure: {closure}")
        upper.set(xlabel="time (ms)", ylabel="rate (Hz)")
        upper.set_title(f"A current steps up at 500 ms; in-weights differ by {cv:.0%}")
        upper.legend()
        gain = equations.values["W_E_E"]
        for share, shade in ((0.5, SECOND), (1.0, ACCENT)):
            branch = equations.with_values(C_E_E=(share * cv * gain) ** 2).follow(
                "mu0_E", -4.0, 6.0, time=-1.0
            )
            lower.plot(branch.values, branch.rates[0], c=shade, label=f"differ by {share * cv:.0%}")
        lower.set(xlabel="mean drive μ⁰ (mV)", ylabel="rate at rest (Hz)")
        lower.legend()
    return figure


def main() -> None:
    options = parser(__doc__).parse_args()
    size = 4000 if options.quick else 20_000
    cvs = [0.0, 1.5] if options.quick else [0.0, 0.5, 1.0, 1.5]
    rates, errors = measure(size, cvs)
    equations = heddle.rate_unit_equations(adapting_population(size, cv=cvs[-1]))
    print(equations)
    (point,) = equations.fixed_points(time=600.0).points
    names = [item.name for item in equations.definitions]
    rest = float(point.definitions[names.index("A_E")])
    step("the same neurons for 6 s")
    late = float(rate_of(adapting_population(size, cv=cvs[-1]), 2, 6000.0)[400:].mean())
    show(
        "Distance from the neurons, % of the range of their rate",
        ["in-weights differ by", *(f"closure: {closure}" for closure in CLOSURES)],
        [[f"{cv:.0%}", *(f"{errors[cv, closure]:.1f}" for closure in CLOSURES)] for cv in cvs],
    )
    print(f"\nAt rest after the step: {rest:.2f} Hz, proven; neurons from 4 to 6 s: {late:.2f} Hz")
    save(draw(rates, cvs[-1], equations), options.out, __file__)
    bound = 3.0 if options.quick else 2.5
    claim(
        "with differences of input and adaptation together one equation follows the population; "
        "with either alone it is several times further away",
        full_closure_is_near=errors[cvs[-1], "full"] < bound,
        means_alone_are_far=errors[cvs[-1], "mean"] > 3 * errors[cvs[-1], "full"],
        differences_alone_are_further=errors[cvs[-1], "heterogeneity"] > errors[cvs[-1], "mean"],
        equal_neurons_are_near=errors[0.0, "full"] < bound,
        it_rests_where_neurons_do=abs(rest - late) < 0.05 * late,
    )


if __name__ == "__main__":
    main()
