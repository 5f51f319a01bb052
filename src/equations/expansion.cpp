#include "equations/expansion.hpp"

#include <cmath>
#include <numbers>

#include "network/smoothed.hpp"

namespace heddle {
namespace {

constexpr std::size_t terms = 4;

/// f of a series, from f and its derivatives there: Σ f⁽ᵏ⁾ dᵏ / k!.
Jet composed(const std::array<double, terms>& derivatives, const Jet& x) {
    Jet d = x;
    d.c[0] = 0.0;
    Jet sum(derivatives[0]);
    Jet power(1.0);
    double factorial = 1.0;
    for (std::size_t k = 1; k < terms; ++k) {
        power = power * d;
        factorial *= static_cast<double>(k);
        sum = sum + power * Jet(derivatives[k] / factorial);
    }
    return sum;
}

Jet raised(const Jet& x, double exponent) {
    std::array<double, terms> derivatives{};
    double factor = 1.0;
    for (std::size_t k = 0; k < terms; ++k) {
        const double left = exponent - static_cast<double>(k);
        derivatives[k] = factor == 0.0 ? 0.0 : factor * std::pow(x.c[0], left);
        factor *= left;
    }
    return composed(derivatives, x);
}

Jet tanh_of(const Jet& x) {
    const double t = std::tanh(x.c[0]);
    const double s = 1.0 - t * t;
    return composed({t, s, -2.0 * t * s, s * (6.0 * t * t - 2.0)}, x);
}

Jet normal_below(const Jet& x) {
    const double z = x.c[0];
    const double density = std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi);
    return composed(
        {0.5 * std::erfc(-z / std::numbers::sqrt2), density, -z * density, (z * z - 1.0) * density},
        x);
}

/// Of two series; ∂/∂w = ½ ∂²/∂u².
template <class Mean>
Jet mean_of(Mean mean, int order, const Jet& u, const Jet& w) {
    Jet du = u, dw = w;
    du.c[0] = dw.c[0] = 0.0;
    static constexpr std::array factorial{1.0, 1.0, 2.0, 6.0};
    Jet sum(0.0);
    Jet power_w(1.0);
    for (int j = 0; j < 4; ++j) {
        Jet power = power_w;
        for (int i = 0; i + j < 4; ++i) {
            const double slope = mean(order + i + 2 * j, u.c[0], w.c[0]) * std::pow(0.5, j);
            sum = sum + power * Jet(slope / (factorial[static_cast<std::size_t>(i)] *
                                             factorial[static_cast<std::size_t>(j)]));
            power = power * du;
        }
        power_w = power_w * dw;
    }
    return sum;
}

Tape tape_of(const RateEquations& equations, const std::vector<Expression>& formulas,
             std::size_t delayed) {
    std::vector<std::string> leaves;
    for (const EquationState& item : equations.states) leaves.push_back(item.name);
    for (const EquationInput& item : equations.inputs) leaves.push_back(item.name);
    for (std::size_t k = 0; k < delayed; ++k) leaves.push_back(past(k));
    for (const EquationParameter& item : equations.parameters) leaves.push_back(item.name);
    return {leaves, formulas};
}

}  // namespace

Jet operator+(const Jet& a, const Jet& b) {
    Jet sum(0.0);
    for (std::size_t k = 0; k < terms; ++k) sum.c[k] = a.c[k] + b.c[k];
    return sum;
}

Jet operator*(const Jet& a, const Jet& b) {
    Jet product(0.0);
    for (std::size_t k = 0; k < terms; ++k)
        for (std::size_t j = 0; j <= k; ++j) product.c[k] += a.c[j] * b.c[k - j];
    return product;
}

Jet jet_step(const Tape::Step& step, const std::uint32_t* parts, const std::vector<Jet>& values) {
    const Jet& x = values[parts[0]];
    switch (step.operation) {
        case Operation::sum: {
            Jet sum = x;
            for (std::uint32_t i = 1; i < step.count; ++i) sum = sum + values[parts[i]];
            return sum;
        }
        case Operation::product: {
            Jet all = x;
            for (std::uint32_t i = 1; i < step.count; ++i) all = all * values[parts[i]];
            return all;
        }
        case Operation::power:
            return raised(x, step.value);
        case Operation::exponential: {
            const double e = std::exp(x.c[0]);
            return composed({e, e, e, e}, x);
        }
        case Operation::logarithm: {
            const double i = 1.0 / x.c[0];
            return composed({std::log(x.c[0]), i, -i * i, 2.0 * i * i * i}, x);
        }
        case Operation::hyperbolic_tangent:
            return tanh_of(x);
        case Operation::absolute:
            return x * Jet(x.c[0] < 0.0 ? -1.0 : 1.0);
        case Operation::sign:
            return {x.c[0] > 0.0 ? 1.0 : x.c[0] < 0.0 ? -1.0 : 0.0};
        case Operation::normal_below:
            return normal_below(x);
        case Operation::softplus_mean:
            return mean_of([](int k, double u, double w) { return softplus_mean(k, u, w); },
                           step.order, x, values[parts[1]]);
        case Operation::rectified_mean:
            return mean_of([](int k, double u, double w) { return rectified_mean(k, u, w); },
                           step.order, x, values[parts[1]]);
        default:
            return x;
    }
}

Expansion::Expansion(const RateEquations& equations, double time)
    : states_(static_cast<Index>(equations.states.size())), inputs_(equations.inputs.size()) {
    const WrittenOut written(equations);
    mean_inputs(equations, time, time, inputs_.data());
    velocity_ = tape_of(equations, written.rates, written.delayed.size());
    std::vector<std::string> parameters;
    std::vector<Expression> delays;
    for (const EquationParameter& item : equations.parameters) parameters.push_back(item.name);
    for (const WrittenOut::Delayed& item : written.delayed) {
        delayed_.push_back(tape_of(equations, {item.value}, 0));
        delays.push_back(item.by);
    }
    delay_tape_ = Tape(parameters, delays);
}

void Expansion::set(const std::vector<double>& parameters, const VectorView& state) {
    parameters_ = parameters;
    state_ = state;
    std::vector<double> values = parameters;
    values.resize(delay_tape_.size());
    delay_tape_.run(values.data());
    delays_.resize(static_cast<Index>(delayed_.size()));
    for (Index k = 0; k < delays_.size(); ++k)
        delays_[k] = delay_tape_.output(static_cast<std::size_t>(k), values.data());
}

Vector Expansion::along(const Direction& u, std::size_t k) const {
    const auto states = [&](Index column) {
        std::vector<Jet> given;
        for (Index i = 0; i < states_; ++i) given.emplace_back(state_[i], u(i, column));
        given.insert(given.end(), inputs_.begin(), inputs_.end());
        return given;
    };
    std::vector<Jet> given = states(0);
    for (std::size_t d = 0; d < delayed_.size(); ++d) {
        std::vector<Jet> then = states(static_cast<Index>(d) + 1);
        then.insert(then.end(), parameters_.begin(), parameters_.end());
        given.push_back(delayed_[d].run_with(then, jet_step)[0]);
    }
    given.insert(given.end(), parameters_.begin(), parameters_.end());
    const std::vector<Jet> change = velocity_.run_with(given, jet_step);
    Vector out(states_);
    for (Index i = 0; i < states_; ++i) out[i] = change[static_cast<std::size_t>(i)].c[k];
    return out;
}

Vector Expansion::second(const Direction& u, const Direction& v) const {
    return 0.5 * (along(u + v, 2) - along(u - v, 2));
}

Vector Expansion::third(const Direction& u, const Direction& v) const {
    return along(u + v, 3) - along(u - v, 3) - 2.0 * along(v, 3);
}

}  // namespace heddle
