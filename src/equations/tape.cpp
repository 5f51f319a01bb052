#include "equations/tape.hpp"

#include <cassert>
#include <cmath>
#include <cstring>
#include <numbers>

#include "network/smoothed.hpp"

namespace heddle {
namespace {

/// Bytes that two formulas share if they are the same one, given numbers for their parts.
std::string key_of(const Expression::Node& node, const std::vector<std::uint32_t>& parts) {
    std::string key;
    const auto add = [&](const void* bytes, std::size_t count) {
        key.append(static_cast<const char*>(bytes), count);
    };
    add(&node.operation, sizeof node.operation);
    add(&node.value, sizeof node.value);
    add(&node.order, sizeof node.order);
    add(parts.data(), parts.size() * sizeof(std::uint32_t));
    return key;
}

}  // namespace

/// Numbers the values of a tape: first pass constants and steps apart, then in one row.
class TapeWriter final {
  public:
    explicit TapeWriter(Tape& tape, const std::vector<std::string>& leaves) : tape_(tape) {
        tape.leaves_ = leaves.size();
        for (std::size_t i = 0; i < leaves.size(); ++i)
            leaves_.emplace(leaves[i], static_cast<std::uint32_t>(i));
    }

    void write(const std::vector<Expression>& outputs) {
        for (const Expression& output : outputs) tape_.outputs_.push_back(number(output));
        tape_.first_ = tape_.leaves_ + tape_.constants_.size();
        const auto shift = [&](std::uint32_t& value) {
            if (value & step_mark)
                value = static_cast<std::uint32_t>(tape_.first_) + (value & ~step_mark);
        };
        for (std::uint32_t& part : tape_.parts_) shift(part);
        for (std::uint32_t& output : tape_.outputs_) shift(output);
    }

  private:
    static constexpr std::uint32_t step_mark = 1U << 31U;

    std::uint32_t number(const Expression& expression) {
        const Expression::Node& node = expression.node();
        const auto seen = nodes_.find(&node);
        if (seen != nodes_.end()) return seen->second;
        const std::uint32_t found = numbered(expression);
        nodes_.emplace(&node, found);
        return found;
    }

    std::uint32_t numbered(const Expression& expression) {
        const Expression::Node& node = expression.node();
        if (node.operation == Operation::symbol) {
            const auto leaf = leaves_.find(node.name);
            assert(leaf != leaves_.end());
            return leaf->second;
        }
        std::vector<std::uint32_t> parts;
        for (const Expression& part : node.parts) parts.push_back(number(part));
        std::string key = key_of(node, parts);
        const auto same = known_.find(key);
        if (same != known_.end()) return same->second;
        const std::uint32_t made =
            node.operation == Operation::number ? constant(node.value) : step(node, parts);
        known_.emplace(std::move(key), made);
        return made;
    }

    std::uint32_t constant(double value) {
        tape_.constants_.push_back(value);
        return static_cast<std::uint32_t>(tape_.leaves_ + tape_.constants_.size() - 1);
    }

    std::uint32_t step(const Expression::Node& node, const std::vector<std::uint32_t>& parts) {
        tape_.steps_.push_back({node.operation, static_cast<std::int16_t>(node.order),
                                static_cast<std::uint32_t>(tape_.parts_.size()),
                                static_cast<std::uint32_t>(parts.size()), node.value});
        tape_.parts_.insert(tape_.parts_.end(), parts.begin(), parts.end());
        return step_mark | static_cast<std::uint32_t>(tape_.steps_.size() - 1);
    }

    Tape& tape_;
    std::unordered_map<std::string, std::uint32_t> leaves_;
    std::unordered_map<std::string, std::uint32_t> known_;
    std::unordered_map<const Expression::Node*, std::uint32_t> nodes_;
};

Tape::Tape(const std::vector<std::string>& leaves, const std::vector<Expression>& outputs) {
    TapeWriter(*this, leaves).write(outputs);
}

namespace {

double raised(double base, double exponent) {
    if (exponent == 2.0) return base * base;
    if (exponent == -1.0) return 1.0 / base;
    if (exponent == -2.0) return 1.0 / (base * base);
    if (exponent == 0.5) return std::sqrt(base);
    return std::pow(base, exponent);
}

/// Means that follow each other have the same parts, mostly, and differ in order.
class LastMeans final {
  public:
    double mean(int order, const std::uint32_t* parts, const double* values) {
        if (u_ != parts[0] || w_ != parts[1]) {
            u_ = parts[0];
            w_ = parts[1];
            means_.set(values[u_], values[w_]);
        }
        return means_.of(order);
    }

  private:
    static constexpr std::uint32_t none = -1U;

    std::uint32_t u_ = none;
    std::uint32_t w_ = none;
    SoftplusMeans means_;
};

double computed(const Tape::Step& step, const std::uint32_t* parts, const double* values,
                LastMeans& means) {
    const double x = values[parts[0]];
    switch (step.operation) {
        case Operation::sum: {
            double sum = x;
            for (std::uint32_t i = 1; i < step.count; ++i) sum += values[parts[i]];
            return sum;
        }
        case Operation::product: {
            double product = x;
            for (std::uint32_t i = 1; i < step.count; ++i) product *= values[parts[i]];
            return product;
        }
        case Operation::power:
            return raised(x, step.value);
        case Operation::exponential:
            return std::exp(x);
        case Operation::logarithm:
            return std::log(x);
        case Operation::hyperbolic_tangent:
            return std::tanh(x);
        case Operation::absolute:
            return std::abs(x);
        case Operation::sign:
            return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0;
        case Operation::normal_below:
            return 0.5 * std::erfc(-x / std::numbers::sqrt2);
        case Operation::softplus_mean:
            return means.mean(step.order, parts, values);
        case Operation::rectified_mean:
            return rectified_mean(step.order, x, values[parts[1]]);
        default:
            return x;  // Leaves and numbers are no steps.
    }
}

}  // namespace

void Tape::run(double* values) const {
    double* next = values + leaves_;
    if (!constants_.empty())
        std::memcpy(next, constants_.data(), constants_.size() * sizeof(double));
    next += constants_.size();
    LastMeans means;
    for (const Step& step : steps_)
        *next++ = computed(step, parts_.data() + step.first, values, means);
}

}  // namespace heddle
