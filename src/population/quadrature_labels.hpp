#pragma once

#include <string>
#include <vector>

#include "heddle/population/quadrature_populations.hpp"

namespace heddle {

/// What the neurons of a population differ in.
struct QuadratureLabel {
    enum class Kind { parameter, projection, input };

    Kind kind;
    std::string parameter;     ///< Its name, …
    std::size_t position = 0;  ///< … or the position of the projection or input.
    Vector value;              ///< At each node: the parameter, the sum of weights, the factor of
                               ///< the input's first row.
    Vector weight;             ///< Their sum is 1.
};

[[nodiscard]] std::vector<QuadratureLabel> labels_of(const Circuit& circuit, std::size_t population,
                                                     const QuadratureOptions& options);

/// The mean over neurons of the sum of their synapses of a projection, in the synapse's unit.
[[nodiscard]] double mean_in_weight(const Circuit& circuit, std::size_t projection,
                                    const QuadratureOptions& options);

/// "quenched V_T_star", "synapses from 'E'", "currents of their own".
[[nodiscard]] std::string name_of(const Circuit& circuit, const QuadratureLabel& label);

/// \throws DomainError for what cannot be split. \param split  which populations are.
void check_split(const Circuit& circuit, const std::vector<bool>& split);

/// \throws DomainError naming the option.
void check_options(const QuadratureOptions& options);

}  // namespace heddle
