#pragma once

#include <string>
#include <vector>

#include "equations/curve.hpp"
#include "equations/expansion.hpp"
#include "equations/system.hpp"
#include "heddle/equations/branch.hpp"

namespace heddle {

/// Equilibria over a parameter, in units in which states and range are of order 1.
class EquilibriumFamily final {
  public:
    EquilibriumFamily(const RateEquations& equations, const std::string& parameter,
                      const BranchOptions& options);

    /// The parameter's value in the equations.
    [[nodiscard]] double start() const { return start_; }

    /// Sizes of states, from which units come.
    void set_units(const Vector& state);
    /// The same point in units of its own state, where that has grown out of its units or shrunk
    /// far below them.
    [[nodiscard]] CurvePoint renewed(const CurvePoint& point);

    [[nodiscard]] Vector scaled(const Vector& state, double parameter) const;
    [[nodiscard]] Vector state(const Vector& y) const;
    [[nodiscard]] double parameter(const Vector& y) const;
    [[nodiscard]] bool in_range(double parameter) const;

    /// The residual of state i, in units of that state over 1 ms.
    [[nodiscard]] CurveEquations equations();

    [[nodiscard]] EquationSlopes slopes(const Vector& y);
    [[nodiscard]] ComplexVector eigenvalues(const Vector& y);  ///< 1/s.
    [[nodiscard]] Vector rates(const Vector& y);
    [[nodiscard]] double residual(const Vector& y);
    /// The definition that is out of its range; "" if none is.
    [[nodiscard]] std::string out_of_range(const Vector& y);
    [[nodiscard]] const Expansion& expansion(const Vector& y);

  private:
    void at(const Vector& y);

    const RateEquations& equations_;
    const BranchOptions& options_;
    std::size_t position_;
    SteadySystem system_;
    Expansion expansion_;
    double start_;
    std::vector<double> values_;  ///< Of all parameters.
    Vector units_;
};

}  // namespace heddle
