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

CascadeState CascadeEquations::start(const CascadeInput& input, double potential) const {
    const double w = adaptation_.a * (potential - adaptation_.E_w);
    switch (model_) {
        case CascadeModel::lnexp: return {input.mu, input.sigma, 0.0, w};
        case CascadeModel::lndos: return {input.mu, input.sigma, 0.0, w};
        default: break;
    }
    return {read(input.mu - w / adaptation_.g_L, input.sigma).rate, 0.0, 0.0, w};
}

double CascadeEquations::rate(const CascadeState& state) const {
    if (filters_input()) return read(effective(state[0], state), state[1]).rate;
    return std::max(0.0, state[0]);
}

CascadeState CascadeEquations::velocity(const CascadeState& state, const CascadeInput& input,
                                        double& rate) const {
    const bool filtered = filters_input();
    const TableValue at = read(effective(filtered ? state[0] : input.mu, state),
                               filtered ? state[1] : input.sigma);
    CascadeState v{};
    switch (model_) {
        case CascadeModel::lnexp: v = lnexp(state, input, at); break;
        case CascadeModel::lndos: v = lndos(state, input, at); break;
        case CascadeModel::spec1: v = spec1(state, at); break;
        case CascadeModel::spec2_reduced: v = spec2_reduced(state, at); break;
    }
    rate = filtered ? at.rate : std::max(0.0, state[0]);
    v[3] = adaptation_.velocity(state[3], at.potential, rate);
    return v;
}

/// x = (μ_f, σ_f).
CascadeState CascadeEquations::lnexp(const CascadeState& x, const CascadeInput& in,
                                     const TableValue& at) const {
    return {(in.mu - x[0]) / slowed(at.tau_mu), (in.sigma - x[1]) / slowed(at.tau_sigma), 0.0, 0.0};
}

/// x = (μ_f, σ_f, μ_f').
CascadeState CascadeEquations::lndos(const CascadeState& x, const CascadeInput& in,
                                     const TableValue& at) const {
    const double tau = slowed(at.tau), square = at.omega * at.omega;
    const double pull = (1.0 / (tau * tau) + square) * (in.mu - x[0]);
    return {x[2], (in.sigma - x[1]) / slowed(at.tau_sigma),
            pull - 2.0 / tau * x[2] + (1.0 / tau + square * tau) * in.mu_change, 0.0};
}

/// x = (r, s).
CascadeState CascadeEquations::spec1(const CascadeState& x, const TableValue& at) const {
    const double off = x[0] - at.rate;
    const double decay = std::max(at.lambda_1.real(), -1.0 / shortest_);
    return {decay * off - at.lambda_1.imag() * x[1], at.lambda_1.imag() * off + decay * x[1], 0.0,
            0.0};
}

/// x = (r, r').
CascadeState CascadeEquations::spec2_reduced(const CascadeState& x, const TableValue& at) const {
    const double product = (at.lambda_1 * at.lambda_2).real();
    const double sum = (at.lambda_1 + at.lambda_2).real();
    return {x[1], product * (at.rate - x[0]) + std::max(sum, -1.0 / shortest_) * x[1], 0.0, 0.0};
}

void CascadeEquations::jump(CascadeState& state, double change) const {
    if (model_ != CascadeModel::lndos || change == 0.0) return;
    const TableValue at = read(effective(state[0], state), state[1]);
    const double tau = slowed(at.tau);
    state[2] += (1.0 / tau + at.omega * at.omega * tau) * change;
}

}  // namespace heddle
