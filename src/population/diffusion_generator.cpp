#include "population/diffusion_generator.hpp"

#include <cmath>

namespace heddle {
namespace {

constexpr Index stages_of_refractoriness = 24;

}  // namespace

DiffusionGenerator::DiffusionGenerator(const PotentialGrid& grid, const Faces& faces, double t_ref,
                                       double shift)
    : nodes_(static_cast<Index>(grid.size)),
      stages_(t_ref > 0.0 ? stages_of_refractoriness : 0),
      reset_(static_cast<Index>(grid.reset)),
      h_(grid.h),
      out_(1.0 / faces.gain.back()),
      stage_rate_(t_ref > 0.0 ? static_cast<double>(stages_) / t_ref : 0.0),
      shift_(shift),
      above_(nodes_),
      below_(nodes_),
      pivot_(nodes_) {
    double down = 0.0;  // J of p = 1 at this node through the face below, downwards.
    for (Index k = 0; k < nodes_; ++k) {
        const auto face = static_cast<std::size_t>(k);
        const double up = 1.0 / faces.gain[face];
        double diagonal = -(up + down) / h_ - shift_;
        below_[k] = k > 0 ? 1.0 / faces.gain[face - 1] / h_ : 0.0;
        if (k > 0) diagonal -= below_[k] * above_[k - 1];
        pivot_[k] = diagonal;
        down = faces.keep[face] * up;
        above_[k] = down / h_ / diagonal;
    }
    source_ = Vector::Unit(nodes_, reset_);
    solve_tridiagonal(source_);
}

void DiffusionGenerator::solve_tridiagonal(Vector& y) const {
    y[0] /= pivot_[0];
    for (Index k = 1; k < nodes_; ++k) y[k] = (y[k] - below_[k] * y[k - 1]) / pivot_[k];
    for (Index k = nodes_ - 1; k-- > 0;) y[k] -= above_[k] * y[k + 1];
}

void DiffusionGenerator::solve(const Vector& x, Vector& y) const {
    // What leaves the stages is a + b J, J what leaves V_peak.
    double a = 0.0, b = 1.0;
    const double stage = stage_rate_ + shift_;
    for (Index j = 0; j < stages_; ++j) {
        a = stage_rate_ * (a - x[nodes_ + j]) / stage;
        b *= stage_rate_ / stage;
    }
    Vector p = x.head(nodes_);
    p[reset_] -= a / h_;
    solve_tridiagonal(p);
    const double flux = out_ * p[nodes_ - 1] / (1.0 + out_ * b / h_ * source_[nodes_ - 1]);
    p -= b / h_ * flux * source_;
    y.resize(size());
    y.head(nodes_) = p;
    double content = 0.0, into = flux;
    for (Index j = 0; j < stages_; ++j) {
        content = (into - x[nodes_ + j]) / stage;
        y[nodes_ + j] = content;
        into = stage_rate_ * content;
    }
}

}  // namespace heddle
