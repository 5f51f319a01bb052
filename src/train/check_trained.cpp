#include <algorithm>
#include <cmath>
#include <string>

#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "network/checks.hpp"
#include "train/projection.hpp"

namespace heddle {
namespace {

std::vector<std::string> names_and_groups(const TrainableNetwork& network) {
    std::vector<std::string> names = parameter_names(network);
    if (network.loops.empty()) return names;
    names.emplace_back("loops");
    for (std::size_t l = 0; l < network.loops.size(); ++l)
        names.push_back("loops[" + std::to_string(l) + "]");
    return names;
}

void check_asked(const TrainedParameters& trained, const TrainableNetwork& network) {
    if (trained.of.empty())
        throw DomainError("of: found nothing to train, expected names such as \"weights\"");
    const std::vector<std::string> known = names_and_groups(network);
    for (const std::string& name : trained.of)
        if (std::ranges::count(known, name) == 0)
            throw DomainError("of: found '" + name + "', which this network has not" +
                              did_you_mean(name, known));
}

void require_like(const Matrix& array, const ConstArrayMap& parameter, const std::string& name) {
    if (array.size() == 0) return;
    if (array.rows() != parameter.rows() || array.cols() != parameter.cols())
        throw ShapeError(name, shape_text(parameter.rows(), parameter.cols()),
                         shape_text(array.rows(), array.cols()));
    check_finite(array, name.c_str());
}

void check_signs_of(const Constraint& constraint, Index columns, const std::string& name) {
    const Vector& signs = constraint.signs;
    if (signs.size() == 0) return;
    if (signs.size() != columns)
        throw ShapeError(name, std::to_string(columns) + " numbers, one a column",
                         std::to_string(signs.size()));
    for (const double sign : signs)
        if (sign != 1.0 && sign != -1.0 && sign != 0.0)
            throw DomainError(name + ": found " + number_text(sign) + ", expected 1, -1 or 0");
}

void check_numbers(const Constraint& constraint, const std::string& name) {
    if (!(constraint.norm >= 0.0) || !std::isfinite(constraint.norm))
        throw DomainError(name + ".norm: found " + number_text(constraint.norm) +
                          ", expected a finite number above 0, or 0 for any norm");
    if (constraint.rank < 0)
        throw DomainError(name + ".rank: found " + std::to_string(constraint.rank) +
                          ", expected at least 1, or 0 for any rank");
    if (constraint.rank == 0) return;
    if (constraint.signs.size() > 0 || constraint.trained.size() > 0 || constraint.norm > 0.0)
        throw DomainError(name + ".rank: found it beside " +
                          (constraint.signs.size() > 0     ? "signs"
                           : constraint.trained.size() > 0 ? "frozen entries"
                                                           : "a norm") +
                          ", expected a rank alone; train a loop of this rank, and constrain the "
                          "weights, to have both");
}

void check_constraint(const Constraint& constraint, const TrainedParameters& trained,
                      const TrainableNetwork& network) {
    const std::string name = "constraint on " + constraint.parameter;
    const std::vector<Parameter> known = parameters_of(network);
    const auto parameter = std::ranges::find(known, constraint.parameter, parameter_name);
    if (parameter == known.end())
        throw DomainError("constraints: found '" + constraint.parameter +
                          "', which is no array of this network" +
                          did_you_mean(constraint.parameter, parameter_names(network)));
    const auto asked = [&](const std::string& of) { return belongs(*parameter, of); };
    if (std::ranges::none_of(trained.of, asked))
        throw DomainError("constraints: found " + constraint.parameter +
                          ", which is not trained; name it in `of`, or leave the constraint out");
    const ConstArrayMap array = array_of(network, *parameter);
    require_like(constraint.trained, array, name + ".trained");
    require_like(constraint.origin, array, name + ".origin");
    check_signs_of(constraint, array.cols(), name + ".signs");
    check_numbers(constraint, name);
}

void check_once(const std::vector<Constraint>& constraints) {
    for (std::size_t i = 0; i < constraints.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (constraints[i].parameter == constraints[j].parameter)
                throw DomainError("constraints: found two on " + constraints[i].parameter +
                                  ", expected one that has all of it");
}

}  // namespace

std::vector<std::string> parameter_names(const TrainableNetwork& network) {
    std::vector<std::string> names;
    for (const Parameter& parameter : parameters_of(network))
        names.push_back(parameter_name(parameter));
    return names;
}

void validate(const TrainedParameters& trained, const TrainableNetwork& network) {
    check_asked(trained, network);
    check_once(trained.constraints);
    for (const Constraint& constraint : trained.constraints)
        check_constraint(constraint, trained, network);
    const ParameterBlocks blocks(network, trained);
    if (blocks.size() == 0)
        throw DomainError("constraints: they leave no entry to train, expected one that is not 0");
    for (const ParameterBlock& block : blocks.blocks())
        if (block.constraint != nullptr) check_satisfied(block, network);
}

}  // namespace heddle
