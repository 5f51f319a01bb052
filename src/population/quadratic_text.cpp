#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "population/quadratic_flow.hpp"

namespace heddle {
namespace {

using Line = std::pair<std::string, std::string>;  // What stands left and right of the sign.

/// How equations are written: Unicode or LaTeX.
class Notation final {
  public:
    explicit Notation(bool latex) : latex_(latex) {}

    [[nodiscard]] const char* of(const char* unicode, const char* latex) const {
        return latex_ ? latex : unicode;
    }
    [[nodiscard]] const char* tau() const { return of("τ", "\\tau"); }
    [[nodiscard]] const char* pi() const { return of("π", "\\pi"); }
    [[nodiscard]] const char* square() const { return of("²", "^2"); }
    [[nodiscard]] const char* times() const { return of(" · ", " \\cdot "); }
    [[nodiscard]] const char* milliseconds() const { return of(" ms", "\\,\\mathrm{ms}"); }

    [[nodiscard]] std::string symbol(const std::string& letter, const std::string& label) const {
        return latex_ ? letter + "_{\\mathrm{" + escaped(label) + "}}" : letter + "_" + label;
    }
    [[nodiscard]] std::string dot(const char* letter, const std::string& label) const {
        if (latex_) return symbol(std::string("\\dot{") + letter + "}", label);
        const std::string dotted = *letter == 'r'   ? "ṙ"
                                   : *letter == 's' ? "ṡ"
                                   : *letter == 'x' ? "ẋ"
                                   : *letter == 'a' ? "ȧ"
                                                    : "v̇";
        return symbol(dotted, label);
    }
    [[nodiscard]] std::string number(double value) const {
        char buffer[32];
        std::snprintf(buffer, sizeof buffer, "%.6g", std::abs(value));
        std::string text = buffer;
        const auto exponent = text.find('e');
        if (latex_ && exponent != std::string::npos)
            text = text.substr(0, exponent) + " \\cdot 10^{" +
                   std::to_string(std::stoi(text.substr(exponent + 1))) + "}";
        return (value < 0.0 ? minus() : "") + text;
    }
    [[nodiscard]] std::string minus() const { return of("−", "-"); }
    /// " + 3", " − 3".
    [[nodiscard]] std::string added(double value) const {
        return (value < 0.0 ? " " + minus() + " " : " + ") + number(std::abs(value));
    }
    /// " + 3 ms · s_E", from 1/Hz.
    [[nodiscard]] std::string term(double gain, const std::string& of_what) const {
        return added(1e3 * gain) + milliseconds() + times() + of_what;
    }
    [[nodiscard]] std::string fraction(const std::string& above, const std::string& below) const {
        return latex_ ? "\\frac{" + above + "}{" + below + "}" : above + " / (" + below + ")";
    }

  private:
    [[nodiscard]] static std::string escaped(const std::string& label) {
        std::string out;
        for (const char c : label) {
            if (std::string("_#$%&{}").find(c) != std::string::npos) out += '\\';
            out += c;
        }
        return out;
    }

    bool latex_;
};

/// A sum without the sign that its first term begins with.
std::string leading(const Notation& write, const std::string& sum) {
    if (sum.starts_with(" + ")) return sum.substr(3);
    const std::string minus = " " + write.minus() + " ";
    return sum.starts_with(minus) ? write.minus() + sum.substr(minus.size()) : "0" + sum;
}

class Writer final {
  public:
    Writer(const QuadraticRates& equations, bool latex)
        : equations_(equations), write_(latex), layout_(equations) {}

    [[nodiscard]] std::vector<Line> lines() const {
        std::vector<Line> out;
        for (Index a = 0; a < equations_.tau.size(); ++a) add_population(a, out);
        for (std::size_t k = 0; k < equations_.filters.size(); ++k) add_filter(k, out);
        for (std::size_t k = 0; k < equations_.adaptations.size(); ++k) add_adaptation(k, out);
        return out;
    }

  private:
    [[nodiscard]] const std::string& name(Index population) const {
        return equations_.names[static_cast<std::size_t>(population)];
    }

    /// r_E(t − 1 ms)
    [[nodiscard]] std::string delayed(const RateFilter& filter) const {
        return write_.symbol("r", name(filter.source)) + "(t " + write_.minus() + " " +
               write_.number(filter.delay) + write_.milliseconds() + ")";
    }
    [[nodiscard]] std::string seen(Index filter) const {
        const auto k = static_cast<std::size_t>(filter);
        if (layout_.filter(filter) < 0) return delayed(equations_.filters[k]);
        return write_.symbol("s", filter_label(equations_, k));
    }
    [[nodiscard]] std::string own_current(Index a) const {
        const auto found = std::ranges::find(equations_.currents, a, &SharedCurrent::population);
        if (found == equations_.currents.end()) return "";
        return " + " +
               write_.symbol(write_.of("I", "I^{\\mathrm{ext}}"), write_.of("ext,", "") + name(a)) +
               "(t)";
    }

    void add_population(Index a, std::vector<Line>& out) const {
        const std::string& of = name(a);
        const std::string r = write_.symbol("r", of);
        const std::string v = write_.symbol("v", of);
        const std::string tau = write_.symbol(write_.tau(), of) + " ";
        const std::string pi_tau = std::string(write_.pi()) + " " + tau;
        const std::string d = write_.symbol("D", of);
        const std::string i = write_.symbol("I", of);
        out.emplace_back(
            tau + write_.dot("r", of),
            write_.fraction(d, pi_tau.substr(0, pi_tau.size() - 1)) + " + 2 " + r + " " + v);
        out.emplace_back(tau + write_.dot("v", of),
                         v + write_.square() + write_.added(equations_.eta[a]) + " + " + i + " " +
                             write_.minus() + " (" + pi_tau + r + ")" + write_.square());
        std::string width = write_.number(equations_.delta[a]);
        std::string input;
        for (const RateCoupling& item : equations_.couplings) {
            if (item.target != a) continue;
            input += write_.term(item.gain, seen(item.filter));
            if (item.width > 0.0) width += write_.term(item.width, seen(item.filter));
        }
        for (std::size_t k = 0; k < equations_.adaptations.size(); ++k)
            if (equations_.adaptations[k].population == a)
                input += " " + write_.minus() + " " +
                         write_.symbol("a", adaptation_label(equations_, k));
        out.emplace_back(d, width);
        out.emplace_back(i, leading(write_, input + own_current(a)));
        out.emplace_back(write_.symbol(write_.tau(), of),
                         write_.number(equations_.tau[a]) + write_.milliseconds());
    }

    void add_filter(std::size_t k, std::vector<Line>& out) const {
        const RateFilter& filter = equations_.filters[k];
        if (filter.synapse.kind == Synapse::Kind::delta) return;
        const std::string label = filter_label(equations_, k);
        const std::string tau =
            write_.number(filter.synapse.tau_syn) + write_.milliseconds() + write_.times();
        const bool alpha = filter.synapse.kind == Synapse::Kind::alpha;
        const auto relax = [&](const char* letter, const std::string& to) {
            out.emplace_back(tau + write_.dot(letter, label),
                             write_.minus() + write_.symbol(letter, label) + " + " + to);
        };
        if (alpha) relax("x", delayed(filter));
        relax("s", alpha ? write_.symbol("x", label) : delayed(filter));
    }

    void add_adaptation(std::size_t k, std::vector<Line>& out) const {
        const RateAdaptation& item = equations_.adaptations[k];
        const std::string label = adaptation_label(equations_, k);
        out.emplace_back(write_.number(item.tau) + write_.milliseconds() + write_.times() +
                             write_.dot("a", label),
                         write_.minus() + write_.symbol("a", label) +
                             write_.term(item.gain, write_.symbol("r", name(item.population))));
    }

    const QuadraticRates& equations_;
    Notation write_;
    RateLayout layout_;
};

}  // namespace

std::string equation_text(const QuadraticRates& equations) {
    std::string text;
    for (const auto& [left, right] : Writer(equations, false).lines()) {
        if (!text.empty()) text += "\n";
        text += left + " = " + right;
    }
    return text;
}

std::string equation_latex(const QuadraticRates& equations) {
    std::string text = "\\begin{aligned}\n";
    for (const auto& [left, right] : Writer(equations, true).lines())
        text += left + " &= " + right + " \\\\\n";
    return text + "\\end{aligned}";
}

}  // namespace heddle
