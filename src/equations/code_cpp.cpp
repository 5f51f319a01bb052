#include "equations/code_languages.hpp"
#include "equations/program.hpp"

namespace heddle {
namespace {

const char* const words =
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t "
    "char32_t char8_t class co_await co_return co_yield compl concept const const_cast "
    "consteval constexpr constinit continue decltype default delete do double dynamic_cast "
    "else enum explicit export extern false float for friend goto if inline int long mutable "
    "namespace new noexcept not not_eq nullptr operator or or_eq private protected public "
    "register reinterpret_cast requires return short signed sizeof static static_assert "
    "static_cast struct switch template this thread_local throw true try typedef typeid "
    "typename union unsigned using virtual void volatile wchar_t while xor xor_eq std main "
    "NULL EOF INFINITY NAN HUGE_VAL errno stdin stdout stderr RAND_MAX M_PI linux unix i386 x "
    "d p t past drive change Values Parameters Input Trajectory Present populations inputs "
    "delays definitions rhs present drive_between read_past rates_of solve initial sign "
    "normal_below softplus softplus_mean rectified_mean level_at advanced";

class Cpp final : public CodeDialect {
  public:
    Cpp()
        : CodeDialect({.reserved = words_of(words)},
                      {"std::exp", "std::log", "std::tanh", "std::abs", "sign", "std::sqrt"}) {}

    [[nodiscard]] std::string assignment(const std::string& name,
                                         const std::string& value) const override {
        return "const double " + name + " = " + value + ";";
    }
    [[nodiscard]] std::string power(const std::string& base, double exponent) const override {
        const bool wrapped = base[0] == '(';
        const std::string bare = wrapped ? base.substr(1, base.size() - 2) : base;
        if (exponent == 2.0 && !wrapped) return "(" + base + " * " + base + ")";
        return "std::pow(" + bare + ", " + number(exponent) + ")";
    }
};

const char* const sign_code = R"(double sign(double x) {
    return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0;
}

)";

const char* const normal_below_code = R"(/// The standard normal law up to x.
double normal_below(double x) {
    return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

)";

const char* const softplus_code = R"(/// The derivative of that order of log(1 + exp(x)).
double softplus(int order, double x) {
    const double e = std::exp(-std::abs(x));
    if (order == 0) return std::max(x, 0.0) + std::log1p(e);
    if (order == 1) return (x < 0.0 ? e : 1.0) / (1.0 + e);
    // Those of s = 1 / (1 + exp(-x)) are polynomials in s, as s' = s - s^2; s is taken where small.
    const double s = e / (1.0 + e);
    Values series{0.0, 1.0};
    for (int k = 1; k < order; ++k) {
        Values next(series.size() + 1, 0.0);
        for (std::size_t j = 1; j < series.size(); ++j) {
            next[j] += static_cast<double>(j) * series[j];
            next[j + 1] -= static_cast<double>(j) * series[j];
        }
        series = next;
    }
    double total = 0.0;
    for (std::size_t j = series.size(); j-- > 0;) total = total * s + series[j];
    return x > 0.0 && order % 2 == 1 ? -total : total;
}

)";

const char* const softplus_mean_code =
    R"(/// The mean of softplus(order, u + sqrt(w) z), z standard normal: trapezoidal rule.
double softplus_mean(int order, double u, double w) {
    if (w <= 0.0) return softplus(order, u);
    const double deviation = std::sqrt(w);
    const double spacing = std::min(0.6, 0.5 / deviation);
    const int nodes = static_cast<int>(std::ceil(9.0 / spacing));
    double sum = 0.0;
    for (int k = -nodes; k <= nodes; ++k) {
        const double z = k * spacing;
        sum += std::exp(-0.5 * z * z) * softplus(order, u + deviation * z);
    }
    return spacing * sum / std::sqrt(8.0 * std::atan(1.0));
}

)";

const char* const rectified_mean_code =
    R"(/// The mean of the derivative of that order of max(x, 0), x = u + sqrt(w) z, z standard normal.
double rectified_mean(int order, double u, double w) {
    if (w <= 0.0) return order == 0 ? std::max(u, 0.0) : order == 1 && u > 0.0 ? 1.0 : 0.0;
    const double deviation = std::sqrt(w);
    const double x = u / deviation;
    const double density = std::exp(-0.5 * x * x) / std::sqrt(8.0 * std::atan(1.0));
    if (order == 0) return u * normal_below(x) + deviation * density;
    if (order == 1) return normal_below(x);
    double before = 0.0, hermite = 1.0;
    for (int k = 0; k < order - 2; ++k) {
        const double next = x * hermite - k * before;
        before = hermite;
        hermite = next;
    }
    const double sign_of_order = order % 2 == 0 ? 1.0 : -1.0;
    return sign_of_order * hermite * density / std::pow(deviation, order - 1);
}

)";

const char* const text = R"(@head@
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <vector>

namespace {

using Values = std::vector<double>;

struct Parameters {
@parameters@};

const std::vector<const char*> populations{@populations@};
/// States: @states@.
const Values initial{@initial@};

/// An input changes in steps: times, and values from then on.
struct Input {
    Values times, values;
};
const std::vector<Input> inputs{
@inputs@};

@helpers@/// Delays of past values, ms.
Values delays([[maybe_unused]] const Parameters& p) {
@delays@    return {@delay_names@};
}

/// What follows from state, past values and inputs at once.
Values definitions([[maybe_unused]] const Values& x, [[maybe_unused]] const Values& past,
                   [[maybe_unused]] const Parameters& p, [[maybe_unused]] const Values& drive) {
@definitions@    return {@definition_names@};
}

/// The change of the states per ms. There is no time in it: drive holds the inputs.
Values rhs([[maybe_unused]] const Values& x, [[maybe_unused]] const Values& past,
           [[maybe_unused]] const Parameters& p, [[maybe_unused]] const Values& drive) {
    [[maybe_unused]] const Values d = definitions(x, past, p, drive);
@changes@    return {@change_names@};
}

/// What past values are made of: now, and its change per ms.
struct Present {
    Values value, slope;
};
Present present([[maybe_unused]] const Values& x, [[maybe_unused]] const Values& past,
                [[maybe_unused]] const Parameters& p,
                [[maybe_unused]] const Values& drive) {
    [[maybe_unused]] const Values d = definitions(x, past, p, drive);
    [[maybe_unused]] const Values change = rhs(x, past, p, drive);
@slopes@    return {{@now@},
            {@now_changes@}};
}

/// Of populations, Hz.
Values rates_of([[maybe_unused]] const Values& x, [[maybe_unused]] const Values& d) {
    return {@rates@};
}

/// The mean of each input from start to end, ms; if these are equal, the input then.
Values drive_between(double start, double end) {
    Values means;
    for (const Input& input : inputs) {
        const Values& times = input.times;
        std::size_t next = static_cast<std::size_t>(
            std::upper_bound(times.begin(), times.end(), start) - times.begin());
        const auto level = [&] { return next == 0 ? 0.0 : input.values[next - 1]; };
        if (end <= start) {
            means.push_back(level());
            continue;
        }
        double from = start, sum = 0.0;
        for (; next < times.size() && times[next] < end; ++next) {
            sum += (times[next] - from) * level();
            from = times[next];
        }
        means.push_back((sum + (end - from) * level()) / (end - start));
    }
    return means;
}

/// Past values at step k + stage / 2: cubics through values and slopes at grid points.
Values read_past(int k, int stage, const Values& lags, const std::vector<Values>& values,
                 const std::vector<Values>& slopes, const Values& first) {
    Values past(lags.size());
    for (std::size_t j = 0; j < lags.size(); ++j) {
        // What a delay after the start begins may jump: a step sees the side it lies on.
        const double side = stage == 0 ? 1e-9 : -1e-9;
        const double position = 0.5 * stage - lags[j];
        const double edge = std::ceil(position) - 1.0;
        const double u = position - edge;
        const int left = k + static_cast<int>(edge);
        if (k + position + side < 0.0) {
            past[j] = first[j];
        } else if (left < 0) {
            past[j] = values[0][j];
        } else {
            const std::size_t a = static_cast<std::size_t>(left);
            past[j] = (1.0 + 2.0 * u) * (1.0 - u) * (1.0 - u) * values[a][j] +
                      u * u * (3.0 - 2.0 * u) * values[a + 1][j] +
                      u * (1.0 - u) * (1.0 - u) * slopes[a][j] +
                      u * u * (u - 1.0) * slopes[a + 1][j];
        }
    }
    return past;
}

/// a + b c.
Values advanced(Values a, double b, const Values& c) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b * c[i];
    return a;
}

struct Trajectory {
    Values times;
    std::vector<Values> rates, states, definitions;
};

/// The classical Runge-Kutta method. step: ms, at most the least delay. Before 0, past values were
/// those of the start, or 0. A step sees the mean of an input.
Trajectory solve(double duration, double step, const Parameters& p = {}, Values x = initial,
                 bool silent_past = @silent@) {
    const int steps = static_cast<int>(std::ceil(duration / step - 1e-9));
    Values lags = delays(p);
    for (double& lag : lags) {
        lag /= step;
        if (std::abs(lag - std::round(lag)) < 1e-9 * lag) lag = std::round(lag);
        if (lag < 1.0) throw std::invalid_argument("the step is above a delay");
    }
    // Slopes are per step.
    std::vector<Values> values(static_cast<std::size_t>(steps) + 1, Values(lags.size()));
    std::vector<Values> slopes = values;
    Values first(lags.size());
    if (!silent_past) first = present(x, first, p, drive_between(0.0, step)).value;
    Trajectory found;
    for (int k = 0;; ++k) {
        const double t = k * step;
        Values past = read_past(k, 0, lags, values, slopes, first);
        const Values d = definitions(x, past, p, drive_between(t, t));
        found.times.push_back(t);
        found.rates.push_back(rates_of(x, d));
        found.states.push_back(x);
        found.definitions.push_back(d);
        if (k == steps) return found;
        const Values drive = drive_between(t, t + step);
        const Present now = present(x, past, p, drive);
        values[static_cast<std::size_t>(k)] = now.value;
        for (std::size_t j = 0; j < lags.size(); ++j)
            slopes[static_cast<std::size_t>(k)][j] = step * now.slope[j];
        const Values k1 = rhs(x, past, p, drive);
        past = read_past(k, 1, lags, values, slopes, first);
        const Values k2 = rhs(advanced(x, 0.5 * step, k1), past, p, drive);
        const Values k3 = rhs(advanced(x, 0.5 * step, k2), past, p, drive);
        past = read_past(k, 2, lags, values, slopes, first);
        const Values k4 = rhs(advanced(x, step, k3), past, p, drive);
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] += step / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
    }
}

}  // namespace

/// Arguments: duration and step, ms.
int main(int count, char** arguments) {
    const double duration = count > 1 ? std::atof(arguments[1]) : @duration@;
    const double step = count > 2 ? std::atof(arguments[2]) : @step@;
    const Trajectory found = solve(duration, step);
    std::printf("time");
    for (const char* name : populations) std::printf(",%s", name);
    for (std::size_t k = 0; k < found.times.size(); ++k) {
        std::printf("\n%.17g", found.times[k]);
        for (const double rate : found.rates[k]) std::printf(",%.17g", rate);
    }
    std::printf("\n");
}
)";

std::string parameters_of(const CodeModel& model, const Program& program, const Cpp& write) {
    std::string out;
    for (const EquationParameter& item : model.equations.parameters)
        out += program.parameter(item, "    double " + write.names.of(item.name) + " = " +
                                           write.signed_number(item.value) + ";");
    return out;
}

std::string inputs_of(const CodeModel& model, const Program& program, const Cpp& write) {
    std::string out;
    for (const EquationInput& item : model.equations.inputs)
        out += "    // " + write.names.of(item.name) + "\n    {{" + program.times(item, "      ") +
               "},\n     {" + program.levels(item, "      ") + "}},\n";
    return out;
}

}  // namespace

std::vector<CodeFile> cpp_files(const CodeModel& model, const CodeOptions& options) {
    Cpp write;
    Program program(model, write, {"//", "\\\"", "true", "false"});
    std::vector<std::string> reads, states;
    for (const EquationParameter& item : model.equations.parameters)
        reads.push_back("p." + write.names.of(item.name));
    for (const EquationState& item : model.equations.states)
        states.push_back(write.names.of(item.name));
    program.read_parameters(reads);
    auto values = program.values(options);
    values["states"] = listed(states, "/// ");
    values["parameters"] = parameters_of(model, program, write);
    values["inputs"] = inputs_of(model, program, write);
    const std::string code = values["definitions"] + values["changes"] + values["slopes"];
    values["helpers"] = helpers_of(code, {{"sign", sign_code},
                                          {"normal_below", normal_below_code},
                                          {"softplus", softplus_code},
                                          {"softplus_mean", softplus_mean_code},
                                          {"rectified_mean", rectified_mean_code}});
    return {{options.name + ".cpp", filled(text, values)}};
}

}  // namespace heddle
