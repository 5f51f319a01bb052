#include "heddle/motif/fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "heddle/core/error.hpp"
#include "motif/descent.hpp"
#include "motif/starts.hpp"

namespace heddle {
namespace {

void check(bool fine, const char* key, double found, const char* expected) {
    if (!fine)
        throw DomainError(std::string(key) + ": found " + std::to_string(found) + ", expected " +
                          expected);
}

void validate(const FitOptions& o) {
    check(o.tau > 0.0, "tau", o.tau, "a positive time");
    check(o.pairs >= 0, "pairs", static_cast<double>(o.pairs), "0 (as many as needed) or more");
    check(o.error > 0.0, "error", o.error, "a positive normalised squared error");
    check(o.least_pairs >= 1, "least_pairs", static_cast<double>(o.least_pairs), "at least 1");
    check(o.most_pairs >= o.least_pairs, "most_pairs", static_cast<double>(o.most_pairs),
          "at least least_pairs");
    check(o.separation > 0.0, "separation", o.separation, "a positive distance");
    check(o.fastest_decay > 0.0, "fastest_decay", o.fastest_decay, "a positive decay");
    check(o.reach > o.separation, "reach", o.reach, "more than the separation");
    check(o.ridge >= 0.0, "ridge", o.ridge, "0 or more");
    check(o.radius > 0.0, "radius", o.radius, "the positive radius of the network's bulk");
    check(o.loops >= 1, "loops", static_cast<double>(o.loops), "at least 1");
    check(o.most_gain > 0.0, "most_gain", o.most_gain, "a positive gain");
    check(o.starts >= 1, "starts", static_cast<double>(o.starts), "at least 1");
}

/// The best of the starts that are left when one keeps trying until `error` is reached.
class Search {
  public:
    Search(const Motif& motif, const FitOptions& options)
        : options_(options),
          residual_(motif, options.tau, options.ridge),
          region_(options, residual_.step()),
          random_(options.seed, stream_of("fit/" + motif.name)) {}

    /// The best fit with this many pairs; starts from the last one, with one pair less, if there
    /// was one.
    const Descent& with_pairs(Index pairs, bool stop_when_reached) {
        const Vector known = best_ ? best_->theta : Vector();
        best_.reset();
        if (known.size() == 2 * (pairs - 1) && pairs > 1)
            attempt(grown_start(residual_, region_, known));
        for (Index start = 0; start < options_.starts; ++start) {
            if (stop_when_reached && reached()) break;
            attempt(start == 0 ? harmonic_start(residual_, region_, pairs)
                    : start == 1
                        ? pencil_start(residual_, region_, pairs)
                        : shaken_start(residual_, region_, pairs, random_,
                                       static_cast<std::uint64_t>(1000 * pairs + 100 * start)));
        }
        if (!best_) attempt(compact_start(residual_, region_, pairs));
        if (!best_)
            throw DomainError(
                "pairs: found " + std::to_string(pairs) +
                ", for which no modes satisfy separation, "
                "fastest_decay, reach and most_gain; fewer pairs or wider limits would work");
        return *best_;
    }

    [[nodiscard]] bool reached() {
        if (!best_) return false;
        static_cast<void>(residual_.evaluate(best_->theta));
        return residual_.error() <= options_.error;
    }

    [[nodiscard]] ModeFit result() {
        static_cast<void>(residual_.evaluate(best_->theta));
        ModeFit fit{};
        fit.eigenvalues = eigenvalues_of(best_->theta);
        fit.amplitudes = residual_.amplitudes();
        fit.offset = residual_.offset();
        fit.error = residual_.error();
        fit.amplitude = residual_.amplitude();
        ComplexVector both(2 * fit.eigenvalues.size());
        both << fit.eigenvalues, fit.eigenvalues.conjugate();
        fit.gain = loop_gain(both, options_.loops, {0.0, options_.radius});
        fit.separation = separation_of(fit.eigenvalues);
        fit.reached = fit.error <= options_.error;
        return fit;
    }

  private:
    void attempt(const Vector& start) {
        if (region_.violation(start) > 0.0) return;
        Descent descent = descend(residual_, region_, start);
        if (!best_ || descent.value < best_->value) best_ = std::move(descent);
    }

    const FitOptions& options_;
    Residual residual_;
    Region region_;
    Random random_;
    std::optional<Descent> best_;
};

/// Modes sorted by frequency, so that equal fits look equal.
ModeFit sorted(ModeFit fit) {
    std::vector<Index> order(static_cast<std::size_t>(fit.eigenvalues.size()));
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Index>(i);
    std::sort(order.begin(), order.end(), [&](Index a, Index b) {
        return fit.eigenvalues(a).imag() < fit.eigenvalues(b).imag();
    });
    const ModeFit found = fit;
    for (std::size_t i = 0; i < order.size(); ++i) {
        fit.eigenvalues(static_cast<Index>(i)) = found.eigenvalues(order[i]);
        fit.amplitudes.col(static_cast<Index>(i)) = found.amplitudes.col(order[i]);
    }
    return fit;
}

bool still(const Motif& motif) {
    return (motif.values.rowwise() - motif.values.colwise().mean()).squaredNorm() <=
           1e-24 * motif.values.squaredNorm();
}

ModeFit offset_alone(const Motif& motif) {
    ModeFit fit{};
    fit.amplitudes = ComplexMatrix(motif.values.cols(), 0);
    fit.offset = motif.values.colwise().mean().transpose();
    fit.separation = std::numeric_limits<double>::infinity();
    fit.reached = true;
    return fit;
}

/// As many pairs as the samples can determine: two real unknowns a pair and channel, and one for
/// the offset.
Index most_pairs(const Motif& motif) {
    return std::max<Index>(1, (motif.values.rows() - 1) / 2);
}

}  // namespace

ModeFit fit_modes(const Motif& motif, const FitOptions& options) {
    validate(motif);
    validate(options);
    if (still(motif)) return offset_alone(motif);
    const Index most = most_pairs(motif);
    if (options.pairs > most)
        throw DomainError("pairs: found " + std::to_string(options.pairs) + ", but the " +
                          std::to_string(motif.values.rows()) + " samples of motif '" + motif.name +
                          "' determine at most " + std::to_string(most));
    Search search(motif, options);
    if (options.pairs > 0) {
        static_cast<void>(search.with_pairs(options.pairs, false));
        return sorted(search.result());
    }
    ModeFit best{};
    const Index last = std::min(options.most_pairs, most);
    for (Index pairs = std::min(options.least_pairs, last); pairs <= last; ++pairs) {
        static_cast<void>(search.with_pairs(pairs, true));
        best = search.result();
        if (best.reached) break;
    }
    return sorted(std::move(best));
}

Matrix evaluate(const ModeFit& fit, double tau, double dt, Index samples) {
    Matrix values = fit.offset.transpose().replicate(samples, 1);
    for (Index m = 0; m < fit.eigenvalues.size(); ++m)
        for (Index j = 0; j < samples; ++j) {
            const Complex wave =
                std::exp((fit.eigenvalues(m) - 1.0) / tau * (static_cast<double>(j) * dt));
            values.row(j) += (fit.amplitudes.col(m) * wave).real().transpose();
        }
    return values;
}

}  // namespace heddle
