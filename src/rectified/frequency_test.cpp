#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/core/error.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/resolvent.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/rectified/contraction.hpp"
#include "linalg/checks.hpp"
#include "linalg/symmetric_eigen.hpp"

namespace heddle {
namespace {

constexpr double resolution = 1e-6;  ///< Of the margin, relative to the largest multiplier.
constexpr double imaginary = 1e-9;   ///< Of ‖Hamiltonian‖_F: real parts that count as zero.
constexpr int most_levels = 40;

/// A Hermitian matrix as a real symmetric one of twice the size, each eigenvalue twice.
struct Least {
    double value;
    ComplexVector vector;
};

Least least_eigenvalue(const ComplexMatrix& h) {
    const Index m = h.rows();
    Matrix real(2 * m, 2 * m);
    real << h.real(), -h.imag(), h.imag(), h.real();
    const Vector values = symmetric_eigen(real, "H(ω)");
    ComplexVector vector(m);
    vector.real() = real.col(0).head(m);
    vector.imag() = real.col(0).tail(m);
    return {values[0], vector};
}

/// H(ω) of a system in units of τ.
class PopovFunction {
  public:
    PopovFunction(const ThresholdLinear& system, const Vector& multipliers, double rate)
        : a_(system.linear), b_(system.outputs), c_(system.inputs), d_(multipliers) {
        a_.diagonal().array() += rate * system.tau;
    }

    [[nodiscard]] const Matrix& dynamics() const noexcept { return a_; }

    [[nodiscard]] Least at(const Resolvent& resolvent, double omega) const {
        const ComplexVector shifts = ComplexVector::Constant(b_.cols(), Complex(0.0, omega));
        const ComplexMatrix g = c_.cast<Complex>() * resolvent.solve(shifts, b_.cast<Complex>());
        const ComplexMatrix half =
            d_.cast<Complex>().asDiagonal() * (ComplexMatrix::Identity(g.rows(), g.cols()) - g);
        return least_eigenvalue(half + half.adjoint());
    }

    /// Its imaginary eigenvalues are the iω at which an eigenvalue of H(ω) equals `level`.
    [[nodiscard]] Matrix hamiltonian(double level) const {
        const Index n = a_.rows();
        const Vector r = (2.0 * d_.array() - level).inverse();
        const Matrix seen = -(d_.asDiagonal() * c_);  // C of D + C (s − A)⁻¹ B + h.c.
        const Matrix scaled = r.asDiagonal() * seen;
        Matrix m(2 * n, 2 * n);
        m.topLeftCorner(n, n) = a_ - b_ * scaled;
        m.topRightCorner(n, n) = -b_ * r.asDiagonal() * b_.transpose();
        m.bottomLeftCorner(n, n) = seen.transpose() * scaled;
        m.bottomRightCorner(n, n) = -m.topLeftCorner(n, n).transpose();
        return m;
    }

  private:
    Matrix a_, b_, c_;
    Vector d_;
};

/// Frequencies ω ≥ 0 at which the level is met, and how far from the axis all others are.
struct Crossings {
    std::vector<double> frequencies;
    double distance;
};

Crossings crossings_of(const PopovFunction& h, double level) {
    const Matrix hamiltonian = h.hamiltonian(level);
    const double scale = hamiltonian.norm();
    Crossings found{{}, std::numeric_limits<double>::infinity()};
    for (const Complex& z : eigenvalues(hamiltonian)) {
        found.distance = std::min(found.distance, std::abs(z.real()) / scale);
        if (std::abs(z.real()) <= imaginary * scale && z.imag() >= 0.0)
            found.frequencies.push_back(z.imag());
    }
    std::ranges::sort(found.frequencies);
    return found;
}

/// The lowest of H at the middles of the intervals between crossings.
void lower_between(const PopovFunction& h, const Resolvent& resolvent,
                   std::vector<double> crossings, Least& least, double& omega) {
    crossings.insert(crossings.begin(), 0.0);
    crossings.push_back(2.0 * crossings.back() + 1.0);
    for (std::size_t i = 0; i + 1 < crossings.size(); ++i)
        for (const double at : {crossings[i], 0.5 * (crossings[i] + crossings[i + 1])}) {
            const Least here = h.at(resolvent, at);
            if (here.value < least.value) least = here, omega = at;
        }
}

void require_multipliers(const ThresholdLinear& system, const VectorView& multipliers,
                         double rate) {
    validate(system);
    require_shape(multipliers, system.units(), 1, "multipliers");
    require_finite(multipliers, "multipliers");
    if (!(multipliers.minCoeff() > 0.0))
        throw DomainError("multipliers: found " + std::to_string(multipliers.minCoeff()) +
                          ", expected all above 0");
    if (!std::isfinite(rate) || rate < 0.0)
        throw DomainError("rate: found " + std::to_string(rate) + " 1/s, expected 0 or more");
}

}  // namespace

FrequencyTest frequency_test(const ThresholdLinear& system, const VectorView& multipliers,
                             double rate) {
    if (system.units() == 0)
        throw DomainError(
            "system: found no rectified unit; a linear network contracts iff L is "
            "Hurwitz");
    require_multipliers(system, multipliers, rate);
    const PopovFunction h(system, multipliers, rate);
    const ComplexVector poles = eigenvalues(h.dynamics());
    FrequencyTest result{
        -std::numeric_limits<double>::infinity(), 0.0, {}, spectral_abscissa(poles), 0.0, false};
    if (!(result.abscissa < 0.0)) return result;

    const Resolvent resolvent(h.dynamics());
    const double step = resolution * multipliers.maxCoeff();
    Least least{2.0 * multipliers.minCoeff(), ComplexVector::Zero(system.units())};
    double omega = std::numeric_limits<double>::infinity();
    std::vector<double> samples{0.0};
    for (const Complex& pole : poles)
        if (pole.imag() > 0.0) samples.push_back(std::abs(pole));
    std::ranges::sort(samples);
    lower_between(h, resolvent, samples, least, omega);
    for (int i = 0; i < most_levels; ++i) {
        const Crossings crossings = crossings_of(h, least.value - step);
        result.distance = crossings.distance;
        if (crossings.frequencies.empty()) {
            result.margin = least.value - 2.0 * step;  // twice: what rounding moves the level by
            break;
        }
        const double before = least.value;
        lower_between(h, resolvent, crossings.frequencies, least, omega);
        if (!(least.value < before)) break;
    }
    result.frequency = omega / system.tau;
    result.direction = least.vector;
    result.certified = result.margin > 0.0;
    if (!std::isfinite(result.margin)) result.margin = std::min(least.value - 2.0 * step, -0.0);
    return result;
}

}  // namespace heddle
