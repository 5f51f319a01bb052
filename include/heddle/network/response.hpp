#pragma once

#include <string_view>

#include "heddle/network/hazard.hpp"

namespace heddle {

/// The response of a population of spiking neurons, around a state in which it is held: with f the
/// hazard, averaged over neurons whose potentials differ,
///
///     φ(x) = (Φ(m_0 + κ x, v) − r_0) / (κ G) ,   Φ(m, v) = ∫ Dz f(m + √v z)
///     r_0 = Φ(m_0, v) ,   G = ∂Φ/∂m (m_0, v)
///
/// so that φ(0) = 0 and φ'(0) = 1, and φ rises everywhere. λ_0 and the floor cancel in φ; they are
/// what makes A = r_0 + κ G φ a rate. `response_of` makes one from an ArtificialUnit.
struct TransferResponse {
    Hazard hazard = Hazard::softplus;  ///< f.
    double Delta_V = 2.0;              ///< Softness of the threshold, mV.
    double lambda_0 = 10.0;            ///< Hazard at threshold (exponential), Hz.
    double lambda_floor = 0.0;         ///< Hazard far below threshold (rectified), Hz.
    double tau_m = 10.0;               ///< Of the membrane that carries x, ms: a network's τ.
    double potential = 0.0;            ///< m_0: V − ϑ at x = 0, mean over neurons, mV.
    double variance = 0.0;             ///< v over neurons, mV²; held.
    double scale = 1.0;                ///< κ, mV: what x = 1 does to the potential.

    bool operator==(const TransferResponse&) const = default;
};

/// \throws DomainError naming the field: numbers that are not finite, not positive where they must
///         be, a floor that the hazard has not, a gain of 0 at the potential.
void validate(const TransferResponse& response);

/// A unit's response φ: x | max(x, 0) | tanh x | log(1 + eˣ) | a population of spiking neurons.
class Response final {
  public:
    enum class Kind { linear, rectified, tanh, softplus, transfer };

    static const Response linear, rectified, tanh, softplus;

    // A population's response is a response; nothing is gained by saying so at each use.
    Response(const TransferResponse& transfer) : kind_(Kind::transfer), transfer_(transfer) {}

    [[nodiscard]] constexpr Kind kind() const noexcept { return kind_; }
    /// Of the kind `transfer`; of others, what is there by default.
    [[nodiscard]] const TransferResponse& transfer() const noexcept { return transfer_; }
    bool operator==(const Response&) const = default;

  private:
    friend Response response_from(std::string_view name);
    constexpr explicit Response(Kind kind) : kind_(kind) {}

    Kind kind_;
    TransferResponse transfer_{};
};

inline constexpr Response Response::linear{Kind::linear};
inline constexpr Response Response::rectified{Kind::rectified};
inline constexpr Response Response::tanh{Kind::tanh};
inline constexpr Response Response::softplus{Kind::softplus};

/// \throws DomainError naming every accepted word if `name` is none of them.
[[nodiscard]] Response response_from(std::string_view name);
/// "linear", "rectified", "tanh", "softplus", "transfer".
[[nodiscard]] const char* name_of(const Response& response);

/// φ and its slope.
struct UnitResponse {
    double value;
    double slope;
};
/// \throws DomainError for an x that is not finite. \cost Up to some µs for a population.
[[nodiscard]] UnitResponse unit_response(const Response& response, double x);

/// sup φ', rounded up: 1 for the responses with a name. Of a population: where the hazard is
/// steepest, averaged there, over the gain at x = 0; infinite for exponential hazards.
[[nodiscard]] double steepest(const Response& response);

/// Has φ a second derivative? Rectified responses have a kink, and so have populations with
/// rectified hazards whose neurons do not differ (v = 0).
[[nodiscard]] bool is_smooth(const Response& response);

}  // namespace heddle
