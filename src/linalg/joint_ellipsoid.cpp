#include "linalg/joint_ellipsoid.hpp"

#include <algorithm>
#include <cmath>

#include "heddle/linalg/exponential.hpp"
#include "heddle/linalg/solve.hpp"
#include "linalg/qr.hpp"

namespace heddle {
namespace {

constexpr int most_doublings = 8;
/// Below this size starting threads costs more than they save.
constexpr Index worth_threads = 64;
/// Matrices whose share of the sum is below this are left out of it.
constexpr double negligible = 1e-15;

struct Value {
    double f;        ///< f_p.
    double largest;  ///< max ‖X_i‖₂.
    Matrix gradient;
};

struct Term {
    Matrix difference;  ///< (X Xᵀ)^p − (Xᵀ X)^p of the scaled X.
    double trace = 0.0;
};

/// a^(2^doublings) of a symmetric matrix.
Matrix squared(Matrix a, int doublings) {
    for (int i = 0; i < doublings; ++i) a = (a * a).eval();
    return a;
}

Term term(const Matrix& scaled, int doublings) {
    const Matrix right = squared(scaled.transpose() * scaled, doublings);
    return {squared(scaled * scaled.transpose(), doublings) - right, right.trace()};
}

class Descent {
  public:
    Descent(std::vector<Matrix> b, const EllipsoidOptions& options)
        : options_(options),
          b_(std::move(b)),
          size_(b_.front().rows()),
          threads_(size_ >= worth_threads ? options.threads : 1),
          transform_(Matrix::Identity(size_, size_)),
          best_(transform_) {
        value_ = evaluate(b_);
        best_value_ = value_.largest;
    }

    [[nodiscard]] bool done() const {
        return best_value_ <= options_.enough || best_value_ == 0.0 ||
               doublings_ > most_doublings || steps_ >= options_.steps;
    }

    [[nodiscard]] Index steps() const { return steps_; }
    [[nodiscard]] const Matrix& best() const { return best_; }

    /// One step, or the next p where steps of this p gain little.
    void advance() {
        ++steps_;
        const double before = value_.f;
        if (!step()) return sharpen();
        if (value_.largest < best_value_) keep();
        const double softness =
            std::log(static_cast<double>(size_) + 1.0) / std::ldexp(1.0, doublings_ + 1);
        if (before - value_.f < 0.2 / static_cast<double>(options_.steps) * softness) sharpen();
    }

  private:
    [[nodiscard]] Value evaluate(const std::vector<Matrix>& x) const {
        std::vector<double> norms(x.size());
        parallel_for(x.size(), threads_, [&](std::size_t i) { norms[i] = spectral_norm(x[i]); });
        const double largest = *std::max_element(norms.begin(), norms.end());
        Value value{0.0, largest, Matrix::Zero(size_, size_)};
        if (largest == 0.0) return value;
        const double p = std::ldexp(1.0, doublings_);
        std::vector<Term> terms(x.size());
        const auto body = [&](std::size_t i) {
            const double share = std::pow(norms[i] / largest, 2.0 * p);
            if (share * static_cast<double>(size_) > negligible)
                terms[i] = term(x[i] / largest, doublings_);
        };
        parallel_for(x.size(), threads_, body);
        double total = 0.0;
        for (const Term& one : terms) {
            if (one.trace == 0.0) continue;
            total += one.trace;
            value.gradient += one.difference;
        }
        value.gradient /= total;
        value.f = std::log(largest) + std::log(total) / (2.0 * p);
        return value;
    }

    /// A step that lowers f by a good part of what its slope promises; false if there is none.
    bool step() {
        const double slope = value_.gradient.squaredNorm();
        for (; length_ * std::sqrt(slope) > 1e-9; length_ *= 0.4) {
            const Matrix forth = exponential(-length_ * value_.gradient);
            const Matrix back = exponential(length_ * value_.gradient);
            std::vector<Matrix> moved(b_.size());
            parallel_for(b_.size(), threads_,
                         [&](std::size_t i) { moved[i].noalias() = forth * b_[i] * back; });
            Value found = evaluate(moved);
            if (!(found.f <= value_.f - 0.3 * length_ * slope)) continue;
            b_ = std::move(moved);
            value_ = std::move(found);
            transform_ = (forth * transform_).eval();
            length_ = std::min(1.6 * length_, 8.0);
            return true;
        }
        return false;
    }

    void sharpen() {
        ++doublings_;
        length_ = std::max(0.5 * length_, std::ldexp(1.0, -doublings_));
        if (doublings_ <= most_doublings) value_ = evaluate(b_);
    }

    void keep() {
        const Vector sigma = singular_values(transform_);
        if (!(sigma[0] <= options_.most_condition * sigma[size_ - 1])) {
            doublings_ = most_doublings + 1;
            return;
        }
        best_ = transform_ / sigma[0];
        best_value_ = value_.largest;
    }

    const EllipsoidOptions& options_;
    std::vector<Matrix> b_;  ///< X_i.
    Index size_;
    std::size_t threads_;
    Matrix transform_;
    Matrix best_;
    Value value_;
    double best_value_ = 0.0;
    double length_ = 0.5;  ///< η.
    int doublings_ = 1;    ///< log₂ p.
    Index steps_ = 0;
};

}  // namespace

Matrix balancing_transform(std::vector<Matrix> b, const EllipsoidOptions& options,
                           const Progress& progress) {
    Descent descent(std::move(b), options);
    while (!descent.done()) {
        descent.advance();
        if (progress)
            progress(static_cast<std::size_t>(descent.steps()),
                     static_cast<std::size_t>(options.steps));
    }
    return Qr(descent.best()).triangle();
}

}  // namespace heddle
