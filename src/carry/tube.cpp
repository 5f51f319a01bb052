#include "heddle/carry/tube.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "carry/checks.hpp"
#include "carry/ellipsoid.hpp"
#include "carry/tubes.hpp"
#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double hopeless = 1e3;  ///< Radius, relative to a √n, beyond which a bound is lost.

void check_start(double start, const char* name) {
    if (!(start >= 0.0) || !std::isfinite(start))
        throw DomainError(std::string(name) + ": found " + number_text(start) +
                          ", expected a radius of 0 or more, relative to amplitude √n");
}

std::string statement_of(const Tube& tube) {
    std::ostringstream words;
    words.precision(3);
    if (tube.certified)
        words << "every start within " << tube.start << " of the planned one stays within "
              << tube.largest << " of the trajectory during the motif and ends within " << tube.end
              << " (root mean square over units, relative to the amplitude)";
    else
        words << "nothing is proven from starts within " << tube.start
              << ": the bound is lost as slopes vary too much across the tube; a smaller ball, a "
                 "smaller amplitude or a longer preparation would help (small deviations end "
              << tube.linear << " times as large)";
    return words.str();
}

/// The tube through one stretch, from step t of the passage on.
class Walk final {
  public:
    Walk(const CarriedLibrary& carried, const Plan& plan, double start)
        : carried_(carried), plan_(plan), unit_(unit_of(carried)) {
        const Index n = size(carried.network);
        q_ = std::pow(start * unit_, 2) * Matrix::Identity(n, n);
        tube_.start = start;
        tube_.radius = Vector::Constant(plan.states.cols(), infinity);
        tube_.radius(0) = start;
    }

    Tube through(std::size_t motif) {
        tube_.output = Matrix::Constant(carried_.library.motifs[motif].motif.values.rows(),
                                        carried_.network.readout.rows(), infinity);
        for (const Stretch& stretch : plan_.stretches) {
            const bool performed = &stretch == &plan_.stretches.back();
            if (!walk(stretch, performed ? carried_.sample_steps[motif] : 0)) break;
        }
        const Index steps = plan_.stretches.back().steps();
        tube_.largest = tube_.radius.tail(steps + 1).maxCoeff();
        tube_.end = tube_.radius(tube_.radius.size() - 1);
        tube_.certified = std::isfinite(tube_.end);
        tube_.linear = plan_.growth;
        tube_.statement = statement_of(tube_);
        return std::move(tube_);
    }

  private:
    bool walk(const Stretch& stretch, Index stride) {
        const EllipsoidFlow flow(stretch);
        for (Index t = 0; t < stretch.steps(); ++t, ++at_) {
            sample(flow, t, stride);
            flow.step(plan_.states.col(at_), q_);
            const double radius = half_axis(q_) / unit_;
            if (!(radius < hopeless)) return false;
            tube_.radius(at_ + 1) = radius;
        }
        sample(flow, stretch.steps(), stride);
        return true;
    }

    void sample(const EllipsoidFlow& flow, Index t, Index stride) {
        if (stride > 0 && t % stride == 0)
            tube_.output.row(t / stride) =
                flow.output(carried_.network.readout, plan_.states.col(at_), q_).transpose();
    }

    const CarriedLibrary& carried_;
    const Plan& plan_;
    double unit_;
    Matrix q_;
    Tube tube_;
    Index at_ = 0;
};

}  // namespace

void check_arrival(const CarriedLibrary& carried, std::size_t motif, const Arrival& arrival) {
    check_motif(carried, motif);
    if (arrival.after) check_motif(carried, *arrival.after);
    if (arrival.after && !arrival.preparation)
        throw DomainError(
            "after: found a motif before a passage without preparation; expected none, or a "
            "passage with preparation");
}

Plan plan_of(const CarriedLibrary& carried, std::size_t motif, const Arrival& arrival) {
    Plan plan;
    plan.stretches = passage(carried, motif, arrival.preparation);
    const Vector start = arrival.after ? end_of(carried, *arrival.after)
                                       : Vector(carried.starts.col(static_cast<Index>(motif)));
    plan.states = trajectory(plan.stretches, start);
    if (!plan.states.allFinite())
        throw DomainError("states: those of motif '" + carried.library.motifs[motif].motif.name +
                          "' are not finite; a smaller amplitude or step would work");
    Matrix product = Matrix::Identity(start.size(), start.size());
    Index at = 0;
    for (const Stretch& stretch : plan.stretches)
        for (Index t = 0; t < stretch.steps(); ++t, ++at)
            product = (stretch.jacobian(stretch.slopes(plan.states.col(at))) * product).eval();
    plan.growth = spectral_norm(product);
    return plan;
}

Tube tube_around(const CarriedLibrary& carried, std::size_t motif, const Plan& plan, double start) {
    return Walk(carried, plan, start).through(motif);
}

Tube tube(const CarriedLibrary& carried, std::size_t motif, double start, const Arrival& arrival) {
    check_arrival(carried, motif, arrival);
    check_start(start, "start");
    return tube_around(carried, motif, plan_of(carried, motif, arrival), start);
}

Tube largest_tube(const CarriedLibrary& carried, std::size_t motif, double most,
                  const Arrival& arrival) {
    check_arrival(carried, motif, arrival);
    check_start(most, "most");
    const Plan plan = plan_of(carried, motif, arrival);
    const auto fits = [&](const Tube& found) { return found.largest <= most; };
    Tube best = tube_around(carried, motif, plan, 0.0);
    double low = 0.0, high = infinity, trial = most;
    while (trial > 1e-6 * most && trial < 1e6 * most) {
        Tube found = tube_around(carried, motif, plan, trial);
        const bool good = fits(found);
        if (good) best = std::move(found);
        (good ? low : high) = trial;
        if (low > 0.0 && high < 1.05 * low) break;
        if (low == 0.0)
            trial = high / 8.0;
        else
            trial = std::isinf(high) ? 8.0 * low : std::sqrt(low * high);
    }
    return best;
}

}  // namespace heddle
