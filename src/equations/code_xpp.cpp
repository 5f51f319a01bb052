#include <algorithm>
#include <cmath>

#include "equations/closed_means.hpp"
#include "equations/code_languages.hpp"
#include "equations/program.hpp"
#include "heddle/core/error.hpp"

namespace heddle {
namespace {

const char* const words =
    "sin cos tan atan atan2 sinh cosh tanh exp delay ln log log10 t pi if then else asin acos "
    "heav sign ceil flr ran abs del_shft max min normal besselj bessely besseli erf erfc "
    "poisson lgamma arg1 arg2 arg3 arg4 arg5 arg6 arg7 arg8 arg9 shift ishift not sum of int "
    "hom_bcs mod sqrt set i1 mmax par param params number init aux done table wiener global "
    "markov options volterra solv special bdry only export i phi dens log1p logis spacing "
    "nodes";

class Xpp final : public CodeDialect {
  public:
    Xpp()
        : CodeDialect({.reserved = words_of(words), .case_matters = false, .longest = 9},
                      {"exp", "ln", "tanh", "abs", "sign", "sqrt", "phi"}) {}

    /// In parentheses: here a minus before a power binds first.
    [[nodiscard]] std::string power(const std::string& base, double exponent) const override {
        return "(" + CodeDialect::power(base, exponent) + ")";
    }
    [[nodiscard]] std::string power_sign() const override { return "^"; }
    [[nodiscard]] std::string delayed(const std::string& name,
                                      const std::string& by) const override {
        return "delay(" + names.of(name) + ", " + by + ")";
    }
    [[nodiscard]] std::string call(Operation operation, int order,
                                   const std::vector<std::string>& parts) const override {
        if (parts.size() < 2) return CodeDialect::call(operation, order, parts);
        const char* name = operation == Operation::softplus_mean ? "softm" : "rectm";
        return name + std::to_string(order) + "(" + parts[0] + ", " + parts[1] + ")";
    }
};

/// Functions of one mean: f itself, then its mean.
std::string softplus_functions(int order) {
    const std::string k = std::to_string(order);
    std::string text;
    if (order == 0)
        text = "soft0(x)=max(x,0)+log1p(exp(-abs(x)))\n";
    else if (order == 1)
        text = "soft1(x)=1/(1+exp(-x))\n";
    else
        text = "poly" + k + "(s)=" + horner(logistic_series(order), "s") + "\nsoft" + k +
               "(x)=" + (order % 2 == 1 ? "-sign(x)*" : "") + "poly" + k + "(logis(-abs(x)))\n";
    return text + "sterm" + k + "(z,u,w)=dens(z)*soft" + k + "(u+z*sqrt(w))\nsoftm" + k +
           "(u,w)=if(w<=0)then(soft" + k + "(u))else(spacing(w)*sum(-nodes(w),nodes(w))of(sterm" +
           k + "(i'*spacing(w),u,w)))\n";
}

std::string rectified_functions(int order) {
    const std::string k = std::to_string(order);
    const std::string head = "rectm" + k + "(u,w)=if(w<=0)then(";
    if (order == 0) return head + "max(u,0))else(u*phi(u/sqrt(w))+sqrt(w)*dens(u/sqrt(w)))\n";
    if (order == 1) return head + "if(u>0)then(1)else(0))else(phi(u/sqrt(w)))\n";
    return "hermite" + k + "(x)=" + horner(hermite_series(order - 2), "x") + "\n" + head +
           "0)else(" + (order % 2 == 1 ? "-" : "") + "hermite" + k +
           "(u/sqrt(w))*dens(u/sqrt(w))/(sqrt(w)^" + std::to_string(order - 1) + "))\n";
}

std::string functions_for(const std::vector<MeanCall>& means) {
    std::string text =
        "phi(x)=.5*erfc(-x/sqrt(2))\n"
        "dens(z)=exp(-.5*z*z)/sqrt(2*pi)\n";
    if (std::ranges::any_of(
            means, [](const MeanCall& mean) { return mean.operation == Operation::softplus_mean; }))
        text +=
            "logis(x)=1/(1+exp(-x))\n"
            "log1p(e)=if(e<1e-5)then(e*(1-.5*e))else(ln(1+e))\n"
            "spacing(w)=min(.6,.5/sqrt(w))\n"
            "nodes(w)=flr(9/spacing(w))+1\n";
    for (const MeanCall& mean : means)
        text += mean.operation == Operation::softplus_mean ? softplus_functions(mean.order)
                                                           : rectified_functions(mean.order);
    return text;
}

/// Delayed values as formulas of delayed states: XPP remembers states only.
class XppWriter final {
  public:
    XppWriter(const CodeModel& model, const CodeOptions& options)
        : model_(model), options_(options) {
        for (const MeanCall& mean : means()) {
            // No name may be that of a function.
            for (const char* stem : {"soft", "softm", "sterm", "poly", "rectm", "hermite"})
                write_.names.add(stem + std::to_string(mean.order) + " function",
                                 stem + std::to_string(mean.order));
        }
        model.name(write_.names);
        for (const EquationParameter& item : model.equations.parameters) own(item.name);
        for (const EquationState& item : model.equations.states) own(item.name);
    }

    [[nodiscard]] std::string text() {
        std::string body;
        for (const EquationInput& input : model_.equations.inputs) {
            body += write_.names.of(input.name) + "=" + steps(input, "t") + "\n";
            own(input.name);
        }
        body += pasts() + definitions();
        body += changes();
        std::vector<std::string> head = head_of(model_.equations);
        if (!model_.delayed.empty())
            head.emplace_back(
                "XPP reads past values from where a step starts: its error is O(dt).");
        return comment_lines(head, "# ") + parameters() + functions_for(means()) + body + starts() +
               auxiliaries() + settings() + "done\n";
    }

  private:
    [[nodiscard]] std::vector<MeanCall> means() const {
        std::vector<Expression> formulas;
        for (const Assignment& item : model_.definitions) formulas.push_back(item.value);
        for (const Assignment& item : model_.changes) formulas.push_back(item.value);
        return means_in(formulas);
    }

    void own(const std::string& name) { sources_[name] = write_.names.of(name); }

    /// A sum of steps at the times of an input.
    [[nodiscard]] std::string steps(const EquationInput& input, const std::string& time) const {
        std::string sum;
        double before = 0.0;
        for (std::size_t k = 0; k < input.times.size(); ++k) {
            const double change = input.values[static_cast<Index>(k)] - before;
            before = input.values[static_cast<Index>(k)];
            sum += (change < 0.0 ? "-"
                    : k > 0      ? "+"
                                 : "") +
                   write_.number(std::abs(change)) + "*heav(" + time +
                   (input.times[k] < 0.0 ? "+" : "-") + write_.number(std::abs(input.times[k])) +
                   ")";
        }
        return sum.empty() ? "0" : sum;
    }

    /// The name of what `name` was `by` ago, with its line before it.
    Expression ago(const std::string& name, const Expression& by, std::string& text) {
        const std::string time = print(by, write_);
        if (is_state(name)) return delayed(name, by);
        const std::string made = name + " ago " + time;
        if (sources_.contains(made)) return symbol(made);
        const auto& inputs = model_.equations.inputs;
        const auto input = std::ranges::find(inputs, name, &EquationInput::name);
        const auto item = std::ranges::find(model_.definitions, name, &Assignment::name);
        if (input == inputs.end() && item == model_.definitions.end()) return symbol(name);
        if (input != inputs.end()) {
            write_.names.add(made, name + "_a");
            text += write_.names.of(made) + "=" + steps(*input, "t-(" + time + ")") + "\n";
        } else {
            const Expression value = with_leaves(item->value, [&](const Expression& leaf) {
                return ago(leaf.node().name, by, text);
            });
            write_.names.add(made, name + "_a");
            text += block({{made, value}});
        }
        own(made);
        return symbol(made);
    }

    [[nodiscard]] bool is_state(const std::string& name) const {
        return std::ranges::find(model_.equations.states, name, &EquationState::name) !=
               model_.equations.states.end();
    }

    std::string pasts() {
        std::string text;
        for (std::size_t k = 0; k < model_.delayed.size(); ++k) {
            const Expression value = ago(model_.delayed[k].name, model_.delayed[k].by, text);
            text += block({{past(k), value}});
            own(past(k));
        }
        return text;
    }

    /// Lines of fixed quantities; each has parts of its own.
    std::string block(const std::vector<Assignment>& assignments) {
        std::vector<Assignment> lines = straight_line(assignments);
        std::map<std::string, Expression> parts;
        std::string text;
        for (Assignment& line : lines) {
            const Expression value = with_leaves(line.value, [&](const Expression& leaf) {
                const auto part = parts.find(leaf.node().name);
                return part == parts.end() ? leaf : part->second;
            });
            if (line.name.starts_with("part ")) {
                const std::string name = part_name(parts_++);
                write_.names.add(name, "part");
                parts.emplace(line.name, symbol(name));
                line.name = name;
            }
            text += left(line.name) + "=" + print(value, write_) + "\n";
        }
        return text;
    }

    /// x' for a state, the name of a fixed quantity.
    [[nodiscard]] std::string left(const std::string& name) const {
        const std::string start = change_name("");
        return name.starts_with(start) ? write_.names.of(name.substr(start.size())) + "'"
                                       : write_.names.of(name);
    }

    std::string definitions() { return block(model_.definitions); }
    std::string changes() { return block(model_.changes); }

    [[nodiscard]] std::string parameters() const {
        std::string text;
        for (const EquationParameter& item : model_.equations.parameters)
            text +=
                "par " + write_.names.of(item.name) + "=" + write_.signed_number(item.value) + "\n";
        return text;
    }

    [[nodiscard]] std::string starts() const {
        std::string text;
        for (std::size_t i = 0; i < model_.equations.states.size(); ++i) {
            const EquationState& state = model_.equations.states[i];
            const double value =
                options_.state.size() == 0 ? state.initial : options_.state[static_cast<Index>(i)];
            const std::string name = write_.names.of(state.name);
            // The second also says what the state was before.
            text += (options_.silent_past ? "init " + name + "=" : name + "(0)=") +
                    write_.signed_number(value) + "\n";
        }
        return text;
    }

    /// Rates that are definitions, to be seen.
    std::string auxiliaries() {
        std::string text;
        for (std::size_t a = 0; a < model_.equations.rates.size(); ++a) {
            const std::string& rate = model_.equations.rates[a];
            if (is_state(rate)) continue;
            const std::string name = "rate of " + std::to_string(a);
            text += "aux " + write_.names.add(name, "r_" + model_.equations.populations[a]) + "=" +
                    write_.names.of(rate) + "\n";
        }
        return text;
    }

    [[nodiscard]] std::string settings() const {
        double longest = 0.0;
        for (const DelayedValue& item : delayed_values(model_.equations))
            longest = std::max(longest, item.delay);
        const double samples = std::ceil(options_.duration / options_.step) + 10.0;
        return "@ meth=rungekutta, total=" + write_.number(options_.duration) +
               ", dt=" + write_.number(options_.step) +
               ", bounds=1e9, maxstor=" + std::to_string(static_cast<long>(samples)) +
               (longest > 0.0 ? ", delay=" + write_.number(2.0 * longest) : "") + "\n";
    }

    const CodeModel& model_;
    const CodeOptions& options_;
    Xpp write_;
    std::map<std::string, std::string> sources_;
    std::size_t parts_ = 0;
};

void check_past(const CodeModel& model, const CodeOptions& options) {
    if (!options.silent_past) return;
    for (const Assignment& item : model.definitions)
        for (const WrittenOut::Delayed& delayed : model.delayed)
            if (delayed.name == item.name)
                throw DomainError("'" + item.name +
                                  "' is delayed and was 0 before the start, but XPP remembers "
                                  "states only; give it a state of its own, or "
                                  "write without_delays(equations, stages) instead");
}

}  // namespace

std::vector<CodeFile> xpp_files(const CodeModel& model, const CodeOptions& options) {
    check_past(model, options);
    return {{options.name + ".ode", XppWriter(model, options).text()}};
}

}  // namespace heddle
