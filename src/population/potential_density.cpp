#include "population/potential_density.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "circuit/normal_law.hpp"

namespace heddle {
namespace {

/// TR-BDF2 (Bank et al. 1985): a trapezoidal step to γ h, then a backward one of second order; both
/// solve with the same coefficient.
constexpr double gamma = 2.0 - std::numbers::sqrt2;
constexpr double implicit = 0.5 * gamma;
constexpr double early = 0.25 * std::numbers::sqrt2;  // Weight of the first two stages.
constexpr double of_middle = 1.0 / (gamma * (2.0 - gamma));
constexpr double of_start = (1.0 - gamma) * (1.0 - gamma) / (gamma * (2.0 - gamma));

}  // namespace

MeanAdaptation::MeanAdaptation(const Neuron& neuron) : a(0), b(0), tau_w(1), E_w(0), g_L(1) {
    const auto* cell = std::get_if<ExponentialNeuron>(&neuron);
    if (cell == nullptr) return;
    a = cell->a;
    b = cell->b;
    tau_w = cell->tau_w;
    E_w = cell->E_w;
    g_L = cell->g_L;
}

PotentialDensity::PotentialDensity(const Population& population, const PotentialGrid& grid,
                                   double step)
    : membrane_(diffusive_membrane(population.neuron, "fokker_planck")),
      adaptation_(population.neuron),
      grid_(grid),
      step_(step),
      p_(grid.size),
      end_(grid.size),
      pivot_(grid.size),
      above_(grid.size) {
    for (std::size_t k = 0; k < grid.size; ++k) drift_.push_back(membrane_.drift(grid.face(k)));
    const double steps = membrane_.t_ref / step;
    emitted_total_.assign(static_cast<std::size_t>(std::ceil(steps)) + 2, 0.0);
    start(initial_potential(population));
    potential_ = 0.0;
    for (std::size_t k = 0; k < grid.size; ++k) potential_ += p_[k] * grid.node(k);
    w_ = adaptation_.a * (potential_ - adaptation_.E_w);
}

void PotentialDensity::start(const InitialPotential& initial) {
    if (initial.deviation > 0.5 * grid_.h) {
        const auto below = [&](double v) {
            return normal_below((v - initial.mean) / initial.deviation);
        };
        for (std::size_t k = 0; k < grid_.size; ++k)
            p_[k] = below(grid_.face(k)) - below(grid_.face(k) - grid_.h);
    } else {
        const double last = static_cast<double>(grid_.size) - 1.0;
        const double at = std::clamp((initial.mean - grid_.low) / grid_.h, 0.0, last);
        const auto left = static_cast<std::size_t>(std::min(std::floor(at), last - 1.0));
        p_[left + 1] = at - static_cast<double>(left);
        p_[left] = 1.0 - p_[left + 1];
    }
    const double sum = std::accumulate(p_.begin(), p_.end(), 0.0);
    for (double& value : p_) value /= sum;
}

void PotentialDensity::set_exchange(Exchange& exchange, double mean, double variance) const {
    if (exchange.mean == mean && exchange.variance == variance) return;
    exchange.mean = mean;
    exchange.variance = variance;
    exchange.up.resize(grid_.size);
    exchange.down.resize(grid_.size);
    // Without noise the flux is upwind: a σ far below the spacing is that limit.
    const double square = std::max(variance, 1e-4 * grid_.h * grid_.h);
    const double scale = 2.0 * grid_.h / square;
    const double rate = 1.0 / (scale * grid_.h * membrane_.tau_m);
    for (std::size_t k = 0; k < grid_.size; ++k) {
        const double z = scale * (mean + drift_[k]);
        const double small = bernoulli(std::abs(z));
        exchange.up[k] = rate * (z > 0.0 ? small + z : small);
        exchange.down[k] = rate * (z > 0.0 ? small : small - z);
    }
}

void PotentialDensity::explicit_part(const Exchange& exchange, const std::vector<double>& p,
                                     double factor, std::vector<double>& out) const {
    out = p;
    for (std::size_t k = 0; k + 1 < p.size(); ++k) {
        const double flux = factor * (exchange.up[k] * p[k] - exchange.down[k] * p[k + 1]);
        out[k] -= flux;
        out[k + 1] += flux;
    }
    const double leaves = factor * exchange.up.back() * p.back();
    out.back() -= leaves;
    if (membrane_.t_ref == 0.0) out[grid_.reset] += leaves;
}

void PotentialDensity::sweep(const Exchange& exchange, double factor, std::vector<double>& p,
                             bool factorise) {
    const std::size_t n = p.size();
    if (factorise)
        for (std::size_t k = 0; k < n; ++k) {
            const double down = k > 0 ? factor * exchange.down[k - 1] : 0.0;
            const double up = k > 0 ? factor * exchange.up[k - 1] : 0.0;
            const double diagonal = 1.0 + factor * exchange.up[k] + down;
            pivot_[k] = 1.0 / (diagonal - (k > 0 ? up * above_[k - 1] : 0.0));
            above_[k] = factor * exchange.down[k] * pivot_[k];
        }
    p[0] *= pivot_[0];
    for (std::size_t k = 1; k < n; ++k)
        p[k] = (p[k] + factor * exchange.up[k - 1] * p[k - 1]) * pivot_[k];
    for (std::size_t k = n - 1; k-- > 0;) p[k] += above_[k] * p[k + 1];
}

void PotentialDensity::implicit_part(const Exchange& exchange, double factor,
                                     std::vector<double>& p) {
    sweep(exchange, factor, p, true);
    if (membrane_.t_ref > 0.0) return;
    source_.assign(p.size(), 0.0);
    source_[grid_.reset] = 1.0;
    sweep(exchange, factor, source_, false);
    const double out = factor * exchange.up.back();
    const double leaves = out * p.back() / (1.0 - out * source_.back());
    for (std::size_t k = 0; k < p.size(); ++k) p[k] += leaves * source_[k];
}

/// Straight between grid points.
double PotentialDensity::emitted_until(double steps_ago) const {
    const double whole = std::floor(steps_ago);
    const auto newer = static_cast<std::size_t>(whole);
    const auto at = [&](std::size_t ago) {
        if (ago > steps_) return 0.0;
        return emitted_total_[(steps_ - ago) % emitted_total_.size()];
    };
    const double part = steps_ago - whole;
    return (1.0 - part) * at(newer) + part * at(newer + 1);
}

double PotentialDensity::entering() const {
    if (membrane_.t_ref == 0.0) return 0.0;
    const double ago = membrane_.t_ref / step_;
    // t_ref ≥ step but for rounding.
    return emitted_until(std::max(0.0, ago - 1.0)) - emitted_until(ago);
}

void PotentialDensity::advance(const StepDrive& drive) {
    const double slope = adaptation_.velocity(w_, potential_, rate_);
    const auto set = [&](Exchange& exchange, double part) {
        const double mean = drive.mean_start + part * (drive.mean_end - drive.mean_start);
        const double w = w_ + part * step_ * slope;
        set_exchange(exchange, mean - w / adaptation_.g_L,
                     drive.variance_start + part * (drive.variance_end - drive.variance_start));
    };
    std::swap(first_, third_);  // Often the same: then nothing is computed.
    set(first_, 0.0);
    set(second_, gamma);
    set(third_, 1.0);
    const double enters = entering(), factor = implicit * step_;
    explicit_part(first_, p_, factor, middle_);
    middle_[grid_.reset] += gamma * enters;
    implicit_part(second_, factor, middle_);
    for (std::size_t k = 0; k < p_.size(); ++k) end_[k] = of_middle * middle_[k] - of_start * p_[k];
    end_[grid_.reset] += implicit * enters;
    implicit_part(third_, factor, end_);
    const double late = third_.up.back() * end_.back();
    emitted_ =
        step_ * (early * (first_.up.back() * p_.back() + second_.up.back() * middle_.back()) +
                 implicit * late);
    std::swap(p_, end_);
    rate_ = late;
    measure();
}

void PotentialDensity::measure() {
    total_ += emitted_;
    ++steps_;
    emitted_total_[steps_ % emitted_total_.size()] = total_;
    const double before = potential_;
    const double refractory = total_ - emitted_until(membrane_.t_ref / step_);
    potential_ = refractory * membrane_.V_reset;
    for (std::size_t k = 0; k < p_.size(); ++k) potential_ += p_[k] * grid_.node(k);
    const double u = 0.5 * step_ / adaptation_.tau_w;
    const double pull = adaptation_.a * (before + potential_ - 2.0 * adaptation_.E_w);
    w_ = (w_ * (1.0 - u) + u * pull + adaptation_.b * emitted_) / (1.0 + u);
}

double PotentialDensity::mass_error() const {
    const double refractory = total_ - emitted_until(membrane_.t_ref / step_);
    return std::abs(std::accumulate(p_.begin(), p_.end(), refractory) - 1.0);
}

double PotentialDensity::least() const {
    return std::min(0.0, *std::ranges::min_element(p_));
}

double PotentialDensity::edge_share() const {
    const auto edge = static_cast<std::ptrdiff_t>(p_.size() / 50);
    return std::accumulate(p_.begin(), p_.begin() + edge, 0.0);
}

}  // namespace heddle
