#include "heddle/equations/code.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "equations/code_languages.hpp"
#include "equations/integrate.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

constexpr std::array<std::pair<const char*, CodeLanguage>, 6> languages{
    {{"numpy", CodeLanguage::numpy},
     {"cpp", CodeLanguage::cpp},
     {"julia", CodeLanguage::julia},
     {"auto", CodeLanguage::auto07},
     {"xpp", CodeLanguage::xpp},
     {"pyrates", CodeLanguage::pyrates}}};

void check_options(const RateEquations& equations, const CodeOptions& options) {
    check_positive(options.duration, "duration");
    check_positive(options.step, "step");
    if (!std::isfinite(options.time))
        throw DomainError("time is " + number_text(options.time) + "; it must be finite");
    if (identifier_like(options.name) != options.name)
        throw DomainError("name is '" + options.name +
                          "'; it is part of names in code: letters, digits and single _, a letter "
                          "first");
    check_state(equations, options.state, "state");
    check_delays_of(equations, options.step);
}

void refuse_delays(const CodeModel& model, const char* who, const char* reason) {
    if (!model.delayed.empty())
        throw DomainError("'" + model.delayed[0].name + "' is delayed, and " + who + " " + reason +
                          "; write without_delays(equations, stages) instead");
}

}  // namespace

CodeLanguage code_language(const std::string& name) {
    std::vector<std::string> known;
    for (const auto& [text, language] : languages) {
        if (name == text) return language;
        known.emplace_back(text);
    }
    throw DomainError("language is '" + name + "'" + did_you_mean(name, known));
}

std::vector<CodeFile> equation_files(const RateEquations& equations, CodeLanguage language,
                                     const CodeOptions& options) {
    validate(equations);
    check_options(equations, options);
    const CodeModel model(equations);
    switch (language) {
        case CodeLanguage::numpy:
            return numpy_files(model, options);
        case CodeLanguage::cpp:
            return cpp_files(model, options);
        case CodeLanguage::julia:
            return julia_files(model, options);
        case CodeLanguage::auto07:
            refuse_delays(model, "AUTO", "follows ordinary differential equations only");
            return auto_files(model, options);
        case CodeLanguage::xpp:
            return xpp_files(model, options);
        default:
            refuse_delays(model, "the PyRates template", "holds no delays");
            return pyrates_files(model, options);
    }
}

std::string equation_code(const RateEquations& equations, CodeLanguage language,
                          const CodeOptions& options) {
    return equation_files(equations, language, options).front().text;
}

}  // namespace heddle
