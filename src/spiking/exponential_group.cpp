#include "spiking/exponential_group.hpp"

#include <algorithm>
#include <cmath>

#include "heddle/linalg/exponential.hpp"
#include "spiking/counter_words.hpp"

namespace heddle {
namespace {

/// One neuron through a part of a step, with constant input.
struct ExponentialPath {
    LinearCell linear;
    const ExponentialNeuron& law;

    [[nodiscard]] double growth(double v) const {
        return elementary::exp_of((v - law.V_th) / law.Delta_T);
    }
    [[nodiscard]] double rate() const { return law.g_L / law.C_m; }

    /// A Strang step that is known not to spike.
    [[nodiscard]] ExponentialState step(ExponentialState x, double duration) const {
        x = linear_flow(linear, x, 0.5 * duration);
        x.v -= law.Delta_T * std::log1p(-duration * rate() * growth(x.v));
        return linear_flow(linear, x, 0.5 * duration);
    }

    /// When V passes the peak, if within `duration`; else −1. The time at which a Strang step of
    /// just that length ends there, by fixed-point iteration: the linear half moves little in it.
    [[nodiscard]] double spike_within(ExponentialState x, double duration) const {
        const double at_peak = elementary::exp_of((law.V_th - law.V_peak) / law.Delta_T);
        double t = duration;
        for (int k = 0; k < 6; ++k) {
            const double v = linear_flow(linear, x, 0.5 * t).v;
            const double next = (1.0 / growth(v) - at_peak) / rate();
            if (next > duration) return k == 0 ? -1.0 : duration;
            if (std::abs(next - t) < 1e-12) break;
            t = std::max(next, 0.0);
        }
        return t;
    }
};

}  // namespace

ExponentialGroup::ExponentialGroup(const Circuit& circuit, const Slice& slice, double step,
                                   bool grid, std::uint64_t seed)
    : CommonGroup(circuit, slice, InputRule::mean, step, grid, seed),
      columns_(columns, individuals_,
               [&](const Individual& individual, double* row) { write(individual, step, row); }),
      w_(v_.size()),
      left_(v_.size()) {
    for (std::size_t i = 0; i < v_.size(); ++i) {
        const auto& law = std::get<ExponentialNeuron>(individuals_[i].neuron);
        w_[i] = law.a * (v_[i] - law.E_w);
    }
}

void ExponentialGroup::write(const Individual& individual, double step, double* row) const {
    const auto& law = std::get<ExponentialNeuron>(individual.neuron);
    row[elastance] = 1.0 / law.C_m;
    row[leak] = law.g_L;
    row[pull] = law.g_L * law.E_L + law.I_e;
    row[threshold] = law.V_th;
    row[slope] = law.Delta_T;
    row[softness] = 1.0 / law.Delta_T;
    row[peak] = law.V_peak;
    row[at_peak] = elementary::exp_of((law.V_th - law.V_peak) / law.Delta_T);
    row[rise_rate] = law.g_L / law.C_m;
    row[coupling] = law.a;
    row[w_rest] = law.E_w;
    row[w_rate] = 1.0 / law.tau_w;
    row[held_keep] = std::exp(-step / law.tau_w);
    row[held_add] = -std::expm1(-step / law.tau_w) * law.a * (law.V_reset - law.E_w);
    row[noise_sd] = individual.noise.sigma * std::sqrt(step * row[rise_rate]);
    row[one] = 1.0;
    // The flow of (V, w, I, 1): its upper half.
    Matrix generator = Matrix::Zero(4, 4);
    generator.row(0) << -row[rise_rate], -row[elastance], row[elastance],
        row[elastance] * row[pull];
    generator.row(1) << law.a * row[w_rate], -row[w_rate], 0.0, -law.a * row[w_rate] * law.E_w;
    const Matrix flow = exponential(0.5 * step * generator);
    for (Index k = 0; k < 4; ++k) {
        row[v_of_v + static_cast<std::size_t>(k)] = flow(0, k);
        row[w_of_v + static_cast<std::size_t>(k)] = flow(1, k);
    }
}

kernels::ExponentialColumns ExponentialGroup::columns_at(std::size_t first) const {
    const auto column = [&](Column c) { return columns_.at(c, first); };
    return {column(elastance), column(leak),     column(pull),   column(threshold),
            column(slope),     column(softness), column(peak),   column(at_peak),
            column(rise_rate), column(coupling), column(w_rest), column(w_rate),
            column(held_keep), column(held_add)};
}

kernels::LinearFlowColumns ExponentialGroup::linear_columns_at(std::size_t first) const {
    const auto column = [&](Column c) { return columns_.at(c, first); };
    return {column(v_of_v), column(v_of_w), column(v_of_current), column(v_add),
            column(w_of_v), column(w_of_w), column(w_of_current), column(w_add)};
}

void ExponentialGroup::kick(const Step& step, std::size_t first, std::size_t n, Scratch& scratch) {
    if (!noisy_) return;
    const double* normal = white_noise(step, first, n, scratch);
    const kernels::Column sd = columns_.at(noise_sd, first);
    for (std::size_t k = 0; k < n; ++k)
        if (left_[first + k] <= 0.0) v_[first + k] += sd[k] * normal[k];
}

void ExponentialGroup::linear_half(const Step& step, std::size_t first, std::size_t n,
                                   const kernels::ExponentialPairs& x,
                                   const Scratch& scratch) const {
    if (!conducting_)
        return kernels::linear_half(n, linear_columns_at(first), shared_current_,
                                    scratch.drive.data(), x);
    kernels::conducting_half(n, 0.5 * step.length, columns_at(first), shared_current_,
                             scratch.drive.data(), scratch.conductance.data(),
                             scratch.reversal.data(), x);
}

void ExponentialGroup::free_step(const Step& step, std::size_t first, std::size_t n,
                                 Scratch& scratch) {
    const kernels::ExponentialColumns c = columns_at(first);
    double* v = scratch.next.data();
    double* w = scratch.next_w.data();
    linear_half(step, first, n, {v_.data() + first, w_.data() + first, v, w}, scratch);
    kernels::exponential_rise(n, step.length, c, v, scratch.fires.data());
    linear_half(step, first, n, {v, w, v, w}, scratch);
    jump(n, scratch, v);
    kernels::exponential_decide(n,
                                {v_.data() + first, v, left_.data() + first, scratch.look.data()},
                                c, scratch.fires.data(), w, w_.data() + first);
}

void ExponentialGroup::advance(const Step& step, float* cells, Scratch& scratch,
                               std::vector<Emitted>& spikes) {
    shared_current_ = drives_.shared(step);
    for (std::size_t first = 0; first < v_.size(); first += kernels::tile) {
        const std::size_t n = std::min(kernels::tile, v_.size() - first);
        collect(step, first, n, columns_.at(one, first), cells, scratch);
        kick(step, first, n, scratch);
        free_step(step, first, n, scratch);
        for_watched(scratch.look, n,
                    [&](std::size_t k) { watch(step, first, k, scratch, spikes); });
    }
}

void ExponentialGroup::hold(const ExponentialNeuron& law, std::size_t i, double duration) {
    const double towards = law.a * (law.V_reset - law.E_w);
    v_[i] = law.V_reset;
    w_[i] = towards + (w_[i] - towards) * std::exp(-duration / law.tau_w);
}

void ExponentialGroup::watch(const Step& step, std::size_t first, std::size_t k,
                             const Scratch& scratch, std::vector<Emitted>& spikes) {
    const std::size_t i = first + k;
    const auto& law = std::get<ExponentialNeuron>(individuals_[i].neuron);
    const ExponentialPath path{
        {1.0 / law.C_m, law.g_L + (conducting_ ? scratch.conductance[k] : 0.0),
         law.g_L * law.E_L + law.I_e + shared_current_ + scratch.drive[k] +
             (conducting_ ? scratch.reversal[k] : 0.0),
         law.a, law.E_w, 1.0 / law.tau_w},
        law};
    double t = std::min(left_[i], 1.0) * step.length;
    if (t > 0.0) hold(law, i, t);
    left_[i] = std::max(left_[i] - 1.0, 0.0);
    while (t < step.length) {
        const double remaining = step.length - t;
        const double after = path.spike_within({v_[i], w_[i]}, remaining);
        if (after < 0.0) {
            const ExponentialState x = path.step({v_[i], w_[i]}, remaining);
            v_[i] = x.v + (synapses_.jump() ? scratch.jump[k] : 0.0);
            w_[i] = x.w;
            if (synapses_.jump() && v_[i] >= law.V_peak) (void)spike(step, i, step.length, spikes);
            return;
        }
        // V rises to infinity as −Delta_T log(1 − s / after): w has seen Delta_T more on average.
        w_[i] = linear_flow(path.linear, {v_[i], w_[i]}, after).w +
                after * law.a * law.Delta_T / law.tau_w;
        const double held = spike(step, i, t + after, spikes);
        t += after + held;
        if (after <= 0.0 && held <= 0.0) break;  // the reset lies above the peak: validated against
    }
}

double ExponentialGroup::spike(const Step& step, std::size_t i, double at,
                               std::vector<Emitted>& spikes) {
    const auto& law = std::get<ExponentialNeuron>(individuals_[i].neuron);
    w_[i] += law.b;
    emit(step, i, at, spikes);
    const double held = std::min(law.t_ref, step.length - at);
    hold(law, i, held);
    left_[i] = (law.t_ref - held) / step.length;
    return held;
}

}  // namespace heddle
