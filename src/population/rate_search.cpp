#include "population/rate_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "heddle/linalg/solve.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

constexpr double tolerance = 1e-10;  // Of the residual, over 1 Hz + the rates.
constexpr double same = 1e-6;        // Of two solutions, over the same.
constexpr Index levels = 8;

double scale_of(const Vector& rates) {
    return 1.0 + rates.lpNorm<Eigen::Infinity>();
}

bool converged(const MapValue& value) {
    return value.residual <= tolerance * scale_of(value.rates);
}

/// (1 + 1 / pseudo_time − F') δ = F(r) − r: Newton's step for an infinite time.
std::optional<Vector> step_of(const MapValue& value, double pseudo_time) {
    Matrix matrix = -value.jacobian;
    matrix.diagonal().array() += 1.0 + 1.0 / pseudo_time;
    if (!matrix.allFinite()) return std::nullopt;
    try {
        return Vector(solve(matrix, value.change));
    } catch (const DomainError&) {
        return std::nullopt;  // Singular: a fold.
    }
}

/// The search from one start.
class Search {
  public:
    Search(const RateMap& map, const Vector& start, Index most_steps)
        : map_(map), most_steps_(most_steps), value_(map(start)) {
        history_.push_back(value_.residual);
    }

    /// Newton's method; from where it ends without an answer, again after a relaxation.
    bool run() {
        const MapValue start = value_;
        if (newton()) return true;
        value_ = start;
        relax();
        return newton();
    }

    [[nodiscard]] const MapValue& value() const { return value_; }
    [[nodiscard]] const std::vector<double>& history() const { return history_; }

  private:
    bool newton() {
        for (Index k = 0; k < most_steps_ && !converged(value_); ++k) {
            const std::optional<Vector> step =
                step_of(value_, std::numeric_limits<double>::infinity());
            if (!step || !shortened(*step)) return false;
        }
        return converged(value_);
    }

    /// As much of the step as lowers the residual.
    bool shortened(const Vector& step) {
        for (double share = 1.0; share > 1e-4; share *= 0.5)
            if (MapValue next = moved(share * step);
                next.residual < (1.0 - 0.25 * share) * value_.residual) {
                accept(std::move(next));
                return true;
            }
        return false;
    }

    /// dr/ds = F(r) − r by implicit steps, longer ones as long as the residual falls.
    void relax() {
        double time = 0.5;
        for (Index k = 0; k < most_steps_ && !converged(value_); ++k) {
            const std::optional<Vector> step = step_of(value_, time);
            if (!step) return;
            MapValue next = moved(*step);
            time *= next.residual < value_.residual ? 1.5 : 0.5;
            accept(std::move(next));
        }
    }

    [[nodiscard]] MapValue moved(const Vector& step) const {
        return map_((value_.rates + step).cwiseMax(0.0));
    }

    void accept(MapValue next) {
        value_ = std::move(next);
        history_.push_back(value_.residual);
    }

    const RateMap& map_;
    Index most_steps_;
    MapValue value_;
    std::vector<double> history_;
};

/// Start k: nobody fires; equal levels up to the ceiling; then each population at a random one.
Vector start_of(const Vector& ceiling, std::uint64_t seed, Index k) {
    constexpr double lowest = 1e-4;  // Of the ceiling.
    if (k == 0) return Vector::Zero(ceiling.size());
    if (k < levels)
        return std::pow(lowest, 1.0 - static_cast<double>(k) / (levels - 1.0)) * ceiling;
    const Random random(seed, stream_of("stationary rates") + static_cast<std::uint64_t>(k));
    Vector start = ceiling;
    for (Index a = 0; a < start.size(); ++a)
        start[a] *= std::pow(lowest, random.uniform(static_cast<std::uint64_t>(a)));
    return start;
}

[[noreturn]] void give_up(Index starts, const std::vector<double>& history) {
    std::string text;
    const std::size_t shown = std::min<std::size_t>(history.size(), 6);
    for (std::size_t i = history.size() - shown; i < history.size(); ++i)
        text += (text.empty() ? "" : ", ") + number_text(history[i]);
    throw NotConverged("none of " + std::to_string(starts) +
                       " starts led to rates with F(r) = r; the residuals of the best one end in " +
                       text +
                       " Hz; raise starts or most_steps, or weaken the excitation if rates run "
                       "away");
}

/// \return whether it is a new one.
bool add(std::vector<RateSolution>& found, RateSolution solution) {
    for (RateSolution& known : found)
        if ((known.value.rates - solution.value.rates).lpNorm<Eigen::Infinity>() <=
            same * scale_of(known.value.rates)) {
            ++known.starts;
            return false;
        }
    found.push_back(std::move(solution));
    return true;
}

std::string counted(const RateSolutions& solutions) {
    const auto count = solutions.found.size();
    return std::to_string(count) + (count == 1 ? " solution" : " solutions");
}

std::string from(const RateSolutions& solutions, const char* link) {
    std::string text = link + std::to_string(solutions.starts) + " starts";
    if (solutions.failed > 0)
        text += ", " + std::to_string(solutions.failed) + " of which led nowhere";
    if (solutions.bounded && solutions.degree != 1)
        return text + "; at least one more exists, by the signs of det(1 - F')";
    return text + "; others may exist";
}

Index degree_of(const std::vector<RateSolution>& found) {
    Index sum = 0;
    for (const RateSolution& solution : found) {
        const Matrix& slope = solution.value.jacobian;
        const Matrix matrix = Matrix::Identity(slope.rows(), slope.cols()) - slope;
        const double sign = determinant(matrix.cast<Complex>()).real();
        sum += sign > 0.0 ? 1 : (sign < 0.0 ? -1 : 0);
    }
    return sum;
}

void check(Index starts, Index most_steps) {
    if (starts < 1)
        throw DomainError("starts is " + std::to_string(starts) + "; expected 1 or more");
    if (most_steps < 1)
        throw DomainError("most_steps is " + std::to_string(most_steps) + "; expected 1 or more");
}

}  // namespace

RateSolutions search_rates(const RateMap& map, const Vector& ceiling, bool bounded, Index starts,
                           Index most_steps, std::uint64_t seed) {
    constexpr Index longer = 8;  // Times as many starts, if a solution is missing.
    check(starts, most_steps);
    RateSolutions solutions;
    solutions.bounded = bounded;
    std::vector<double> best{std::numeric_limits<double>::infinity()};
    const auto missing = [&] {
        return bounded && !solutions.found.empty() && solutions.degree != 1;
    };
    Index& k = solutions.starts;
    for (; k < starts || (k < longer * starts && missing()); ++k) {
        Search search(map, start_of(ceiling, seed, k), most_steps);
        if (search.run()) {
            if (add(solutions.found, {search.value(), search.history()}))
                solutions.degree = degree_of(solutions.found);
        } else {
            ++solutions.failed;
            if (search.history().back() < best.back()) best = search.history();
        }
    }
    if (solutions.found.empty()) give_up(solutions.starts, best);
    std::ranges::sort(solutions.found, {},
                      [](const auto& solution) { return solution.value.rates.sum(); });
    return solutions;
}

RateSolution search_rates_from(const RateMap& map, const Vector& start, Index most_steps) {
    Search search(map, start, most_steps);
    if (!search.run()) give_up(1, search.history());
    return {search.value(), search.history()};
}

std::string statement_of(const RateSolutions& solutions) {
    return counted(solutions) + from(solutions, " from ");
}

std::string statement_of(const RateSolutions& solutions, Index stable) {
    return counted(solutions) + ", " + std::to_string(stable) + " stable" +
           from(solutions, ", from ");
}

}  // namespace heddle
