#pragma once

#include <vector>

#include "population/own_noise.hpp"

namespace heddle {

/// How the neurons of cohorts differ by noise of their own: numbers of every cohort beside those of
/// `AgeStructure`, on the same window of the same arrays.
class CohortNoise final {
  public:
    /// \param length  Of the arrays. \param free  Where neurons are at first, so many of them after
    /// half a step.
    CohortNoise(std::size_t colours, std::size_t length, std::size_t free, double neurons);

    /// `kernels::age_noisy` on n cohorts from `first` on.
    [[nodiscard]] kernels::Passage age(std::size_t n, std::size_t first, Hazard hazard,
                                       const kernels::AgeStep& law, const NoiseDrive& drive,
                                       const kernels::Cohorts& cohorts);

    /// What x has done to V, on average, of a cohort that is released in this step.
    [[nodiscard]] double released_potential(std::size_t cohort, std::size_t steps,
                                            const NoiseDrive& drive) const;
    /// A cohort's membrane starts, `steps` steps after its spikes; so many are left at the end of
    /// the step.
    void release(std::size_t cohort, std::size_t steps, double left, double half_hazard,
                 const NoiseDrive& drive);
    /// So many spiked, in the middle of the step on average: x is what it is at spikes, and half a
    /// step later.
    void enter(std::size_t cohort, double neurons, const NoiseDrive& drive);
    /// Those that fired before the history and the oldest cohort become one, which takes the place
    /// of the latter; where nobody spikes it is what the former were.
    void join(std::size_t free, std::size_t oldest);
    /// Moves a window to the start of the arrays.
    void make_room(std::size_t first, std::size_t width);

    /// What noise makes of V at spikes if none came before, as a standard deviation over all of
    /// them, mV.
    [[nodiscard]] double deviation() const;

  private:
    /// Rows of `data_`; those of a colour follow, and those of pairs.
    enum Row { v, zeroth, first_v, second_v, rows };
    enum ColourRow { mean, with_v, first_x, mixed, colour_rows };

    [[nodiscard]] double* row(std::size_t index) { return data_.data() + index * length_; }
    [[nodiscard]] double& of(Row index, std::size_t k) { return row(index)[k]; }
    [[nodiscard]] double& of(ColourRow index, std::size_t p, std::size_t k) {
        return row(rows + p * colour_rows + index)[k];
    }
    [[nodiscard]] double& pair(std::size_t p, std::size_t q, std::size_t k) {
        return row(rows + colours_ * colour_rows + p + q)[k];
    }
    void move_mean(std::size_t cohort);

    std::size_t colours_;
    std::size_t length_;
    std::vector<double> data_;
    kernels::Spiking spiking_;
    double spikes_ = 0.0;
    double variance_ = 0.0;  ///< Summed over them, mV².
};

}  // namespace heddle
