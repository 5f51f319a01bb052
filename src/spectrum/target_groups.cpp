#include "spectrum/target_groups.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <tuple>

#include "heddle/core/error.hpp"
#include "spectrum/equal_runs.hpp"

namespace heddle {
namespace {

void check(const ComplexVectorView& targets, Index loops, const Bulk& bulk) {
    if (loops < 1)
        throw DomainError("loops: found " + std::to_string(loops) + ", expected at least 1");
    if (!(bulk.radius > 0.0) || !std::isfinite(bulk.radius) || !std::isfinite(bulk.centre)) {
        std::ostringstream found;
        found << "bulk: found radius " << bulk.radius << " and centre " << bulk.centre
              << ", expected finite numbers and a positive radius";
        throw DomainError(found.str());
    }
    for (Index i = 0; i < targets.size(); ++i) {
        if (!std::isfinite(targets(i).real()) || !std::isfinite(targets(i).imag()))
            throw DomainError("targets: number " + std::to_string(i) +
                              " is not finite, expected finite eigenvalues");
        if (partner(targets, i) < 0)
            throw DomainError("targets: found " + text_of(targets(i)) + " without its conjugate " +
                              text_of(std::conj(targets(i))) + ", which a real network needs");
    }
}

}  // namespace

Index partner(const ComplexVectorView& targets, Index i) {
    if (targets(i).imag() == 0.0) return i;
    for (Index j = 0; j < targets.size(); ++j)
        if (are_equal(std::conj(targets(i)), targets(j))) return j;
    return -1;
}

std::vector<TargetGroup> deal_targets(const ComplexVectorView& targets, Index loops,
                                      const Bulk& bulk) {
    check(targets, loops, bulk);
    TargetGroup upper;
    for (Index i = 0; i < targets.size(); ++i)
        if (targets(i).imag() >= 0.0)
            upper.push_back({(targets(i) - bulk.centre) / bulk.radius, i});
    std::sort(upper.begin(), upper.end(), [](const GroupTarget& a, const GroupTarget& b) {
        return std::make_tuple(a.value.imag(), a.value.real()) <
               std::make_tuple(b.value.imag(), b.value.real());
    });
    std::vector<TargetGroup> groups(static_cast<std::size_t>(loops));
    for (std::size_t i = 0; i < upper.size(); ++i) groups[i % groups.size()].push_back(upper[i]);
    return groups;
}

ComplexVector members(const TargetGroup& group) {
    std::vector<Complex> all;
    for (const GroupTarget& target : group) {
        all.push_back(target.value);
        if (target.value.imag() > 0.0) all.push_back(std::conj(target.value));
    }
    return Eigen::Map<ComplexVector>(all.data(), static_cast<Index>(all.size()));
}

}  // namespace heddle
