#include "population/quadratic_flow.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "equations/system.hpp"
#include "heddle/core/error.hpp"

namespace heddle {
namespace {

constexpr double per_ms = 1e-3;  // 1 Hz.

Index states_of(const Synapse& synapse) {
    return synapse.kind == Synapse::Kind::delta ? 0 : synapse.kind == Synapse::Kind::alpha ? 2 : 1;
}

/// The name of one of several things that belong to populations.
template <class Parts, class Owner>
std::string label(const QuadraticRates& equations, const Parts& parts, std::size_t k, Owner owner) {
    const Index of = owner(parts[k]);
    std::size_t before = 0;
    std::size_t all = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (owner(parts[i]) != of) continue;
        ++all;
        if (i < k) ++before;
    }
    const std::string& name = equations.names[static_cast<std::size_t>(of)];
    return all == 1 ? name : name + "," + std::to_string(before + 1);
}

void check_state(const QuadraticRates& equations, const VectorView& state) {
    const Index n = RateLayout(equations).size();
    if (state.size() != n)
        throw ShapeError("state", "(" + std::to_string(n) + ",)",
                         "(" + std::to_string(state.size()) + ",)");
}

void check_column(const char* name, const Vector& values, std::size_t expected) {
    if (values.size() != static_cast<Index>(expected))
        throw ShapeError(name, "(" + std::to_string(expected) + ",)",
                         "(" + std::to_string(values.size()) + ",)");
}

}  // namespace

RateLayout::RateLayout(const QuadraticRates& equations) {
    Index at = 2 * static_cast<Index>(equations.names.size());
    for (const RateFilter& filter : equations.filters) {
        const Index states = states_of(filter.synapse);
        at += states;
        filters_.push_back(states == 0 ? -1 : at - 1);
    }
    adaptations_ = at;
    size_ = at + static_cast<Index>(equations.adaptations.size());
}

std::string filter_label(const QuadraticRates& equations, std::size_t filter) {
    return label(equations, equations.filters, filter,
                 [](const RateFilter& item) { return item.source; });
}

std::string adaptation_label(const QuadraticRates& equations, std::size_t k) {
    return label(equations, equations.adaptations, k,
                 [](const RateAdaptation& item) { return item.population; });
}

QuadraticFlow::QuadraticFlow(const QuadraticRates& equations)
    : equations_(equations), layout_(equations) {}

void QuadraticFlow::inputs(const double* state, const double* delayed, const double* current,
                           double* change) const {
    for (Index a = 0; a < equations_.tau.size(); ++a) {
        change[layout_.rate(a)] = equations_.delta[a];
        change[layout_.potential(a)] = equations_.eta[a] + current[a];
    }
    for (const RateCoupling& coupling : equations_.couplings) {
        const Index at = layout_.filter(coupling.filter);
        const double s = at < 0 ? delayed[coupling.filter] : state[at];
        change[layout_.rate(coupling.target)] += coupling.width * std::abs(s);
        change[layout_.potential(coupling.target)] += coupling.gain * s;
    }
    for (std::size_t k = 0; k < equations_.adaptations.size(); ++k)
        change[layout_.potential(equations_.adaptations[k].population)] -=
            state[layout_.adaptation(static_cast<Index>(k))];
}

void QuadraticFlow::velocity(const double* state, const double* delayed, const double* current,
                             double* change) const {
    inputs(state, delayed, current, change);
    for (Index a = 0; a < equations_.tau.size(); ++a) {
        const double tau = equations_.tau[a];
        const double r = state[layout_.rate(a)];
        const double v = state[layout_.potential(a)];
        const double x = std::numbers::pi * tau * per_ms * r;
        double& rate = change[layout_.rate(a)];
        double& potential = change[layout_.potential(a)];
        rate = (rate / (per_ms * std::numbers::pi * tau) + 2.0 * r * v) / tau;
        potential = (v * v + potential - x * x) / tau;
    }
    for (std::size_t k = 0; k < equations_.filters.size(); ++k) {
        const Synapse& synapse = equations_.filters[k].synapse;
        const Index s = layout_.filter(static_cast<Index>(k));
        if (s < 0) continue;
        const bool alpha = synapse.kind == Synapse::Kind::alpha;
        if (alpha) change[s - 1] = (delayed[k] - state[s - 1]) / synapse.tau_syn;
        change[s] = ((alpha ? state[s - 1] : delayed[k]) - state[s]) / synapse.tau_syn;
    }
    for (std::size_t k = 0; k < equations_.adaptations.size(); ++k) {
        const RateAdaptation& item = equations_.adaptations[k];
        const Index a = layout_.adaptation(static_cast<Index>(k));
        change[a] = (item.gain * state[layout_.rate(item.population)] - state[a]) / item.tau;
    }
}

RateJacobian QuadraticFlow::jacobian(const VectorView& state) const {
    const Index n = layout_.size();
    RateJacobian out{Matrix::Zero(n, n),
                     Matrix::Zero(n, static_cast<Index>(equations_.filters.size()))};
    for (Index a = 0; a < equations_.tau.size(); ++a) {
        const double tau = equations_.tau[a];
        const double x = std::numbers::pi * tau * per_ms;
        const Index r = layout_.rate(a);
        const Index v = layout_.potential(a);
        out.state(r, r) = out.state(v, v) = 2.0 * state[v] / tau;
        out.state(r, v) = 2.0 * state[r] / tau;
        out.state(v, r) = -2.0 * x * x * state[r] / tau;
    }
    for (const RateCoupling& item : equations_.couplings) {
        const double tau = equations_.tau[item.target];
        const Index s = layout_.filter(item.filter);
        auto slope = s < 0 ? out.delayed.col(item.filter) : out.state.col(s);
        slope[layout_.rate(item.target)] += item.width / (per_ms * std::numbers::pi * tau * tau);
        slope[layout_.potential(item.target)] += item.gain / tau;
    }
    for (std::size_t k = 0; k < equations_.filters.size(); ++k) {
        const Synapse& synapse = equations_.filters[k].synapse;
        const Index s = layout_.filter(static_cast<Index>(k));
        if (s < 0) continue;
        const Index first = synapse.kind == Synapse::Kind::alpha ? s - 1 : s;
        out.delayed(first, static_cast<Index>(k)) = 1.0 / synapse.tau_syn;
        for (Index i = first; i <= s; ++i) out.state(i, i) = -1.0 / synapse.tau_syn;
        if (first < s) out.state(s, first) = 1.0 / synapse.tau_syn;
    }
    for (std::size_t k = 0; k < equations_.adaptations.size(); ++k) {
        const RateAdaptation& item = equations_.adaptations[k];
        const Index a = layout_.adaptation(static_cast<Index>(k));
        out.state(layout_.potential(item.population), a) = -1.0 / equations_.tau[item.population];
        out.state(a, layout_.rate(item.population)) = item.gain / item.tau;
        out.state(a, a) = -1.0 / item.tau;
    }
    return out;
}

RateDrive steady_drive(const QuadraticRates& equations, const VectorView& state, double time) {
    check_state(equations, state);
    RateDrive drive{Vector(static_cast<Index>(equations.filters.size())),
                    Vector(equations.tau.size())};
    drive.current.setZero();
    for (const SharedCurrent& current : equations.currents)
        drive.current[current.population] +=
            mean_of_steps(current.times, current.values, time, time);
    for (std::size_t k = 0; k < equations.filters.size(); ++k)
        drive.delayed[static_cast<Index>(k)] = state[RateLayout::rate(equations.filters[k].source)];
    return drive;
}

Vector velocity(const QuadraticRates& equations, const VectorView& state, const RateDrive& drive) {
    check_state(equations, state);
    check_column("delayed", drive.delayed, equations.filters.size());
    check_column("current", drive.current, equations.names.size());
    Vector change(state.size());
    QuadraticFlow(equations).velocity(state.data(), drive.delayed.data(), drive.current.data(),
                                      change.data());
    return change;
}

RateJacobian jacobian(const QuadraticRates& equations, const VectorView& state) {
    check_state(equations, state);
    return QuadraticFlow(equations).jacobian(state);
}

}  // namespace heddle
