#include "heddle/linalg/krylov_schur.hpp"

#include <Spectra/GenEigsSolver.h>

#include <string>

#include "heddle/core/error.hpp"
#include "heddle/core/random.hpp"
#include "linalg/lapack.hpp"

namespace heddle {
namespace {

/// A LinearMap as Spectra calls it.
class Operator final {
  public:
    using Scalar = double;

    Operator(const LinearMap& a, Index n) : a_(a), n_(n) {}

    // Spectra's names.
    [[nodiscard]] Index rows() const { return n_; }
    [[nodiscard]] Index cols() const { return n_; }
    void perform_op(const double* in, double* out) const {
        const Vector x = Eigen::Map<const Vector>(in, n_);
        Vector y(n_);
        a_(x, y);
        Eigen::Map<Vector>(out, n_) = y;
    }

  private:
    const LinearMap& a_;
    Index n_;
};

}  // namespace

DominantPairs dominant_pairs(const LinearMap& a, Index n, Index count,
                             const KrylovSchurOptions& options) {
    if (count < 1 || 2 * count + 10 > n)
        throw DomainError("count: found " + std::to_string(count) + ", expected 1 to " +
                          std::to_string((n - 10) / 2) + " of " + std::to_string(n) +
                          " eigenvalues; all of them come from a dense decomposition");
    lapack::use_one_blas_thread();
    Operator map(a, n);
    Spectra::GenEigsSolver<Operator> solver(map, count, 2 * count + 10);
    Vector start(n);
    Random(options.seed, stream_of("krylov_schur"))
        .fill_normal({start.data(), static_cast<std::size_t>(n)});
    solver.init(start.data());
    solver.compute(Spectra::SortRule::LargestMagn, options.most_restarts, options.tolerance);
    return {solver.eigenvalues(), solver.eigenvectors()};
}

}  // namespace heddle
