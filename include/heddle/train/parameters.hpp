#pragma once

#include <string>
#include <vector>

#include "heddle/train/task.hpp"

namespace heddle {

/// What a parameter satisfies before and after every step of training.
struct Constraint {
    std::string parameter;  ///< One array: "weights", "loops[0].u", …; see parameter_names.
    Matrix trained;     ///< Of its shape; 1 where an entry is trained, 0 where it keeps its value
                        ///< (frozen blocks; zeros of sparse weights). Empty: all are trained.
    Vector signs;       ///< Of each column, 1 (entries ≥ 0), −1 (≤ 0) or 0 (either): Dale's law
                        ///< where the parameter is "weights". Empty: either.
    double norm = 0.0;  ///< Largest Frobenius norm of the trained entries; 0: any.
    Index rank = 0;     ///< Largest rank of the parameter less `origin`; 0: any.
    Matrix origin;      ///< Of the parameter's shape; empty: 0.
};

/// Which parameters are trained, and under which constraints.
struct TrainedParameters {
    /// "weights", "bias", "input", "readout", "initial", "gains", "loops" (all of them), "loops[1]"
    /// or "loops[1].u".
    std::vector<std::string> of;
    std::vector<Constraint> constraints;  ///< At most one a parameter.
};

/// The arrays that can be trained, by name: those of `network` that are not empty, in the order in
/// which they are kept.
[[nodiscard]] std::vector<std::string> parameter_names(const TrainableNetwork& network);

/// \throws DomainError  for names that are not there or constrain what is not trained; signs that
///         are none of 1, −1, 0; rank beside signs or frozen entries (loops of that rank have no
///         such limit); and for parameters that do not satisfy their constraint at the start, with
///         what would. \throws ShapeError for masks, signs and origins of other shapes.
void validate(const TrainedParameters& trained, const TrainableNetwork& network);

}  // namespace heddle
