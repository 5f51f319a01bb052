#include "heddle/spectrum/winding.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <sstream>

#include "heddle/core/error.hpp"

namespace heddle {
namespace {

constexpr double fine = std::numbers::pi / 4.0;
constexpr double narrowest = 1e-12;

/// Follows arg f along the line.
class Walk {
  public:
    Walk(const std::function<Complex(Complex)>& f, double line) : f_(f), line_(line) {}

    Complex at(double omega) {
        ++evaluations;
        return f_(Complex(line_, omega));
    }

    /// The turn of arg f from `a` to `b`, halving where it is not resolved.
    double turn(double a, Complex fa, double b, Complex fb) {
        const double middle = 0.5 * (a + b);
        const Complex fm = at(middle);
        const double first = std::arg(fm / fa);
        const double second = std::arg(fb / fm);
        if (std::abs(first) < fine && std::abs(second) < fine) {
            largest_turn = std::max({largest_turn, std::abs(first), std::abs(second)});
            return first + second;
        }
        if (b - a < narrowest * std::max(1.0, b)) give_up(middle, fm);
        return turn(a, fa, middle, fm) + turn(middle, fm, b, fb);
    }

    Index evaluations = 0;
    double largest_turn = 0.0;

  private:
    [[noreturn]] void give_up(double omega, Complex value) const {
        std::ostringstream text;
        text << "line: the function is " << std::abs(value) << " at " << line_ << " + " << omega
             << "i, so near a zero or pole that turns around it cannot be counted; a line further "
                "right or left would do";
        throw NotConverged(text.str());
    }

    const std::function<Complex(Complex)>& f_;
    double line_;
};

/// ω from which on f stays near 1, as far as doubling ω shows.
double reach_of(Walk& walk) {
    double omega = 2.0;
    for (int tries = 0; tries < 60; ++tries, omega *= 2.0)
        if (std::abs(walk.at(omega) - 1.0) < 0.5 && std::abs(walk.at(2.0 * omega) - 1.0) < 0.5)
            return omega;
    throw NotConverged("line: the function does not tend to 1 far from the real axis");
}

}  // namespace

Winding winding_number(const std::function<Complex(Complex)>& f, double line, double step) {
    if (!(step > 0.0)) {
        std::ostringstream found;
        found << "step: found " << step << ", expected a positive number";
        throw DomainError(found.str());
    }
    Walk walk(f, line);
    const double reach = reach_of(walk);
    double omega = 0.0;
    Complex value = walk.at(omega);
    double turn = 0.0;
    while (omega < reach) {
        // Steps grow with the distance from the bulk, where f has no narrow features.
        const double next = std::min(reach, omega + step * std::max(1.0, omega * omega));
        const Complex following = walk.at(next);
        turn += walk.turn(omega, value, next, following);
        omega = next;
        value = following;
    }
    // On the way to infinity f stays in the right half plane and ends at 1. Downwards along the
    // line is anticlockwise, and the lower half mirrors the upper one.
    const double zeros = -(turn - std::arg(value)) / std::numbers::pi;
    if (std::abs(zeros - std::round(zeros)) > 0.05)
        throw NotConverged("line: the function's turns do not add up to whole ones");
    return {static_cast<Index>(std::lround(zeros)), walk.evaluations, walk.largest_turn};
}

}  // namespace heddle
