#include "train/parameter_blocks.hpp"

#include <algorithm>
#include <limits>

namespace heddle {
namespace {

using Kind = ParameterKind;

/// The array of a network, or of the gradient in its parameters: both have the same members.
template <typename Loop, typename Network>
auto* matrix_of(Network& network, Kind kind, const Loop& loop) {
    switch (kind) {
        case Kind::input:
            return &network.input;
        case Kind::initial:
            return &network.initial;
        case Kind::gains:
            return &network.gains;
        default:
            return loop(kind == Kind::loop_u);
    }
}

template <typename Network, typename Map>
Map map_of(Network& network, const Parameter& parameter) {
    const auto mapped = [](auto& array) { return Map(array.data(), array.rows(), array.cols()); };
    switch (parameter.kind) {
        case Kind::weights:
            return mapped(std::get<Matrix>(network.network.weights));
        case Kind::bias:
            return mapped(network.network.bias);
        case Kind::readout:
            return mapped(network.network.readout);
        default:
            return mapped(*matrix_of(network, parameter.kind, [&](bool u) {
                auto& loops = network.loops[parameter.loop];
                return u ? &loops.u : &loops.v;
            }));
    }
}

/// `at` is the place of the parameter's loop among those of the gradient.
const double* data_of(const TrainingGradient& gradient, Kind kind, std::size_t at) {
    switch (kind) {
        case Kind::weights:
            return gradient.weights.data();
        case Kind::bias:
            return gradient.bias.data();
        case Kind::readout:
            return gradient.readout.data();
        default:
            return matrix_of(gradient, kind,
                             [&](bool u) { return u ? &gradient.u[at] : &gradient.v[at]; })
                ->data();
    }
}

bool is_loop(Kind kind) {
    return kind == Kind::loop_u || kind == Kind::loop_v;
}

std::vector<Index> trained_entries(Index size, const Constraint* constraint) {
    std::vector<Index> entries;
    const bool masked = constraint != nullptr && constraint->trained.size() > 0;
    for (Index i = 0; i < size; ++i)
        if (!masked || constraint->trained.data()[i] != 0.0) entries.push_back(i);
    return entries;
}

const Constraint* constraint_of(const std::string& name, const TrainedParameters& trained) {
    for (const Constraint& constraint : trained.constraints)
        if (constraint.parameter == name) return &constraint;
    return nullptr;
}

}  // namespace

std::vector<Parameter> parameters_of(const TrainableNetwork& network) {
    std::vector<Parameter> found;
    const auto add = [&](Kind kind, bool there) {
        if (there) found.push_back({kind});
    };
    add(Kind::weights, std::holds_alternative<Matrix>(network.network.weights));
    add(Kind::bias, true);
    add(Kind::input, network.input.size() > 0);
    add(Kind::readout, network.network.readout.size() > 0);
    add(Kind::initial, network.initial.size() > 0);
    add(Kind::gains, network.gains.size() > 0);
    for (std::size_t l = 0; l < network.loops.size(); ++l) {
        found.push_back({Kind::loop_u, l});
        found.push_back({Kind::loop_v, l});
    }
    return found;
}

std::string parameter_name(const Parameter& parameter) {
    const std::string loop = "loops[" + std::to_string(parameter.loop) + "]";
    switch (parameter.kind) {
        case Kind::weights:
            return "weights";
        case Kind::bias:
            return "bias";
        case Kind::input:
            return "input";
        case Kind::readout:
            return "readout";
        case Kind::initial:
            return "initial";
        case Kind::gains:
            return "gains";
        case Kind::loop_u:
            return loop + ".u";
        default:
            return loop + ".v";
    }
}

bool belongs(const Parameter& parameter, const std::string& asked) {
    const std::string name = parameter_name(parameter);
    if (asked == name) return true;
    return is_loop(parameter.kind) &&
           (asked == "loops" || asked + name.substr(name.size() - 2) == name);
}

ArrayMap array_of(TrainableNetwork& network, const Parameter& parameter) {
    return map_of<TrainableNetwork, ArrayMap>(network, parameter);
}

ConstArrayMap array_of(const TrainableNetwork& network, const Parameter& parameter) {
    return map_of<const TrainableNetwork, ConstArrayMap>(network, parameter);
}

ParameterBlocks::ParameterBlocks(const TrainableNetwork& network,
                                 const TrainedParameters& trained) {
    for (const Parameter& parameter : parameters_of(network)) {
        const auto asked = [&](const std::string& name) { return belongs(parameter, name); };
        if (std::ranges::none_of(trained.of, asked)) continue;
        const Constraint* constraint = constraint_of(parameter_name(parameter), trained);
        blocks_.push_back({parameter,
                           trained_entries(array_of(network, parameter).size(), constraint),
                           constraint});
        size_ += static_cast<Index>(blocks_.back().entries.size());
        const auto loop = static_cast<Index>(parameter.loop);
        if (is_loop(parameter.kind) && (loops_.empty() || loops_.back() != loop))
            loops_.push_back(loop);
    }
}

TrainedParts ParameterBlocks::parts(Index window) const {
    const auto has = [&](Kind kind) {
        return std::ranges::any_of(
            blocks_, [kind](const ParameterBlock& block) { return block.parameter.kind == kind; });
    };
    return {.weights = has(Kind::weights),
            .loops = loops_,
            .bias = has(Kind::bias),
            .input = has(Kind::input),
            .readout = has(Kind::readout),
            .initial = has(Kind::initial),
            .gains = has(Kind::gains),
            .window = window};
}

void ParameterBlocks::gather(const TrainableNetwork& network, Vector& theta) const {
    theta.resize(size_);
    Index at = 0;
    for (const ParameterBlock& block : blocks_) {
        const ConstArrayMap array = array_of(network, block.parameter);
        for (const Index entry : block.entries) theta[at++] = array.data()[entry];
    }
}

void ParameterBlocks::scatter(const Vector& theta, TrainableNetwork& network) const {
    Index at = 0;
    for (const ParameterBlock& block : blocks_) {
        ArrayMap array = array_of(network, block.parameter);
        for (const Index entry : block.entries) array.data()[entry] = theta[at++];
    }
}

void ParameterBlocks::gather(const TrainingGradient& gradient, Vector& slope) const {
    slope.resize(size_);
    Index at = 0;
    for (const ParameterBlock& block : blocks_) {
        const auto loop = std::ranges::find(loops_, static_cast<Index>(block.parameter.loop));
        const double* array = data_of(gradient, block.parameter.kind,
                                      static_cast<std::size_t>(loop - loops_.begin()));
        for (const Index entry : block.entries) slope[at++] = array[entry];
    }
}

void ParameterBlocks::bounds(const TrainableNetwork& network, Vector& lower, Vector& upper) const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    lower = Vector::Constant(size_, -infinity);
    upper = Vector::Constant(size_, infinity);
    Index at = 0;
    for (const ParameterBlock& block : blocks_) {
        const bool signs = block.constraint != nullptr && block.constraint->signs.size() > 0;
        const Index rows = array_of(network, block.parameter).rows();
        for (const Index entry : block.entries) {
            const double sign = signs ? block.constraint->signs[entry / rows] : 0.0;
            if (sign > 0.0) lower[at] = 0.0;
            if (sign < 0.0) upper[at] = 0.0;
            ++at;
        }
    }
}

}  // namespace heddle
