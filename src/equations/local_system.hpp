#pragma once

#include <vector>

#include "equations/system.hpp"

namespace heddle {

/// Delay equations with inputs held, and their slopes away from rest, for changing parameters.
class LocalSystem final {
  public:
    LocalSystem(const RateEquations& equations, double time);

    [[nodiscard]] Index states() const { return states_; }
    [[nodiscard]] Index delays() const { return static_cast<Index>(delay_count_); }

    void set_parameter(std::size_t k, double value) { parameters_[k] = value; }
    /// ms, with the parameters as they are.
    [[nodiscard]] Vector delay_times();

    /// What delayed value k was, when the state was this one; and its slope, shape (n,).
    [[nodiscard]] double delayed(Index k, const Vector& state);
    [[nodiscard]] Vector delayed_slope(Index k, const Vector& state);

    [[nodiscard]] Vector velocity(const Vector& state, const Vector& delayed);
    struct Slopes {
        Matrix a;  ///< To the state, shape (n, n).
        Matrix b;  ///< To delayed values, shape (n, delays).
    };
    [[nodiscard]] Slopes slopes(const Vector& state, const Vector& delayed);

  private:
    [[nodiscard]] Vector run(const Tape& tape, const Vector& state, const Vector& delayed);

    Index states_;
    std::size_t delay_count_;
    std::vector<double> inputs_;
    std::vector<double> parameters_;
    Tape velocity_, slopes_, delays_;
    std::vector<Tape> delayed_, delayed_slopes_;
    std::vector<double> values_;
};

}  // namespace heddle
