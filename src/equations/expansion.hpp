#pragma once

#include <array>
#include <vector>

#include "equations/system.hpp"

namespace heddle {

/// A Taylor series up to the third power: c[0] + c[1] ε + c[2] ε² + c[3] ε³.
struct Jet {
    std::array<double, 4> c{};

    Jet(double value) : c{value} {}  // NOLINT: a number is a series.
    Jet(double value, double slope) : c{value, slope} {}
};

Jet operator+(const Jet& a, const Jet& b);
Jet operator*(const Jet& a, const Jet& b);

/// One step of a tape on series.
[[nodiscard]] Jet jet_step(const Tape::Step& step, const std::uint32_t* parts,
                           const std::vector<Jet>& values);

/// Higher derivatives of delay equations at an equilibrium, for solutions x̄ + ε y(t).
class Expansion final {
  public:
    /// Where solutions go: y now, and a delay ago for each delayed value; shape (n, 1 + delays).
    using Direction = Matrix;

    Expansion(const RateEquations& equations, double time);

    /// \param parameters  all of them.
    void set(const std::vector<double>& parameters, const VectorView& state);

    [[nodiscard]] const Vector& delays() const { return delays_; }

    /// D²F(u, v), D³F(u, u, v).
    [[nodiscard]] Vector second(const Direction& u, const Direction& v) const;
    [[nodiscard]] Vector third(const Direction& u, const Direction& v) const;

  private:
    /// Coefficient k of F along x̄ + ε u.
    [[nodiscard]] Vector along(const Direction& u, std::size_t k) const;

    Index states_;
    std::vector<double> inputs_;
    std::vector<double> parameters_;
    Vector state_;
    Vector delays_;
    Tape velocity_;              ///< Of states, inputs, delayed values, parameters.
    std::vector<Tape> delayed_;  ///< Each delayed value, of states, inputs, parameters.
    Tape delay_tape_;            ///< Of parameters.
};

}  // namespace heddle
