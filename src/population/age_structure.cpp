#include "population/age_structure.hpp"

#include <algorithm>
#include <cmath>

#include "circuit/hazard.hpp"

namespace heddle {
namespace {

/// Steps between two moves of the window to the start of its memory, at least.
constexpr std::size_t least_room = 256;

std::size_t bins_of(double history, double step, const Release& release) {
    const auto steps = static_cast<std::size_t>(std::ceil(history / step - 1e-9));
    return (std::max(steps, release.steps + 1) + 3) / 4 * 4;
}

double start_potential(const Population& population) {
    const auto found = population.quenched.find("V_m");
    if (found != population.quenched.end()) return mean_of(found->second);
    return std::get<EscapeNeuron>(population.neuron).E_L;
}

/// exp(−x) for x ≥ 0 of any size.
double survival(double x) {
    return elementary::exp_of(std::max(-x, -700.0));
}

}  // namespace

Release release_of(const EscapeNeuron& neuron, double step) {
    const double steps = std::max(0.0, std::ceil(neuron.t_ref / step - 0.5 - 1e-9));
    const double after = std::clamp((steps + 0.5) * step - neuron.t_ref, 0.0, step);
    return {static_cast<std::size_t>(steps), {step, step - after, after}};
}

AgeStructure::AgeStructure(const Population& population, double step, double history)
    : neuron_(std::get<EscapeNeuron>(population.neuron)),
      size_(static_cast<double>(population.size)),
      step_(step),
      bins_(bins_of(history, step, release_of(neuron_, step))),
      release_(release_of(neuron_, step)),
      old_(population, step, (static_cast<double>(bins_) + 0.5) * step),
      adapts_(!population.adaptation.empty()),
      keep_(std::exp(-release_.cut.whole / neuron_.tau_m)),
      keep_before_(std::exp(-release_.cut.before / neuron_.tau_m)),
      keep_after_(std::exp(-release_.cut.after / neuron_.tau_m)),
      lost_(bins_),
      lost_spread_(bins_),
      lost_twice_(bins_),
      free_{.mass = size_},
      v_(start_potential(population)),
      expected_mass_(size_) {
    for (std::vector<double>& array : data_) array.assign(bins_ + std::max(bins_, least_room), 0.0);
    std::ranges::fill(data_[potential], neuron_.V_reset);
    free_.hazard = half_hazard(v_ - neuron_.V_T_star);
    if (adapts_) set_kernels(population);
}

void AgeStructure::set_kernels(const Population& population) {
    previous_.resize(bins_);
    for (std::size_t i = 0; i < bins_; ++i) {
        const double age = (static_cast<double>(bins_ - i) + 0.5) * step_;
        own_.push_back(threshold_after(population, age));
        effect_.push_back(mean_effect(neuron_, own_.back()));
    }
}

double AgeStructure::half_hazard(double above) const {
    const double least = neuron_.hazard == Hazard::rectified ? neuron_.lambda_floor : 0.0;
    const double shape = hazard_shape(neuron_.hazard, above / neuron_.Delta_V);
    return 0.5e-3 * step_ * (neuron_.lambda_0 * shape + least);
}

Expected AgeStructure::move(const MeanDrive& drive) {
    const double total = kernels::sum(bins_, at(mass)) + free_.mass;
    check(total);
    v_cut_ = keep_before_ * v_ + drive.before;
    v_ = keep_ * v_ + drive.whole;
    const double threshold = neuron_.V_T_star + old_.advance();
    const Loss free = move_free(threshold);
    const Loss aged = move_cohorts(drive, threshold);
    const Loss released = release(drive, threshold);
    start(drive, threshold);
    const double lost = free.mass + aged.mass + released.mass;
    expected_mass_ = total - lost;
    const double spread = free.variance + aged.variance;
    const double chance = spread > 0.0 ? (free.spread + aged.spread) / spread : 0.0;
    const double missing = chance * (size_ - total);
    const double neurons = std::clamp(lost + missing, 0.0, size_);
    const double twice = free.twice + aged.twice + released.twice + chance * missing;
    return {neurons, neurons > 0.0 ? std::clamp(twice / neurons, neurons / size_, 1.0) : 1.0};
}

void AgeStructure::check(double total) {
    mass_residual_ = std::max(mass_residual_, std::abs(size_ - total) / std::sqrt(size_));
    conservation_error_ = std::max(conservation_error_, std::abs(total - expected_mass_) / size_);
}

AgeStructure::Loss AgeStructure::move_free(double threshold) {
    const double now = half_hazard(v_ - threshold);
    const double q = survival(free_.hazard + now);
    const double leaves = free_.mass - q * free_.mass;
    const Loss loss{leaves, leaves - q * leaves, free_.variance - q * free_.variance,
                    free_.variance};
    free_ = {q * free_.mass, q * (q * free_.variance + leaves), now};
    return loss;
}

AgeStructure::Loss AgeStructure::move_cohorts(const MeanDrive& drive, double threshold) {
    if (adapts_) kernels::sum_before(bins_, at(count), effect_.data(), previous_.data());
    const double scale = 0.5e-3 * step_;
    const bool reset = neuron_.reset;
    const std::size_t n = bins_ - release_.steps;
    const double spread_before = kernels::sum(n, at(variance));
    kernels::age(n, neuron_.hazard,
                 {reset ? keep_ : 0.0, reset ? drive.whole : v_, 1.0 / neuron_.Delta_V,
                  scale * neuron_.lambda_0, scale * neuron_.lambda_floor, threshold,
                  adapts_ ? own_.data() : nullptr, previous_.data()},
                 {at(mass), at(variance), at(potential), at(hazard), lost_.data(),
                  lost_spread_.data(), lost_twice_.data()});
    return {kernels::sum(n, lost_.data()), kernels::sum(n, lost_twice_.data()),
            kernels::sum(n, lost_spread_.data()), spread_before};
}

AgeStructure::Loss AgeStructure::release(const MeanDrive& drive, double threshold) {
    if (release_.steps == 0) return {};
    const std::size_t i = bins_ - release_.steps;
    const double moved = adapts_ ? own_[i] + previous_[i] : 0.0;
    const double from = neuron_.reset ? neuron_.V_reset : v_cut_;
    const double to = neuron_.reset ? keep_after_ * neuron_.V_reset + drive.after : v_;
    const double first = half_hazard(from - threshold - moved);
    const double last = half_hazard(to - threshold - moved);
    const double m = at(mass)[i];
    const double q = survival(release_.cut.after / step_ * (first + last));
    const double leaves = m - q * m;
    at(mass)[i] = q * m;
    at(variance)[i] = q * leaves;
    at(potential)[i] = to;
    at(hazard)[i] = last;
    return {.mass = leaves, .twice = leaves - q * leaves};
}

/// The cohort of this step, which may be released within it.
void AgeStructure::start(const MeanDrive& drive, double threshold) {
    start_v_ = neuron_.V_reset;
    if (release_.steps > 0) return;
    if (neuron_.reset) start_v_ = keep_after_ * neuron_.V_reset + drive.after;
    const double own = adapts_ ? own_.back() + previous_.back() : 0.0;
    const double v = neuron_.reset ? start_v_ : v_;
    start_hazard_ = half_hazard(v - threshold - own);
}

double AgeStructure::again() const {
    if (release_.steps > 0) return 0.0;
    return 1.0 - survival(release_.cut.after / step_ * 2.0 * start_hazard_);
}

void AgeStructure::enter(double neurons, double spikes) {
    leave();
    if (first_ + bins_ == data_[mass].size()) make_room();
    const std::size_t last = first_ + bins_;
    data_[mass][last] = neurons;
    data_[variance][last] = 0.0;
    data_[potential][last] = start_v_;
    data_[hazard][last] = start_hazard_;
    data_[count][last] = spikes / size_;
    ++first_;
    expected_mass_ += neurons;
}

/// The oldest cohort becomes one with those before.
void AgeStructure::leave() {
    const double m = at(mass)[0];
    if (neuron_.reset && m > 0.0) {
        left_mass_ += m;
        left_error_ += m * std::abs(at(potential)[0] - v_) / neuron_.Delta_V;
    }
    free_.mass += m;
    free_.variance += at(variance)[0];
    old_.enter(at(count)[0]);
}

double AgeStructure::history_error() const {
    return left_mass_ > 0.0 ? left_error_ / left_mass_ : 0.0;
}

void AgeStructure::make_room() {
    for (std::vector<double>& array : data_)
        std::copy_n(array.begin() + static_cast<std::ptrdiff_t>(first_), bins_, array.begin());
    first_ = 0;
}

}  // namespace heddle
