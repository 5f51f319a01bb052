#pragma once

#include <array>
#include <vector>

#include "heddle/population/cascade_tables.hpp"

namespace heddle {

/// What models read at (μ, σ); rates in 1 / ms.
struct TableValue {
    double rate;
    double potential;  ///< mV.
    double tau_mu, tau_sigma;
    double tau, omega;
    Complex lambda_1;
    /// Of both modes, smooth where two real ones become a pair: λ_1 + λ_2, λ_1 λ_2, and of their
    /// couplings Σ f c, 1 / (ms mV), and Σ λ f c.
    double sum, product;
    double to_mu, to_mu_slope, to_sigma, to_sigma_slope;
};

/// How much of a change of input the rate follows at once, 1 / (ms mV), and how that changes from
/// one (μ, σ) to the next, 1 / (ms mV²): M = ∂r_∞/∂μ + (Σ f c)_μ, S = ∂r_∞/∂σ + (Σ f c)_σ.
struct TableBend {
    double m, s;
    double m_mu, m_sigma, s_mu, s_sigma;
};

/// Tables in the order in which they are read.
class TableLookup final {
  public:
    explicit TableLookup(const CascadeTables& tables);

    /// Are (μ, σ) in the tables?
    [[nodiscard]] bool holds(double mu, double sigma) const;
    /// \pre holds(mu, sigma)
    [[nodiscard]] TableValue at(double mu, double sigma) const;
    /// M, S and their slopes, of the bilinear M and S. \pre holds(mu, sigma)
    [[nodiscard]] TableBend bend(double mu, double sigma) const;
    /// "mu from -85 to 35 mV and sigma from 2.2 to 22 mV".
    [[nodiscard]] std::string range() const;

  private:
    static constexpr std::size_t smooth = 2;  // Read by cubics,
    static constexpr std::size_t rough = 12;  // and by straight lines.
    using Smooth = std::array<double, smooth>;
    using Rough = std::array<double, rough>;
    using Steep = std::array<double, 2>;  // M and S.

    /// A place on an axis: the node on its left and how far it is to the next.
    struct Place {
        Index left;
        double part;
    };
    struct Axis {
        double first, step;
        Index count;
        [[nodiscard]] double last() const { return first + step * static_cast<double>(count - 1); }
        [[nodiscard]] Place place(double x) const;
    };
    /// M and S at a node, ∂r_∞ by central differences.
    [[nodiscard]] Steep steep_at(Index i, Index j) const;
    [[nodiscard]] Smooth cubic(const Place& mu, const Place& sigma) const;
    [[nodiscard]] Rough linear(const Place& mu, const Place& sigma) const;

    Axis mu_, sigma_;
    std::vector<Smooth> smooth_;  ///< σ runs fastest.
    std::vector<Rough> rough_;
    std::vector<Steep> steep_;
};

}  // namespace heddle
