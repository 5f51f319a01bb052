#pragma once

#include <limits>

#include "equations/tape.hpp"

namespace heddle {

/// All numbers from `least` to `most`, ends rounded outwards: holds every value of a formula on its
/// arguments' intervals.
struct Interval {
    double least;
    double most;

    Interval(double value) : least(value), most(value) {}  // NOLINT: a number is an interval.
    Interval(double from, double to) : least(from), most(to) {}

    [[nodiscard]] static Interval everything() {
        return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
    }
    [[nodiscard]] double width() const { return most - least; }
    [[nodiscard]] double middle() const;
    [[nodiscard]] bool bounded() const;
    [[nodiscard]] bool holds(double value) const { return least <= value && value <= most; }
    /// Does this lie within the other's inside?
    [[nodiscard]] bool inside(const Interval& other) const {
        return least > other.least && most < other.most;
    }
    /// max |x|.
    [[nodiscard]] double size() const;
};

Interval operator+(const Interval& a, const Interval& b);
Interval operator-(const Interval& a, const Interval& b);
Interval operator*(const Interval& a, const Interval& b);

/// The part in common; `empty` if there is none.
[[nodiscard]] Interval common(const Interval& a, const Interval& b, bool& empty);

/// One step of a tape on intervals.
[[nodiscard]] Interval interval_step(const Tape::Step& step, const std::uint32_t* parts,
                                     const std::vector<Interval>& values);

}  // namespace heddle
