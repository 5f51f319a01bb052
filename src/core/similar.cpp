#include "heddle/core/similar.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace heddle {
namespace {

/// Levenshtein distance.
std::size_t edits(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, change}));
        }
    }
    return row.back();
}

std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t most = 30;
    std::string text;
    for (std::size_t i = 0; i < std::min(most, names.size()); ++i)
        text += (i > 0 ? ", " : "") + names[i];
    return names.size() > most ? text + ", …" : text;
}

}  // namespace

std::string did_you_mean(const std::string& name, const std::vector<std::string>& known) {
    if (known.empty()) return "; there are none";
    const auto nearer = [&](const std::string& a, const std::string& b) {
        return edits(name, a) < edits(name, b);
    };
    const std::string& nearest = *std::min_element(known.begin(), known.end(), nearer);
    if (edits(name, nearest) * 2 < name.size()) return "; did you mean '" + nearest + "'?";
    return "; it has " + listed(known);
}

}  // namespace heddle
