#include "heddle/carry/attraction.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "carry/tubes.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

constexpr Index block = 64;  ///< Starts that go together, as columns of one matrix.

void check(const AttractionOptions& options) {
    check_radius(options.radius, "radius");
    if (options.starts < 1)
        throw DomainError("starts: found " + std::to_string(options.starts) +
                          ", expected at least 1");
}

/// The displacement of start k.
Vector displacement(const AttractionOptions& options, Index n, double amplitude, Index k) {
    const Random random(options.seed, static_cast<std::uint64_t>(k));
    Vector delta(n);
    random.fill_normal({delta.data(), static_cast<std::size_t>(n)});
    const double size = options.radius * amplitude;
    if (!options.ball) return size * delta;
    // Beyond the normals of the direction, whose pairs are whole.
    const double share = random.uniform(static_cast<std::uint64_t>(n + n % 2));
    const double length = std::pow(share, 1.0 / static_cast<double>(n));
    return size * std::sqrt(static_cast<double>(n)) * length / delta.norm() * delta;
}

/// Some starts, followed through a passage.
class Trials final {
  public:
    Trials(const CarriedLibrary& carried, std::size_t motif, const Plan& plan)
        : carried_(carried), motif_(motif), plan_(plan), unit_(unit_of(carried)) {}

    void run(Matrix x, Index first, AttractionTrials& found) const {
        Matrix rates;
        Index at = 0;
        for (std::size_t s = 0; s + 1 < plan_.stretches.size(); ++s)
            for (Index t = 0; t < plan_.stretches[s].steps(); ++t, ++at) {
                plan_.stretches[s].rates(x, rates);
                plan_.stretches[s].step(rates, x);
            }
        perform(x, at, first, found);
    }

  private:
    void perform(Matrix& x, Index at, Index first, AttractionTrials& found) const {
        const Stretch& stretch = plan_.stretches.back();
        const Matrix& target = carried_.library.motifs[motif_].motif.values;
        const Index stride = carried_.sample_steps[motif_], columns = x.cols();
        Vector far = Vector::Zero(columns), missed = Vector::Zero(columns);
        Matrix rates;
        for (Index t = 0; t <= stretch.steps(); ++t) {
            far =
                far.cwiseMax((x.colwise() - plan_.states.col(at + t)).colwise().norm().transpose());
            stretch.rates(x, rates);
            if (t % stride == 0)
                missed += ((carried_.network.readout * rates).colwise() -
                           (carried_.offset + target.row(t / stride).transpose()))
                              .colwise()
                              .squaredNorm()
                              .transpose();
            if (t < stretch.steps()) stretch.step(rates, x);
        }
        settle(x, far, missed, target, first, found);
    }

    void settle(const Matrix& x, const Vector& far, const Vector& missed, const Matrix& target,
                Index first, AttractionTrials& found) const {
        // Of outputs that are off by 1 everywhere: what turns a sum of squares into an error.
        const double one =
            normalised_error(target.array() + 1.0, target) / static_cast<double>(target.size());
        for (Index i = 0; i < x.cols(); ++i) {
            const bool finite = x.col(i).allFinite() && std::isfinite(far(i));
            found.distance(first + i) =
                finite ? far(i) / unit_ : std::numeric_limits<double>::infinity();
            found.error(first + i) =
                finite ? one * missed(i) : std::numeric_limits<double>::infinity();
        }
    }

    const CarriedLibrary& carried_;
    std::size_t motif_;
    const Plan& plan_;
    double unit_;
};

}  // namespace

AttractionTrials attraction_trials(const CarriedLibrary& carried, std::size_t motif,
                                   const AttractionOptions& options, const Arrival& arrival,
                                   std::size_t threads, const Progress& progress) {
    check_arrival(carried, motif, arrival);
    check(options);
    const Plan plan = plan_of(carried, motif, arrival);
    const Trials trials(carried, motif, plan);
    AttractionTrials found{Vector(options.starts), Vector(options.starts)};
    const Index n = size(carried.network), blocks = (options.starts + block - 1) / block;
    const auto body = [&](std::size_t b) {
        const Index first = static_cast<Index>(b) * block;
        Matrix x = plan.states.col(0).replicate(1, std::min(block, options.starts - first));
        for (Index i = 0; i < x.cols(); ++i)
            x.col(i) += displacement(options, n, carried.amplitude, first + i);
        trials.run(std::move(x), first, found);
    };
    parallel_for(static_cast<std::size_t>(blocks), threads, body, progress);
    return found;
}

}  // namespace heddle
