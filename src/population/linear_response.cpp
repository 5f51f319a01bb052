#include "heddle/population/linear_response.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "circuit/membrane_of.hpp"
#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "network/checks.hpp"
#include "population/gauss_legendre.hpp"
#include "population/linear_circuit.hpp"

namespace heddle {
namespace {

constexpr double most_deviation = 0.3;  // Of the rate.
constexpr double highest = 1000.0;      // Hz, of what counts as fluctuation.

double angular(double frequency) {
    return 2e-3 * std::numbers::pi * frequency;
}

ComplexMatrix propagator_of(const ComplexMatrix& connectivity) {
    const Index n = connectivity.rows();
    const ComplexMatrix one = ComplexMatrix::Identity(n, n);
    return solve_complex(one - connectivity, one);
}

/// Q D Qᴴ.
ComplexMatrix spectrum_of(const ComplexMatrix& propagator, const Vector& noise) {
    return propagator * noise.cast<Complex>().asDiagonal() * propagator.adjoint();
}

Matrix coherence_of(const ComplexMatrix& spectrum) {
    const Vector power = spectrum.diagonal().real();
    Matrix coherence = Matrix::Zero(power.size(), power.size());
    for (Index a = 0; a < power.size(); ++a)
        for (Index b = 0; b < power.size(); ++b)
            if (power[a] > 0.0 && power[b] > 0.0)
                coherence(a, b) = std::norm(spectrum(a, b)) / (power[a] * power[b]);
    return coherence;
}

/// The integral over frequencies of the spectra of M δA.
class Fluctuations {
  public:
    explicit Fluctuations(const LinearCircuit& circuit) : circuit_(circuit) {}

    /// \param rough  ∫ from low to high, less exactly.
    Vector between(double low, double high, const Vector& rough, double tolerance) const {
        const double middle = 0.5 * (low + high);
        const Vector left = on(low, middle), right = on(middle, high);
        const double error = (left + right - rough).lpNorm<Eigen::Infinity>();
        if (error <= tolerance || high - low < 1e-3) return left + right;
        return between(low, middle, left, tolerance) + between(middle, high, right, tolerance);
    }

    Vector on(double low, double high) const {
        static const auto rule = gauss_legendre<8>();
        Vector sum = Vector::Zero(circuit_.rates().size());
        for (std::size_t i = 0; i < rule.node.size(); ++i)
            sum += (high - low) * rule.weight[i] * at(low + (high - low) * rule.node[i]);
        return sum;
    }

  private:
    [[nodiscard]] Vector at(double frequency) const {
        const LinearValue value = circuit_.at(angular(frequency));
        const ComplexMatrix driven = value.connectivity * propagator_of(value.connectivity);
        return 2.0 * driven.cwiseAbs2() * value.noise;
    }

    const LinearCircuit& circuit_;
};

Vector deviation_of(const LinearCircuit& circuit) {
    const Fluctuations fluctuations(circuit);
    std::vector<double> edges;  // Close enough for peaks of a few tenths of their frequency.
    for (double edge = 0.0; edge < highest; edge += std::max(4.0, 0.2 * edge))
        edges.push_back(edge);
    edges.push_back(highest);
    std::vector<Vector> rough;
    Vector sum = Vector::Zero(circuit.rates().size());
    for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
        rough.push_back(fluctuations.on(edges[i], edges[i + 1]));
        sum += rough.back();
    }
    const double tolerance = 1e-4 * sum.maxCoeff() + 1e-8 * circuit.rates().squaredNorm();
    sum.setZero();
    for (std::size_t i = 0; i + 1 < edges.size(); ++i)
        sum += fluctuations.between(edges[i], edges[i + 1], rough[i], tolerance);
    return sum.cwiseSqrt();
}

/// Hz / mV of the mean input to Hz / pA of a current.
Vector resistances_of(const Circuit& circuit) {
    Vector resistance(static_cast<Index>(circuit.populations.size()));
    for (Index a = 0; a < resistance.size(); ++a) {
        const Neuron& neuron = circuit.populations[static_cast<std::size_t>(a)].neuron;
        const auto* escape = std::get_if<EscapeNeuron>(&neuron);
        const double time = escape ? escape->tau_m : std::get<LeakyNeuron>(neuron).tau_m;
        resistance[a] = time / capacity_of(neuron);
    }
    return resistance;
}

void judge(LinearResponse& found, const LinearCircuit& linear) {
    const Index n = found.rates.size();
    found.unstable = linear.unstable();
    if (found.unstable > 0) {
        found.trusted = false;
        found.deviation = Vector::Constant(n, std::numeric_limits<double>::infinity());
        found.statement = "the stationary state is unstable, with " +
                          std::to_string(found.unstable) +
                          " eigenvalues right of 0: the circuit leaves it, and spectra around it "
                          "are not observed";
        return;
    }
    found.deviation = deviation_of(linear);
    Index worst = 0;
    const Vector relative =
        found.deviation.array() / found.rates.array().max(std::numeric_limits<double>::min());
    const double most = relative.maxCoeff(&worst);
    found.trusted = most <= most_deviation;
    const std::string number = number_text(std::round(1e3 * most) / 1e3);
    const std::string& name = found.names[static_cast<std::size_t>(worst)];
    found.statement = found.trusted
                          ? "stable; activity is expected to fluctuate by at most " + number +
                                " of its mean ('" + name + "')"
                          : "stable, but linear theory is not to be trusted: the expected activity "
                            "of '" +
                                name + "' would fluctuate by " + number +
                                " of its mean, more than 0.3; larger populations would fluctuate "
                                "less, and `mesoscopic` needs no linearity";
}

void check(const VectorView& frequencies) {
    for (const double f : frequencies)
        if (!(f >= 0.0) || std::isinf(f))
            throw DomainError("frequencies holds " + number_text(f) +
                              " Hz; expected finite numbers ≥ 0");
}

}  // namespace

LinearResponse linear_response(const Circuit& circuit, const VectorView& frequencies,
                               const LinearOptions& options) {
    check(frequencies);
    const LinearCircuit linear(circuit, options);
    LinearResponse found{};
    for (const Population& population : circuit.populations) {
        found.names.push_back(population.name);
        found.sizes.push_back(population.size);
    }
    found.frequencies = frequencies;
    found.rates = linear.rates();
    found.assumptions = linear.assumptions();
    found.susceptibility.resize(found.rates.size(), frequencies.size());
    found.uncoupled.resize(found.rates.size(), frequencies.size());
    const ComplexVector resistance = resistances_of(circuit).cast<Complex>();
    for (Index k = 0; k < frequencies.size(); ++k) {
        LinearValue value = linear.at(angular(frequencies[k]));
        const ComplexMatrix propagator = propagator_of(value.connectivity);
        found.susceptibility.col(k) = value.susceptibility;
        found.uncoupled.col(k) = value.noise;
        found.spectra.push_back(spectrum_of(propagator, value.noise));
        found.coherence.push_back(coherence_of(found.spectra.back()));
        found.response.emplace_back(propagator *
                                    value.susceptibility.cwiseProduct(resistance).asDiagonal());
        found.connectivity.push_back(std::move(value.connectivity));
        found.propagator.push_back(propagator);
    }
    judge(found, linear);
    return found;
}

}  // namespace heddle
