#include "linalg/joint_words.hpp"

#include <algorithm>
#include <cmath>
#include <queue>

#include "heddle/linalg/eigenvalues.hpp"
#include "heddle/linalg/solve.hpp"
#include "linalg/joint_margins.hpp"

namespace heddle {
namespace {

constexpr Index worth_threads = 64;

/// A word and the best bound among those of its beginnings.
struct Leaf {
    std::vector<std::size_t> word;
    double upper;        ///< min over beginnings v of ‖A_v‖^{1/|v|}.
    double inner_upper;  ///< The same of the inner matrices alone.
    std::size_t cut;     ///< |v|.
    std::size_t order;   ///< When it was met, to break ties.
};

struct Lesser {
    bool operator()(const Leaf& a, const Leaf& b) const {
        return a.upper != b.upper ? a.upper < b.upper : a.order > b.order;
    }
};

struct Product {
    Matrix inner;
    JointBound bound;
};

/// A · P, and the bounds of its blocks.
Product multiplied(const JointLetter& a, const Product& p) {
    const JointBound& x = a.bound;
    const JointBound& y = p.bound;
    Product result{a.inner * p.inner, {}};
    const double known = y.inner + y.error;
    const double rounding = product_margin(a.inner, p.inner);
    result.bound = {
        .inner = norm_margin * spectral_norm(result.inner),
        .error = x.inner * y.error + x.error * known + x.in * y.out + rounding,
        .in = (x.inner + x.error) * y.in + x.in * y.rest,
        .out = x.out * known + x.rest * y.out,
        .rest = x.out * y.in + x.rest * y.rest,
    };
    return result;
}

double root(double value, std::size_t length) {
    return std::pow(value, 1.0 / static_cast<double>(length));
}

class Search {
  public:
    Search(const std::vector<JointLetter>& letters, const JointRadiusOptions& options)
        : letters_(letters), options_(options) {
        threads_ = letters.front().inner.rows() >= worth_threads ? options.threads : 1;
        const std::vector<std::size_t> none;
        expand({none, std::numeric_limits<double>::infinity(),
                std::numeric_limits<double>::infinity(), 0, 0});
    }

    [[nodiscard]] bool done() {
        const double upper = leaves_.top().upper;
        const double one = options_.threshold;
        if (upper == 0.0 || examined_ + letters_.size() > options_.products) return true;
        if (options_.decide_only && (upper < one || surely_above(one))) return true;
        return upper <= (1.0 + options_.gap) * lower_ && !(lower_ < one && one <= upper);
    }

    void advance() {
        const Leaf leaf = leaves_.top();
        leaves_.pop();
        expand(leaf);
    }

    [[nodiscard]] std::size_t examined() const { return examined_; }

    [[nodiscard]] JointWords result() {
        JointWords found{leaves_.top().upper, 1.0, 1, 0.0, lower_, 0.0, word_, examined_};
        for (std::size_t k = 0; k < inside_.size(); ++k)
            found.growth = std::max(found.growth,
                                    inside_[k] / std::pow(found.upper, static_cast<double>(k + 1)));
        double inner = 0.0;
        for (; !leaves_.empty(); leaves_.pop()) {
            inner = std::max(inner, leaves_.top().inner_upper);
            found.longest = std::max(found.longest, leaves_.top().cut);
        }
        found.truncation = found.upper - std::min(inner, found.upper);
        found.lower_error = error_of_lower();
        return found;
    }

  private:
    [[nodiscard]] Product product(const std::vector<std::size_t>& word) const {
        Product result{letters_[word[0]].inner, letters_[word[0]].bound};
        for (std::size_t k = 1; k < word.size(); ++k)
            result = multiplied(letters_[word[k]], result);
        return result;
    }

    /// The word's children in place of the word; none of them is a leaf yet.
    void expand(const Leaf& leaf) {
        const std::size_t m = letters_.size();
        std::vector<Product> children(m);
        const Product before = leaf.word.empty() ? Product{} : product(leaf.word);
        if (!leaf.word.empty()) remember(before, leaf.word.size());
        std::vector<double> radii(m, 0.0);
        parallel_for(m, threads_, [&](std::size_t i) {
            children[i] = leaf.word.empty() ? Product{letters_[i].inner, letters_[i].bound}
                                            : multiplied(letters_[i], before);
            if (root(children[i].bound.inner, leaf.word.size() + 1) > lower_)
                radii[i] = spectral_radius(eigenvalues(children[i].inner));
        });
        for (std::size_t i = 0; i < m; ++i) add(leaf, i, children[i].bound, radii[i]);
    }

    void add(const Leaf& parent, std::size_t letter, const JointBound& bound, double radius) {
        Leaf leaf = parent;
        leaf.word.push_back(letter);
        leaf.order = examined_++;
        const std::size_t length = leaf.word.size();
        if (root(radius, length) > (1.0 + 1e-9) * lower_ || word_.empty()) {
            lower_ = root(radius, length);
            word_ = leaf.word;
        }
        if (const double upper = root(whole_norm(bound), length); upper < leaf.upper) {
            leaf.upper = upper;
            leaf.cut = length;
        }
        leaf.inner_upper = std::min(leaf.inner_upper, root(bound.inner, length));
        leaves_.push(std::move(leaf));
    }

    /// The norm of a word that is none of those that long words split into, but may be left over.
    void remember(const Product& product, std::size_t length) {
        if (inside_.size() < length) inside_.resize(length, 0.0);
        inside_[length - 1] = std::max(inside_[length - 1], whole_norm(product.bound));
    }

    /// The error needs eigenvectors: it is looked at when it matters, once for each word.
    [[nodiscard]] bool surely_above(double value) {
        if (lower_ > value && known_ != word_) {
            lower_error_ = error_of_lower();
            known_ = word_;
        }
        return lower_ > value && lower_ - lower_error_ > value;
    }

    [[nodiscard]] double error_of_lower() const {
        const Product best = product(word_);
        const double length = static_cast<double>(word_.size());
        const double radius = std::pow(lower_, length);
        const double error = eigenvalue_error(best.inner, best.bound);
        return lower_ - std::pow(std::max(radius - error, 0.0), 1.0 / length);
    }

    const std::vector<JointLetter>& letters_;
    const JointRadiusOptions& options_;
    std::size_t threads_;
    std::priority_queue<Leaf, std::vector<Leaf>, Lesser> leaves_;
    std::vector<double> inside_;  ///< Largest norm of words that were replaced, by length − 1.
    std::vector<std::size_t> word_;
    double lower_ = 0.0;
    std::vector<std::size_t> known_;  ///< The word that `lower_error_` belongs to.
    double lower_error_ = 0.0;
    std::size_t examined_ = 0;
};

}  // namespace

JointWords search_words(const std::vector<JointLetter>& letters, const JointRadiusOptions& options,
                        const Progress& progress) {
    Search search(letters, options);
    while (!search.done()) {
        search.advance();
        if (progress) progress(search.examined(), options.products);
    }
    return search.result();
}

}  // namespace heddle
