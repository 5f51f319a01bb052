#include "equations/normal_form.hpp"

#include "equations/delay_spectrum.hpp"
#include "heddle/linalg/eigenvectors.hpp"
#include "heddle/linalg/solve.hpp"

namespace heddle {
namespace {

/// q and p with Δ q = 0, pᵀ Δ = 0, |q| = 1 and pᵀ Δ' q = 1.
struct NullVectors {
    ComplexVector q;
    ComplexVector p;
};

NullVectors null_vectors_at(const EquationSlopes& slopes, Complex lambda) {
    const ComplexMatrix matrix = characteristic_matrix(slopes, lambda);
    NullVectors found{null_vector(matrix), null_vector(matrix.transpose())};
    const Complex scale =
        (found.p.transpose() * characteristic_slope(slopes, lambda) * found.q).value();
    found.p /= scale;
    return found;
}

/// e^{λ t} q now and a delay ago.
ComplexMatrix history(const ComplexVector& q, Complex lambda, const Vector& delays) {
    ComplexMatrix all(q.size(), 1 + delays.size());
    all.col(0) = q;
    for (Index k = 0; k < delays.size(); ++k) all.col(k + 1) = q * std::exp(-lambda * delays[k]);
    return all;
}

ComplexVector joined(const Vector& re, const Vector& im) {
    ComplexVector all(re.size());
    all.real() = re;
    all.imag() = im;
    return all;
}

/// D²F for complex directions.
ComplexVector second(const Expansion& f, const ComplexMatrix& u, const ComplexMatrix& v) {
    const Matrix a = u.real(), b = u.imag(), c = v.real(), d = v.imag();
    return joined(f.second(a, c) - f.second(b, d), f.second(a, d) + f.second(b, c));
}

/// D³F(u, u, ū).
ComplexVector third(const Expansion& f, const ComplexMatrix& u) {
    const Matrix a = u.real(), b = u.imag();
    return joined(f.third(a, a) + f.third(b, a), f.third(a, b) + f.third(b, b));
}

}  // namespace

double fold_coefficient(const Expansion& expansion, const EquationSlopes& slopes) {
    const NullVectors vectors = null_vectors_at(slopes, 0.0);
    // The null vector of a real matrix is real but for a phase.
    Index largest = 0;
    vectors.q.cwiseAbs().maxCoeff(&largest);
    const Complex phase = vectors.q[largest] / std::abs(vectors.q[largest]);
    const Vector q = (vectors.q / phase).real();
    const Matrix direction = q.replicate(1, 1 + expansion.delays().size());
    const Vector p = (vectors.p * phase).real();
    return 0.5 * p.dot(expansion.second(direction, direction));
}

double lyapunov_coefficient(const Expansion& expansion, const EquationSlopes& slopes,
                            double omega) {
    const Complex i_omega(0.0, omega);
    const NullVectors vectors = null_vectors_at(slopes, i_omega);
    const Vector& delays = expansion.delays();
    const ComplexMatrix phi = history(vectors.q, i_omega, delays);
    const auto answer = [&](Complex lambda, const ComplexVector& right) {
        return history(solve_complex(characteristic_matrix(slopes, lambda), right), lambda, delays);
    };
    const ComplexMatrix h11 = answer(0.0, second(expansion, phi, phi.conjugate()));
    const ComplexMatrix h20 = answer(2.0 * i_omega, second(expansion, phi, phi));
    const ComplexVector sum = third(expansion, phi) + 2.0 * second(expansion, phi, h11) +
                              second(expansion, phi.conjugate(), h20);
    const Complex c1 = 0.5 * (vectors.p.transpose() * sum).value();
    return c1.real() / omega;
}

}  // namespace heddle
