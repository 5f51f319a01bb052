#include "equations/code_languages.hpp"
#include "equations/program.hpp"

namespace heddle {
namespace {

const char* const words =
    "baremodule begin break catch const continue do else elseif end export false finally for "
    "function global if import let local macro module quote return struct true try using "
    "while in isa where abstract mutable primitive type outer public pi im Inf NaN nothing "
    "missing exp log tanh abs sign sqrt max min sum ceil round length print println join "
    "parse Int Float64 ARGS x d p t past drive change parameters populations states initial "
    "inputs delays definitions rhs present drive_between read_past rates_of solve "
    "normal_below softplus softplus_mean rectified_mean Base Core Main ccall eval include new "
    "error zeros isempty minimum";

class Julia final : public CodeDialect {
  public:
    Julia()
        : CodeDialect({.reserved = words_of(words)},
                      {"exp", "log", "tanh", "abs", "sign", "sqrt"}) {}

    [[nodiscard]] std::string element(const std::string& array, std::size_t i) const override {
        return array + "[" + std::to_string(i + 1) + "]";
    }
    [[nodiscard]] std::string power_sign() const override { return "^"; }
};

// Without packages there is no error function: a series of positive terms, and its continued
// fraction further out.
const char* const normal_below_code = R"("The standard normal law up to x."
function normal_below(x)
    y = abs(x) / sqrt(2.0)
    if y < 2.0
        term = total = 2.0 * y * exp(-y * y) / sqrt(pi)
        for n in 1:60
            term *= 2.0 * y * y / (2.0 * n + 1.0)
            total += term
        end
        return 0.5 * (x < 0.0 ? 1.0 - total : 1.0 + total)
    end
    fraction = y
    for n in 120:-1:1
        fraction = y + 0.5 * n / fraction
    end
    tail = 0.5 * exp(-y * y) / (sqrt(pi) * fraction)
    return x < 0.0 ? tail : 1.0 - tail
end

)";

const char* const softplus_code = R"("The derivative of that order of log(1 + exp(x))."
function softplus(order, x)
    e = exp(-abs(x))
    order == 0 && return max(x, 0.0) + log1p(e)
    order == 1 && return (x < 0.0 ? e : 1.0) / (1.0 + e)
    # Those of s = 1 / (1 + exp(-x)) are polynomials in s, as s' = s - s^2; s is taken where small.
    s = e / (1.0 + e)
    series = [1.0]
    for _ in 2:order
        next = zeros(length(series) + 1)
        for (j, c) in enumerate(series)
            next[j] += j * c
            next[j + 1] -= j * c
        end
        series = next
    end
    total = 0.0
    for c in reverse(series)
        total = (total + c) * s
    end
    return x > 0.0 && isodd(order) ? -total : total
end

)";

const char* const softplus_mean_code =
    R"("The mean of softplus(order, u + sqrt(w) z), z standard normal: trapezoidal rule."
function softplus_mean(order, u, w)
    w <= 0.0 && return softplus(order, u)
    deviation = sqrt(w)
    spacing = min(0.6, 0.5 / deviation)
    nodes = ceil(Int, 9.0 / spacing)
    total = 0.0
    for k in -nodes:nodes
        z = k * spacing
        total += exp(-0.5 * z * z) * softplus(order, u + deviation * z)
    end
    return spacing * total / sqrt(2.0 * pi)
end

)";

const char* const rectified_mean_code =
    R"("The mean of the derivative of that order of max(x, 0), x = u + sqrt(w) z, z standard normal."
function rectified_mean(order, u, w)
    if w <= 0.0
        return order == 0 ? max(u, 0.0) : order == 1 && u > 0.0 ? 1.0 : 0.0
    end
    deviation = sqrt(w)
    x = u / deviation
    density = exp(-0.5 * x * x) / sqrt(2.0 * pi)
    order == 0 && return u * normal_below(x) + deviation * density
    order == 1 && return normal_below(x)
    before, hermite = 0.0, 1.0
    for k in 0:(order - 3)
        before, hermite = hermite, x * hermite - k * before
    end
    return (iseven(order) ? 1.0 : -1.0) * hermite * density / deviation^(order - 1)
end

)";

const char* const text = R"(@head@
const parameters = @parameters@
const populations = String[@populations@]
const states = String[@states@]
const initial = Float64[@initial@]
# Inputs change in steps: times, and values from then on.
const inputs = Tuple{Vector{Float64},Vector{Float64}}[
@inputs@]

@helpers@"Delays of past values, ms."
function delays(p)
@delays@    return Float64[@delay_names@]
end

"What follows from state, past values and inputs at once."
function definitions(x, past, p, drive)
@definitions@    return Float64[@definition_names@]
end

"The change of the states per ms. drive: of the inputs; those at t unless given."
function rhs(t, x, past=Float64[], p=parameters, drive=drive_between(t, t))
    d = definitions(x, past, p, drive)
@changes@    return Float64[@change_names@]
end

"What past values are made of: now, and its change per ms."
function present(t, x, past, p, drive)
    d = definitions(x, past, p, drive)
    change = rhs(t, x, past, p, drive)
@slopes@    return Float64[@now@], Float64[@now_changes@]
end

"Of populations, Hz."
function rates_of(x, d)
    return Float64[@rates@]
end

"The mean of each input from start to stop, ms; if these are equal, the input then."
function drive_between(start, stop)
    means = Float64[]
    for (times, values) in inputs
        level(t) = (k = searchsortedlast(times, t); k == 0 ? 0.0 : values[k])
        if stop <= start
            push!(means, level(start))
            continue
        end
        edges = [start; times[(times .> start) .& (times .< stop)]; stop]
        total = 0.0
        for k in 1:(length(edges) - 1)
            total += (edges[k + 1] - edges[k]) * level(edges[k])
        end
        push!(means, total / (stop - start))
    end
    return means
end

"Past values at step k + stage / 2: cubics through values and slopes at grid points."
function read_past(k, stage, lags, values, slopes, first)
    past = zeros(length(lags))
    for (j, lag) in enumerate(lags)
        # What a delay after the start begins may jump: a step sees the side it lies on.
        side = stage == 0 ? 1e-9 : -1e-9
        if k + 0.5 * stage + side < lag
            past[j] = first[j]
            continue
        end
        position = 0.5 * stage - lag
        edge = ceil(Int, position) - 1
        u = position - edge
        left = k + edge + 1
        if left < 1
            past[j] = values[1, j]
            continue
        end
        past[j] = (1.0 + 2.0 * u) * (1.0 - u)^2 * values[left, j] +
                  u * u * (3.0 - 2.0 * u) * values[left + 1, j] +
                  u * (1.0 - u)^2 * slopes[left, j] +
                  u * u * (u - 1.0) * slopes[left + 1, j]
    end
    return past
end

"""
The classical Runge-Kutta method. step: ms, at most the least delay.

Before 0, past values were those of the start, or 0. A step sees the mean of an input.
Returns times, rates (one column for each time), states and definitions.
"""
function solve(duration=@duration@, step=@step@; p=parameters, x=initial, silent_past=@silent@)
    steps = ceil(Int, duration / step - 1e-9)
    lags = delays(p) ./ step
    lags = [abs(lag - round(lag)) < 1e-9 * lag ? round(lag) : lag for lag in lags]
    if !isempty(lags) && minimum(lags) < 1.0
        error("step is $step ms, above a delay; give at most $(minimum(delays(p))) ms")
    end
    values = zeros(steps + 1, length(lags))
    slopes = zeros(steps + 1, length(lags))  # Per step.
    first = zeros(length(lags))
    if !silent_past
        first, _ = present(0.0, x, first, p, drive_between(0.0, step))
    end
    rates, xs, ds = Vector{Float64}[], Vector{Float64}[], Vector{Float64}[]
    for k in 0:steps
        t = k * step
        past = read_past(k, 0, lags, values, slopes, first)
        d = definitions(x, past, p, drive_between(t, t))
        push!(rates, rates_of(x, d))
        push!(xs, x)
        push!(ds, d)
        k == steps && break
        drive = drive_between(t, t + step)
        now, slope = present(t, x, past, p, drive)
        values[k + 1, :] = now
        slopes[k + 1, :] = step * slope
        k1 = rhs(t, x, past, p, drive)
        past = read_past(k, 1, lags, values, slopes, first)
        k2 = rhs(t, x + 0.5 * step * k1, past, p, drive)
        k3 = rhs(t, x + 0.5 * step * k2, past, p, drive)
        past = read_past(k, 2, lags, values, slopes, first)
        k4 = rhs(t, x + step * k3, past, p, drive)
        x = x + step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    end
    return step * (0:steps), reduce(hcat, rates), reduce(hcat, xs), reduce(hcat, ds)
end

# Arguments: duration and step, ms.
if abspath(PROGRAM_FILE) == @@__FILE__
    times, rates, _, _ = solve((parse(Float64, word) for word in ARGS)...)
    println(join(["time"; populations], ","))
    for (k, t) in enumerate(times)
        println(join([t; rates[:, k]], ","))
    end
end
)";

std::string parameters_of(const CodeModel& model, const Program& program, const Julia& write) {
    if (model.equations.parameters.empty()) return "NamedTuple()";
    std::string out = "(\n";
    for (const EquationParameter& item : model.equations.parameters)
        out += program.parameter(item, "    " + write.names.of(item.name) + " = " +
                                           write.signed_number(item.value) + ",");
    return out + ")";
}

std::string inputs_of(const CodeModel& model, const Program& program, const Julia& write) {
    std::string out;
    for (const EquationInput& item : model.equations.inputs)
        out += "    # " + write.names.of(item.name) + "\n    (Float64[" +
               program.times(item, "        ") + "],\n     Float64[" +
               program.levels(item, "        ") + "]),\n";
    return out;
}

}  // namespace

std::vector<CodeFile> julia_files(const CodeModel& model, const CodeOptions& options) {
    Julia write;
    Program program(model, write, {"#", "\\\"$", "true", "false"});
    std::vector<std::string> reads;
    for (const EquationParameter& item : model.equations.parameters)
        reads.push_back("p." + write.names.of(item.name));
    program.read_parameters(reads);
    auto values = program.values(options);
    values[""] = "@";
    values["parameters"] = parameters_of(model, program, write);
    values["inputs"] = inputs_of(model, program, write);
    const std::string code = values["definitions"] + values["changes"] + values["slopes"];
    values["helpers"] = helpers_of(code, {{"normal_below", normal_below_code},
                                          {"softplus", softplus_code},
                                          {"softplus_mean", softplus_mean_code},
                                          {"rectified_mean", rectified_mean_code}});
    return {{options.name + ".jl", filled(text, values)}};
}

}  // namespace heddle
