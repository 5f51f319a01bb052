#include "population/equation_writer.hpp"

#include <algorithm>

namespace heddle {

std::string EquationWriter::fresh(const std::string& name) {
    std::string plain = name;
    std::ranges::replace(plain, ' ', '_');
    if (++used_[plain] == 1) return plain;
    return fresh(plain + "_" + std::to_string(used_[plain]));
}

Expression EquationWriter::parameter(const std::string& name, const char* unit, double value,
                                     const std::string& meaning) {
    out.parameters.push_back({fresh(name), unit, value, meaning});
    return symbol(out.parameters.back().name);
}

Expression EquationWriter::time(const std::string& name, double value, const std::string& meaning) {
    const auto known = times_.find({name, value});
    if (known != times_.end()) return known->second;
    const Expression made = parameter(name, "ms", value, meaning);
    times_.emplace(std::pair(name, value), made);
    return made;
}

Expression EquationWriter::define(const std::string& name, const char* unit,
                                  const Expression& value, double least) {
    out.definitions.push_back({fresh(name), unit, value, least});
    return symbol(out.definitions.back().name);
}

Expression EquationWriter::state(const std::string& name, const char* unit, double initial) {
    out.states.push_back({fresh(name), unit, initial, 0.0});
    return symbol(out.states.back().name);
}

void EquationWriter::moves(const Expression& state, const Expression& rate) {
    std::ranges::find(out.states, state.node().name, &EquationState::name)->rate = rate;
}

Expression EquationWriter::follows(const std::string& name, const char* unit, const Expression& tau,
                                   const Expression& target, double initial) {
    for (const Follower& known : followers_)
        if (equal(known.tau, tau) && equal(known.target, target)) return known.state;
    const Expression made = state(name, unit, initial);
    moves(made, (target - made) / tau);
    followers_.push_back({tau, target, made});
    return made;
}

Expression EquationWriter::input(const std::string& name, const char* unit,
                                 std::vector<double> times, const Vector& values,
                                 const std::string& meaning) {
    if (times.size() == 1 && times[0] <= 0.0) return parameter(name, unit, values[0], meaning);
    out.inputs.push_back({fresh(name), unit, std::move(times), values});
    return symbol(out.inputs.back().name);
}

}  // namespace heddle
