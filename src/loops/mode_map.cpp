#include "loops/mode_map.hpp"

#include <utility>

#include "heddle/linalg/solve.hpp"
#include "heddle/linalg/split.hpp"

namespace heddle {
namespace {

/// (O Oᴴ)⁻¹ b for a few outputs, in real form.
ComplexVector gram_solve(const ComplexMatrix& o, const ComplexVector& b) {
    const ComplexMatrix gram = o * o.adjoint();
    const Index d = gram.rows();
    Matrix real(2 * d, 2 * d);
    real << gram.real(), -gram.imag(), gram.imag(), gram.real();
    Vector right(2 * d);
    right << b.real(), b.imag();
    const Vector found = solve(real, right);
    ComplexVector x(d);
    x.real() = found.head(d);
    x.imag() = found.tail(d);
    return x;
}

}  // namespace

ModeMap::ModeMap(const Network& network, const Resolvent& resolvent, const ModeFit& fit)
    : resolvent_(resolvent), eigenvalues_(fit.eigenvalues), amplitudes_(fit.amplitudes) {
    const Index q = eigenvalues_.size(), d = amplitudes_.rows();
    const Matrix readout = resolvent.rotate(network.readout.transpose());
    ComplexVector shifts(q * d);
    for (Index m = 0; m < q; ++m) shifts.segment(m * d, d).setConstant(eigenvalues_(m));
    const ComplexMatrix columns = readout.replicate(1, q).cast<Complex>();
    rows_ = split(resolvent.solve_transposed_rotated(shifts, columns)).transpose();
}

ComplexMatrix ModeMap::outputs(const Matrix& u) const {
    const Matrix parts = rows_ * u;
    return join(parts.transpose()).transpose();
}

MappedModes ModeMap::at(const LoopVariables& point) const {
    const Index q = eigenvalues_.size(), d = amplitudes_.rows();
    const ComplexMatrix seen = outputs(point.u);
    MappedModes mapped{.directions = point.directions, .weights = ComplexMatrix(d, q)};
    for (Index m = 0; m < q; ++m) {
        const ComplexMatrix o = seen.middleRows(m * d, d);
        mapped.weights.col(m) = gram_solve(o, amplitudes_.col(m) - o * point.directions.col(m));
        mapped.directions.col(m) += o.adjoint() * mapped.weights.col(m);
    }
    const ComplexMatrix driven = join(point.u * split(mapped.directions));
    mapped.parts = split(resolvent_.solve_rotated(eigenvalues_, driven));
    mapped.inputs = LeastNormMap(mapped.parts);
    mapped.v = mapped.inputs.inputs(split(mapped.directions));
    return mapped;
}

/// g_m = h_m + O_m⁺ (C_m − O_m h_m) with O_m = C (λ_m − W)⁻¹ U.
ComplexMatrix ModeMap::through_outputs(const LoopVariables& point, const MappedModes& mapped,
                                       const ComplexMatrix& directions, Matrix& u) const {
    const Index q = eigenvalues_.size(), d = amplitudes_.rows();
    const ComplexMatrix seen = outputs(point.u);
    ComplexMatrix output(q * d, point.u.cols()), free(directions.rows(), q);
    for (Index m = 0; m < q; ++m) {
        const ComplexMatrix o = seen.middleRows(m * d, d);
        const ComplexVector y = gram_solve(o, o * directions.col(m));
        free.col(m) = directions.col(m) - o.adjoint() * y;
        output.middleRows(m * d, d) =
            mapped.weights.col(m) * free.col(m).adjoint() - y * mapped.directions.col(m).adjoint();
    }
    u += rows_.transpose() * split(output.transpose()).transpose();
    return free;
}

LoopVariables ModeMap::pull_back(const LoopVariables& point, const MappedModes& mapped, Matrix u,
                                 Matrix parts, const Matrix& v) const {
    const LeastNormMap::Slopes held = mapped.inputs.pull_back(mapped.v, v);
    parts += held.x;
    // r_m = (λ_m − W)⁻¹ U g_m.
    const Matrix pulled = split(
        resolvent_.solve_transposed_rotated(eigenvalues_, join(parts).conjugate()).conjugate());
    u += pulled * split(mapped.directions).transpose();
    const ComplexMatrix directions = join(held.goals + point.u.transpose() * pulled);
    ComplexMatrix free = through_outputs(point, mapped, directions, u);
    return {std::move(u), std::move(free)};
}

}  // namespace heddle
