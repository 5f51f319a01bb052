#include "rectified/unit_polynomial.hpp"

#include <algorithm>
#include <limits>

namespace heddle {
namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

}  // namespace

/// Bernstein coefficients on [low, high].
struct UnitPolynomial::Piece {
    Coefficients b;
    Index count;
    double low;
    double high;

    [[nodiscard]] double least() const { return *std::min_element(b.begin(), b.begin() + count); }

    /// How often the coefficients change their sign, those within the noise left out.
    [[nodiscard]] int changes(double noise) const {
        int found = 0;
        double last = 0.0;
        for (Index i = 0; i < count; ++i) {
            const double here = b[static_cast<std::size_t>(i)];
            if (std::abs(here) <= noise) continue;
            if (here * last < 0.0) ++found;
            last = here;
        }
        return found;
    }

    /// De Casteljau's halves.
    [[nodiscard]] std::array<Piece, 2> halves() const {
        const double middle = 0.5 * (low + high);
        std::array<Piece, 2> both = {Piece{{}, count, low, middle}, Piece{b, count, middle, high}};
        auto& left = both[0].b;
        auto& right = both[1].b;
        const auto n = static_cast<std::size_t>(count);
        for (std::size_t k = 0; k < n; ++k) {
            left[k] = right[0];
            for (std::size_t i = 0; i + 1 < n - k; ++i) right[i] = 0.5 * (right[i] + right[i + 1]);
        }
        // The rows of the triangle leave the right half's coefficients behind, in order.
        return both;
    }
};

UnitPolynomial::UnitPolynomial(const double* terms, Index stride, Index count, double sign,
                               double noise)
    : count_(std::min(count, most_terms)), noise_(noise) {
    for (Index p = 0; p < count_; ++p)
        terms_[static_cast<std::size_t>(p)] = sign * terms[p * stride];
    while (count_ > 2 && std::abs(terms_[static_cast<std::size_t>(count_ - 1)]) < 1e-3 * noise_)
        --count_;
}

UnitPolynomial::Piece UnitPolynomial::whole() const {
    Piece piece{terms_, count_, 0.0, 1.0};
    const auto n = static_cast<std::size_t>(count_);
    double binomial = 1.0;  // of the degree over p
    for (std::size_t p = 0; p < n; ++p) {
        piece.b[p] /= binomial;
        binomial *= static_cast<double>(n - 1 - p) / static_cast<double>(p + 1);
    }
    for (std::size_t row = 1; row < n; ++row)
        for (std::size_t i = n - 1; i >= row; --i) piece.b[i] += piece.b[i - 1];
    return piece;
}

std::optional<double> UnitPolynomial::first_crossing(double until) const {
    return search(whole(), until);
}

std::optional<double> UnitPolynomial::search(const Piece& piece, double until) const {
    if (piece.low > until || piece.least() >= -noise_) return std::nullopt;
    const int changes = piece.changes(noise_);
    if (changes == 0) return piece.low;  // below the threshold from the beginning
    const bool ends_below = piece.b[static_cast<std::size_t>(piece.count - 1)] < -noise_;
    const bool narrow = piece.high - piece.low < 4.0 * epsilon;
    if (narrow) return piece.high;
    if (changes == 1 && ends_below) {
        const double zero = single_zero(piece.low, piece.high);
        return zero <= until ? std::optional(zero) : std::nullopt;
    }
    const auto [left, right] = piece.halves();
    if (const auto found = search(left, until)) return found;
    return search(right, until);
}

double UnitPolynomial::single_zero(double low, double high) const {
    double s = 0.5 * (low + high);
    for (int iteration = 0; iteration < 100 && high - low > epsilon * high; ++iteration) {
        const double here = value(s);
        (here > 0.0 ? low : high) = s;
        const double steepness = slope(s);
        double next = steepness < 0.0 ? s - here / steepness : low;
        if (!(next > low && next < high)) next = 0.5 * (low + high);
        if (std::abs(next - s) <= 0.5 * epsilon * s) return next;
        s = next;
    }
    return s;
}

std::optional<double> UnitPolynomial::grazing(double until, double depth) const {
    return dip(whole(), until, depth);
}

std::optional<double> UnitPolynomial::dip(const Piece& piece, double until, double depth) const {
    constexpr double narrow = 1.0 / 256.0;
    if (piece.low > until || piece.least() > depth) return std::nullopt;
    if (piece.high - piece.low <= narrow) {
        const double high = std::min(piece.high, until);
        if (!(slope(piece.low) < 0.0 && slope(high) > 0.0)) return std::nullopt;
        const double minimum = single_minimum(piece.low, high);
        return value(minimum) <= depth ? std::optional(minimum) : std::nullopt;
    }
    const auto [left, right] = piece.halves();
    if (const auto found = dip(left, until, depth)) return found;
    return dip(right, until, depth);
}

double UnitPolynomial::single_minimum(double low, double high) const {
    for (int halving = 0; halving < 60; ++halving) {
        const double middle = 0.5 * (low + high);
        (slope(middle) < 0.0 ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

double UnitPolynomial::value(double s) const {
    double sum = 0.0;
    for (Index p = count_; p-- > 0;) sum = sum * s + terms_[static_cast<std::size_t>(p)];
    return sum;
}

double UnitPolynomial::slope(double s) const {
    double sum = 0.0;
    for (Index p = count_ - 1; p >= 1; --p)
        sum = sum * s + static_cast<double>(p) * terms_[static_cast<std::size_t>(p)];
    return sum;
}

}  // namespace heddle
