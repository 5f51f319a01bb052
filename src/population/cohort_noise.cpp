#include "population/cohort_noise.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/elementary.hpp"

namespace heddle {

CohortNoise::CohortNoise(std::size_t colours, std::size_t length, std::size_t free, double neurons)
    : colours_(colours),
      length_(length),
      data_((rows + colours * colour_rows + colours * (colours + 1) / 2) * length) {
    of(zeroth, free) = neurons;
}

kernels::Passage CohortNoise::age(std::size_t n, std::size_t first, Hazard hazard,
                                  const kernels::AgeStep& law, const NoiseDrive& drive,
                                  const kernels::Cohorts& cohorts) {
    kernels::FreeNoise free{&of(v, first), {}, {}};
    kernels::Survivors left{
        &of(zeroth, first), &of(first_v, first), &of(second_v, first), {}, {}, {}};
    for (std::size_t p = 0; p < colours_; ++p) {
        free.mean[p] = &of(mean, p, first);
        free.with_v[p] = &of(with_v, p, first);
        left.first_x[p] = &of(first_x, p, first);
        left.mixed[p] = &of(mixed, p, first);
        for (std::size_t q = p; q < colours_; ++q) left.second_x[p + q] = &pair(p, q, first);
    }
    const kernels::Passage passage =
        kernels::age_noisy(n, hazard, law, drive.step, cohorts, free, left, spiking_);
    spikes_ += spiking_.zeroth;
    variance_ += spiking_.v;
    return passage;
}

double CohortNoise::deviation() const {
    return spikes_ > 0.0 ? std::sqrt(std::max(0.0, variance_ / spikes_)) : 0.0;
}

double CohortNoise::released_potential(std::size_t cohort, std::size_t steps,
                                       const NoiseDrive& drive) const {
    double potential = 0.0;
    for (std::size_t p = 0; p < colours_; ++p) {
        const NoiseDrive::Start& start = drive.start[p];
        const double at_spike = data_[(rows + p * colour_rows + mean) * length_ + cohort];
        const double kept = std::pow(drive.step.colour[p].keep, static_cast<double>(steps) - 1.0);
        potential += start.on_v * start.keep_before * kept * at_spike;
    }
    return potential;
}

void CohortNoise::release(std::size_t cohort, std::size_t steps, double left, double half_hazard,
                          const NoiseDrive& drive) {
    const double began = of(zeroth, cohort);
    of(zeroth, cohort) = left * elementary::exp_of(std::max(-half_hazard, -700.0));
    const double share = began > 0.0 ? of(zeroth, cohort) / began : 0.0;
    of(v, cohort) = drive.start_v;
    const auto kept = [&](std::size_t p) {
        return std::pow(drive.step.colour[p].keep, static_cast<double>(steps));
    };
    for (std::size_t p = 0; p < colours_; ++p) {
        of(mean, p, cohort) *= kept(p);
        of(with_v, p, cohort) = drive.start[p].with_v;
        for (std::size_t q = p; q < colours_; ++q) pair(p, q, cohort) *= share * kept(p) * kept(q);
    }
}

void CohortNoise::enter(std::size_t cohort, double neurons, const NoiseDrive& drive) {
    of(v, cohort) = of(first_v, cohort) = of(second_v, cohort) = 0.0;
    of(zeroth, cohort) = neurons;
    const double share = spiking_.zeroth > 0.0 ? 1.0 / spiking_.zeroth : 0.0;
    std::array<double, kernels::most_colours> kept{}, at_spike{};
    for (std::size_t p = 0; p < colours_; ++p) {
        kept[p] = std::sqrt(drive.step.colour[p].keep);
        at_spike[p] = share * spiking_.first_x[p];
        of(mean, p, cohort) = kept[p] * at_spike[p];
        of(with_v, p, cohort) = of(first_x, p, cohort) = of(mixed, p, cohort) = 0.0;
    }
    for (std::size_t p = 0; p < colours_; ++p)
        for (std::size_t q = p; q < colours_; ++q)
            pair(p, q, cohort) = neurons * kept[p] * kept[q] *
                                 (share * spiking_.second_x[p + q] - at_spike[p] * at_spike[q]);
}

/// What its neurons have in common of x becomes part of the sums over them.
void CohortNoise::move_mean(std::size_t cohort) {
    const double neurons = of(zeroth, cohort);
    for (std::size_t p = 0; p < colours_; ++p)
        for (std::size_t q = p; q < colours_; ++q) {
            const double a = of(mean, p, cohort), b = of(mean, q, cohort);
            pair(p, q, cohort) +=
                a * of(first_x, q, cohort) + b * of(first_x, p, cohort) + a * b * neurons;
        }
    for (std::size_t p = 0; p < colours_; ++p) {
        of(mixed, p, cohort) += of(mean, p, cohort) * of(first_v, cohort);
        of(first_x, p, cohort) += of(mean, p, cohort) * neurons;
        of(mean, p, cohort) = 0.0;
    }
}

void CohortNoise::join(std::size_t free, std::size_t oldest) {
    move_mean(oldest);
    const auto add = [&](double* sums) {
        sums[oldest] += sums[free];
        sums[free] = 0.0;
    };
    for (const Row sums : {zeroth, first_v, second_v}) add(row(sums));
    of(v, oldest) = of(v, free);
    for (std::size_t p = 0; p < colours_; ++p) {
        for (const ColourRow sums : {first_x, mixed}) add(&of(sums, p, 0));
        of(with_v, p, oldest) = of(with_v, p, free);
        for (std::size_t q = p; q < colours_; ++q) add(&pair(p, q, 0));
    }
}

void CohortNoise::make_room(std::size_t first, std::size_t width) {
    for (std::size_t begin = 0; begin < data_.size(); begin += length_)
        std::copy_n(data_.begin() + static_cast<std::ptrdiff_t>(begin + first), width,
                    data_.begin() + static_cast<std::ptrdiff_t>(begin));
}

}  // namespace heddle
