#include "population/cascade_models.hpp"

#include <algorithm>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"

namespace heddle {

CascadeEquations::CascadeEquations(CascadeModel model, const Neuron& neuron,
                                   const CascadeTables& tables, double shortest)
    : model_(model), adaptation_(neuron), tables_(tables), shortest_(shortest) {}

TableValue CascadeEquations::read(double mu, double sigma) const {
    if (!tables_.holds(mu, sigma))
        throw DomainError("mu - w / g_L is " + quantity(mu, "mV") + " and sigma " +
                          quantity(sigma, "mV") + ", outside its tables of " + tables_.range() +
                          "; give `cascade_tables` of a wider range, or `fokker_planck`");
    return tables_.at(mu, sigma);
}

TableValue CascadeEquations::read(const CascadeState& state, const CascadeInput& input) const {
    if (filters_input()) return read(effective(state[0], state), state[1]);
    return read(effective(input.mu, state), input.sigma);
}

CascadeState CascadeEquations::start(const CascadeInput& input, double potential) const {
    const double w = adaptation_.a * (potential - adaptation_.E_w);
    if (filters_input()) return {input.mu, input.sigma, 0.0, w};
    CascadeState state{0.0, 0.0, 0.0, w};
    if (!expands()) state[0] = read(state, input).rate;
    return state;
}

double CascadeEquations::rate_at(const CascadeState& state, const TableValue& at) const {
    if (filters_input()) return at.rate;
    if (expands()) return std::max(0.0, at.rate + state[0]);
    return std::max(0.0, state[0]);
}

double CascadeEquations::rate(const CascadeState& state, const CascadeInput& input) const {
    return rate_at(state, read(state, input));
}

CascadeState CascadeEquations::velocity(const CascadeState& state, const CascadeInput& input,
                                        double& rate) const {
    const TableValue at = read(state, input);
    rate = rate_at(state, at);
    const double adapting = adaptation_.velocity(state.back(), at.potential, rate);
    const double mu_change = input.mu_change - adapting / adaptation_.g_L;
    CascadeState v{};
    switch (model_) {
        case CascadeModel::lnexp:
            v = lnexp(state, input, at);
            break;
        case CascadeModel::lndos:
            v = lndos(state, input, at);
            break;
        case CascadeModel::spec1:
            v = spec1(state, at);
            break;
        case CascadeModel::spec2_reduced:
            v = spec2_reduced(state, at);
            break;
        case CascadeModel::two_modes:
            v = two_modes(state, mu_change, input.sigma_change, at);
            break;
        case CascadeModel::spec2:
            v = two_modes(state, mu_change, input.sigma_change, at);
            v[1] -= bent(mu_change, input.sigma, input.sigma_change, bend_at(state, input));
            break;
    }
    v.back() = adapting;
    return v;
}

/// x = (μ_f, σ_f).
CascadeState CascadeEquations::lnexp(const CascadeState& x, const CascadeInput& in,
                                     const TableValue& at) const {
    return {(in.mu - x[0]) / slowed(at.tau_mu), (in.sigma - x[1]) / slowed(at.tau_sigma)};
}

/// x = (μ_f, σ_f, y).
CascadeState CascadeEquations::lndos(const CascadeState& x, const CascadeInput& in,
                                     const TableValue& at) const {
    const double tau = slowed(at.tau), u = at.omega * tau, off = in.mu - x[0];
    return {off * (1.0 + u * u) / tau - at.omega * x[2], (in.sigma - x[1]) / slowed(at.tau_sigma),
            -off * (1.0 + u * u) * at.omega + x[2] * (u * u - 1.0) / tau};
}

/// x = (r, s).
CascadeState CascadeEquations::spec1(const CascadeState& x, const TableValue& at) const {
    const double off = x[0] - at.rate, turn = at.lambda_1.imag();
    const double decay = std::max(at.lambda_1.real(), -1.0 / shortest_);
    return {decay * off - turn * x[1], turn * off + decay * x[1]};
}

/// x = (r, r').
CascadeState CascadeEquations::spec2_reduced(const CascadeState& x, const TableValue& at) const {
    return {x[1], at.product * (at.rate - x[0]) + damping(at) * x[1]};
}

/// x = (Σ x_n, Σ λ_n x_n).
CascadeState CascadeEquations::two_modes(const CascadeState& x, double mu_change,
                                         double sigma_change, const TableValue& at) const {
    return {x[1] + at.to_mu * mu_change + at.to_sigma * sigma_change,
            damping(at) * x[1] - at.product * x[0] + at.to_mu_slope * mu_change +
                at.to_sigma_slope * sigma_change};
}

/// Of S / 2σ, which goes with (σ²)', σ itself makes the last term.
double CascadeEquations::bent(double mu_change, double sigma, double sigma_change,
                              const TableBend& bend) const {
    const double m = bend.m_mu * mu_change + bend.m_sigma * sigma_change;
    const double s = bend.s_mu * mu_change + bend.s_sigma * sigma_change;
    return m * mu_change + (s - bend.s * sigma_change / sigma) * sigma_change;
}

double CascadeEquations::damping(const TableValue& at) const {
    return std::max(at.sum, -1.0 / shortest_);
}

void CascadeEquations::rectify(CascadeState& state, const CascadeInput& input) const {
    const bool relaxes = model_ == CascadeModel::spec1 || model_ == CascadeModel::spec2_reduced;
    if (relaxes) state[0] = std::max(0.0, state[0]);
    if (model_ != CascadeModel::spec2) return;
    const TableValue at = read(state, input);
    if (state[0] >= -at.rate) return;
    // r = r' = 0, with r' = z + M μ' + S σ'.
    const TableBend bend = bend_at(state, input);
    const double adapting = adaptation_.velocity(state.back(), at.potential, 0.0);
    const double mu_change = input.mu_change - adapting / adaptation_.g_L;
    state[0] = -at.rate;
    state[1] = -(bend.m * mu_change + bend.s * input.sigma_change);
}

void CascadeEquations::jump(CascadeState& state, const CascadeInput& to, double mu,
                            double sigma) const {
    if (model_ != CascadeModel::two_modes || (to.mu == mu && to.sigma == sigma)) return;
    // Along the straight way from one input to the other, by the midpoints of a few parts.
    constexpr int parts = 16;
    for (int k = 0; k < parts; ++k) {
        const double way = (k + 0.5) / parts;
        const TableValue at =
            read(effective(mu + way * (to.mu - mu), state), sigma + way * (to.sigma - sigma));
        const double by_mu = (to.mu - mu) / parts, by_sigma = (to.sigma - sigma) / parts;
        state[0] += at.to_mu * by_mu + at.to_sigma * by_sigma;
        state[1] += at.to_mu_slope * by_mu + at.to_sigma_slope * by_sigma;
    }
}

}  // namespace heddle
