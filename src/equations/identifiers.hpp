#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace heddle {

/// Names as a language allows them, each its own.
class Identifiers final {
  public:
    struct Rules {
        std::vector<std::string> reserved;  ///< Words of the language, and of what is written.
        bool case_matters = true;
        std::size_t longest = 63;
        std::vector<std::string> parts;  ///< "_idx": that no name may hold; they lose their _.
    };

    explicit Identifiers(const Rules& rules);

    /// Gives `name` an identifier that resembles `like`. \return it.
    const std::string& add(const std::string& name, const std::string& like);
    const std::string& add(const std::string& name) { return add(name, name); }

    /// Writes `name` as it is told: "f(1)".
    void set(const std::string& name, const std::string& text) { known_[name] = text; }

    [[nodiscard]] bool knows(const std::string& name) const { return known_.contains(name); }
    /// That of a name which has one.
    [[nodiscard]] const std::string& of(const std::string& name) const { return known_.at(name); }

  private:
    [[nodiscard]] std::string key(std::string identifier) const;

    bool case_matters_;
    std::size_t longest_;
    std::vector<std::string> parts_;
    std::set<std::string> taken_;
    std::map<std::string, std::string> known_;
};

/// Words between spaces.
[[nodiscard]] std::vector<std::string> words_of(const std::string& text);

/// Letters, digits and single underscores between them; a letter first.
[[nodiscard]] std::string identifier_like(const std::string& name);

}  // namespace heddle
