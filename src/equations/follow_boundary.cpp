#include <algorithm>
#include <cmath>
#include <numbers>

#include "equations/curve.hpp"
#include "equations/delay_spectrum.hpp"
#include "equations/normal_form.hpp"
#include "equations/range.hpp"
#include "equations/system.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/boundary.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/eigenvectors.hpp"
#include "heddle/linalg/solve.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

/// Equilibria with an eigenvalue 0 or iω, for unknowns x, (ω,) first, second in units of their own.
class Boundary final {
  public:
    Boundary(const RateEquations& equations, const BranchSpecial& special, std::size_t first,
             std::size_t second, const BoundaryOptions& options)
        : equations_(equations),
          options_(options),
          first_(first),
          second_(second),
          hopf_(special.kind == "hopf"),
          n_(special.state.size()),
          system_(equations, options.time),
          expansion_(equations, options.time) {
        for (const EquationParameter& item : equations.parameters) values_.push_back(item.value);
        const Index extra = hopf_ ? 3 : 2;
        units_ = Vector::Ones(n_ + extra);
        units_.head(n_) =
            special.state.cwiseAbs().array() + 0.1 * special.state.cwiseAbs().maxCoeff() + 1e-6;
        if (hopf_) units_[n_] = 2e-3 * std::numbers::pi * special.frequency;
        units_[n_ + extra - 2] = options.first_to - options.first_from;
        units_[n_ + extra - 1] = options.second_to - options.second_from;
        start_.resize(n_ + extra);
        start_.head(n_) = special.state;
        if (hopf_) start_[n_] = units_[n_];
        start_[n_ + extra - 2] = special.parameter;
        start_[n_ + extra - 1] = values_[second];
        start_ = start_.cwiseQuotient(units_);
        set_border(start_);
    }

    [[nodiscard]] const Vector& start() const { return start_; }
    [[nodiscard]] Vector state(const Vector& y) const {
        return y.head(n_).cwiseProduct(units_.head(n_));
    }
    [[nodiscard]] double omega(const Vector& y) const { return hopf_ ? y[n_] * units_[n_] : 0.0; }
    [[nodiscard]] double first(const Vector& y) const {
        return y[y.size() - 2] * units_[y.size() - 2];
    }
    [[nodiscard]] double second(const Vector& y) const {
        return y[y.size() - 1] * units_[y.size() - 1];
    }

    [[nodiscard]] CurveEquations equations() {
        return {[this](const Vector& y) { return residual(y); },
                [this](const Vector& y) { return slope(y); }};
    }

    /// Right and left null vectors there: g stays well defined around.
    void set_border(const Vector& y) {
        const ComplexMatrix matrix = characteristic(y);
        right_ = null_vector(matrix);
        left_ = null_vector(matrix.adjoint());
    }

    [[nodiscard]] std::string left_by(const Vector& y) {
        if (first(y) < options_.first_from || first(y) > options_.first_to ||
            second(y) < options_.second_from || second(y) > options_.second_to)
            return "the end of a range is reached";
        if (hopf_ && omega(y) < 1e-3 * units_[n_])
            return "the frequency falls to zero (Bogdanov–Takens)";
        at(y);
        const std::string left = definition_out_of_range(equations_, system_.definitions(state(y)));
        if (!left.empty()) return "'" + left + "' leaves the range in which it means something";
        return "";
    }

    void write(const Vector& y, Index k, BoundaryCurve& out) {
        at(y);
        const Vector x = state(y);
        out.first_values[k] = first(y);
        out.second_values[k] = second(y);
        out.states.col(k) = x;
        const Vector definitions = system_.definitions(x);
        for (Index a = 0; a < out.rates.rows(); ++a)
            out.rates(a, k) =
                value_of(equations_, equations_.rates[static_cast<std::size_t>(a)], x, definitions);
        const EquationSlopes slopes = system_.slopes(x);
        expansion_.set(values_, x);
        out.frequency[k] = 1e3 * omega(y) / (2.0 * std::numbers::pi);
        out.coefficient[k] = hopf_ ? lyapunov_coefficient(expansion_, slopes, omega(y))
                                   : fold_coefficient(expansion_, slopes);
        out.residual = std::max(out.residual, system_.velocity(x).cwiseAbs().maxCoeff());
        const ComplexVector values = 1e3 * rightmost_eigenvalues(slopes);
        const Complex there(0.0, 1e3 * omega(y));
        out.singular = std::max(out.singular, (values.array() - there).abs().minCoeff());
    }

  private:
    void at(const Vector& y) {
        values_[first_] = first(y);
        values_[second_] = second(y);
        system_.set_parameter(first_, values_[first_]);
        system_.set_parameter(second_, values_[second_]);
    }

    [[nodiscard]] ComplexMatrix characteristic(const Vector& y) {
        at(y);
        return characteristic_matrix(system_.slopes(state(y)), Complex(0.0, omega(y)));
    }

    /// g, as one or two real numbers.
    [[nodiscard]] Vector singularity(const Vector& y) {
        ComplexMatrix bordered = ComplexMatrix::Zero(n_ + 1, n_ + 1);
        bordered.topLeftCorner(n_, n_) = characteristic(y);
        bordered.topRightCorner(n_, 1) = left_;
        bordered.bottomLeftCorner(1, n_) = right_.adjoint();
        const ComplexVector unit = ComplexVector::Unit(n_ + 1, n_);
        const Complex g = solve_complex(bordered, unit)(n_, 0);
        // Of a real matrix g is real but for the phases of the null vectors.
        if (!hopf_) return Vector{{(g * phase()).real()}};
        return Vector{{g.real(), g.imag()}};
    }

    [[nodiscard]] Complex phase() const {
        Index largest = 0;
        right_.cwiseAbs().maxCoeff(&largest);
        const Complex r = right_[largest] / std::abs(right_[largest]);
        left_.cwiseAbs().maxCoeff(&largest);
        const Complex l = left_[largest] / std::abs(left_[largest]);
        return l * std::conj(r);
    }

    [[nodiscard]] Vector residual(const Vector& y) {
        const Vector g = singularity(y);
        Vector out(n_ + g.size());
        out << system_.velocity(state(y)).cwiseQuotient(units_.head(n_)), g;
        return out;
    }

    [[nodiscard]] Matrix slope(const Vector& y) {
        at(y);
        const Vector x = state(y);
        const Index extra = y.size() - n_;
        Matrix out = Matrix::Zero(n_ + extra - 1, y.size());
        out.topLeftCorner(n_, n_) = system_.jacobian(x);
        out.col(y.size() - 2).head(n_) = system_.slope(x, first_);
        out.col(y.size() - 1).head(n_) = system_.slope(x, second_);
        out.topRows(n_) =
            units_.head(n_).cwiseInverse().asDiagonal() * out.topRows(n_) * units_.asDiagonal();
        out.bottomRows(extra - 1) =
            differences([this](const Vector& at) { return singularity(at); }, y);
        return out;
    }

    const RateEquations& equations_;
    const BoundaryOptions& options_;
    std::size_t first_;
    std::size_t second_;
    bool hopf_;
    Index n_;
    SteadySystem system_;
    Expansion expansion_;
    std::vector<double> values_;
    Vector units_;
    Vector start_;
    ComplexVector right_;
    ComplexVector left_;
};

/// Points from `at` on; why they end.
std::string follow(Boundary& boundary, CurvePoint at, const BoundaryOptions& options,
                   std::vector<Vector>& points) {
    double step = 0.25 * options.largest_step;
    const CurveEquations equations = boundary.equations();
    const Vector start = at.y;
    for (Index k = 0; k < options.most_points; ++k) {
        const auto next = advance(equations, at, step, options.largest_step);
        if (!next) return "it could not be followed further";
        const std::string why = boundary.left_by(next->y);
        if (!why.empty()) return why;
        if (k > 10 && (next->y - start).norm() < (next->y - at.y).norm()) return "it closes";
        points.push_back(next->y);
        boundary.set_border(next->y);
        at = *next;
    }
    return "the largest number of points is reached";
}

}  // namespace

BoundaryCurve follow_boundary(const RateEquations& equations, const BranchSpecial& special,
                              const std::string& first, const std::string& second,
                              const BoundaryOptions& options) {
    validate(equations);
    const std::size_t one = parameter_index(equations, first);
    const std::size_t two = parameter_index(equations, second);
    if (one == two) throw DomainError("both parameters are '" + first + "'; give two");
    if (special.kind != "fold" && special.kind != "hopf")
        throw DomainError("a " + (special.kind.empty() ? "point without a kind" : special.kind) +
                          " has no curve; give a fold or a Hopf point");
    if (special.state.size() != static_cast<Index>(equations.states.size()))
        throw ShapeError("the point's state", "(" + std::to_string(equations.states.size()) + ",)",
                         "(" + std::to_string(special.state.size()) + ",)");
    check_range(first, special.parameter, options.first_from, options.first_to);
    check_range(second, equations.parameters[two].value, options.second_from, options.second_to);
    check_positive(options.largest_step, "largest_step");
    Boundary boundary(equations, special, one, two, options);
    const Index size = boundary.start().size();
    const auto start =
        correct(boundary.equations(), boundary.start(), Vector::Unit(size, size - 1));
    if (!start)
        throw DomainError("the given " + special.kind +
                          " is none of these equations; give one that "
                          "follow_equilibrium found");
    std::vector<Vector> forward, backward;
    CurvePoint turned = *start;
    turned.tangent = -turned.tangent;
    const std::string left = follow(boundary, turned, options, backward);
    boundary.set_border(start->y);
    const std::string right = follow(boundary, *start, options, forward);
    std::ranges::reverse(backward);
    backward.push_back(start->y);
    backward.insert(backward.end(), forward.begin(), forward.end());
    const auto count = static_cast<Index>(backward.size());
    BoundaryCurve out{};
    out.kind = special.kind;
    out.first = first;
    out.second = second;
    out.names = equations.populations;
    for (Vector* column : {&out.first_values, &out.second_values, &out.frequency, &out.coefficient})
        column->resize(count);
    out.states.resize(special.state.size(), count);
    out.rates.resize(static_cast<Index>(equations.rates.size()), count);
    for (Index k = 0; k < count; ++k) boundary.write(backward[static_cast<std::size_t>(k)], k, out);
    out.statement = std::to_string(count) + " points; at the first end " + left + ", at the last " +
                    right + ".";
    return out;
}

}  // namespace heddle
