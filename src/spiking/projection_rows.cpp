#include "spiking/projection_rows.hpp"

#include <algorithm>

#include "circuit/laws.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "spiking/weight_law.hpp"

namespace heddle {
namespace {

std::string name_of(const Circuit& circuit, std::size_t projection) {
    const Projection& of = circuit.projections[projection];
    return "projection '" + of.source + "' → '" + of.target + "'";
}

}  // namespace

ProjectionRows::ProjectionRows(const Circuit& circuit, std::size_t projection, double step,
                               std::uint64_t seed)
    : circuit_(circuit),
      projection_(circuit.projections[projection]),
      position_(projection),
      source_(population_index(circuit, projection_.source)),
      target_(population_index(circuit, projection_.target)),
      key_(RowStream::key(seed, projection)) {
    const auto* edges = std::get_if<Edges>(&projection_.rule);
    if (edges != nullptr && !edges->delay.empty()) {
        set_given_delays(*edges, step);
        return;
    }
    law_.emplace(projection_.delay, step, name_of(circuit, projection) + ".delay");
    delays_ = law_->steps();
}

void ProjectionRows::prepare() {
    const RowEndsArguments arguments{
        .sources = static_cast<std::uint32_t>(circuit_.populations[source_].size),
        .targets = static_cast<std::uint32_t>(circuit_.populations[target_].size),
        .within = source_ == target_,
        .exclude_self = source_ == target_ && !projection_.autapses,
        .key = key_};
    ends_ = row_ends(projection_.rule, arguments);
}

void ProjectionRows::set_given_delays(const Edges& edges, double step) {
    for (const double delay : edges.delay) delays_.push_back(delay_steps(delay, step));
    if (*std::max_element(delays_.begin(), delays_.end()) > DelayLaw::most_steps)
        throw DomainError(name_of(circuit_, position_) + ".delay: found one beyond " +
                          std::to_string(DelayLaw::most_steps) + " steps");
    const std::vector<std::uint32_t> all = delays_;
    std::sort(delays_.begin(), delays_.end());
    delays_.erase(std::unique(delays_.begin(), delays_.end()), delays_.end());
    for (const std::uint32_t steps : all) {
        const auto place = std::lower_bound(delays_.begin(), delays_.end(), steps);
        given_delays_.push_back(static_cast<std::uint16_t>(place - delays_.begin()));
    }
}

std::optional<float> ProjectionRows::common_weight() const {
    const auto* edges = std::get_if<Edges>(&projection_.rule);
    const bool given = edges != nullptr && !edges->weight.empty();
    if (given || projection_.left.size() > 0 || !is_constant(projection_.weight)) return {};
    return static_cast<float>(projection_.weight.location);
}

void ProjectionRows::draw(std::uint32_t row, bool with_weights, RowDraw& out) const {
    RowStream stream(key_, row);
    ends_->draw(row, stream, out);
    draw_delays(row, stream, out);
    if (with_weights && !common_weight())
        draw_weights(row, stream, out);
    else
        out.weights.clear();
}

void ProjectionRows::draw_delays(std::uint32_t row, RowStream& stream, RowDraw& out) const {
    out.delays.resize(out.ends.size());
    if (law_) return law_->draw(stream, out.delays);
    const std::span<const std::uint32_t> edges = static_cast<const GivenEdges&>(*ends_).of(row);
    for (std::size_t k = 0; k < edges.size(); ++k) out.delays[k] = given_delays_[edges[k]];
}

void ProjectionRows::draw_weights(std::uint32_t row, RowStream& stream, RowDraw& out) const {
    out.weights.resize(out.ends.size());
    const auto* edges = std::get_if<Edges>(&projection_.rule);
    if (edges != nullptr && !edges->weight.empty()) {
        const std::span<const std::uint32_t> of = static_cast<const GivenEdges&>(*ends_).of(row);
        for (std::size_t k = 0; k < of.size(); ++k)
            out.weights[k] = static_cast<float>(edges->weight[of[k]]);
    } else {
        heddle::draw_weights(projection_.weight, stream, out.weights);
    }
    if (projection_.left.size() > 0) add_low_rank(row, out);
}

void ProjectionRows::add_low_rank(std::uint32_t row, RowDraw& out) const {
    const Matrix& left = projection_.left;
    const Matrix& right = projection_.right;
    const auto sources = static_cast<double>(right.rows());
    for (std::size_t k = 0; k < out.ends.size(); ++k) {
        const Index target = by_target() ? row : out.ends[k];
        const Index source = by_target() ? out.ends[k] : row;
        double sum = 0.0;
        for (Index m = 0; m < left.cols(); ++m) sum += left(target, m) * right(source, m);
        out.weights[k] += static_cast<float>(sum / sources);
    }
}

}  // namespace heddle
