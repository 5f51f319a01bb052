#include "loops/output_response.hpp"

#include <algorithm>
#include <cmath>

namespace heddle {
namespace {

// In units of τ. Longer panels need fewer products, 41 in 8 τ and 32 in 5 τ, but lose the digits of
// e^panel to cancellation.
constexpr double longest_panel = 8.0;
constexpr Index most_terms = 120;
constexpr double tolerance = 1e-10;  // Of a panel's sum.
constexpr Index block = 64;          // Columns of F whose zeros below are skipped together.

/// h ∫₀¹ x^k e^{−2 h x} dx for k = 0 … 2 (most − 1), by the recurrence that is stable downwards,
/// laid out as a Hankel matrix.
Matrix moments_of(double h, Index most) {
    const double c = 2.0 * h;
    const Index beyond = 2 * most + static_cast<Index>(std::ceil(2.0 * c)) + 40;
    Vector moments(beyond + 1);
    moments(beyond) = std::exp(-c) / static_cast<double>(beyond + 1);
    for (Index k = beyond; k > 0; --k)
        moments(k - 1) = (c * moments(k) + std::exp(-c)) / static_cast<double>(k);
    Matrix hankel(most, most);
    for (Index a = 0; a < most; ++a) hankel.col(a) = h * moments.segment(a, most);
    return hankel;
}

/// Terms of one output side by side, as one long column a term.
auto flat(Matrix& terms, Index rows) {
    return Eigen::Map<Matrix>(terms.data(), rows, terms.size() / rows);
}

}  // namespace

/// What one panel leaves for the sweep backwards.
struct OutputFlow::Panel {
    Matrix terms;     ///< T_0 … T_p, shape (n, d (p + 1)).
    Matrix adjoints;  ///< Those of the panel's own integral, the same shape.
    double value;     ///< The panel's integral.
};

OutputFlow::OutputFlow(const Matrix& reduced, const MatrixView& readout, double duration)
    : reduced_(reduced),
      start_(readout.transpose()),
      panels_(std::max<Index>(1, static_cast<Index>(std::ceil(duration / longest_panel)))),
      length_(duration / static_cast<double>(panels_)),
      moments_(moments_of(length_, most_terms + 1)) {}

Matrix OutputFlow::apply_transposed(const Matrix& u, const Matrix& v, const MatrixView& z) const {
    Matrix result(z.rows(), z.cols());
    const Index n = z.rows();
    for (Index first = 0; first < n; first += block) {
        const Index width = std::min(block, n - first);
        const Index rows = std::min(first + width + 1, n);
        for (Index c = 0; c < z.cols(); ++c)
            result.col(c).segment(first, width).noalias() =
                reduced_.block(0, first, rows, width).transpose() * z.col(c).head(rows);
    }
    const Matrix seen = u.transpose() * z;
    result.noalias() += v * seen;
    return result;
}

Matrix OutputFlow::apply(const Matrix& u, const Matrix& v, const MatrixView& z) const {
    const Matrix seen = v.transpose() * z;
    Matrix result = u * seen;
    const Index n = z.rows();
    for (Index first = 0; first < n; first += block) {
        const Index width = std::min(block, n - first);
        const Index rows = std::min(first + width + 1, n);
        for (Index c = 0; c < z.cols(); ++c)
            result.col(c).head(rows).noalias() +=
                reduced_.block(0, first, rows, width) * z.col(c).segment(first, width);
    }
    return result;
}

/// Carries z over one panel; false if the series is too long.
bool OutputFlow::march(const Matrix& u, const Matrix& v, Matrix& z, Panel& panel) const {
    const Index d = z.cols();
    Matrix terms(z.rows(), d * (most_terms + 1));
    terms.leftCols(d) = z;
    double before = z.norm();
    Index last = 0;
    for (bool small = false; !small;) {
        if (++last > most_terms) return false;
        const Matrix term = (length_ / static_cast<double>(last)) *
                            apply_transposed(u, v, terms.middleCols((last - 1) * d, d));
        const double size = term.norm();
        if (!std::isfinite(size)) return false;
        terms.middleCols(last * d, d) = term;
        z += term;
        small = size + before <= tolerance * z.norm();
        before = size;
    }
    z *= std::exp(-length_);
    panel.terms = terms.leftCols(d * (last + 1));
    panel.adjoints.resize(panel.terms.rows(), panel.terms.cols());
    const Index rows = z.size();
    flat(panel.adjoints, rows).noalias() =
        2.0 * flat(panel.terms, rows) * moments_.topLeftCorner(last + 1, last + 1);
    panel.value = 0.5 * panel.adjoints.cwiseProduct(panel.terms).sum();
    return true;
}

/// Takes the adjoint of z from the panel's end to its start, and adds what the panel gives to the
/// gradient.
void OutputFlow::retrace(const Matrix& u, const Matrix& v, Panel& panel, Matrix& adjoint,
                         OutputResponse& response) const {
    const Index d = adjoint.cols(), last = panel.terms.cols() / d - 1;
    const Matrix end = std::exp(-length_) * adjoint;
    for (Index l = 0; l <= last; ++l) panel.adjoints.middleCols(l * d, d) += end;
    for (Index l = last; l > 0; --l) {
        auto pulled = panel.adjoints.middleCols(l * d, d);
        pulled *= length_ / static_cast<double>(l);
        panel.adjoints.middleCols((l - 1) * d, d) += apply(u, v, pulled);
    }
    adjoint = panel.adjoints.leftCols(d);
    const auto pulled = panel.adjoints.rightCols(last * d);
    const auto from = panel.terms.leftCols(last * d);
    const Matrix seen = u.transpose() * from, given = v.transpose() * pulled;
    response.v_gradient.noalias() += pulled * seen.transpose();
    response.u_gradient.noalias() += from * given.transpose();
}

OutputResponse OutputFlow::evaluate(const Matrix& u, const Matrix& v, bool with_gradient) const {
    OutputResponse response;
    std::vector<Panel> panels(static_cast<std::size_t>(panels_));
    Matrix z = start_;
    double sum = 0.0;
    for (Panel& panel : panels) {
        if (!march(u, v, z, panel)) return {};
        sum += panel.value;
    }
    response.value = sum;
    if (!with_gradient) return response;
    response.u_gradient = Matrix::Zero(u.rows(), u.cols());
    response.v_gradient = response.u_gradient;
    Matrix adjoint = Matrix::Zero(z.rows(), z.cols());
    for (auto panel = panels.rbegin(); panel != panels.rend(); ++panel)
        retrace(u, v, *panel, adjoint, response);
    return response;
}

}  // namespace heddle
