#include "equations/code_languages.hpp"
#include "equations/program.hpp"

namespace heddle {
namespace {

const char* const words =
    "False None True and as assert async await break class continue def del elif else except "
    "finally for from global if import in is lambda nonlocal not or pass raise return try "
    "while with yield match case print min max abs round range len np math sys x d p t past "
    "drive change parameters populations states initial inputs delays definitions rhs present "
    "drive_between read_past rates_of solve normal_below softplus softplus_mean "
    "rectified_mean";

class Numpy final : public CodeDialect {
  public:
    Numpy()
        : CodeDialect({.reserved = words_of(words)},
                      {"np.exp", "np.log", "np.tanh", "np.abs", "np.sign", "np.sqrt"}) {}
};

const char* const normal_below_code = R"(def normal_below(x):
    """The standard normal law up to x."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


)";

const char* const softplus_code = R"(def softplus(order, x):
    """The derivative of that order of log(1 + exp(x))."""
    e = np.exp(-np.abs(x))
    if order == 0:
        return np.maximum(x, 0.0) + np.log1p(e)
    if order == 1:
        return np.where(x < 0.0, e, 1.0) / (1.0 + e)
    # Those of s = 1 / (1 + exp(-x)) are polynomials in s, as s' = s - s^2; s is taken where small.
    s = e / (1.0 + e)
    series = [0.0, 1.0]
    for _ in range(order - 1):
        slope = [k * c for k, c in enumerate(series)][1:] + [0.0]
        series = [0.0] + [slope[k] - (slope[k - 1] if k > 0 else 0.0) for k in range(len(slope))]
    total = 0.0
    for c in reversed(series):
        total = total * s + c
    return np.where((x > 0.0) & (order % 2 == 1), -total, total)


)";

const char* const softplus_mean_code = R"(def softplus_mean(order, u, w):
    """The mean of softplus(order, u + sqrt(w) z) over a standard normal z: trapezoidal rule."""
    if w <= 0.0:
        return float(softplus(order, u))
    deviation = np.sqrt(w)
    spacing = min(0.6, 0.5 / deviation)
    nodes = math.ceil(9.0 / spacing)
    z = spacing * np.arange(-nodes, nodes + 1)
    density = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return spacing * np.sum(density * softplus(order, u + deviation * z))


)";

const char* const rectified_mean_code = R"(def rectified_mean(order, u, w):
    """The mean of the derivative of that order of max(x, 0), x = u + sqrt(w) z, z normal."""
    if w <= 0.0:
        return max(u, 0.0) if order == 0 else float(order == 1 and u > 0.0)
    deviation = math.sqrt(w)
    x = u / deviation
    density = math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)
    if order == 0:
        return u * normal_below(x) + deviation * density
    if order == 1:
        return normal_below(x)
    before, hermite = 0.0, 1.0
    for k in range(order - 2):
        before, hermite = hermite, x * hermite - k * before
    return (-1.0) ** order * hermite * density / deviation ** (order - 1)


)";

const char* const text = R"(@head@
import math
import sys

import numpy as np

parameters = {
@parameters@}
populations = [@populations@]
states = [@states@]
initial = np.array([@initial@])
# Inputs change in steps: times, and values from then on.
inputs = [
@inputs@]


@helpers@def delays(p):
    """Of past values, ms."""
@delays@    return [@delay_names@]


def definitions(x, past, p, drive):
    """What follows from state, past values and inputs at once."""
@definitions@    return np.array([@definition_names@])


def rhs(t, x, past=(), p=parameters, drive=None):
    """The change of the states per ms. drive: of the inputs; those at t if None."""
    drive = drive_between(t, t) if drive is None else drive
    d = definitions(x, past, p, drive)
@changes@    return np.array([@change_names@])


def present(t, x, past, p, drive):
    """What past values are made of: now, and its change per ms."""
    d = definitions(x, past, p, drive)
    change = rhs(t, x, past, p, drive)
@slopes@    return np.array([@now@]), np.array([@now_changes@])


def rates_of(x, d):
    """Of populations, Hz."""
    return np.array([@rates@])


def drive_between(start, end):
    """The mean of each input from start to end, ms; if these are equal, the input then."""
    means = []
    for times, values in inputs:
        times, values = np.array(times), np.array([0.0, *values])
        if end <= start:
            means.append(values[np.searchsorted(times, start, side="right")])
            continue
        edges = np.array([start, *times[(times > start) & (times < end)], end])
        level = values[np.searchsorted(times, edges[:-1], side="right")]
        means.append(np.sum(np.diff(edges) * level) / (end - start))
    return np.array(means)


def read_past(k, stage, lags, values, slopes, first):
    """Past values at step k + stage / 2: cubics through values and slopes at grid points."""
    past = np.zeros(len(lags))
    for j, lag in enumerate(lags):
        # What a delay after the start begins may jump: a step sees the side it lies on.
        side = 1e-9 if stage == 0 else -1e-9
        if k + 0.5 * stage + side < lag:
            past[j] = first[j]
            continue
        position = 0.5 * stage - lag
        left = math.ceil(position) - 1
        u = position - left
        left += k
        if left < 0:
            past[j] = values[0, j]
            continue
        past[j] = (
            (1.0 + 2.0 * u) * (1.0 - u) ** 2 * values[left, j]
            + u * u * (3.0 - 2.0 * u) * values[left + 1, j]
            + u * (1.0 - u) ** 2 * slopes[left, j]
            + u * u * (u - 1.0) * slopes[left + 1, j]
        )
    return past


def solve(duration=@duration@, step=@step@, p=parameters, x=initial, silent_past=@silent@):
    """The classical Runge-Kutta method. step: ms, at most the least delay.

    Before 0, past values were those of the start, or 0. A step sees the mean of an input.
    Returns times, rates (one row for each time), states and definitions.
    """
    steps = math.ceil(duration / step - 1e-9)
    lags = [delay / step for delay in delays(p)]
    lags = [round(lag) if abs(lag - round(lag)) < 1e-9 * lag else lag for lag in lags]
    if lags and min(lags) < 1.0:
        raise ValueError(f"step is {step} ms, above a delay; give at most {min(delays(p))} ms")
    x = np.array(x, dtype=float)
    values = np.zeros((steps + 1, len(lags)))
    slopes = np.zeros_like(values)  # Per step.
    first = np.zeros(len(lags))
    if lags and not silent_past:
        first = present(0.0, x, first, p, drive_between(0.0, step))[0]
    rates, xs, ds = [], [], []
    for k in range(steps + 1):
        t = k * step
        past = read_past(k, 0, lags, values, slopes, first)
        d = definitions(x, past, p, drive_between(t, t))
        rates.append(rates_of(x, d))
        xs.append(x)
        ds.append(d)
        if k == steps:
            break
        drive = drive_between(t, t + step)
        if lags:
            values[k], slope = present(t, x, past, p, drive)
            slopes[k] = step * slope
        k1 = rhs(t, x, past, p, drive)
        past = read_past(k, 1, lags, values, slopes, first)
        k2 = rhs(t, x + 0.5 * step * k1, past, p, drive)
        k3 = rhs(t, x + 0.5 * step * k2, past, p, drive)
        past = read_past(k, 2, lags, values, slopes, first)
        k4 = rhs(t, x + step * k3, past, p, drive)
        x = x + step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return step * np.arange(steps + 1), np.array(rates), np.array(xs), np.array(ds)


if __name__ == "__main__":
    # Arguments: duration and step, ms.
    times, rates, _, _ = solve(*map(float, sys.argv[1:3]))
    print(",".join(["time", *populations]))
    for t, row in zip(times, rates):
        print(",".join(f"{value:.17g}" for value in [t, *row]))
)";

std::string parameters_of(const CodeModel& model, const Program& program, const Numpy& write) {
    std::string out;
    for (const EquationParameter& item : model.equations.parameters)
        out += program.parameter(
            item, "    " + quoted(item.name) + ": " + write.signed_number(item.value) + ",");
    return out;
}

std::string inputs_of(const CodeModel& model, const Program& program) {
    std::string out;
    for (const EquationInput& item : model.equations.inputs)
        out += "    (\n        [" + program.times(item, "         ") + "],\n        [" +
               program.levels(item, "         ") + "],\n    ),  # " + item.name + "\n";
    return out;
}

}  // namespace

std::vector<CodeFile> numpy_files(const CodeModel& model, const CodeOptions& options) {
    Numpy write;
    Program program(model, write, {"#", "\\\"", "True", "False"});
    std::vector<std::string> reads;
    for (const EquationParameter& item : model.equations.parameters)
        reads.push_back("p[" + quoted(item.name) + "]");
    program.read_parameters(reads);
    auto values = program.values(options);
    values["parameters"] = parameters_of(model, program, write);
    values["inputs"] = inputs_of(model, program);
    const std::string code = values["definitions"] + values["changes"] + values["slopes"];
    values["helpers"] = helpers_of(code, {{"normal_below", normal_below_code},
                                          {"softplus", softplus_code},
                                          {"softplus_mean", softplus_mean_code},
                                          {"rectified_mean", rectified_mean_code}});
    return {{options.name + ".py", filled(text, values)}};
}

}  // namespace heddle
