#include "population/linear_circuit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "circuit/checks.hpp"
#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "heddle/spectrum/winding.hpp"
#include "network/checks.hpp"
#include "population/age_circuit.hpp"
#include "population/diffusion_input.hpp"
#include "population/mesoscopic_checks.hpp"

namespace heddle {
namespace {

constexpr double share = 0.75;  // Of what decays most slowly: from there on transforms are exact.

constexpr const char* renewal =
    "Without connections every neuron is a renewal process, independent of all others.";

std::string text_of(const Vector& rates) {
    std::string text;
    for (const double rate : rates)
        text += (text.empty() ? "(" : ", ") + number_text(std::round(1e3 * rate) / 1e3);
    return text + ")";
}

/// The state that was asked for.
Vector state_of(const RateMap& map, const Vector& ceiling, bool bounded, const Vector& wanted) {
    constexpr Index starts = 32, most_steps = 100;
    if (wanted.size() > 0) {
        if (wanted.size() != ceiling.size())
            throw ShapeError("rates", std::to_string(ceiling.size()) + " (one a population)",
                             std::to_string(wanted.size()));
        if (!(wanted.array() >= 0.0).all() || !wanted.allFinite())
            throw DomainError("rates: found " + text_of(wanted) + " Hz; give finite rates ≥ 0");
        return search_rates_from(map, wanted, most_steps).value.rates;
    }
    const RateSolutions states = search_rates(map, ceiling, bounded, starts, most_steps, 0);
    if (states.found.size() == 1) return states.found.front().value.rates;
    std::string all;
    for (const RateSolution& state : states.found)
        all += (all.empty() ? "" : ", ") + text_of(state.value.rates);
    throw DomainError("the circuit has " + std::to_string(states.found.size()) +
                      " stationary states, with rates of " + all +
                      " Hz; choose one by giving its rates");
}

bool leaky(const Circuit& circuit) {
    return std::ranges::all_of(circuit.populations, [](const Population& population) {
        return std::holds_alternative<LeakyNeuron>(population.neuron);
    });
}

/// Whatever is asked of single populations has been checked.
Coupling coupling_of(const Circuit& circuit) {
    if (leaky(circuit))
        (void)diffusion_input(circuit, NoiseTheory::white);
    else
        (void)age_circuit(circuit);
    return Coupling(without_constant_laws(circuit));
}

}  // namespace

LinearCircuit::LinearCircuit(const Circuit& circuit, const LinearOptions& options)
    : coupling_(coupling_of(circuit)), sizes_(circuit.populations.size()) {
    for (std::size_t a = 0; a < circuit.populations.size(); ++a)
        sizes_[static_cast<Index>(a)] = static_cast<double>(circuit.populations[a].size);
    assumptions_ = {"Signals and fluctuations are so small that nothing but linear terms counts."};
    if (leaky(circuit))
        add_leaky(circuit, options);
    else
        add_escape(circuit, options);
}

void LinearCircuit::add_escape(const Circuit& circuit, const LinearOptions& options) {
    const AgeCircuit ages = age_circuit(circuit);
    const auto map = [&](const Vector& rates) { return ages.value_at(rates); };
    rates_ = state_of(map, ages.ceiling(), ages.bounded(), options.rates);
    for (Index a = 0; a < rates_.size(); ++a) populations_.emplace_back(ages.density(a, rates_));
    assumptions_.emplace_back(renewal);
    for (const std::string& one : age_assumptions(ages.circuit)) assumptions_.push_back(one);
}

void LinearCircuit::add_leaky(const Circuit& circuit, const LinearOptions& options) {
    const DiffusionInput input = diffusion_input(circuit, options.theory);
    const auto map = [&](const Vector& rates) { return input.value_at(rates); };
    rates_ = state_of(map, input.ceiling(), input.bounded(), options.rates);
    for (Index a = 0; a < rates_.size(); ++a) {
        const SiegertPoint point = input.point(a, rates_);
        const double escape = rates_[a] > 0.0 ? escape_rate(point, rates_[a]) : 0.0;
        populations_.emplace_back(LeakyPoint{point, rates_[a], escape});
    }
    assumptions_.emplace_back(renewal);
    assumptions_.emplace_back(
        "Activity modulates the mean of the input; that it modulates its variance is left out.");
    for (const std::string& one : input.assumptions) assumptions_.push_back(one);
    if (options.theory == NoiseTheory::taylor)
        assumptions_.emplace_back(
            "Rates are expanded in sqrt(tau_s / tau_m), susceptibilities have shifted thresholds.");
    if (const double slowest = input.tau_s.maxCoeff(); slowest > 0.0)
        assumptions_.push_back("Susceptibilities hold at frequencies well below 1 / (2π tau_s) = " +
                               quantity(std::round(500.0 / (std::numbers::pi * slowest)), "Hz") +
                               ".");
}

AgeResponse LinearCircuit::response(Index population, Complex rate) const {
    const auto& one = populations_[static_cast<std::size_t>(population)];
    if (const auto* density = std::get_if<AgeDensity>(&one)) return response_of(*density, rate);
    const LeakyPoint& leaky = std::get<LeakyPoint>(one);
    const auto [survival, susceptibility] = response_at(leaky.point, leaky.rate, rate);
    return {.survival = survival, .drive = susceptibility * survival};
}

/// (1 − |P̂|²) / |1 − P̂|².
double LinearCircuit::fluctuation(Index population, double angular, Complex survival) const {
    const auto& one = populations_[static_cast<std::size_t>(population)];
    if (const auto* density = std::get_if<AgeDensity>(&one))
        return fluctuation_of(*density, angular, survival);
    const LeakyPoint& leaky = std::get<LeakyPoint>(one);
    if (leaky.rate == 0.0) return 0.0;
    const double least = 1e-7 * leaky.rate;  // 1e-4 over the mean interval: from there on it is
                                             // CV².
    if (angular < least) {
        angular = least;
        survival = response_at(leaky.point, leaky.rate, Complex(0.0, least)).survival;
    }
    const Complex z = Complex(0.0, angular) * survival;  // 1 − P̂.
    return 2.0 * z.real() / std::norm(z) - 1.0;
}

LinearValue LinearCircuit::at(double angular) const {
    const Index n = rates_.size();
    const Complex rate(0.0, angular);
    LinearValue value{ComplexVector(n), rates_.cwiseQuotient(sizes_), coupling_.at(rate)};
    for (Index a = 0; a < n; ++a) {
        const AgeResponse here = response(a, rate);
        value.susceptibility[a] = here.susceptibility();
        value.noise[a] *= fluctuation(a, angular, here.survival) *
                          std::norm(here.survival / (here.survival + here.feedback));
    }
    value.connectivity = value.susceptibility.asDiagonal() * value.connectivity;
    return value;
}

Complex LinearCircuit::characteristic(Complex rate) const {
    ComplexMatrix matrix = -coupling_.at(rate);
    for (Index a = 0; a < matrix.rows(); ++a) {
        const AgeResponse here = response(a, rate);
        matrix.row(a) *= here.drive / (here.membrane * here.survival);
        matrix(a, a) += 1.0 + here.feedback / here.survival;
    }
    return determinant(matrix);
}

Complex LinearCircuit::entire(Complex rate) const {
    ComplexMatrix matrix = -coupling_.numerator(rate);
    for (Index a = 0; a < matrix.rows(); ++a) {
        const AgeResponse here = response(a, rate);
        // Ŝ has its first pole next to where the region ends, and a population that hardly fires
        // has it next to 0.
        const double decay = decay_of(a);
        const Complex unit = decay > 0.0 ? rate + decay : 1.0;
        matrix.row(a) *= unit * here.drive;
        matrix(a, a) +=
            unit * coupling_.denominator(a, rate) * here.membrane * (here.survival + here.feedback);
    }
    return determinant(matrix);
}

/// Of the survivors at high age, 1/ms; 0 for populations that never fire.
double LinearCircuit::decay_of(Index population) const {
    const auto& one = populations_[static_cast<std::size_t>(population)];
    if (const auto* leaky = std::get_if<LeakyPoint>(&one)) return leaky->escape;
    const AgeDensity& density = std::get<AgeDensity>(one);
    return density.silent() ? 0.0 : density.hazard_end;
}

double LinearCircuit::leftmost() const {
    double slowest = std::numeric_limits<double>::infinity();
    for (Index a = 0; a < rates_.size(); ++a) {
        if (const double decay = decay_of(a); decay > 0.0) slowest = std::min(slowest, decay);
        const auto* density = std::get_if<AgeDensity>(&populations_[static_cast<std::size_t>(a)]);
        if (density != nullptr && density->effect.size() > 0)
            slowest = std::min(slowest, density->effect_decay);
    }
    return -share * slowest;
}

Index LinearCircuit::unstable() const {
    constexpr double step = 0.01;  // rad / ms
    return winding_number([this](Complex rate) { return characteristic(rate); }, 0.0, step).number;
}

}  // namespace heddle
