#include "heddle/rectified/contraction.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "heddle/core/error.hpp"
#include "linalg/checks.hpp"
#include "linalg/lu.hpp"
#include "rectified/rounding.hpp"

namespace heddle {
namespace {

constexpr int most_steps = 100;
constexpr double tolerance = 1e-13;

/// (M x)_i / x_i, largest and smallest.
std::pair<double, double> quotients(const Matrix& m, const Vector& x) {
    const Vector ratio = (m * x).cwiseQuotient(x);
    return {ratio.maxCoeff(), ratio.minCoeff()};
}

/// Noda's iteration: inverse iteration with the upper bound as shift keeps x positive.
Vector perron_vector(const Matrix& m) {
    const Index n = m.rows();
    const double scale = m.cwiseAbs().maxCoeff() + 1e-300;
    Vector x = Vector::Ones(n);
    for (int i = 0; i < most_steps; ++i) {
        const auto [upper, lower] = quotients(m, x);
        if (upper - lower <= tolerance * scale) break;
        const double shift = upper + 1e-14 * scale;
        Vector next = Lu(shift * Matrix::Identity(n, n) - m).solve(x);
        if (!next.allFinite() || !(next.minCoeff() > 0.0)) break;
        next /= next.maxCoeff();
        if (quotients(m, next).first > upper) break;
        x = next;
    }
    return x;
}

/// Whether the sector's end d = 0 bounds the logarithmic norm row by row (signed diagonal) or entry
/// by entry (its positive part).
bool signed_diagonal(std::string_view norm, std::string_view form) {
    return (norm == "l1") == (form == "input");
}

void require_words(std::string_view norm, std::string_view form) {
    if (norm != "l1" && norm != "linf")
        throw DomainError("norm: found '" + std::string(norm) + "', expected l1 or linf");
    if (form != "input" && form != "rate")
        throw DomainError("form: found '" + std::string(form) + "', expected input or rate");
}

std::string statement_of(const NormContraction& result, const Response& response) {
    std::ostringstream text;
    text.precision(4);
    if (result.certified) {
        text << "any two trajectories approach each other at " << result.rate
             << " 1/s or faster in a weighted " << result.norm << " norm";
        return text.str();
    }
    text << "no weighted " << result.norm << " norm proves contraction: the best one leaves a "
         << "growth of up to " << -result.best << " 1/s";
    if (response != Response::linear) text << " where slopes are worst";
    return text.str();
}

}  // namespace

double slope_bound(const Network& network) {
    const double bound = steepest(network.response);
    if (std::isinf(bound))
        throw DomainError(
            "network: found the response of exponential hazards, whose slope has no bound, so that "
            "no norm contracts everywhere; expected softplus, sigmoid or rectified hazards, or "
            "certify_fixed_point, which needs bounds near one state only");
    return bound;
}

PerronRoot perron_root(const MatrixView& metzler) {
    require_square(metzler, "metzler");
    require_finite(metzler, "metzler");
    Matrix m = metzler;
    for (Index j = 0; j < m.cols(); ++j)
        for (Index i = 0; i < m.rows(); ++i)
            if (i != j && m(i, j) < 0.0)
                throw DomainError("metzler: found " + std::to_string(m(i, j)) +
                                  " off the diagonal, expected no negative entry there");
    if (m.rows() == 0) return {0.0, 0.0, Vector()};
    // Entries that are zero would let weights vanish where the matrix is reducible.
    const double least = 1e-10 * m.cwiseAbs().maxCoeff() / static_cast<double>(m.rows());
    const Vector weights = perron_vector((m.array() + least).matrix());
    const auto [upper, lower] = quotients(m, weights);
    return {upper, lower, weights};
}

NormContraction norm_contraction(const Network& network, std::string_view norm,
                                 std::string_view form) {
    validate(network);
    require_words(norm, form);
    const Matrix w = slope_bound(network) * dense_weights(network);
    const bool linear = network.response == Response::linear;
    const bool keeps_sign = linear || signed_diagonal(norm, form);
    Matrix majorant = w.cwiseAbs();
    majorant.diagonal() = keeps_sign ? Vector(w.diagonal()) : Vector(w.diagonal().cwiseMax(0.0));
    const PerronRoot root =
        perron_root(norm == "l1" ? Matrix(majorant.transpose()) : std::move(majorant));
    const Index n = w.rows();
    const double slack =
        rounding_of(2 * n + 8) * (std::abs(root.upper) + 2.0 * w.diagonal().cwiseAbs().sum() + 1.0);
    const double floor = linear || !keeps_sign ? -INFINITY : 0.0;
    NormContraction result{std::string(norm),
                           (1.0 - std::max(root.upper + slack, floor)) / network.tau,
                           (1.0 - std::max(root.lower, floor)) / network.tau,
                           root.weights,
                           false,
                           {}};
    if (n == 0) result.rate = result.best = 1.0 / network.tau;
    result.certified = result.rate > 0.0;
    result.statement = statement_of(result, network.response);
    return result;
}

}  // namespace heddle
