#include "heddle/spectrum/weights_resolvent.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "heddle/core/error.hpp"
#include "heddle/core/parallel.hpp"
#include "spectrum/structured_resolvent.hpp"

namespace heddle {
namespace {

class DenseResolvent final : public WeightsResolvent {
  public:
    explicit DenseResolvent(const Resolvent& resolvent) : resolvent_(resolvent) {}
    explicit DenseResolvent(const Matrix& weights) : owned_(weights), resolvent_(*owned_) {}

    [[nodiscard]] ComplexMatrix responses(const ComplexVectorView& eigenvalues,
                                          const MatrixView& u) const override {
        return loop_responses(resolvent_, eigenvalues, u);
    }
    [[nodiscard]] ComplexMatrix left_vectors(const ComplexVectorView& eigenvalues,
                                             const MatrixView& v,
                                             const ComplexMatrixView& h) const override {
        return resolvent_.rotate_back(
            resolvent_.solve_transposed_rotated(eigenvalues, resolvent_.rotate(v) * h));
    }
    [[nodiscard]] Matrix into_basis(const MatrixView& b) const override {
        return resolvent_.rotate(b);
    }
    [[nodiscard]] ComplexMatrix from_basis(const ComplexMatrixView& x) const override {
        return resolvent_.rotate_back(x);
    }

  private:
    std::optional<Resolvent> owned_;
    const Resolvent& resolvent_;
};

class KrylovResolvent final : public WeightsResolvent {
  public:
    KrylovResolvent(const Network& network, std::size_t threads)
        : network_(network), transposed_(transposed_product_with(network)), threads_(threads) {}

    [[nodiscard]] ComplexMatrix responses(const ComplexVectorView& eigenvalues,
                                          const MatrixView& u) const override {
        const Index k = u.cols();
        ComplexMatrix all(u.rows(), eigenvalues.size() * k);
        const LinearMap product = product_with(network_);
        parallel_for(static_cast<std::size_t>(k), threads_, [&](std::size_t loop) {
            const auto column = static_cast<Index>(loop);
            const ComplexMatrix x =
                KrylovSpace(product, u.col(column), eigenvalues).solve(eigenvalues);
            for (Index i = 0; i < eigenvalues.size(); ++i) all.col(i * k + column) = x.col(i);
        });
        return all;
    }

    /// Loop after loop, so that the sum has the same bits for any number of threads.
    [[nodiscard]] ComplexMatrix left_vectors(const ComplexVectorView& eigenvalues,
                                             const MatrixView& v,
                                             const ComplexMatrixView& h) const override {
        std::vector<ComplexMatrix> parts(static_cast<std::size_t>(v.cols()));
        parallel_for(parts.size(), threads_, [&](std::size_t loop) {
            const auto column = static_cast<Index>(loop);
            if (v.col(column).isZero(0.0)) return;  // A loop that holds no target.
            parts[loop] = KrylovSpace(transposed_, v.col(column), eigenvalues).solve(eigenvalues) *
                          h.row(column).asDiagonal();
        });
        ComplexMatrix l = ComplexMatrix::Zero(v.rows(), eigenvalues.size());
        for (const ComplexMatrix& part : parts)
            if (part.size() > 0) l += part;
        return l;
    }

  private:
    const Network& network_;
    LinearMap transposed_;
    std::size_t threads_;
};

StructuredWeights structured_weights(const Network& network) {
    if (const auto* structured = std::get_if<StructuredWeights>(&network.weights))
        return *structured;
    const Index n = size(network);
    if (const auto* sparse = std::get_if<SparseMatrix>(&network.weights))
        return {*sparse, Matrix(n, 0), Matrix(n, 0), {}};
    throw DomainError(
        "solver 'structured' takes sparse or structured weights, found dense ones; "
        "'dense' takes those");
}

class StructuredResolvent final : public WeightsResolvent {
  public:
    StructuredResolvent(const Network& network, std::size_t threads)
        : direct_(structured_weights(network)),
          transposed_(transposed(structured_weights(network))),
          threads_(threads) {}

    [[nodiscard]] ComplexMatrix responses(const ComplexVectorView& eigenvalues,
                                          const MatrixView& u) const override {
        const Index k = u.cols();
        ComplexMatrix all(u.rows(), eigenvalues.size() * k);
        const ComplexMatrix sides = u.cast<Complex>();
        each_shift(eigenvalues, [&](Index i) {
            all.middleCols(i * k, k) = direct_.solve(eigenvalues(i), sides);
        });
        return all;
    }
    [[nodiscard]] ComplexMatrix left_vectors(const ComplexVectorView& eigenvalues,
                                             const MatrixView& v,
                                             const ComplexMatrixView& h) const override {
        ComplexMatrix l(v.rows(), eigenvalues.size());
        each_shift(eigenvalues,
                   [&](Index i) { l.col(i) = transposed_.solve(eigenvalues(i), v * h.col(i)); });
        return l;
    }

  private:
    template <class Body>
    void each_shift(const ComplexVectorView& eigenvalues, const Body& body) const {
        parallel_for(static_cast<std::size_t>(eigenvalues.size()), threads_,
                     [&](std::size_t i) { body(static_cast<Index>(i)); });
    }

    StructuredSolver direct_;
    StructuredSolver transposed_;
    std::size_t threads_;
};

}  // namespace

WeightsSolver solver_for(const Network& network, WeightsSolver asked) {
    constexpr Index large = 4000;
    if (asked != WeightsSolver::automatic) return asked;
    if (std::holds_alternative<Matrix>(network.weights)) return WeightsSolver::dense;
    const auto* structured = std::get_if<StructuredWeights>(&network.weights);
    if (structured != nullptr && is_cheap(*structured)) return WeightsSolver::structured;
    return size(network) > large ? WeightsSolver::krylov : WeightsSolver::dense;
}

std::unique_ptr<WeightsResolvent> resolvent_of(const Network& network, WeightsSolver solver,
                                               std::size_t threads) {
    switch (solver_for(network, solver)) {
        case WeightsSolver::krylov:
            return std::make_unique<KrylovResolvent>(network, threads);
        case WeightsSolver::structured:
            return std::make_unique<StructuredResolvent>(network, threads);
        default:
            return std::make_unique<DenseResolvent>(dense_weights(network));
    }
}

std::unique_ptr<WeightsResolvent> view_of(const Resolvent& resolvent) {
    return std::make_unique<DenseResolvent>(resolvent);
}

LinearMap product_with(const Network& network) {
    if (const auto* dense = std::get_if<Matrix>(&network.weights))
        return [dense](const Vector& x, Vector& y) { y.noalias() = *dense * x; };
    if (const auto* sparse = std::get_if<SparseMatrix>(&network.weights))
        return [sparse](const Vector& x, Vector& y) { y.noalias() = *sparse * x; };
    const auto* structured = &std::get<StructuredWeights>(network.weights);
    return [structured](const Vector& x, Vector& y) { y = apply(*structured, x); };
}

LinearMap transposed_product_with(const Network& network) {
    if (const auto* dense = std::get_if<Matrix>(&network.weights))
        return [dense](const Vector& x, Vector& y) { y.noalias() = dense->transpose() * x; };
    if (const auto* sparse = std::get_if<SparseMatrix>(&network.weights))
        // Transposed once, so that rows stay what is read.
        return [w = SparseMatrix(sparse->transpose())](const Vector& x, Vector& y) {
            y.noalias() = w * x;
        };
    return [w = transposed(std::get<StructuredWeights>(network.weights))](
               const Vector& x, Vector& y) { y = apply(w, x); };
}

LoopModes loop_modes(const WeightsResolvent& resolvent, ComplexVector eigenvalues,
                     ComplexMatrix responses, ComplexMatrix directions) {
    const Index k = directions.rows();
    ComplexMatrix modes(responses.rows(), directions.cols());
    for (Index i = 0; i < directions.cols(); ++i)
        modes.col(i).noalias() = responses.middleCols(i * k, k) * directions.col(i);
    modes = resolvent.from_basis(modes);
    return {std::move(eigenvalues), std::move(directions), std::move(responses), std::move(modes)};
}

ClosedLoop closed_loop(const WeightsResolvent& resolvent, const Network& network,
                       const Loops& loops, const LoopModes& placed) {
    const ComplexMatrix h =
        left_directions(resolvent.into_basis(loops.v), placed, thalamic_lag(loops, network.tau));
    const ComplexMatrix l = resolvent.left_vectors(placed.eigenvalues, loops.v, h);
    return two_sided(network, loops, placed, h, l);
}

}  // namespace heddle
