#pragma once

#include <map>
#include <string>
#include <vector>

#include "equations/interval.hpp"
#include "equations/tape.hpp"
#include "heddle/equations/rate_equations.hpp"
#include "heddle/equations/rate_solution.hpp"

namespace heddle {

/// The equations at rest, F(z) = 0, for as few unknowns z as elimination leaves: states and
/// definitions on which all others depend.
class RestProblem final {
  public:
    /// \param bounds  of states and definitions, by name.
    RestProblem(const RateEquations& equations, double time,
                const std::map<std::string, Interval>& bounds);

    [[nodiscard]] Index unknowns() const { return static_cast<Index>(names_.size()); }
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

    [[nodiscard]] Vector residual(const Vector& z) const;
    [[nodiscard]] Matrix slope(const Vector& z) const;
    /// All states at z.
    [[nodiscard]] Vector state(const Vector& z) const;

    using Box = std::vector<Interval>;
    /// What bounds say of the unknowns.
    [[nodiscard]] const Box& box() const { return box_; }
    /// Can all others keep their bounds?
    [[nodiscard]] bool within_bounds(const Box& z) const;
    [[nodiscard]] Box residual(const Box& z) const;
    /// dF / dz, row after row.
    [[nodiscard]] Box slope(const Box& z) const;
    /// What each unknown is by its own formula; everything for those that have none.
    [[nodiscard]] Box explained(const Box& z) const;

  private:
    [[nodiscard]] Vector values(const Tape& tape, const Vector& z) const;

    std::vector<std::string> names_;
    Tape residual_, slope_, states_, explained_, bounded_;
    std::vector<bool> has_formula_;
    Box box_;
    Box bounds_;  ///< Of what `bounded_` computes.
};

}  // namespace heddle
