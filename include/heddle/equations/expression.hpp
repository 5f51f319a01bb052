#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace heddle {

/// What a node of an expression does with its parts.
enum class Operation {
    number,
    symbol,   ///< A state, a definition, a parameter or an input, by name.
    delayed,  ///< A state or a definition, by name, so long ago (ms) as its part says.
    sum,      ///< Of all parts.
    product,  ///< Of all parts.
    power,    ///< First part to a constant power, `value`.
    exponential,
    logarithm,
    hyperbolic_tangent,
    absolute,
    sign,          ///< −1, 0 or 1.
    normal_below,  ///< ∫ Dz up to the part.
    /// ⟨f⁽ᵏ⁾(u + √w z)⟩ over a standard normal z, parts u and w, k = `order`:
    softplus_mean,   ///< f(x) = log(1 + eˣ); k = 1: of 1 / (1 + e⁻ˣ). w ≤ 0 counts as 0.
    rectified_mean,  ///< f(x) = [x]₊; at w ≤ 0 the limit (for k ≥ 2: 0).
};

/// A formula: an immutable value. Symbols are names; what they are, equations say.
class Expression final {
  public:
    struct Node {
        Operation operation;
        double value = 0.0;  ///< Of a number; the exponent of a power.
        int order = 0;       ///< Of derivative, of means.
        std::string name;    ///< Of symbols.
        std::vector<Expression> parts;
    };

    Expression(double number = 0.0);  // NOLINT: a number is a formula.
    explicit Expression(Node node);

    [[nodiscard]] const Node& node() const { return *node_; }
    [[nodiscard]] bool is(double number) const;
    /// Is it a number?
    [[nodiscard]] bool constant() const { return node_->operation == Operation::number; }
    /// The same node, not only the same formula.
    [[nodiscard]] bool same(const Expression& other) const { return node_ == other.node_; }

  private:
    std::shared_ptr<const Node> node_;
};

[[nodiscard]] Expression symbol(const std::string& name);
/// \param by  ms: numbers and parameters.
[[nodiscard]] Expression delayed(const std::string& name, const Expression& by);

// Numbers are folded, and what is 0 or 1 goes away.
Expression operator+(const Expression& a, const Expression& b);
Expression operator-(const Expression& a, const Expression& b);
Expression operator-(const Expression& a);
Expression operator*(const Expression& a, const Expression& b);
Expression operator/(const Expression& a, const Expression& b);
Expression& operator+=(Expression& a, const Expression& b);
Expression& operator-=(Expression& a, const Expression& b);

[[nodiscard]] Expression power(const Expression& base, double exponent);
[[nodiscard]] Expression square(const Expression& base);
[[nodiscard]] Expression exponential(const Expression& x);
[[nodiscard]] Expression logarithm(const Expression& x);
[[nodiscard]] Expression hyperbolic_tangent(const Expression& x);
[[nodiscard]] Expression absolute(const Expression& x);
[[nodiscard]] Expression sign(const Expression& x);
[[nodiscard]] Expression normal_below(const Expression& x);
/// exp(−x² / 2) / √(2π).
[[nodiscard]] Expression normal_density(const Expression& x);
[[nodiscard]] Expression softplus_mean(int order, const Expression& u, const Expression& w);
[[nodiscard]] Expression rectified_mean(int order, const Expression& u, const Expression& w);

/// ∂ / ∂ name, other symbols held. Delayed values do not depend on present ones. Kinks have the
/// derivative of their sign, and signs none.
/// \cost Shared parts are differentiated once.
[[nodiscard]] Expression derivative(const Expression& of, const std::string& name);

/// With every leaf, symbol or delayed value, replaced by what `leaf` makes of it.
[[nodiscard]] Expression with_leaves(const Expression& in,
                                     const std::function<Expression(const Expression&)>& leaf);

/// With every symbol `name` replaced; delayed ones stay.
[[nodiscard]] Expression replaced(const Expression& in, const std::string& name,
                                  const Expression& by);

/// With every delayed value replaced by the present one: where nothing changes.
[[nodiscard]] Expression at_rest(const Expression& of);

/// Are they built in the same way?
[[nodiscard]] bool equal(const Expression& a, const Expression& b);

/// Does the symbol occur? Delayed ones do not count.
[[nodiscard]] bool contains(const Expression& in, const std::string& name);

/// Symbols and delayed values, in order of appearance, each once.
[[nodiscard]] std::vector<Expression> leaves_of(const std::vector<Expression>& list);

}  // namespace heddle
