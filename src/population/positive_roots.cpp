#include "population/positive_roots.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace heddle {
namespace {

/// −1, 0 or 1; 0 where rounding decides the sign.
int sign_at(const std::vector<double>& coefficients, double x) {
    double value = 0.0;
    double size = 0.0;
    for (std::size_t k = coefficients.size(); k-- > 0;) {
        value = value * x + coefficients[k];
        size = size * x + std::abs(coefficients[k]);
    }
    const double rounding = 2.0 * static_cast<double>(coefficients.size()) *
                            std::numeric_limits<double>::epsilon() * size;
    return std::abs(value) <= rounding ? 0 : (value > 0.0 ? 1 : -1);
}

double bisect(const std::vector<double>& coefficients, double low, double high, int sign_low) {
    for (;;) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) return middle;
        const int sign = sign_at(coefficients, middle);
        if (sign == 0) return middle;
        (sign == sign_low ? low : high) = middle;
    }
}

/// Beyond all roots (Cauchy).
double bound(const std::vector<double>& coefficients) {
    double largest = 0.0;
    for (const double c : coefficients) largest = std::max(largest, std::abs(c));
    return 1.0 + largest / std::abs(coefficients.back());
}

}  // namespace

std::vector<double> positive_roots(std::vector<double> coefficients) {
    while (!coefficients.empty() && coefficients.back() == 0.0) coefficients.pop_back();
    if (coefficients.size() < 2) return {};
    std::vector<double> slope;
    for (std::size_t k = 1; k < coefficients.size(); ++k)
        slope.push_back(static_cast<double>(k) * coefficients[k]);
    std::vector<double> ends = positive_roots(slope);
    ends.push_back(bound(coefficients));
    std::vector<double> roots;
    double from = 0.0;
    int sign_from = sign_at(coefficients, from);
    for (const double end : ends) {
        const int sign = sign_at(coefficients, end);
        if (sign == 0)
            roots.push_back(end);
        else if (sign_from != 0 && sign != sign_from)
            roots.push_back(bisect(coefficients, from, end, sign_from));
        from = end;
        sign_from = sign;
    }
    return roots;
}

}  // namespace heddle
