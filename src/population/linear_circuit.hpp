#pragma once

#include <string>
#include <variant>
#include <vector>

#include "heddle/population/linear_response.hpp"
#include "population/age_density.hpp"
#include "population/coupling.hpp"
#include "population/siegert_point.hpp"

namespace heddle {

/// A population of leaky neurons at its working point.
struct LeakyPoint {
    SiegertPoint point;
    double rate;    ///< Hz.
    double escape;  ///< 1/ms.
};

/// What the populations do at one frequency.
struct LinearValue {
    ComplexVector susceptibility;  ///< Hz / mV.
    Vector noise;                  ///< D, Hz.
    ComplexMatrix connectivity;    ///< M.
};

/// A circuit around one of its stationary states. Times are in ms, λ in 1/ms.
class LinearCircuit final {
  public:
    /// \throws DomainError, NotConverged  \see linear_response
    LinearCircuit(const Circuit& circuit, const LinearOptions& options);

    [[nodiscard]] const Vector& rates() const { return rates_; }
    [[nodiscard]] const std::vector<std::string>& assumptions() const { return assumptions_; }

    /// \param angular ω.
    [[nodiscard]] LinearValue at(double angular) const;

    /// det(1 − M), with what adaptation feeds back in M. Its zeros are the eigenvalues, right of 0
    /// it has no poles, and it tends to 1.
    [[nodiscard]] Complex characteristic(Complex rate) const;

    /// The same times everything that could have a pole right of `leftmost`.
    [[nodiscard]] Complex entire(Complex rate) const;
    [[nodiscard]] double leftmost() const;

    /// Eigenvalues with Re λ > 0. \throws NotConverged if one is too near the imaginary axis.
    [[nodiscard]] Index unstable() const;

  private:
    [[nodiscard]] AgeResponse response(Index population, Complex rate) const;
    [[nodiscard]] double fluctuation(Index population, double angular, Complex survival) const;
    [[nodiscard]] double decay_of(Index population) const;
    void add_escape(const Circuit& circuit, const LinearOptions& options);
    void add_leaky(const Circuit& circuit, const LinearOptions& options);

    Coupling coupling_;
    Vector sizes_;
    Vector rates_;
    std::vector<std::variant<AgeDensity, LeakyPoint>> populations_;
    std::vector<std::string> assumptions_;
};

}  // namespace heddle
