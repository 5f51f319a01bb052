#include "train/projection.hpp"

#include <cmath>

#include "heddle/core/error.hpp"
#include "heddle/linalg/solve.hpp"
#include "linalg/symmetric_eigen.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

constexpr double negligible = 1e-10;  // A singular value over the largest that counts as 0.

double trained_norm(const ParameterBlock& block, const ConstArrayMap& array) {
    double sum = 0.0;
    for (const Index entry : block.entries) sum += array.data()[entry] * array.data()[entry];
    return std::sqrt(sum);
}

void clip_signs(const ParameterBlock& block, ArrayMap& array) {
    for (const Index entry : block.entries) {
        const double sign = block.constraint->signs[entry / array.rows()];
        double& value = array.data()[entry];
        if (sign * value < 0.0) value = 0.0;
    }
}

void scale_norm(const ParameterBlock& block, ArrayMap& array) {
    const double norm =
        trained_norm(block, ConstArrayMap(array.data(), array.rows(), array.cols()));
    if (norm <= block.constraint->norm) return;
    const double factor = block.constraint->norm / norm;
    for (const Index entry : block.entries) array.data()[entry] *= factor;
}

/// array − origin, or what is there if there is no origin.
Matrix change(const Constraint& constraint, const ConstArrayMap& array) {
    Matrix difference = array;
    if (constraint.origin.size() > 0) difference -= constraint.origin;
    return difference;
}

/// Q Qᵀ A with the leading left singular vectors Q, as eigenvectors of A Aᵀ.
void truncate_rank(const Constraint& constraint, ArrayMap& array) {
    const Matrix a = change(constraint, ConstArrayMap(array.data(), array.rows(), array.cols()));
    if (constraint.rank >= std::min(a.rows(), a.cols())) return;
    Matrix gram = a * a.transpose();
    static_cast<void>(symmetric_eigen(gram, "weights"));
    const auto leading = gram.rightCols(constraint.rank);
    const Matrix inner = leading.transpose() * a;
    array.noalias() = leading * inner;
    if (constraint.origin.size() > 0) array += constraint.origin;
}

void check_signs(const ParameterBlock& block, const ConstArrayMap& array, const std::string& name) {
    for (const Index entry : block.entries) {
        const Index column = entry / array.rows();
        const double sign = block.constraint->signs[column], value = array.data()[entry];
        if (sign * value >= 0.0) continue;
        throw DomainError(name + ": found " + number_text(value) + " in column " +
                          std::to_string(column) + ", whose sign is " + number_text(sign) +
                          "; start from |" + name + "| with each column times its sign");
    }
}

void check_norm(const ParameterBlock& block, const ConstArrayMap& array, const std::string& name) {
    const double norm = trained_norm(block, array), most = block.constraint->norm;
    if (norm <= most * (1.0 + 1e-12)) return;
    throw DomainError(name + ": its trained entries have norm " + number_text(norm) +
                      ", which the constraint limits to " + number_text(most) +
                      "; start from smaller values, or allow a norm of " + number_text(norm));
}

void check_rank(const Constraint& constraint, const ConstArrayMap& array, const std::string& name) {
    if (constraint.rank >= std::min(array.rows(), array.cols())) return;
    const Vector sigma = singular_values(change(constraint, array));
    if (sigma[constraint.rank] <= negligible * sigma[0]) return;
    throw DomainError(
        name + ": singular value " + std::to_string(constraint.rank + 1) + " is " +
        number_text(sigma[constraint.rank]) + ", of rank " + std::to_string(constraint.rank) +
        " it were 0; give the start as the constraint's origin to limit the rank of its change");
}

}  // namespace

void project(const ParameterBlocks& blocks, TrainableNetwork& network) {
    for (const ParameterBlock& block : blocks.blocks()) {
        if (block.constraint == nullptr) continue;
        ArrayMap array = array_of(network, block.parameter);
        if (block.constraint->signs.size() > 0) clip_signs(block, array);
        if (block.constraint->norm > 0.0) scale_norm(block, array);
        if (block.constraint->rank > 0) truncate_rank(*block.constraint, array);
    }
}

void check_satisfied(const ParameterBlock& block, const TrainableNetwork& network) {
    const ConstArrayMap array = array_of(network, block.parameter);
    const std::string name = parameter_name(block.parameter);
    if (block.constraint->signs.size() > 0) check_signs(block, array, name);
    if (block.constraint->norm > 0.0) check_norm(block, array, name);
    if (block.constraint->rank > 0) check_rank(*block.constraint, array, name);
}

}  // namespace heddle
