#include "equations/identifiers.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace heddle {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

}  // namespace

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    return {std::istream_iterator<std::string>(stream), std::istream_iterator<std::string>()};
}

std::string identifier_like(const std::string& name) {
    std::string text;
    for (const char c : name) {
        if (is_letter(c) || is_digit(c))
            text += c;
        else if (!text.empty() && text.back() != '_')
            text += '_';
    }
    while (!text.empty() && text.back() == '_') text.pop_back();
    return text.empty() || !is_letter(text[0]) ? "n" + text : text;
}

Identifiers::Identifiers(const Rules& rules)
    : case_matters_(rules.case_matters), longest_(rules.longest), parts_(rules.parts) {
    for (const std::string& word : rules.reserved) taken_.insert(key(word));
}

std::string Identifiers::key(std::string identifier) const {
    return case_matters_ ? identifier : lower(std::move(identifier));
}

const std::string& Identifiers::add(const std::string& name, const std::string& like) {
    std::string base = identifier_like(like);
    for (const std::string& part : parts_)
        for (auto at = base.find(part); at != std::string::npos; at = base.find(part))
            base.erase(at, 1);
    std::string found = base.substr(0, longest_);
    for (int k = 2; !taken_.insert(key(found)).second; ++k) {
        const std::string number = "_" + std::to_string(k);
        found = base.substr(0, longest_ - number.size()) + number;
    }
    return known_[name] = found;
}

}  // namespace heddle
