#include <cmath>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "population/equation_writer.hpp"
#include "population/rate_unit.hpp"
#include "population/unit_carrier.hpp"

namespace heddle {
namespace {

constexpr double ms = 1e3;  // 1 s.

std::string numbered(const char* letter, Index i) {
    return letter + std::string("_") + std::to_string(i + 1);
}

/// Σ_j row_j terms_j.
Expression weighted(const auto& row, const std::vector<Expression>& terms) {
    Expression sum = 0.0;
    for (std::size_t j = 0; j < terms.size(); ++j) sum += row[static_cast<Index>(j)] * terms[j];
    return sum;
}

/// Moving thresholds of a unit.
struct Thresholds {
    Vector tau;   ///< ms.
    Vector beta;  ///< In units of κ.
};

EscapeNeuron neuron_of(const TransferResponse& response) {
    EscapeNeuron neuron;
    neuron.hazard = response.hazard;
    neuron.Delta_V = response.Delta_V;
    neuron.lambda_0 = response.lambda_0;
    neuron.lambda_floor = response.lambda_floor;
    return neuron;
}

EffectiveTransfer at_rest(const TransferResponse& response) {
    return effective_transfer(neuron_of(response), response.potential, response.variance);
}

class NetworkWriter final {
  public:
    /// \param filter tau_m of the membrane that follows x, ms; 0 where it carries x.
    NetworkWriter(const Network& network, const TransferResponse& response,
                  const Thresholds& thresholds, double filter)
        : neuron_(neuron_of(response)),
          weights_(dense_weights(network)),
          tau_(write_.time("tau", network.tau * ms, "the state of a unit")),
          potential_(
              write_.parameter("m0", "mV", response.potential, "potential of a unit at rest")),
          variance_(write_.parameter("v", "mV²", response.variance, "variance over neurons")),
          scale_(write_.parameter("kappa", "mV", response.scale, "what a state of 1 does")),
          rate_(write_.parameter("r0", "Hz", at_rest(response).rate, "rate of a unit at rest")),
          full_(write_.parameter("g", "Hz", response.scale * at_rest(response).gain,
                                 "rate of a response of 1")) {
        for (Index l = 0; l < thresholds.beta.size(); ++l) {
            taus_.push_back(write_.time("tau_a", thresholds.tau[l], "adaptation"));
            betas_.push_back(write_.parameter("beta", "", thresholds.beta[l], "adaptation"));
        }
        for (Index i = 0; i < weights_.rows(); ++i) add_unit(i, filter);
        for (Index i = 0; i < weights_.rows(); ++i)
            currents_.push_back(weighted(weights_.row(i), responses_) +
                                write_.parameter(numbered("b", i), "", network.bias[i], "bias"));
    }

    void add(const std::vector<Loops>& groups) {
        for (std::size_t k = 0; k < groups.size(); ++k) add(groups[k], static_cast<Index>(k));
    }

    [[nodiscard]] RateEquations equations(std::string title,
                                          std::vector<std::string> assumptions) && {
        for (std::size_t i = 0; i < currents_.size(); ++i)
            write_.moves(states_[i], (currents_[i] - states_[i]) / tau_);
        write_.out.title = std::move(title);
        write_.out.assumptions = std::move(assumptions);
        return std::move(write_.out);
    }

  private:
    void add(const Loops& loops, Index number) {
        const Expression gate =
            write_.parameter(numbered("gate", number), "", 1.0, "1: loops open, 0: closed");
        const std::vector<Expression> seen = thalamus(loops);
        for (std::size_t i = 0; i < currents_.size(); ++i)
            currents_[i] += gate * weighted(loops.u.row(static_cast<Index>(i)), seen);
    }

    void add_unit(Index i, double filter) {
        const Expression x = write_.state(numbered("x", i), "", 0.0);
        states_.push_back(x);
        Expression y = x;
        if (filter > 0.0)
            y = write_.follows(numbered("y", i), "", write_.time("tau_m", filter, "membrane"), x);
        std::vector<Expression> thresholds;
        for (std::size_t l = 0; l < taus_.size(); ++l) {
            thresholds.push_back(write_.state(numbered("a", i), "", 0.0));
            y -= thresholds.back();
        }
        const Expression m = write_.define(numbered("m", i), "mV", potential_ + scale_ * y);
        const Expression rate =
            write_.define(numbered("A", i), "Hz", transfer_formulas(neuron_, m, variance_).rate);
        const Expression phi = write_.define(numbered("phi", i), "", (rate - rate_) / full_);
        for (std::size_t l = 0; l < taus_.size(); ++l)
            write_.moves(thresholds[l], (betas_[l] * phi - thresholds[l]) / taus_[l]);
        responses_.push_back(phi);
        write_.out.populations.push_back(std::to_string(i + 1));
        write_.out.rates.push_back(rate.node().name);
    }

    /// What thalamic units send, as it arrives.
    std::vector<Expression> thalamus(const Loops& loops) {
        std::vector<Expression> sent;
        for (Index c = 0; c < loops.v.cols(); ++c) {
            Expression z = weighted(loops.v.col(c), responses_);
            if (loops.thalamic_tau > 0.0)
                z = write_.follows(numbered("z", thalamic_), "",
                                   write_.time("tau_T", loops.thalamic_tau * ms, "thalamic units"),
                                   z);
            else
                z = write_.define(numbered("z", thalamic_), "", z);
            ++thalamic_;
            if (loops.delay > 0.0)
                z = delayed(z.node().name, write_.time("D", loops.delay * ms, "delay of loops"));
            sent.push_back(z);
        }
        return sent;
    }

    EscapeNeuron neuron_;
    Matrix weights_;
    EquationWriter write_;
    Expression tau_, potential_, variance_, scale_, rate_, full_;
    std::vector<Expression> taus_, betas_, states_, responses_, currents_;
    Index thalamic_ = 0;
};

/// A network that has a unit's response already has this unit's, carried by its membrane.
void check_same(const Network& network, const ArtificialUnit& unit, Carrier carrier) {
    if (network.response.kind() != Response::Kind::transfer) return;
    if (!(network.response == response_of(unit, true)))
        throw DomainError("network: its response is that of another unit than '" + unit.name +
                          "'; leave the unit out, or give the network the response " +
                          name_of(Response::linear));
    if (carrier == Carrier::synapse)
        throw DomainError(
            "carrier: found synapse for a network whose response is carried by the membrane; say "
            "membrane, or give the network the response linear, which the unit replaces");
}

}  // namespace

double filter_time(const ArtificialUnit& unit, double tau, Carrier carrier) {
    if (!(tau > 0.0) || !std::isfinite(tau))
        throw DomainError("tau: found " + quantity(tau, "s") +
                          ", expected a positive time constant");
    const double membrane = unit.neuron.tau_m;
    if (carrier == Carrier::synapse) return membrane;
    if (std::abs(membrane - tau * ms) > 1e-9 * membrane)
        throw DomainError("carrier: found a membrane of " + quantity(membrane, "ms") +
                          " for a network of " + quantity(tau * ms, "ms") +
                          "; give the neurons that tau_m, or let synapses carry the state");
    return 0.0;
}

RateEquations network_equations(const Network& network, const ArtificialUnit& unit,
                                const std::vector<Loops>& loops, Carrier carrier) {
    validate(network);
    check_same(network, unit, carrier);
    for (const Loops& group : loops) validate(group, size(network));
    NetworkWriter writer(network, response_of(unit, true), {unit.adaptation, unit.beta},
                         filter_time(unit, network.tau, carrier));
    writer.add(loops);
    return std::move(writer).equations("A network of units made of '" + unit.name + "'",
                                       unit.assumptions);
}

RateEquations network_equations(const Network& network, const std::vector<Loops>& loops) {
    validate(network);
    if (network.response.kind() != Response::Kind::transfer)
        throw DomainError(std::string("network: found the response ") + name_of(network.response) +
                          ", expected that of an artificial unit; give the unit as well");
    for (const Loops& group : loops) validate(group, size(network));
    const TransferResponse& response = network.response.transfer();
    NetworkWriter writer(network, response, {}, 0.0);
    writer.add(loops);
    return std::move(writer).equations(
        std::string("A network of populations with ") + name_of(response.hazard) + " hazards",
        {"the membrane carries the state of a unit, and synapses are delta",
         "populations are large, and their thresholds do not move",
         "the variance over neurons stays what it is at the operating point"});
}

}  // namespace heddle
