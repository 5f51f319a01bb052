#include "rectified/complementary_tableau.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/vectorise.hpp"

namespace heddle {
namespace {

constexpr double feasible = 1e-9;   // a value this little below zero may be zero
constexpr double eligible = 1e-10;  // pivots are larger

/// T += column · rowᵀ, where the row is not zero.
HEDDLE_VECTORISE void add_outer(double* table, const double* column, const double* row, Index rows,
                                Index columns) {
    for (Index j = 0; j < columns; ++j) {
        const double factor = row[j];
        if (factor == 0.0) continue;
        double* const target = table + j * rows;
        for (Index i = 0; i < rows; ++i) target[i] += factor * column[i];
    }
}

/// Costs without ties, so that no pivot is degenerate in the dual.
double cost(Index j) {
    const double golden = 0.6180339887498949 * static_cast<double>(j + 1);
    return 1.0 + 0.5 * (golden - std::floor(golden));
}

}  // namespace

Excluded nothing_decided(const UnitProblem& problem) {
    const Index n = problem.units();
    Excluded excluded(static_cast<std::size_t>(2 * n), 0);
    const auto silent = [&](Index j) -> char& { return excluded[static_cast<std::size_t>(n + j)]; };
    const auto is_never_driven = [&](Index j) {
        for (Index i = 0; i < n; ++i)
            if (problem.m(j, i) > 0.0 && silent(i) == 0) return false;
        return problem.q[j] <= 0.0;
    };
    for (bool changed = true; changed;) {
        changed = false;
        for (Index j = 0; j < n; ++j) {
            if (silent(j) != 0 || !is_never_driven(j)) continue;
            silent(j) = 1;
            changed = true;
        }
    }
    if (problem.rays) excluded.push_back(1);
    return excluded;
}

ComplementaryTableau::ComplementaryTableau(const UnitProblem& problem, Excluded excluded)
    : rows_(problem.units() + (problem.rays ? 1 : 0)),
      columns_(problem.units()),
      table_(Matrix::Zero(rows_ + 1, columns_ + 1)),
      excluded_(std::move(excluded)),
      column_(rows_ + 1),
      row_(columns_ + 1) {
    const Index n = columns_;
    table_.topLeftCorner(n, n) = Matrix::Identity(n, n) - problem.m;
    if (problem.rays) {
        table_.row(n).head(n).setConstant(-1.0);
        table_(n, n) = 1.0;
    } else {
        table_.col(n).head(n) = -problem.q;
    }
    for (Index j = 0; j < n; ++j) {
        basic_.push_back(j);
        nonbasic_.push_back(n + j);
        table_(rows_, j) = cost(j);
    }
    if (problem.rays) basic_.push_back(2 * n);
}

Index ComplementaryTableau::leaving() const {
    Index found = -1;
    double worst = feasible;
    for (Index i = 0; i < rows_; ++i) {
        const double b = table_(i, columns_);
        const double wrong = is_excluded(basic_[static_cast<std::size_t>(i)]) ? std::abs(b) : -b;
        if (wrong > worst) {
            worst = wrong;
            found = i;
        }
    }
    return found;
}

Index ComplementaryTableau::entering(Index row, double sign) const {
    Index found = -1;
    double least = std::numeric_limits<double>::infinity();
    for (Index j = 0; j < columns_; ++j) {
        if (is_excluded(nonbasic_[static_cast<std::size_t>(j)])) continue;
        const double slope = sign * table_(row, j);
        if (slope <= eligible) continue;
        const double ratio = table_(rows_, j) / slope;
        if (ratio < least) {
            least = ratio;
            found = j;
        }
    }
    return found;
}

void ComplementaryTableau::pivot(Index row, Index column) {
    const double inverse = 1.0 / table_(row, column);
    for (Index j = 0; j <= columns_; ++j) row_[j] = -inverse * table_(row, j);
    row_[column] = inverse;
    // What a silent unit sends is never asked for again; all else is part of certificates.
    for (Index j = 0; j < columns_; ++j) {
        const Index variable = nonbasic_[static_cast<std::size_t>(j)];
        const bool is_sent = variable >= columns_ && variable < 2 * columns_;
        if (j != column && is_sent && is_excluded(variable)) row_[j] = 0.0;
    }
    column_ = table_.col(column);
    column_[row] = 0.0;
    table_.col(column).setZero();
    add_outer(table_.data(), column_.data(), row_.data(), rows_ + 1, columns_ + 1);
    table_.row(row) = row_.transpose();
    std::swap(basic_[static_cast<std::size_t>(row)], nonbasic_[static_cast<std::size_t>(column)]);
}

bool ComplementaryTableau::settle() {
    const Index most = 50 * (rows_ + columns_ + 1);  // far more than any problem was seen to take
    for (Index i = 0; i < most; ++i) {
        const Index row = leaving();
        if (row < 0) return true;
        const double sign = table_(row, columns_) < 0.0 ? 1.0 : -1.0;
        const Index column = entering(row, sign);
        if (column < 0) {
            failed_row_ = row;
            failed_sign_ = sign;
            return false;
        }
        pivot(row, column);
    }
    return true;  // Nothing is known, so nothing is cut off.
}

Vector ComplementaryTableau::certificate() const {
    // basic − T · (nonbasic) = b is a sum of the equations: w_j stands in the j-th alone.
    Vector y = Vector::Zero(rows_);
    const auto set = [&](Index variable, double value) {
        if (variable < columns_)
            y[variable] = value;
        else if (variable == 2 * columns_)
            y[columns_] = value;
    };
    set(basic_[static_cast<std::size_t>(failed_row_)], failed_sign_);
    for (Index j = 0; j < columns_; ++j)
        set(nonbasic_[static_cast<std::size_t>(j)], -failed_sign_ * table_(failed_row_, j));
    return y;
}

void ComplementaryTableau::values(Vector& out) const {
    out.setZero(rows_ + columns_);
    for (Index i = 0; i < rows_; ++i)
        out[basic_[static_cast<std::size_t>(i)]] = table_(i, columns_);
}

double empty_below(const UnitProblem& problem, const Excluded& excluded,
                   const Vector& certificate) {
    const Index n = problem.units();
    const double unit = 2.0 * static_cast<double>(n + 4) * std::numeric_limits<double>::epsilon();
    Vector y = certificate.head(n);
    for (Index j = 0; j < n; ++j)
        if (excluded[static_cast<std::size_t>(j)] == 0) y[j] = std::max(y[j], 0.0);
    const double sum = problem.rays ? certificate[n] : 0.0;
    const Vector size = y.cwiseAbs();
    double short_of = 0.0;
    for (Index k = 0; k < n; ++k) {
        if (excluded[static_cast<std::size_t>(n + k)] != 0) continue;
        const double c = problem.m.col(k).dot(y) - y[k] + sum;
        const double error =
            unit * (problem.m.col(k).cwiseAbs().dot(size) + size[k] + std::abs(sum));
        short_of = std::max(short_of, error - c);
    }
    const double gap =
        problem.rays ? -sum : problem.q.dot(y) - unit * problem.q.cwiseAbs().dot(size);
    if (!(gap > 0.0)) return 0.0;
    return short_of > 0.0 ? gap / (short_of * (1.0 + 4.0 * unit))
                          : std::numeric_limits<double>::infinity();
}

}  // namespace heddle
