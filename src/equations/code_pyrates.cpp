#include <cmath>

#include "equations/closed_means.hpp"
#include "equations/code_languages.hpp"
#include "equations/program.hpp"

namespace heddle {
namespace {

/// Words of Python, of PyRates, and names that sympy, which reads the formulas, takes for its own.
const char* const words =
    "False None True and as assert break class continue def del elif else except finally for "
    "from global if import in is lambda nonlocal not or pass raise return try while with "
    "yield y dy t x hist source_idx target_idx past index maxi mini network absv sigmoid "
    "interp round mean roll no_op real imag conj concatenate Abs Add And Atom CC Chi Ci Dict "
    "E E1 EX Ei Eijk Eq Expr FF FU GF Ge Gt I ITE Id Idx LC LM LT Le Li Line Lt Max Min Mod "
    "Mul N Nand Ne Nor Not O Or Poly Pow Q QQ QQ_I RR Ray Rel Rem S Set Shi Si Subs Sum Wild "
    "Xor Ynm ZZ ZZ_I Znm acos acot acsc arg asec asin ask atan atan2 bell beta Beta cbrt comp "
    "core cos cosh cot coth csc csch cse deg det diag diff div erf erf2 erfc erfi exp eye ff "
    "fft flatten floor fps frac fu fwht gamma Gamma gcd gff hn1 hn2 ifft igcd ilcm ilex im "
    "intt jn lcm lex li limit line ln log nan ntt ones oo ord0 pdiv per pi plot poly pquo "
    "prem primitive prod product quo rad re rem residue rf ring root roots sec sech series "
    "sets sift sign sin sinc sinh sqf sqrt sstr symbols take tan tanh test trace true use var "
    "yn zeta zoo";

class PyRates final : public CodeDialect {
  public:
    PyRates()
        : CodeDialect({.reserved = words_of(words),
                       .parts = {"_buffer", "_delays", "_maxdelay", "_idx", "_hist"}},
                      {"exp", "log", "tanh", "absv", "sign", ""}) {}

    [[nodiscard]] std::string root(const std::string& inner) const override {
        return "(" + inner + ")**0.5";
    }
    /// Only the normal law is left to be said: the inversion of its Fourier transform.
    [[nodiscard]] std::string call(Operation operation, int order,
                                   const std::vector<std::string>& parts) const override {
        if (operation != Operation::normal_below) return CodeDialect::call(operation, order, parts);
        const std::string x = "0.5*(absv(" + parts[0] + " + 6.0) - absv(" + parts[0] + " - 6.0))";
        const double spacing = 0.5;
        std::string sum = "(0.5 + " + number(spacing / (2.0 * M_PI)) + "*" + x;
        for (int n = 1; n <= 12; ++n) {
            const double at = spacing * n;
            sum += " + " + number(std::exp(-0.5 * at * at) / (M_PI * n)) + "*sin(" + number(at) +
                   "*" + x + ")";
        }
        return sum + ")";
    }
};

const char* const template_text = R"(%YAML 1.2
---
@head@
@name@_op:
  base: OperatorTemplate
  equations:
@equations@  variables:
@variables@
@name@_node:
  base: NodeTemplate
  operators:
    - @name@_op

@name@:
  base: CircuitTemplate
  nodes:
    network: @name@_node
)";

class PyRatesWriter final {
  public:
    PyRatesWriter(const CodeModel& model, const CodeOptions& options)
        : model_(model), options_(options) {
        for (const char* own : {"", "_op", "_node"})
            write_.names.add("template " + options.name + own, options.name + own);
        model.name(write_.names);
    }

    [[nodiscard]] std::string text() {
        const std::string lines = equations();
        return filled(template_text, {{"head", head()},
                                      {"name", options_.name},
                                      {"equations", lines},
                                      {"variables", variables()}});
    }

  private:
    [[nodiscard]] std::string head() const {
        std::vector<std::string> lines = head_of(model_.equations);
        if (!model_.equations.inputs.empty())
            lines.push_back("Inputs are held at their value at " +
                            digits_of(options_.time, 6, false) +
                            " ms; give run() others in `inputs`.");
        if (!means_in(formulas()).empty())
            lines.emplace_back(
                "Means over a normal law are sums: relative error 1e-8 up to a deviation of 2.5, "
                "1e-4 up to 5.");
        return comment_lines(lines, "# ");
    }

    [[nodiscard]] std::vector<Assignment> assignments() const {
        std::vector<Assignment> all = model_.definitions;
        all.insert(all.end(), model_.changes.begin(), model_.changes.end());
        return all;
    }

    [[nodiscard]] std::vector<Expression> formulas() const {
        std::vector<Expression> list;
        for (const Assignment& item : assignments()) list.push_back(item.value);
        return list;
    }

    std::string equations() {
        std::vector<Assignment> all = assignments();
        for (Assignment& item : all) item.value = with_sums(item.value);
        std::string lines;
        for (const Assignment& line : straight_line(all, {.simple_arguments = true})) {
            if (line.name.starts_with("part ")) write_.names.add(line.name);
            if (!is_change(line.name)) fixed_.push_back(line.name);
            const std::string left =
                is_change(line.name)
                    ? write_.names.of(line.name.substr(change_name("").size())) + "'"
                    : write_.names.of(line.name);
            lines += "    - \"" + left + " = " + print(line.value, write_) + "\"\n";
        }
        return lines;
    }

    [[nodiscard]] static bool is_change(const std::string& name) {
        return name.starts_with(change_name(""));
    }

    [[nodiscard]] std::string variable(const std::string& name, const std::string& value) const {
        return "    " + write_.names.of(name) + ": " + value + "\n";
    }

    [[nodiscard]] std::string variables() const {
        const RateEquations& of = model_.equations;
        std::string lines;
        for (std::size_t i = 0; i < of.states.size(); ++i) {
            const double start = options_.state.size() == 0 ? of.states[i].initial
                                                            : options_.state[static_cast<Index>(i)];
            lines += variable(of.states[i].name, std::string(i == 0 ? "output(" : "variable(") +
                                                     write_.signed_number(start) + ")");
        }
        for (const std::string& name : fixed_) lines += variable(name, "variable(0.0)");
        for (const EquationParameter& item : of.parameters)
            lines += variable(item.name, write_.signed_number(item.value));
        Vector inputs(static_cast<Index>(of.inputs.size()));
        mean_inputs(of, options_.time, options_.time, inputs.data());
        for (std::size_t k = 0; k < of.inputs.size(); ++k)
            lines += variable(of.inputs[k].name,
                              "input(" + write_.signed_number(inputs[static_cast<Index>(k)]) + ")");
        return lines;
    }

    const CodeModel& model_;
    const CodeOptions& options_;
    PyRates write_;
    std::vector<std::string> fixed_;
};

}  // namespace

std::vector<CodeFile> pyrates_files(const CodeModel& model, const CodeOptions& options) {
    return {{options.name + ".yaml", PyRatesWriter(model, options).text()}};
}

}  // namespace heddle
