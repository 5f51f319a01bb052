#pragma once

#include <string>
#include <vector>

#include "equations/identifiers.hpp"
#include "equations/straight_line.hpp"
#include "equations/system.hpp"

namespace heddle {

/// Equations as code needs them: definitions stay, and delayed values are symbols `past(k)`.
struct CodeModel {
    explicit CodeModel(const RateEquations& equations);

    const RateEquations& equations;
    std::vector<WrittenOut::Delayed> delayed;
    std::vector<Assignment> definitions;
    std::vector<Assignment> changes;  ///< `change_name` of each state.
    std::vector<Assignment> slopes;   ///< `change_name` of definitions that delayed values need.

    /// Names of definitions; of the changes of states; of what delayed values are now, and of how
    /// fast these change.
    [[nodiscard]] std::vector<std::string> definition_names() const;
    [[nodiscard]] std::vector<std::string> change_names() const;
    [[nodiscard]] std::vector<std::string> delayed_names() const;
    [[nodiscard]] std::vector<std::string> delayed_changes() const;

    /// Identifiers for all of them.
    void name(Identifiers& names) const;
};

/// The change of a state or definition per ms.
[[nodiscard]] std::string change_name(const std::string& name);

}  // namespace heddle
