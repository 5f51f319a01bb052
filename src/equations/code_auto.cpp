#include <algorithm>
#include <sstream>

#include "equations/auto_text.hpp"
#include "equations/code_languages.hpp"
#include "equations/integrate.hpp"
#include "equations/program.hpp"
#include "heddle/core/error.hpp"
#include "heddle/core/similar.hpp"
#include "heddle/equations/rate_solution.hpp"

namespace heddle {
namespace {

const char* const words =
    "ndim u icp par ijac f dfdu dfdp t func stpnt bcnd icnd fopt pvls getp exp log tanh abs "
    "sqrt sign signum erfc max min ceiling atan int dble real mod normal_below softplus "
    "softplus_mean rectified_mean if then else end do call return stop function subroutine "
    "module use contains program integer double precision logical character complex parameter "
    "dimension data common save external intrinsic implicit none result intent in out select "
    "case where while goto continue write read print period";

class Fortran final : public CodeDialect {
  public:
    Fortran()
        : CodeDialect({.reserved = words_of(words), .case_matters = false},
                      {"exp", "log", "tanh", "abs", "signum", "sqrt"}) {}

    [[nodiscard]] std::string element(const std::string& array, std::size_t i) const override {
        return array + "(" + std::to_string(i + 1) + ")";
    }
    [[nodiscard]] std::string number(double positive) const override {
        std::string text = exact_digits(positive);
        const auto exponent = text.find('e');
        if (exponent == std::string::npos) return text + "d0";
        text[exponent] = 'd';
        return text;
    }
};

/// PAR(10) to PAR(15) are AUTO's own: the period and its kin.
std::size_t par_index(std::size_t k) {
    return k < 9 ? k + 1 : k + 7;
}

/// Lines of at most a hundred characters: Fortran has an end.
std::string wrapped(const std::string& text) {
    constexpr std::size_t width = 100;
    std::istringstream lines(text);
    std::string line, out;
    while (std::getline(lines, line)) {
        const bool comment = line.starts_with("!");
        while (line.size() > width) {
            const std::size_t cut = line.rfind(' ', width);
            if (cut == std::string::npos || cut < 8) break;
            out += line.substr(0, cut) + (comment ? "\n" : " &\n");
            line = (comment ? "!   " : "      ") + line.substr(cut + 1);
        }
        out += line + "\n";
    }
    return out;
}

/// The subroutine FUNC: f, then its derivatives by the chain rule through definitions.
class AutoWriter final {
  public:
    AutoWriter(const CodeModel& model, const CodeOptions& options)
        : model_(model), options_(options) {
        model.name(write_.names);
        const RateEquations& of = model.equations;
        for (std::size_t i = 0; i < of.states.size(); ++i)
            states_.emplace_back(of.states[i].name, of.states[i].initial);
        Vector inputs(static_cast<Index>(of.inputs.size()));
        mean_inputs(of, options.time, options.time, inputs.data());
        for (const EquationParameter& item : of.parameters)
            parameters_.emplace_back(item.name, item.value);
        for (std::size_t k = 0; k < of.inputs.size(); ++k)
            parameters_.emplace_back(of.inputs[k].name, inputs[static_cast<Index>(k)]);
        for (std::size_t i = 0; i < states_.size(); ++i)
            sources_[states_[i].first] = write_.element("u", i);
        for (std::size_t k = 0; k < parameters_.size(); ++k)
            sources_[parameters_[k].first] = write_.element("par", par_index(k) - 1);
        free_ = options.parameter.empty() ? (of.inputs.empty() ? 0 : of.parameters.size())
                                          : position(options.parameter);
    }

    [[nodiscard]] std::vector<CodeFile> files() {
        start();
        std::map<std::string, std::string> values{{"name", options_.name},
                                                  {"head", head()},
                                                  {"changes", changes()},
                                                  {"state_slopes", slopes(states_, "dfdu")},
                                                  {"parameter_slopes", slopes(parameters_, "dfdp")},
                                                  {"zeros", zeros()},
                                                  {"parameters", assigned(parameters_, true)},
                                                  {"state", assigned(states_, false)}};
        values["locals"] = locals();
        const std::string code =
            values["changes"] + values["state_slopes"] + values["parameter_slopes"];
        values["helpers"] = helpers_of(code, helpers);
        std::vector<std::string> called;
        for (const auto& [name, text] : helpers)
            if (code.find(name + "(") != std::string::npos) called.push_back(name);
        if (!called.empty())
            values["functions"] = "  double precision, external :: " + listed(called, "") + "\n";
        else
            values["functions"] = "";
        return {{options_.name + ".f90", wrapped(filled(auto_text::equations, values))},
                {"c." + options_.name, constants()}};
    }

  private:
    using Values = std::vector<std::pair<std::string, double>>;

    static const std::vector<std::pair<std::string, std::string>> helpers;

    [[nodiscard]] std::size_t position(const std::string& name) const {
        std::vector<std::string> known;
        for (const auto& [other, value] : parameters_) known.push_back(other);
        const auto found = std::ranges::find(known, name);
        if (found == known.end())
            throw DomainError("parameter is '" + name +
                              "', which is neither a parameter nor an "
                              "input" +
                              did_you_mean(name, known));
        return static_cast<std::size_t>(found - known.begin());
    }

    /// At an equilibrium, as near as Newton's method finds one.
    void start() {
        Vector state = options_.state;
        if (state.size() == 0) {
            const auto found =
                fixed_points(model_.equations, {.time = options_.time, .most_boxes = 0}).points;
            const auto stable = std::ranges::find(found, "stable", &RateFixedPoint::stability);
            if (stable != found.end())
                state = stable->state;
            else
                state = found.empty() ? initial_state(model_.equations) : found.front().state;
        }
        for (std::size_t i = 0; i < states_.size(); ++i)
            states_[i].second = state[static_cast<Index>(i)];
    }

    [[nodiscard]] std::string head() const {
        return comment_lines(head_of(model_.equations), "! ");
    }

    std::string block(const std::vector<Assignment>& lines) {
        const std::string text = write_.block(lines, sources_, &locals_);
        for (const std::string& name : model_.definition_names())
            sources_[name] = write_.names.of(name);
        return indented(text, "  ");
    }

    std::string changes() {
        std::vector<Assignment> lines = model_.definitions;
        for (std::size_t i = 0; i < model_.changes.size(); ++i) {
            const std::string name = "f " + std::to_string(i + 1);
            write_.names.set(name, write_.element("f", i));
            lines.push_back({name, model_.changes[i].value});
        }
        return block(lines);
    }

    /// Derivatives by each of `by`, an entry of `array` where they are not 0.
    std::string slopes(const Values& by, const std::string& array) {
        std::vector<Assignment> lines;
        for (std::size_t j = 0; j < by.size(); ++j) {
            std::map<std::string, Expression> known;  // Of definitions.
            for (const Assignment& item : model_.definitions) {
                const Expression slope = total(item.value, by[j].first, known);
                if (slope.is(0.0)) continue;
                const std::string name = item.name + " by " + by[j].first;
                write_.names.add(name);
                lines.push_back({name, slope});
                known.emplace(item.name, symbol(name));
            }
            const std::size_t column = array == "dfdp" ? par_index(j) : j + 1;
            for (std::size_t i = 0; i < model_.changes.size(); ++i) {
                const Expression slope = total(model_.changes[i].value, by[j].first, known);
                if (slope.is(0.0)) continue;
                const std::string at =
                    "(" + std::to_string(i + 1) + ", " + std::to_string(column) + ")";
                write_.names.set(array + " " + at, array + at);
                lines.push_back({array + " " + at, slope});
            }
        }
        return block(lines);
    }

    static Expression total(const Expression& of, const std::string& by,
                            const std::map<std::string, Expression>& known) {
        Expression sum = derivative(of, by);
        for (const auto& [name, slope] : known) sum += derivative(of, name) * slope;
        return sum;
    }

    [[nodiscard]] std::string zeros() const {
        std::string text;
        for (std::size_t k = 0; k < parameters_.size(); ++k)
            text += "  dfdp(:, " + std::to_string(par_index(k)) + ") = 0d0\n";
        return text;
    }

    [[nodiscard]] std::string locals() const {
        std::vector<std::string> names;
        for (const std::string& name : locals_)
            if (name.find('(') == std::string::npos &&
                std::ranges::find(names, name) == names.end())
                names.push_back(name);
        std::string text;
        for (const std::string& name : names) text += "  double precision :: " + name + "\n";
        return text;
    }

    [[nodiscard]] std::string assigned(const Values& list, bool parameters) const {
        std::string text;
        for (std::size_t k = 0; k < list.size(); ++k)
            text += "  " +
                    write_.element(parameters ? "par" : "u", parameters ? par_index(k) - 1 : k) +
                    " = " + write_.signed_number(list[k].second) + "  ! " +
                    write_.names.of(list[k].first) + "\n";
        return text;
    }

    [[nodiscard]] std::string names_of(const Values& list, bool parameters) const {
        std::string text;
        for (std::size_t k = 0; k < list.size(); ++k)
            text += (k > 0 ? ", " : "") + std::to_string(parameters ? par_index(k) : k + 1) +
                    ": '" + write_.names.of(list[k].first) + "'";
        if (parameters) text += std::string(list.empty() ? "" : ", ") + "11: 'PERIOD'";
        return text;
    }

    [[nodiscard]] std::string constants() const {
        double size = 1.0;
        for (const auto& [name, value] : states_) size = std::max(size, std::abs(value));
        const std::size_t most = parameters_.empty() ? 11 : par_index(parameters_.size() - 1);
        return filled(auto_text::constants,
                      {{"name", options_.name},
                       {"free", write_.names.of(parameters_[free_].first)},
                       {"unames", names_of(states_, false)},
                       {"parnames", names_of(parameters_, true)},
                       {"ndim", std::to_string(states_.size())},
                       {"ds", digits_of(1e-3 * size, 3, false)},
                       {"dsmin", digits_of(1e-8 * size, 3, false)},
                       {"dsmax", digits_of(1e-2 * size, 3, false)},
                       {"npar", std::to_string(std::max<std::size_t>(most, 36))}});
    }

    const CodeModel& model_;
    const CodeOptions& options_;
    Fortran write_;
    Values states_, parameters_;
    std::size_t free_ = 0;
    std::map<std::string, std::string> sources_;
    std::vector<std::string> locals_;
};

const std::vector<std::pair<std::string, std::string>> AutoWriter::helpers{
    {"signum", auto_text::signum},
    {"normal_below", auto_text::normal_below},
    {"softplus", auto_text::softplus},
    {"softplus_mean", auto_text::softplus_mean},
    {"rectified_mean", auto_text::rectified_mean}};

}  // namespace

std::vector<CodeFile> auto_files(const CodeModel& model, const CodeOptions& options) {
    if (model.equations.parameters.empty() && model.equations.inputs.empty())
        throw DomainError(
            "the equations have no parameter, and AUTO follows an equilibrium along "
            "one; give them a parameter");
    return AutoWriter(model, options).files();
}

}  // namespace heddle
