#include "measure/safe_time.hpp"

#include <limits>

#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

constexpr double stretch = 1.5;
constexpr int most_stretches = 5;
/// About how many times are tried, for the progress that is shown.
constexpr std::size_t expected_trials = 10;

class Trials {
  public:
    Trials(const Prepared& prepared, std::size_t threads, const Progress& progress)
        : prepared_(prepared), progress_(progress) {
        options_.decide_only = true;
        options_.steps = 40;
        options_.products = 200;
        options_.compression = 1e-2;
        options_.threads = threads;
    }

    bool contracts(double time) {
        const std::vector<Matrix> maps =
            transition_maps(prepared_, prepared_.preparation(time), options_.threads);
        const Progress told = [this](std::size_t done, std::size_t total) { tell(done, total); };
        const bool found =
            joint_spectral_radius(maps, options_, progress_ ? told : Progress()).upper < 1.0;
        ++done_;
        if (progress_) tell(0, 1);
        return found;
    }

  private:
    /// Trials beyond the expected number no longer move it.
    void tell(std::size_t done, std::size_t total) const {
        const std::size_t before = std::min(done_, expected_trials - 1);
        progress_(100 * before + 100 * done / total, 100 * expected_trials);
    }

    const Prepared& prepared_;
    const Progress& progress_;
    JointRadiusOptions options_;
    std::size_t done_ = 0;
};

}  // namespace

std::vector<Matrix> transition_maps(const Prepared& prepared, const Matrix& e,
                                    std::size_t threads) {
    std::vector<Matrix> maps(prepared.maps().size());
    parallel_for(maps.size(), threads,
                 [&](std::size_t i) { maps[i].noalias() = e * prepared.maps()[i].transfer; });
    return maps;
}

bool proven_safe(const Prepared& prepared, double time, std::size_t threads,
                 const Progress& progress) {
    return Trials(prepared, threads, progress).contracts(time);
}

double proven_safe_time(const Prepared& prepared, double time, bool safe, std::size_t threads,
                        const Progress& progress, double tolerance) {
    Trials trials(prepared, threads, progress);
    double low = safe ? 0.0 : time;
    double high = time;
    for (int i = 0; !safe; ++i) {
        if (i == most_stretches) return std::numeric_limits<double>::quiet_NaN();
        low = high;
        high *= stretch;
        safe = trials.contracts(high);
    }
    while (high - low > tolerance * high) {
        const double middle = 0.5 * (low + high);
        (trials.contracts(middle) ? high : low) = middle;
    }
    return high;
}

}  // namespace heddle
