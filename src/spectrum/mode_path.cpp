#include "spectrum/mode_path.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace heddle {
namespace {

constexpr double longest_step = 0.1;
constexpr double least_step = 1e-6;  // In g: modes that come nearer than this have met.
constexpr double least_turn = 1e-3;  // Radians.
constexpr int most_meetings = 64;

class Walker final {
  public:
    Walker(ModeEquation& equation, double most) : equation_(equation), most_(most) {}

    ModePath walk(Index mode) {
        path_.end = equation_.start(mode);
        before_ = path_.end;
        double step = proposed();
        while (here() < 1.0) {
            if (to(std::min(here() + step, 1.0))) {
                step = proposed();
            } else if (step > least_step) {
                step *= 0.5;
            } else if (round()) {
                step = proposed();
            } else {
                return path_;
            }
        }
        path_.found = true;
        return path_;
    }

  private:
    [[nodiscard]] double here() const { return path_.end.gate.real(); }

    /// As far as the mode stays alike if it goes on to change as it does here.
    [[nodiscard]] double proposed() {
        return std::min(std::sqrt(most_) / equation_.rate(path_.end), longest_step);
    }

    /// One step, if it stays with its mode.
    bool to(Complex gate) {
        ModePoint next = path_.end;
        next.gate = gate;
        next.value += (gate - path_.end.gate) * path_.end.slope();
        if (!equation_.solve(next)) return false;
        if (!(distance(path_.end, next) <= most_)) return false;
        before_ = std::move(path_.end);
        path_.end = std::move(next);
        return true;
    }

    /// How far ahead 1 / slope² is zero, as it is where two modes meet.
    [[nodiscard]] double ahead() const {
        const auto inverse = [](const ModePoint& point) {
            return 1.0 / (point.slope() * point.slope());
        };
        const Complex last = inverse(before_), now = inverse(path_.end);
        const double step = here() - before_.gate.real();
        const double found = std::abs(now / (last - now)) * step;
        return std::isfinite(found) ? std::clamp(found, least_step, 1e3 * least_step)
                                    : 10.0 * least_step;
    }

    /// Half a circle through Im g > 0, about twice as wide as the meeting is ahead.
    bool round() {
        const double radius = 2.0 * ahead(), centre = here() + radius;
        if (centre + radius > 1.0 || path_.meetings.size() >= most_meetings) return false;
        path_.meetings.push_back({centre, radius, path_.end.value});
        double turned = 0.0, turn = std::numbers::pi / 8;
        while (turned < std::numbers::pi) {
            const double next = std::min(turned + turn, std::numbers::pi);
            const Complex gate = next == std::numbers::pi
                                     ? Complex(centre + radius)
                                     : centre - radius * std::polar(1.0, -next);
            if (to(gate))
                turned = next;
            else if ((turn *= 0.5) < least_turn)
                return false;
        }
        return true;
    }

    ModeEquation& equation_;
    double most_;
    ModePath path_;
    ModePoint before_;
};

}  // namespace

ModePath follow_mode(ModeEquation& equation, Index mode, double most) {
    return Walker(equation, most).walk(mode);
}

}  // namespace heddle
