#include "rectified/fixed_points_statement.hpp"

#include <cmath>
#include <limits>
#include <sstream>

#include "linalg/symmetric_eigen.hpp"

namespace heddle {
namespace {

std::string counted(std::size_t number, const std::string& what) {
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

void say_what_is_there(std::ostream& text, const FixedPoints& found) {
    std::size_t stable = 0;
    std::size_t degenerate = 0;
    std::size_t continua = 0;
    for (const FixedPoint& point : found.points) {
        stable += point.stable ? 1 : 0;
        continua += point.continuum ? 1 : 0;
        degenerate += point.degenerate && !point.continuum ? 1 : 0;
    }
    text << counted(found.points.size(), "fixed point") << ", " << stable << " stable";
    if (degenerate > 0)
        text << "; " << degenerate << " on a threshold, whose stability and index are not those of "
             << "one region";
    if (continua > 0)
        text << "; " << continua
             << " in continua, of each of which one point and the direction are listed";
}

void say_whether_that_is_all(std::ostream& text, const FixedPoints& found,
                             const SearchOutcome& outcome) {
    text << ". ";
    if (found.complete) {
        text << "Proven: there is no other";
        if (!found.bounded && std::isfinite(found.bound))
            text << " whose active units add up to less than " << found.bound;
        return;
    }
    text << "Not proven to be all:";
    if (outcome.open > 0)
        text << " the budget of nodes left "
             << counted(static_cast<std::size_t>(outcome.open), "part") << " of the search open";
    if (outcome.unresolved > 0)
        text << (outcome.open > 0 ? ", and " : " ")
             << counted(static_cast<std::size_t>(outcome.unresolved), "support")
             << " could neither be solved nor excluded at double precision";
}

void say_what_the_indices_say(std::ostream& text, const FixedPoints& found,
                              const SearchOutcome& outcome) {
    text << ". ";
    if (!found.degree_known) {
        text << "The indices add up to " << found.index_sum
             << "; what they should add up to is not known";
    } else if (!outcome.regular) {
        text << "The indices should add up to " << found.degree
             << "; with a point on a threshold they need not";
    } else if (found.index_sum == found.degree) {
        text << "The indices add up to " << found.degree << ", as they must";
    } else {
        text << "The indices add up to " << found.index_sum << " and should add up to "
             << found.degree << ": a point is missing, do not trust this list";
    }
    if (!outcome.exact) text << ". A point has a residual above 1e-9";
    text << ".";
}

}  // namespace

std::string statement_of(const FixedPoints& found, const SearchOutcome& outcome) {
    std::ostringstream text;
    text.precision(2);
    say_what_is_there(text, found);
    say_whether_that_is_all(text, found, outcome);
    say_what_the_indices_say(text, found, outcome);
    return text.str();
}

std::optional<double> simple_reach(const UnitProblem& problem) {
    const Matrix& m = problem.m;
    if (m.size() == 0) return 0.0;
    if (m.maxCoeff() <= 0.0) return 1.001 * problem.q.cwiseMax(0.0).sum();
    Matrix sum = m + m.transpose();
    const double size = sum.cwiseAbs().rowwise().sum().maxCoeff();
    const double error =
        static_cast<double>(10 * m.rows()) * std::numeric_limits<double>::epsilon() * (size + 2.0);
    const double most = symmetric_eigen(sum, "M + Mᵀ").maxCoeff() + error;
    if (most >= 2.0) return std::nullopt;
    // (1 − most / 2) ‖z‖² ≤ zᵀ (1 − M) z = zᵀ q ≤ ‖z‖ ‖q‖ .
    return 1.001 * std::sqrt(static_cast<double>(m.rows())) * problem.q.norm() / (1.0 - most / 2.0);
}

}  // namespace heddle
