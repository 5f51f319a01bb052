#include "heddle/linalg/schur.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "linalg/checks.hpp"
#include "linalg/lapack.hpp"

namespace heddle {
namespace {

/// A diagonal block of T: one real eigenvalue or a conjugate pair.
struct Block {
    Index row;
    Index size;
    double abscissa;
};

std::vector<Block> blocks_rightmost_first(const Schur& schur) {
    std::vector<Block> blocks;
    const Index n = schur.t.rows();
    for (Index i = 0; i < n; i += blocks.back().size) {
        const bool pair = i + 1 < n && schur.t(i + 1, i) != 0.0;
        blocks.push_back({i, pair ? 2 : 1, schur.t(i, i)});
    }
    std::stable_sort(blocks.begin(), blocks.end(),
                     [](const Block& a, const Block& b) { return a.abscissa > b.abscissa; });
    return blocks;
}

/// LAPACK's flags for the `count` rightmost, which end at a border between blocks; none if they do
/// not.
std::optional<std::vector<int>> select(const std::vector<Block>& blocks, Index n, Index count) {
    std::vector<int> chosen(static_cast<std::size_t>(n), 0);
    Index taken = 0;
    for (const Block& block : blocks) {
        if (taken >= count) break;
        const auto first = chosen.begin() + block.row;
        std::fill(first, first + block.size, 1);
        taken += block.size;
    }
    if (taken != count) return std::nullopt;
    return chosen;
}

void set_eigenvalues(Schur& schur, const Vector& re, const Vector& im) {
    schur.eigenvalues.resize(re.size());
    schur.eigenvalues.real() = re;
    schur.eigenvalues.imag() = im;
}

/// None if LAPACK found two eigenvalues too close to be swapped.
std::optional<OrderedSchur> reorder(Schur schur, const std::vector<int>& chosen) {
    const int n = lapack::size(schur.t.rows());
    const int ld = lapack::leading(n);
    Vector re(n);
    Vector im(n);
    int leading = 0;
    double condition = 0.0;
    double separation = 0.0;
    int iwork = 0;
    const int liwork = 1;
    const int info = lapack::with_workspace([&](double* work, const int* lwork, int* status) {
        dtrsen_("N", "V", chosen.data(), &n, schur.t.data(), &ld, schur.q.data(), &ld, re.data(),
                im.data(), &leading, &condition, &separation, work, lwork, &iwork, &liwork, status);
    });
    if (info != 0) return std::nullopt;
    set_eigenvalues(schur, re, im);
    return OrderedSchur{std::move(schur), leading};
}

}  // namespace

Schur real_schur(const MatrixView& a) {
    require_square(a, "a");
    require_finite(a, "a");
    const int n = lapack::size(a.rows());
    const int ld = lapack::leading(n);
    Schur schur{Matrix(n, n), a, {}};
    Vector re(n);
    Vector im(n);
    int sorted = 0;
    const int info = lapack::with_workspace([&](double* work, const int* lwork, int* status) {
        dgees_("V", "N", nullptr, &n, schur.t.data(), &ld, &sorted, re.data(), im.data(),
               schur.q.data(), &ld, work, lwork, nullptr, status);
    });
    if (info > 0) throw NotConverged("the QR iteration for the Schur form of a did not converge.");
    set_eigenvalues(schur, re, im);
    return schur;
}

OrderedSchur rightmost_first(const Schur& schur, Index count) {
    const Index n = schur.t.rows();
    if (count < 0 || count > n) {
        throw DomainError("count is " + std::to_string(count) + "; 0 to " + std::to_string(n) +
                          " would work.");
    }
    const std::vector<Block> blocks = blocks_rightmost_first(schur);
    // One more before one fewer, and farther only where LAPACK cannot swap a cluster apart.
    for (const Index offset : {0, 1, -1, 2, -2, 3, -3, 4, -4}) {
        const Index candidate = count + offset;
        if (candidate < 0 || candidate > n) continue;
        const auto chosen = select(blocks, n, candidate);
        if (!chosen) continue;
        if (auto ordered = reorder(schur, *chosen)) return *std::move(ordered);
    }
    throw NotConverged("no border near count = " + std::to_string(count) +
                       " separates the eigenvalues; a count farther off would work.");
}

}  // namespace heddle
