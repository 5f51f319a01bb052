#include "heddle/motif/motif.hpp"

#include <array>
#include <cmath>
#include <utility>

#include "heddle/core/error.hpp"

namespace heddle {
namespace {

std::string default_channel(std::size_t index) {
    constexpr std::array<const char*, 3> first = {"x", "y", "z"};
    return index < first.size() ? first.at(index) : 'c' + std::to_string(index);
}

}  // namespace

double duration(const Motif& motif) {
    return static_cast<double>(motif.values.rows() - 1) * motif.dt;
}

void validate(const Motif& motif) {
    const std::string who = "motif '" + motif.name + "'";
    if (motif.name.empty())
        throw DomainError("motif: found an empty name, expected one that sequences can use");
    if (motif.values.rows() < 2)
        throw ShapeError(who, "at least two samples", std::to_string(motif.values.rows()));
    if (motif.values.cols() < 1) throw ShapeError(who, "at least one channel", "none");
    if (!motif.values.allFinite())
        throw DomainError(who +
                          ": found NaN or infinity among its values, expected finite numbers");
    if (!(motif.dt > 0.0) || !std::isfinite(motif.dt))
        throw DomainError(who + ": found dt = " + std::to_string(motif.dt) +
                          " s, expected a positive time");
    if (static_cast<Index>(motif.channels.size()) != motif.values.cols())
        throw ShapeError(who + ", channels", std::to_string(motif.values.cols()) + " names",
                         std::to_string(motif.channels.size()));
}

Motif make_motif(std::string name, Matrix values, double dt, std::vector<std::string> channels) {
    if (channels.empty())
        for (Index c = 0; c < values.cols(); ++c)
            channels.push_back(default_channel(static_cast<std::size_t>(c)));
    Motif motif{std::move(name), std::move(values), dt, std::move(channels)};
    validate(motif);
    return motif;
}

double normalised_error(const MatrixView& output, const MatrixView& target) {
    if (output.rows() != target.rows() || output.cols() != target.cols())
        throw ShapeError("output", shape_text(target.rows(), target.cols()),
                         shape_text(output.rows(), output.cols()));
    const double power = target.squaredNorm();
    const double movement = (target.rowwise() - target.colwise().mean()).squaredNorm();
    const double unit = movement > 1e-24 * power ? movement : power > 0.0 ? power : 1.0;
    return (output - target).squaredNorm() / unit;
}

}  // namespace heddle
