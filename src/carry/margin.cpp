#include "heddle/carry/margin.hpp"

#include <cmath>
#include <limits>
#include <sstream>

#include "carry/tubes.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/rectified/contraction.hpp"

namespace heddle {
namespace {

/// ‖T J T⁻¹‖ in one of three norms, for a T of the stretch.
class Norm final {
  public:
    Norm(std::string name, const Stretch& stretch, const Matrix& slopes) : name_(std::move(name)) {
        if (name_ == "l1" || name_ == "linf") weigh(stretch, slopes.rowwise().maxCoeff());
        if (name_ == "ellipsoid") stretch_metric(stretch, slopes.rowwise().mean());
    }

    [[nodiscard]] double of(const Matrix& j) const {
        if (name_ == "l2") return spectral_norm(j);
        if (name_ == "ellipsoid") return spectral_norm(factor_ * j * inverse_);
        if (name_ == "l1")
            return (j.cwiseAbs().transpose() * weights).cwiseQuotient(weights).maxCoeff();
        return (j.cwiseAbs() * weights).cwiseQuotient(weights).maxCoeff();
    }

    Vector weights;
    Matrix metric;

  private:
    void weigh(const Stretch& stretch, const Vector& slopes) {
        Matrix bound = stretch.recurrent() * slopes.asDiagonal();
        const Vector diagonal = bound.diagonal();
        bound = bound.cwiseAbs();
        bound.diagonal() = diagonal;
        weights = perron_root(name_ == "l1" ? Matrix(bound.transpose()) : bound).weights;
    }

    /// The P whose norm of the mean Jacobian is least among a few σ beyond the abscissa.
    void stretch_metric(const Stretch& stretch, const Vector& slopes) {
        const Index n = slopes.size();
        Matrix a = stretch.recurrent() * slopes.asDiagonal();
        a.diagonal().array() -= 1.0;
        const double abscissa = spectral_abscissa(eigenvalues(a));
        const Matrix mean = stretch.jacobian(slopes);
        double least = std::numeric_limits<double>::infinity();
        for (const double beyond : {0.01, 0.03, 0.1, 0.3, 1.0}) {
            const Matrix shifted = a - (abscissa + beyond) * Matrix::Identity(n, n);
            const Matrix p = solve_lyapunov(shifted.transpose(), Matrix::Identity(n, n));
            const Matrix factor = square_root(0.5 * (p + p.transpose())).transpose();
            const Matrix inverse = solve(factor, Matrix::Identity(n, n));
            const double size = spectral_norm(factor * mean * inverse);
            if (size >= least) continue;
            least = size;
            factor_ = factor;
            inverse_ = inverse;
            metric = p / p.cwiseAbs().maxCoeff();
        }
    }

    std::string name_;
    Matrix factor_, inverse_;
};

void check_norm(const std::string& norm) {
    const std::vector<std::string> known{"l1", "linf", "l2", "ellipsoid"};
    for (const std::string& name : known)
        if (norm == name) return;
    throw DomainError("norm: found '" + norm + "', expected l1, linf, l2 or ellipsoid" +
                      did_you_mean(norm, known));
}

std::string statement_of(const TrajectoryContraction& found) {
    std::ostringstream words;
    words.precision(3);
    words << "in the norm " << found.norm << ", the " << found.where;
    if (found.margin > 0.0)
        words << " contracts at every step, at " << found.margin << " 1/s or faster";
    else
        words << " does not contract at every step: deviations may grow at " << -found.margin
              << " 1/s where slopes are least favourable, and to " << found.growth
              << " times their size altogether";
    if (found.margin <= 0.0)
        words << "; no norm proves more than " << found.limit
              << " 1/s, as modes decay no faster on average";
    return words.str();
}

}  // namespace

TrajectoryContraction trajectory_contraction(const CarriedLibrary& carried, std::size_t motif,
                                             const std::string& norm, bool preparation,
                                             const Arrival& arrival) {
    check_norm(norm);
    check_arrival(carried, motif, arrival);
    if (preparation && !arrival.preparation)
        throw DomainError("preparation: found a passage without one, expected one that has it");
    const Plan plan = plan_of(carried, motif, arrival);
    const Stretch& stretch = preparation ? plan.stretches.front() : plan.stretches.back();
    const Index first = preparation ? 0 : plan.states.cols() - 1 - stretch.steps();
    const Matrix slopes = plan.states.middleCols(first, stretch.steps()).unaryExpr([&](double x) {
        return stretch.curve().slope(x);
    });
    Norm measured(norm, stretch, slopes);
    TrajectoryContraction found{norm, preparation ? "preparation" : "motif",
                                Vector(stretch.steps())};
    found.growth = 1.0;
    for (Index t = 0; t < stretch.steps(); ++t) {
        const double size = measured.of(stretch.jacobian(slopes.col(t)));
        found.rate(t) = (1.0 - size) / carried.h;
        found.growth *= size;
    }
    found.margin = found.rate.minCoeff();
    const Matrix mean = stretch.jacobian(slopes.rowwise().mean());
    found.limit = (1.0 - spectral_radius(eigenvalues(mean))) / carried.h;
    found.weights = std::move(measured.weights);
    found.metric = std::move(measured.metric);
    found.statement = statement_of(found);
    return found;
}

}  // namespace heddle
