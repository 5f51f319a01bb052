#include "equations/system.hpp"

#include <algorithm>
#include <unordered_map>

namespace heddle {
namespace {

std::vector<std::string> state_names(const RateEquations& equations) {
    std::vector<std::string> names;
    for (const EquationState& state : equations.states) names.push_back(state.name);
    return names;
}

std::vector<std::string> parameter_names(const RateEquations& equations) {
    std::vector<std::string> names;
    for (const EquationParameter& parameter : equations.parameters) names.push_back(parameter.name);
    return names;
}

std::vector<double> parameter_values(const RateEquations& equations) {
    std::vector<double> values;
    for (const EquationParameter& parameter : equations.parameters)
        values.push_back(parameter.value);
    return values;
}

std::unordered_map<std::string, double> values_by_name(const RateEquations& equations) {
    std::unordered_map<std::string, double> values;
    for (const EquationParameter& parameter : equations.parameters)
        values.emplace(parameter.name, parameter.value);
    return values;
}

template <class Part>
void append(std::vector<Part>& to, const std::vector<Part>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

/// ∂ formulas / ∂ names, one row of formulas after another.
std::vector<Expression> slopes_of(const std::vector<Expression>& formulas,
                                  const std::vector<std::string>& names) {
    std::vector<Expression> slopes;
    for (const Expression& formula : formulas)
        for (const std::string& name : names) slopes.push_back(derivative(formula, name));
    return slopes;
}

}  // namespace

std::string past(std::size_t k) {
    return "past " + std::to_string(k);  // No name has a space.
}

WrittenOut::WrittenOut(const RateEquations& equations) {
    std::unordered_map<std::string, Expression> known;
    const auto written = [&](const Expression& formula) {
        return with_leaves(formula, [&](const Expression& leaf) {
            const Expression::Node& node = leaf.node();
            if (node.operation == Operation::symbol) {
                const auto definition = known.find(node.name);
                return definition == known.end() ? leaf : definition->second;
            }
            const auto same = [&](const Delayed& item) {
                return item.name == node.name && equal(item.by, node.parts[0]);
            };
            auto found = std::ranges::find_if(delayed, same);
            if (found == delayed.end()) {
                delayed.push_back({node.name, node.parts[0], 0.0});
                found = delayed.end() - 1;
            }
            return symbol(past(static_cast<std::size_t>(found - delayed.begin())));
        });
    };
    for (const EquationState& state : equations.states) {
        names.push_back(state.name);
        values.push_back(symbol(state.name));
    }
    for (const EquationDefinition& definition : equations.definitions) {
        names.push_back(definition.name);
        values.push_back(written(definition.value));
        known.insert_or_assign(definition.name, values.back());
    }
    for (const EquationState& state : equations.states) rates.push_back(written(state.rate));
    for (Delayed& item : delayed) item.value = of(item.name);
}

Expression WrittenOut::of(const std::string& name) const {
    const auto found = std::ranges::find(names, name);
    return values[static_cast<std::size_t>(found - names.begin())];
}

Expression WrittenOut::resting(const Expression& formula) const {
    return with_leaves(formula, [&](const Expression& leaf) {
        for (std::size_t k = 0; k < delayed.size(); ++k)
            if (leaf.node().name == past(k)) return delayed[k].value;
        return leaf;
    });
}

std::vector<double> delays_of(const RateEquations& equations, const WrittenOut& written) {
    std::vector<Expression> formulas;
    for (const WrittenOut::Delayed& item : written.delayed) formulas.push_back(item.by);
    const Tape tape(parameter_names(equations), formulas);
    std::vector<double> values = parameter_values(equations);
    values.resize(tape.size());
    tape.run(values.data());
    std::vector<double> delays;
    for (std::size_t k = 0; k < formulas.size(); ++k)
        delays.push_back(tape.output(k, values.data()));
    return delays;
}

EquationSystem::EquationSystem(const RateEquations& equations)
    : states_(equations.states.size()), inputs_(equations.inputs.size()) {
    const WrittenOut written(equations);
    delays_ = delays_of(equations, written);
    const std::vector<std::string> states = state_names(equations);
    std::vector<std::string> leaves = states;
    for (const EquationInput& input : equations.inputs) leaves.push_back(input.name);
    for (std::size_t k = 0; k < delays_.size(); ++k) leaves.push_back(past(k));
    // Parameters are numbers here: what depends on them only is computed once.
    const std::unordered_map<std::string, double> parameters = values_by_name(equations);
    const auto held = [&](const Expression& formula) {
        return with_leaves(formula, [&](const Expression& leaf) {
            const auto parameter = parameters.find(leaf.node().name);
            return parameter == parameters.end() ? leaf : Expression(parameter->second);
        });
    };
    std::vector<Expression> rates, now, slopes, definitions;
    for (const Expression& rate : written.rates) rates.push_back(held(rate));
    for (const WrittenOut::Delayed& item : written.delayed) {
        now.push_back(held(item.value));
        slopes.push_back(0.0);
        for (std::size_t i = 0; i < states.size(); ++i)
            slopes.back() += derivative(now.back(), states[i]) * rates[i];
    }
    for (std::size_t k = states_; k < written.values.size(); ++k)
        definitions.push_back(held(written.values[k]));
    velocity_ = Tape(leaves, rates);
    values_now_ = Tape(leaves, now);
    definitions_ = Tape(leaves, definitions);
    append(rates, now);
    append(rates, slopes);
    append(rates, definitions);
    all_ = Tape(leaves, rates);
    values_.resize(
        std::max({velocity_.size(), values_now_.size(), definitions_.size(), all_.size()}));
}

void EquationSystem::give(const double* state, const double* inputs, const double* delayed) {
    double* to = std::copy_n(state, states_, values_.data());
    to = std::copy_n(inputs, inputs_, to);
    std::copy_n(delayed, delays_.size(), to);
}

void EquationSystem::take(const Tape& tape, std::size_t first, std::size_t count,
                          double* into) const {
    for (std::size_t k = 0; k < count; ++k) into[k] = tape.output(first + k, values_.data());
}

void EquationSystem::velocity(const double* state, const double* inputs, const double* delayed,
                              double* change) {
    give(state, inputs, delayed);
    velocity_.run(values_.data());
    take(velocity_, 0, states_, change);
}

void EquationSystem::present(const double* state, const double* inputs, const double* delayed,
                             double* values) {
    give(state, inputs, delayed);
    values_now_.run(values_.data());
    take(values_now_, 0, delays_.size(), values);
}

void EquationSystem::definitions(const double* state, const double* inputs, const double* delayed,
                                 double* values) {
    give(state, inputs, delayed);
    definitions_.run(values_.data());
    take(definitions_, 0, definitions_.outputs(), values);
}

void EquationSystem::all(const double* state, const double* inputs, const double* delayed,
                         const Moment& into) {
    const std::size_t values = states_, slopes = values + delays_.size();
    const std::size_t definitions = slopes + delays_.size();
    give(state, inputs, delayed);
    all_.run(values_.data());
    take(all_, 0, states_, into.change);
    take(all_, values, delays_.size(), into.values);
    take(all_, slopes, delays_.size(), into.slopes);
    take(all_, definitions, definitions_.outputs(), into.definitions);
}

SteadySystem::SteadySystem(const RateEquations& equations, double time)
    : states_(static_cast<Index>(equations.states.size())),
      parameters_(parameter_values(equations)),
      leaves_(state_names(equations)),
      parameter_names_(parameter_names(equations)) {
    // Inputs are numbers here.
    Vector inputs(static_cast<Index>(equations.inputs.size()));
    mean_inputs(equations, time, time, inputs.data());
    const auto held = [&](Expression formula) {
        for (std::size_t k = 0; k < equations.inputs.size(); ++k)
            formula = replaced(formula, equations.inputs[k].name, inputs[static_cast<Index>(k)]);
        return formula;
    };
    const WrittenOut written(equations);
    delays_ = static_cast<Index>(written.delayed.size());
    std::vector<std::string> pasts;
    std::vector<Expression> now, delays, outputs, values;
    for (std::size_t k = 0; k < written.delayed.size(); ++k) {
        pasts.push_back(past(k));
        now.push_back(written.delayed[k].value);
        delays.push_back(written.delayed[k].by);
    }
    append(outputs, slopes_of(written.rates, leaves_));
    append(outputs, slopes_of(written.rates, pasts));
    append(outputs, slopes_of(now, leaves_));
    append(outputs, delays);
    for (Expression& output : outputs) output = held(written.resting(output));
    for (const Expression& rate : written.rates) resting_.push_back(held(written.resting(rate)));
    for (std::size_t k = leaves_.size(); k < written.values.size(); ++k)
        values.push_back(held(written.resting(written.values[k])));
    append(leaves_, parameter_names_);
    velocity_ = Tape(leaves_, resting_);
    definitions_ = Tape(leaves_, values);
    slopes_ = Tape(leaves_, outputs);
    parameter_slopes_.resize(parameters_.size());
}

const double* SteadySystem::run(const Tape& tape, const VectorView& state) {
    values_.resize(std::max(values_.size(), tape.size()));
    double* to = std::copy_n(state.data(), states_, values_.data());
    std::ranges::copy(parameters_, to);
    tape.run(values_.data());
    return values_.data();
}

Vector SteadySystem::outputs(const Tape& tape, const VectorView& state) {
    const double* values = run(tape, state);
    Vector out(static_cast<Index>(tape.outputs()));
    for (Index k = 0; k < out.size(); ++k)
        out[k] = tape.output(static_cast<std::size_t>(k), values);
    return out;
}

Vector SteadySystem::velocity(const VectorView& state) {
    return outputs(velocity_, state);
}

Vector SteadySystem::definitions(const VectorView& state) {
    return outputs(definitions_, state);
}

Vector SteadySystem::slope(const VectorView& state, std::size_t parameter) {
    Tape& tape = parameter_slopes_[parameter];
    if (tape.outputs() == 0)
        tape = Tape(leaves_, slopes_of(resting_, {parameter_names_[parameter]}));
    return outputs(tape, state);
}

EquationSlopes SteadySystem::slopes(const VectorView& state) {
    const Vector all = outputs(slopes_, state);
    const auto rows = [&](Index at, Index count, Index width) {
        Matrix part(count, width);
        for (Index i = 0; i < count; ++i)
            part.row(i) = all.segment(at + i * width, width).transpose();
        return part;
    };
    const Index n = states_;
    const Index k = delays_;
    return {rows(0, n, n), rows(n * n, n, k), rows(n * (n + k), k, n), all.tail(k)};
}

Matrix SteadySystem::jacobian(const VectorView& state) {
    const EquationSlopes found = slopes(state);
    return found.a + found.b * found.c;
}

Matrix rates_along(const RateEquations& equations, const Matrix& states, double time) {
    SteadySystem system(equations, time);
    Matrix rates(static_cast<Index>(equations.rates.size()), states.cols());
    for (Index k = 0; k < states.cols(); ++k) {
        const Vector state = states.col(k);
        const Vector definitions = system.definitions(state);
        for (Index a = 0; a < rates.rows(); ++a)
            rates(a, k) = value_of(equations, equations.rates[static_cast<std::size_t>(a)], state,
                                   definitions);
    }
    return rates;
}

double value_of(const RateEquations& equations, const std::string& name, const Vector& state,
                const Vector& definitions) {
    const auto& states = equations.states;
    const auto found = std::ranges::find(states, name, &EquationState::name);
    if (found != states.end()) return state[found - states.begin()];
    const auto& list = equations.definitions;
    return definitions[std::ranges::find(list, name, &EquationDefinition::name) - list.begin()];
}

std::string definition_out_of_range(const RateEquations& equations, const Vector& definitions) {
    for (Index d = 0; d < definitions.size(); ++d) {
        const EquationDefinition& item = equations.definitions[static_cast<std::size_t>(d)];
        if (!(definitions[d] >= item.least)) return item.name;
    }
    return "";
}

double mean_of_steps(const std::vector<double>& times, const Vector& values, double start,
                     double end) {
    auto next = static_cast<std::size_t>(std::ranges::upper_bound(times, start) - times.begin());
    const auto value = [&] { return next == 0 ? 0.0 : values[static_cast<Index>(next) - 1]; };
    if (end <= start) return value();
    double from = start;
    double sum = 0.0;
    for (; next < times.size() && times[next] < end; ++next) {
        sum += (times[next] - from) * value();
        from = times[next];
    }
    return (sum + (end - from) * value()) / (end - start);
}

void mean_inputs(const RateEquations& equations, double start, double end, double* mean) {
    for (std::size_t k = 0; k < equations.inputs.size(); ++k)
        mean[k] = mean_of_steps(equations.inputs[k].times, equations.inputs[k].values, start, end);
}

}  // namespace heddle
