#include "population/age_structure.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "circuit/hazard.hpp"
#include "population/own_spike.hpp"

namespace heddle {
namespace {

/// Steps between two moves of the window to the start of its memory, at least.
constexpr std::size_t least_room = 256;

std::size_t bins_of(double history, double step, const Release& release) {
    const auto steps = static_cast<std::size_t>(std::ceil(history / step - 1e-9));
    return std::max(steps, release.steps + 1);
}

/// Empty slots before `cohorts` that age.
std::size_t slots_before(std::size_t cohorts) {
    return (kernels::lanes - cohorts % kernels::lanes) % kernels::lanes;
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

AgeStructure::AgeStructure(const Circuit& circuit, std::size_t population, const Options& options)
    : neuron_(std::get<EscapeNeuron>(circuit.populations[population].neuron)),
      size_(static_cast<double>(circuit.populations[population].size)),
      step_(options.step),
      bins_(bins_of(options.history, step_, release_of(neuron_, step_))),
      release_(release_of(neuron_, step_)),
      old_(circuit.populations[population], step_, (static_cast<double>(bins_) + 0.5) * step_),
      adapts_(!circuit.populations[population].adaptation.empty()),
      keep_(std::exp(-release_.cut.whole / neuron_.tau_m)),
      keep_before_(std::exp(-release_.cut.before / neuron_.tau_m)),
      keep_after_(std::exp(-release_.cut.after / neuron_.tau_m)),
      law_{.keep = neuron_.reset ? keep_ : 0.0,
           .softness = 1.0 / neuron_.Delta_V,
           .scale = 0.5e-3 * step_ * neuron_.lambda_0,
           .floor = 0.5e-3 * step_ * neuron_.lambda_floor},
      free_(slots_before(1 + bins_ - release_.steps)),
      aged_(free_ + 1 + bins_ - release_.steps),
      v_(start_potential(circuit.populations[population])),
      expected_mass_(size_) {
    const std::size_t width = aged_ + release_.steps;
    for (std::vector<double>& array : data_) array.assign(width + std::max(width, least_room), 0.0);
    std::ranges::fill(data_[potential], neuron_.V_reset);
    at(mass)[free_] = size_;
    at(potential)[free_] = v_;
    at(hazard)[free_] = half_hazard(v_ - neuron_.V_T_star);
    set_kernels(circuit, population, options.finite_size && neuron_.reset);
    if (options.colours)
        noise_.emplace(*options.colours, data_[mass].size(), free_,
                       size_ * survival(at(hazard)[free_]));
}

void AgeStructure::set_kernels(const Circuit& circuit, std::size_t population, bool finite_size) {
    own_.assign(free_ + 1, 0.0);
    effect_ = own_;
    adaptation_.resize(aged_);
    std::vector<double> ages(bins_);
    for (std::size_t i = 0; i < bins_; ++i)
        ages[i] = (static_cast<double>(bins_ - i) + 0.5) * step_;
    const std::vector<double> missed =
        finite_size ? own_spike_after(circuit, population, ages) : std::vector<double>(bins_);
    for (std::size_t i = 0; i < bins_; ++i) {
        const double threshold = threshold_after(circuit.populations[population], ages[i]);
        effect_.push_back(mean_effect(neuron_, threshold));
        own_.push_back(threshold + missed[i]);
    }
    shifted_ = std::ranges::any_of(own_, [](double one) { return one != 0.0; });
    if (!adapts_) std::copy_n(own_.begin(), aged_, adaptation_.begin());
}

double AgeStructure::half_hazard(double above) const {
    const double least = neuron_.hazard == Hazard::rectified ? law_.floor : 0.0;
    return law_.scale * hazard_shape(neuron_.hazard, above * law_.softness) + least;
}

Expected AgeStructure::move(const MeanDrive& drive, const NoiseDrive* noise) {
    noise_drive_ = noise;
    v_cut_ = keep_before_ * v_ + drive.before;
    v_ = keep_ * v_ + drive.whole;
    law_.drive = neuron_.reset ? drive.whole : v_;
    law_.threshold = neuron_.V_T_star + old_.advance();
    const double refractory = kernels::sum(release_.steps, at(mass) + aged_);
    const kernels::Passage aged = move_cohorts();
    const kernels::Passage released = release(drive);
    start(drive);
    const double total = aged.held + refractory;
    check(total);
    const double lost = aged.lost + released.lost;
    expected_mass_ = total - lost;
    const double chance = aged.variance > 0.0 ? aged.spread / aged.variance : 0.0;
    const double missing = chance * (size_ - total);
    const double neurons = std::clamp(lost + missing, 0.0, size_);
    const double twice = aged.twice + released.twice + chance * missing;
    return {neurons, neurons > 0.0 ? std::clamp(twice / neurons, neurons / size_, 1.0) : 1.0};
}

void AgeStructure::check(double total) {
    most_missing_ = std::max(most_missing_, std::abs(size_ - total));
    most_changed_ = std::max(most_changed_, std::abs(total - expected_mass_));
}

kernels::Passage AgeStructure::move_cohorts() {
    law_.adaptation = shifted_ ? adaptation_.data() : nullptr;
    if (adapts_)
        adapted_ =
            kernels::adapt(aged_, at(count), effect_.data(), own_.data(), adaptation_.data());
    const kernels::Cohorts cohorts{at(mass), at(variance), at(potential), at(hazard)};
    if (noise_) return noise_->age(aged_, first_, neuron_.hazard, law_, *noise_drive_, cohorts);
    return kernels::age(aged_, neuron_.hazard, law_, cohorts);
}

/// The cohort whose refractory period ends.
kernels::Passage AgeStructure::release(const MeanDrive& drive) {
    if (release_.steps == 0) return {};
    const std::size_t i = aged_;
    const double adaptation =
        shifted_ ? own_[i] + (adapted_ + 0.5 * at(count)[i] * effect_[i]) : 0.0;
    const double from = neuron_.reset ? neuron_.V_reset : v_cut_;
    double to = neuron_.reset ? keep_after_ * neuron_.V_reset + drive.after : v_;
    if (noise_) to += noise_->released_potential(first_ + i, release_.steps, *noise_drive_);
    const auto [last, q] = kernels::age_in_part(release_.cut.after / step_, neuron_.hazard, law_,
                                                adaptation, from, to);
    const double m = at(mass)[i];
    const double leaves = m - q * m;
    at(mass)[i] = q * m;
    at(variance)[i] = q * leaves;
    at(potential)[i] = to;
    at(hazard)[i] = last;
    if (noise_) noise_->release(first_ + i, release_.steps, q * m, last, *noise_drive_);
    return {.lost = leaves, .twice = leaves - q * leaves};
}

/// The cohort of this step, which may be released within it.
void AgeStructure::start(const MeanDrive& drive) {
    start_v_ = neuron_.V_reset;
    if (release_.steps > 0) return;
    if (neuron_.reset) start_v_ = keep_after_ * neuron_.V_reset + drive.after;
    const double adaptation = shifted_ ? adaptation_.back() : 0.0;
    const double v = neuron_.reset ? start_v_ : v_;
    start_hazard_ = half_hazard(v - law_.threshold - adaptation);
}

double AgeStructure::again() const {
    if (release_.steps > 0) return 0.0;
    return 1.0 - survival(release_.cut.after / step_ * 2.0 * start_hazard_);
}

void AgeStructure::enter(double neurons, double spikes) {
    leave();
    const std::size_t width = aged_ + release_.steps;
    if (first_ + width == data_[mass].size()) make_room();
    const std::size_t next = first_ + width;
    data_[mass][next] = neurons;
    data_[variance][next] = 0.0;
    data_[potential][next] = start_v_;
    data_[hazard][next] = start_hazard_;
    data_[count][next] = spikes / size_;
    if (noise_) noise_->enter(next, neurons, *noise_drive_);
    if (noise_ && release_.steps == 0)
        noise_->release(next, 0, neurons, start_hazard_, *noise_drive_);
    ++first_;
    expected_mass_ += neurons;
}

/// The oldest cohort becomes one with those before, and takes their place.
void AgeStructure::leave() {
    const std::size_t oldest = free_ + 1;
    const double m = at(mass)[oldest];
    if (neuron_.reset) {
        left_mass_ += m;
        left_away_ += m * std::abs(at(potential)[oldest] - v_);
    }
    for (const Array array : {mass, variance})
        at(array)[oldest] += std::exchange(at(array)[free_], 0.0);
    at(potential)[oldest] = v_;
    at(hazard)[oldest] = at(hazard)[free_];
    if (noise_) noise_->join(first_ + free_, first_ + oldest);
    old_.enter(at(count)[oldest]);
}

double AgeStructure::history_error() const {
    return left_mass_ > 0.0 ? left_away_ / (left_mass_ * neuron_.Delta_V) : 0.0;
}

double AgeStructure::noise_ratio() const {
    return noise_ ? noise_->deviation() / neuron_.Delta_V : 0.0;
}

void AgeStructure::make_room() {
    for (std::vector<double>& array : data_)
        std::copy_n(array.begin() + static_cast<std::ptrdiff_t>(first_), aged_ + release_.steps,
                    array.begin());
    if (noise_) noise_->make_room(first_, aged_ + release_.steps);
    first_ = 0;
}

}  // namespace heddle
