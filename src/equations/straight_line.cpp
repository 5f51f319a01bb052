#include "equations/straight_line.hpp"

#include <unordered_map>
#include <utility>

namespace heddle {
namespace {

using Node = Expression::Node;

bool is_leaf(const Node& node) {
    return node.operation == Operation::number || node.operation == Operation::symbol ||
           node.operation == Operation::delayed;
}

/// −x, 2 x and 1 / x are not worth a line.
bool is_slight(const Node& node) {
    if (node.operation == Operation::product && node.parts.size() == 2)
        return node.parts[0].constant() && is_leaf(node.parts[1].node());
    return node.operation == Operation::power && is_leaf(node.parts[0].node());
}

/// Numbers formulas so that those built alike have one number, and counts who needs them.
class Census final {
  public:
    std::size_t number(const Expression& expression) {
        const Node& node = expression.node();
        const auto seen = nodes_.find(&node);
        if (seen != nodes_.end()) return seen->second;
        std::string key;
        const auto add = [&](const void* bytes, std::size_t count) {
            key.append(static_cast<const char*>(bytes), count);
        };
        add(&node.operation, sizeof node.operation);
        add(&node.value, sizeof node.value);
        add(&node.order, sizeof node.order);
        std::vector<std::size_t> parts;
        for (const Expression& part : node.parts) parts.push_back(number(part));
        add(parts.data(), parts.size() * sizeof(std::size_t));
        key += node.name;
        const auto [found, made] = known_.emplace(std::move(key), uses_.size());
        if (made) {
            uses_.push_back(0);
            for (const std::size_t part : parts) ++uses_[part];
        }
        nodes_.emplace(&node, found->second);
        return found->second;
    }

    void needs(const Expression& expression) { ++uses_[number(expression)]; }
    [[nodiscard]] bool shared(const Expression& expression) {
        return uses_[number(expression)] > 1;
    }

  private:
    std::unordered_map<const Node*, std::size_t> nodes_;
    std::unordered_map<std::string, std::size_t> known_;
    std::vector<std::size_t> uses_;
};

class LineWriter final {
  public:
    LineWriter(const std::vector<Assignment>& assignments, const LineOptions& options)
        : longest_(options.longest), simple_arguments_(options.simple_arguments) {
        for (const Assignment& item : assignments) census_.needs(item.value);
        for (const Assignment& item : assignments) {
            Expression value = rewritten(item.value).value;
            lines.push_back({item.name, std::move(value)});
        }
    }

    std::vector<Assignment> lines;

  private:
    /// A formula, and how many operands stand in it.
    struct Piece {
        Expression value;
        std::size_t size;
    };

    Piece own_line(const Expression& value) {
        const std::string name = part_name(parts_++);
        lines.push_back({name, value});
        return {symbol(name), 1};
    }

    Piece rewritten(const Expression& expression) {
        const Node& node = expression.node();
        if (is_leaf(node)) return {expression, 1};
        const std::size_t number = census_.number(expression);
        const auto known = made_.find(number);
        if (known != made_.end()) return {known->second, 1};
        std::vector<Piece> pieces;
        for (const Expression& part : node.parts) pieces.push_back(rewritten(part));
        Piece found = joined(node, std::move(pieces));
        if (!census_.shared(expression) || is_slight(found.value.node())) return found;
        found = own_line(found.value);
        made_.emplace(number, found.value);
        return found;
    }

    Piece joined(const Node& node, std::vector<Piece> pieces) {
        const bool list = node.operation == Operation::sum || node.operation == Operation::product;
        std::vector<Expression> parts;
        std::size_t size = 0;
        for (Piece& piece : pieces) {
            const bool plain = simple_arguments_ && node.operation == Operation::normal_below;
            if (piece.size > longest_ / 2 || (plain && !is_leaf(piece.value.node())))
                piece = own_line(piece.value);
            if (list && parts.size() > 1 && size + piece.size > longest_) {
                parts = {own_line(made(node, parts)).value};
                size = 1;
            }
            parts.push_back(piece.value);
            size += piece.size;
        }
        return {made(node, parts), size};
    }

    /// As it was, with other parts: nothing is folded.
    static Expression made(const Node& node, const std::vector<Expression>& parts) {
        Node copy = node;
        copy.parts = parts;
        return Expression(std::move(copy));
    }

    std::size_t longest_;
    bool simple_arguments_;
    std::size_t parts_ = 0;
    Census census_;
    std::unordered_map<std::size_t, Expression> made_;
};

}  // namespace

std::string part_name(std::size_t k) {
    return "part " + std::to_string(k + 1);  // No name has a space.
}

std::vector<Assignment> straight_line(const std::vector<Assignment>& assignments,
                                      const LineOptions& options) {
    return LineWriter(assignments, options).lines;
}

}  // namespace heddle
