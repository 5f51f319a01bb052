#include "spiking/row_ends.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/binomial.hpp"
#include "spiking/distinct.hpp"
#include "spiking/given_edges.hpp"

namespace heddle {
namespace {

using Arguments = RowEndsArguments;

/// From how many neurons an end is chosen.
std::uint32_t choices(std::uint32_t neurons, const Arguments& arguments) {
    return neurons - (arguments.exclude_self ? 1 : 0);
}

class OneToOneEnds final : public RowEnds {
  public:
    explicit OneToOneEnds(const Arguments& arguments) : exclude_self_(arguments.exclude_self) {}

    void draw(std::uint32_t row, RowStream&, EndsDraw& out) const override {
        out.ends.clear();
        if (!exclude_self_) out.ends.push_back(row);
    }

  private:
    bool exclude_self_;
};

class AllToAllEnds final : public RowEnds {
  public:
    explicit AllToAllEnds(const Arguments& arguments) : arguments_(arguments) {}

    void draw(std::uint32_t row, RowStream&, EndsDraw& out) const override {
        out.ends.resize(choices(arguments_.targets, arguments_));
        std::iota(out.ends.begin(), out.ends.end(), 0u);
        if (arguments_.exclude_self) skip_self(row, out.ends);
    }

  private:
    Arguments arguments_;
};

class BernoulliEnds final : public RowEnds {
  public:
    BernoulliEnds(const Bernoulli& rule, const Arguments& arguments)
        : p_(rule.p), arguments_(arguments) {}

    // Given their number, all sets of targets are equally likely.
    void draw(std::uint32_t row, RowStream& stream, EndsDraw& out) const override {
        const std::uint32_t range = choices(arguments_.targets, arguments_);
        const auto count = static_cast<std::uint32_t>(draw_binomial(stream, range, p_));
        out.ends.clear();
        draw_distinct(stream, count, range, out);
        if (arguments_.exclude_self) skip_self(row, out.ends);
    }

  private:
    double p_;
    Arguments arguments_;
};

void draw_any(RowStream& stream, std::uint32_t count, std::uint32_t range, EndsDraw& out) {
    out.ends.resize(count);
    stream.fill(out.ends);
    for (std::uint32_t& end : out.ends) end = stream.below(range, end);
}

class FixedDegreeEnds final : public RowEnds {
  public:
    FixedDegreeEnds(const Distribution& degree, bool multapses, bool by_target,
                    const Arguments& arguments)
        : range_(choices(by_target ? arguments.sources : arguments.targets, arguments)),
          degree_(degree),
          multapses_(multapses),
          exclude_self_(arguments.exclude_self) {}

    void draw(std::uint32_t row, RowStream& stream, EndsDraw& out) const override {
        const double drawn = quantile(degree_, stream.uniform());
        const auto count = static_cast<std::uint32_t>(std::min(std::round(drawn), 4.0e9));
        out.ends.clear();
        if (multapses_)
            draw_any(stream, count, range_, out);
        else
            draw_distinct(stream, std::min(count, range_), range_, out);
        if (exclude_self_) skip_self(row, out.ends);
    }

  private:
    std::uint32_t range_;
    Distribution degree_;
    bool multapses_;
    bool exclude_self_;
};

/// How many of `total` each of `rows` equally likely rows gets: binomials given those before.
std::vector<std::uint32_t> multinomial(std::int64_t total, std::uint32_t rows,
                                       const Arguments& arguments) {
    std::vector<std::uint32_t> counts(rows);
    for (std::uint32_t row = 0; row < rows; ++row) {
        RowStream stream(arguments.key, row, Draw::synapse_totals);
        const std::int64_t count = draw_binomial(stream, total, 1.0 / (rows - row));
        counts[row] = static_cast<std::uint32_t>(count);
        total -= count;
    }
    return counts;
}

class FixedTotalEnds final : public RowEnds {
  public:
    FixedTotalEnds(const FixedTotal& rule, const Arguments& arguments)
        : counts_(multinomial(rule.synapses, arguments.sources, arguments)),
          range_(choices(arguments.targets, arguments)),
          exclude_self_(arguments.exclude_self) {}

    void draw(std::uint32_t row, RowStream& stream, EndsDraw& out) const override {
        draw_any(stream, counts_[row], range_, out);
        if (exclude_self_) skip_self(row, out.ends);
    }

  private:
    std::vector<std::uint32_t> counts_;
    std::uint32_t range_;
    bool exclude_self_;
};

}  // namespace

std::unique_ptr<const RowEnds> row_ends(const Rule& rule, const Arguments& arguments) {
    const auto of = [&](const auto& given) -> std::unique_ptr<const RowEnds> {
        using Given = std::decay_t<decltype(given)>;
        if constexpr (std::is_same_v<Given, OneToOne>)
            return std::make_unique<OneToOneEnds>(arguments);
        else if constexpr (std::is_same_v<Given, AllToAll>)
            return std::make_unique<AllToAllEnds>(arguments);
        else if constexpr (std::is_same_v<Given, Bernoulli>)
            return std::make_unique<BernoulliEnds>(given, arguments);
        else if constexpr (std::is_same_v<Given, FixedIndegree>)
            return std::make_unique<FixedDegreeEnds>(given.indegree, given.multapses, true,
                                                     arguments);
        else if constexpr (std::is_same_v<Given, FixedOutdegree>)
            return std::make_unique<FixedDegreeEnds>(given.outdegree, given.multapses, false,
                                                     arguments);
        else if constexpr (std::is_same_v<Given, FixedTotal>)
            return std::make_unique<FixedTotalEnds>(given, arguments);
        else if constexpr (std::is_same_v<Given, CorrelatedDegrees>)
            return correlated_ends(given, arguments);
        else
            return std::make_unique<GivenEdges>(given, arguments.sources);
    };
    return std::visit(of, rule);
}

}  // namespace heddle
