#pragma once

#include <string>
#include <vector>

#include "heddle/train/gradient.hpp"
#include "heddle/train/parameters.hpp"

namespace heddle {

using ArrayMap = Eigen::Map<Matrix>;
using ConstArrayMap = Eigen::Map<const Matrix>;

/// Arrays of a network that can be trained.
enum class ParameterKind { weights, bias, input, readout, initial, gains, loop_u, loop_v };

struct Parameter {
    ParameterKind kind;
    std::size_t loop = 0;  ///< Of loop_u and loop_v.
};

/// Every array of a network that is not empty.
[[nodiscard]] std::vector<Parameter> parameters_of(const TrainableNetwork& network);
[[nodiscard]] std::string parameter_name(const Parameter& parameter);
/// Is the parameter asked for by `asked`: its own name, or that of all it belongs to?
[[nodiscard]] bool belongs(const Parameter& parameter, const std::string& asked);

[[nodiscard]] ArrayMap array_of(TrainableNetwork& network, const Parameter& parameter);
[[nodiscard]] ConstArrayMap array_of(const TrainableNetwork& network, const Parameter& parameter);

/// A trained parameter; its entries in the order of memory.
struct ParameterBlock {
    Parameter parameter;
    std::vector<Index> entries;              ///< Those that are trained.
    const Constraint* constraint = nullptr;  ///< Or none; belongs to the TrainedParameters.
};

/// The trained entries of a network as one vector θ, and what gives it its gradient.
class ParameterBlocks final {
  public:
    /// Both are valid, and `trained` outlives the blocks.
    ParameterBlocks(const TrainableNetwork& network, const TrainedParameters& trained);

    [[nodiscard]] Index size() const { return size_; }
    [[nodiscard]] const std::vector<ParameterBlock>& blocks() const { return blocks_; }
    /// The parts of the gradient that are needed.
    [[nodiscard]] TrainedParts parts(Index window) const;

    void gather(const TrainableNetwork& network, Vector& theta) const;
    void scatter(const Vector& theta, TrainableNetwork& network) const;
    void gather(const TrainingGradient& gradient, Vector& slope) const;
    /// Least and largest θ that signs allow.
    void bounds(const TrainableNetwork& network, Vector& lower, Vector& upper) const;

  private:
    std::vector<ParameterBlock> blocks_;
    std::vector<Index> loops_;  ///< Which have a trained array, ascending.
    Index size_ = 0;
};

}  // namespace heddle
