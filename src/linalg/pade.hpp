#pragma once

#include "heddle/linalg/types.hpp"

namespace heddle {

/// A matrix and its even powers, made when asked for. The matrix must outlive it.
class Powers final {
  public:
    explicit Powers(const Matrix& a) : a_(a) {}

    const Matrix& one() const { return a_; }
    const Matrix& two() { return make(two_, a_, a_); }
    const Matrix& four() { return make(four_, two(), two()); }
    const Matrix& six() { return make(six_, four(), two()); }
    const Matrix& eight() { return make(eight_, four(), four()); }

  private:
    static const Matrix& make(Matrix& power, const Matrix& left, const Matrix& right) {
        if (power.size() == 0) power.noalias() = left * right;
        return power;
    }

    const Matrix& a_;
    Matrix two_;
    Matrix four_;
    Matrix six_;
    Matrix eight_;
};

/// The diagonal Padé approximant of degree m = 3, 5, 7 or 9 to e^A.
[[nodiscard]] Matrix pade(Powers& power, int m);

/// Degree 13 for A / 2^s.
[[nodiscard]] Matrix pade13(Powers& power, int s);

}  // namespace heddle
