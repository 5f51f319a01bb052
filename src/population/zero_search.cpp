#include "population/zero_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <sstream>

#include "heddle/core/error.hpp"

namespace heddle {
namespace {

constexpr double fine = std::numbers::pi / 4.0;
constexpr double narrowest = 1e-9;  // Of the box: pieces of boundaries, and boxes with one zero.
constexpr double tightest = 1e-3;   // Of the box: from there on zeros may be one.
constexpr int most_iterations = 60;

double size_of(const Box& box) {
    return std::max((box.high - box.low).real(), (box.high - box.low).imag());
}

bool inside(const Box& box, Complex z) {
    return z.real() >= box.low.real() && z.real() <= box.high.real() &&
           z.imag() >= box.low.imag() && z.imag() <= box.high.imag();
}

class Search {
  public:
    Search(const std::function<Complex(Complex)>& f, const Box& box, double piece)
        : f_(f), size_(size_of(box)), piece_(piece) {}

    /// Zeros in a box; nothing if one is too near its boundary.
    [[nodiscard]] std::optional<Index> count(const Box& box) const {
        const std::array<Complex, 5> corners{box.low, Complex(box.high.real(), box.low.imag()),
                                             box.high, Complex(box.low.real(), box.high.imag()),
                                             box.low};
        double turns = 0.0;
        for (std::size_t i = 0; i < 4; ++i) {
            const std::optional<double> turn = along(corners[i], corners[i + 1]);
            if (!turn) return std::nullopt;
            turns += *turn;
        }
        return static_cast<Index>(std::lround(turns / (2.0 * std::numbers::pi)));
    }

    void find(const Box& box, Index count, std::vector<Complex>& found) const {
        if (count <= 0) return;
        const double size = size_of(box);
        if (size < narrowest * size_) return put(box, count, found);
        if (count == 1)
            if (const std::optional<Complex> zero = secant(box)) {
                found.push_back(*zero);
                return;
            }
        split(box, count, found);
    }

  private:
    [[nodiscard]] std::optional<double> along(Complex from, Complex to) const {
        const int pieces = std::max(4, static_cast<int>(std::ceil(std::abs(to - from) / piece_)));
        double turn = 0.0;
        Complex z = from, value = f_(from);
        for (int k = 1; k <= pieces; ++k) {
            const Complex next = from + (to - from) * (static_cast<double>(k) / pieces);
            const Complex following = f_(next);
            const std::optional<double> part = turned(z, value, next, following);
            if (!part) return std::nullopt;
            turn += *part;
            z = next;
            value = following;
        }
        return turn;
    }

    /// The turn of arg f on a piece, halving where it is not resolved.
    [[nodiscard]] std::optional<double> turned(Complex a, Complex fa, Complex b, Complex fb) const {
        const Complex middle = 0.5 * (a + b), fm = f_(middle);
        const double first = std::arg(fm / fa), second = std::arg(fb / fm);
        if (std::abs(first) < fine && std::abs(second) < fine) return first + second;
        if (std::abs(b - a) < narrowest * size_) return std::nullopt;
        const std::optional<double> left = turned(a, fa, middle, fm);
        const std::optional<double> right = left ? turned(middle, fm, b, fb) : std::nullopt;
        if (!right) return std::nullopt;
        return *left + *right;
    }

    /// Across the longer side, where no zero is near the cut.
    void split(const Box& box, Index total, std::vector<Complex>& found) const {
        const Complex side = box.high - box.low;
        for (const double share : {0.5, 0.46, 0.55, 0.41, 0.6, 0.35}) {
            Box first = box, second = box;
            if (side.real() > side.imag()) {
                const double cut = box.low.real() + share * side.real();
                first.high.real(cut);
                second.low.real(cut);
            } else {
                const double cut = box.low.imag() + share * side.imag();
                first.high.imag(cut);
                second.low.imag(cut);
            }
            const std::optional<Index> one = count(first), other = count(second);
            if (!one || !other || *one + *other != total) continue;
            find(first, *one, found);
            find(second, *other, found);
            return;
        }
        // Rounding hides how often f turns next to a zero of several.
        if (size_of(box) < tightest * size_) put(box, total, found);
    }

    static void put(const Box& box, Index count, std::vector<Complex>& found) {
        found.insert(found.end(), static_cast<std::size_t>(count), 0.5 * (box.low + box.high));
    }

    [[nodiscard]] std::optional<Complex> secant(const Box& box) const {
        Complex before = 0.5 * (box.low + box.high), now = before + 0.05 * size_of(box);
        Complex f_before = f_(before), f_now = f_(now);
        for (int k = 0; k < most_iterations && f_now != f_before; ++k) {
            const Complex step = f_now * (now - before) / (f_now - f_before);
            before = now;
            f_before = f_now;
            now -= step;
            if (!inside(box, now)) return std::nullopt;
            if (std::abs(step) < 1e-12 * size_) return now;
            f_now = f_(now);
        }
        return f_now == f_before ? std::optional(now) : std::nullopt;
    }

    const std::function<Complex(Complex)>& f_;
    double size_;
    double piece_;
};

}  // namespace

Zeros zeros_in(const std::function<Complex(Complex)>& f, const Box& box, double piece) {
    const Search search(f, box, piece);
    const std::optional<Index> count = search.count(box);
    if (!count) {
        std::ostringstream text;
        text << "region: a zero lies on the border of the rectangle from " << box.low << " to "
             << box.high << " (1/ms); move it a little";
        throw NotConverged(text.str());
    }
    Zeros zeros{{}, *count};
    search.find(box, *count, zeros.found);
    return zeros;
}

double distance_to_zero(const std::function<Complex(Complex)>& f, Complex at, double scale) {
    const double h = 1e-5 * scale;
    const double slope = std::abs(f(at + h) - f(at - h)) / (2.0 * h);
    return slope > 0.0 ? std::abs(f(at)) / slope : 0.0;
}

}  // namespace heddle
