#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/binomial.hpp"
#include "heddle/core/random.hpp"
#include "spiking/distinct.hpp"

namespace heddle {
namespace {

/// Lognormal factors with mean 1 of standard normals.
std::vector<double> factors(const std::vector<double>& normals, double cv) {
    const double variance = std::log1p(cv * cv);
    std::vector<double> out;
    for (const double x : normals)
        out.push_back(std::exp(std::sqrt(variance) * x - 0.5 * variance));
    return out;
}

std::vector<double> normals(const RowEndsArguments& arguments, const char* name,
                            std::uint32_t count) {
    std::vector<double> out(count);
    Random(arguments.key, stream_of(name)).fill_normal(out);
    return out;
}

/// Targets in groups whose factors differ by less than 2: candidates are drawn with the probability
/// of the group's largest factor, and kept with the ratio of theirs to it.
class CorrelatedEnds final : public RowEnds {
  public:
    CorrelatedEnds(const CorrelatedDegrees& rule, const RowEndsArguments& arguments)
        : p_(rule.p), exclude_self_(arguments.exclude_self) {
        const std::vector<double> a = normals(arguments, "connect/in", arguments.targets);
        std::vector<double> b = normals(arguments, "connect/out", arguments.sources);
        if (arguments.within)
            for (std::size_t i = 0; i < b.size(); ++i)
                b[i] = rule.correlation * a[i] +
                       std::sqrt(1.0 - rule.correlation * rule.correlation) * b[i];
        in_ = factors(a, rule.in_cv);
        out_ = factors(b, rule.out_cv);
        set_groups();
    }

    void draw(std::uint32_t row, RowStream& stream, EndsDraw& out) const override {
        out.ends.clear();
        std::size_t kept = 0;
        for (std::size_t g = 0; g + 1 < groups_.size(); ++g) {
            const std::uint32_t first = groups_[g], size = groups_[g + 1] - first;
            const double scale = p_ * out_[row], most = std::min(1.0, scale * in_[order_[first]]);
            const auto count = static_cast<std::uint32_t>(draw_binomial(stream, size, most));
            draw_distinct(stream, count, size, out);
            for (std::size_t i = kept, drawn = out.ends.size(); i < drawn; ++i) {
                const std::uint32_t target = order_[first + out.ends[i]];
                const bool keep = stream.uniform() * most < scale * in_[target];
                if (keep && !(exclude_self_ && target == row)) out.ends[kept++] = target;
            }
            out.ends.resize(kept);
        }
    }

  private:
    void set_groups() {
        order_.resize(in_.size());
        std::iota(order_.begin(), order_.end(), 0u);
        std::stable_sort(order_.begin(), order_.end(),
                         [&](std::uint32_t i, std::uint32_t j) { return in_[i] > in_[j]; });
        for (std::uint32_t i = 0; i < order_.size(); ++i)
            if (i == 0 || 2.0 * in_[order_[i]] < in_[order_[groups_.back()]]) groups_.push_back(i);
        groups_.push_back(static_cast<std::uint32_t>(order_.size()));
    }

    double p_;
    bool exclude_self_;
    std::vector<double> in_;   ///< Of each target.
    std::vector<double> out_;  ///< Of each source.
    std::vector<std::uint32_t> order_;
    std::vector<std::uint32_t> groups_;  ///< Where each begins in `order_`, and the end.
};

}  // namespace

std::unique_ptr<const RowEnds> correlated_ends(const CorrelatedDegrees& rule,
                                               const RowEndsArguments& arguments) {
    return std::make_unique<CorrelatedEnds>(rule, arguments);
}

}  // namespace heddle
