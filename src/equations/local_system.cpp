#include "equations/local_system.hpp"

#include <algorithm>

namespace heddle {

LocalSystem::LocalSystem(const RateEquations& equations, double time)
    : states_(static_cast<Index>(equations.states.size())), inputs_(equations.inputs.size()) {
    const WrittenOut written(equations);
    delay_count_ = written.delayed.size();
    mean_inputs(equations, time, time, inputs_.data());
    std::vector<std::string> states, pasts, leaves;
    for (const EquationState& item : equations.states) states.push_back(item.name);
    for (std::size_t k = 0; k < delay_count_; ++k) pasts.push_back(past(k));
    leaves = states;
    for (const EquationInput& item : equations.inputs) leaves.push_back(item.name);
    leaves.insert(leaves.end(), pasts.begin(), pasts.end());
    for (const EquationParameter& item : equations.parameters) {
        leaves.push_back(item.name);
        parameters_.push_back(item.value);
    }
    std::vector<Expression> slopes, delays;
    for (const Expression& rate : written.rates) {
        for (const std::string& name : states) slopes.push_back(derivative(rate, name));
        for (const std::string& name : pasts) slopes.push_back(derivative(rate, name));
    }
    for (const WrittenOut::Delayed& item : written.delayed) {
        std::vector<Expression> own;
        for (const std::string& name : states) own.push_back(derivative(item.value, name));
        delayed_.emplace_back(leaves, std::vector{item.value});
        delayed_slopes_.emplace_back(leaves, own);
        delays.push_back(item.by);
    }
    velocity_ = Tape(leaves, written.rates);
    slopes_ = Tape(leaves, slopes);
    delays_ = Tape(leaves, delays);
}

Vector LocalSystem::run(const Tape& tape, const Vector& state, const Vector& delayed) {
    values_.resize(std::max(values_.size(), tape.size()));
    double* to = std::copy_n(state.data(), state.size(), values_.data());
    to = std::ranges::copy(inputs_, to).out;
    to = std::copy_n(delayed.data(), delayed.size(), to);
    std::ranges::copy(parameters_, to);
    tape.run(values_.data());
    Vector out(static_cast<Index>(tape.outputs()));
    for (Index k = 0; k < out.size(); ++k)
        out[k] = tape.output(static_cast<std::size_t>(k), values_.data());
    return out;
}

Vector LocalSystem::delay_times() {
    return run(delays_, Vector::Zero(states_), Vector::Zero(delays()));
}

double LocalSystem::delayed(Index k, const Vector& state) {
    return run(delayed_[static_cast<std::size_t>(k)], state, Vector::Zero(delays()))[0];
}

Vector LocalSystem::delayed_slope(Index k, const Vector& state) {
    return run(delayed_slopes_[static_cast<std::size_t>(k)], state, Vector::Zero(delays()));
}

Vector LocalSystem::velocity(const Vector& state, const Vector& delayed) {
    return run(velocity_, state, delayed);
}

LocalSystem::Slopes LocalSystem::slopes(const Vector& state, const Vector& delayed) {
    const Vector all = run(slopes_, state, delayed);
    const Matrix rows = all.reshaped<Eigen::RowMajor>(states_, states_ + delays());
    return {rows.leftCols(states_), rows.rightCols(delays())};
}

}  // namespace heddle
