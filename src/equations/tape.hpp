#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "heddle/equations/expression.hpp"

namespace heddle {

/// Formulas as a list of operations on numbered values, each different one computed once:
///
///     values 0 … leaves − 1 are given, then constants, then what is computed, in order.
class Tape final {
  public:
    Tape() = default;
    /// \param leaves  the symbols of which formulas are made, in order; no delayed values.
    Tape(const std::vector<std::string>& leaves, const std::vector<Expression>& outputs);

    struct Step {
        Operation operation;
        std::int16_t order;
        std::uint32_t first;  ///< Of its parts, in `parts`.
        std::uint32_t count;
        double value;
    };

    [[nodiscard]] std::size_t leaves() const { return leaves_; }
    [[nodiscard]] std::size_t outputs() const { return outputs_.size(); }
    /// How many values there are.
    [[nodiscard]] std::size_t size() const { return first_ + steps_.size(); }

    /// \param values  size() of them; the leaves are read, all others written.
    void run(double* values) const;
    [[nodiscard]] double output(std::size_t k, const double* values) const {
        return values[outputs_[k]];
    }

    /// The same with other numbers: `Number` knows `of(Step, parts, values)` for every operation.
    template <class Number, class Apply>
    std::vector<Number> run_with(const std::vector<Number>& given, Apply apply) const {
        std::vector<Number> values(given);
        values.reserve(size());
        for (const double constant : constants_) values.emplace_back(constant);
        for (const Step& step : steps_)
            values.push_back(apply(step, parts_.data() + step.first, values));
        std::vector<Number> results;
        for (const std::uint32_t output : outputs_) results.push_back(values[output]);
        return results;
    }

  private:
    friend class TapeWriter;

    std::size_t leaves_ = 0;
    std::size_t first_ = 0;  ///< Value of the first step.
    std::vector<double> constants_;
    std::vector<Step> steps_;
    std::vector<std::uint32_t> parts_;
    std::vector<std::uint32_t> outputs_;
};

}  // namespace heddle
