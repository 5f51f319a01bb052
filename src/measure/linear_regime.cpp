#include "heddle/measure/linear_regime.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/flow/segment_map.hpp"
#include "heddle/linalg/exponential.hpp"
#include "heddle/rectified/exponential_sums.hpp"
#include "linalg/symmetric_eigen.hpp"

namespace heddle {
namespace {

/// All thalamic units in one matrix: those of the motifs, in order, then the preparatory ones.
struct Units {
    Matrix inputs;             ///< v_kᵀ in rows.
    std::vector<Index> first;  ///< Of each motif, then of the preparation, then the end.

    explicit Units(const Library& library) : first{0} {
        for (const MotifLoops& motif : library.motifs)
            first.push_back(first.back() + motif.loops.v.cols());
        first.push_back(first.back() + library.preparation.loops.v.cols());
        inputs.resize(first.back(), size(library.network));
        for (std::size_t i = 0; i < library.motifs.size(); ++i)
            inputs.middleRows(first[i], first[i + 1] - first[i]) =
                library.motifs[i].loops.v.transpose();
        inputs.bottomRows(library.preparation.loops.v.cols()) =
            library.preparation.loops.v.transpose();
    }

    [[nodiscard]] auto of(const Vector& values, std::size_t group) const {
        return values.segment(first[group], first[group + 1] - first[group]);
    }
};

ComplexVector rates_of(const MotifLoops& design, double tau) {
    return (design.fit.eigenvalues.array() - 1.0) / tau;
}

SumExtrema drives_during(const MotifLoops& design, const Units& units, double tau) {
    const ExponentialSums sums{units.inputs * design.fixed_point,
                               units.inputs.cast<Complex>() * design.modes, rates_of(design, tau)};
    return extrema(sums, duration(design.motif));
}

Vector end_state(const MotifLoops& design, double tau) {
    const ComplexVector waves = (rates_of(design, tau) * duration(design.motif)).array().exp();
    return design.fixed_point + (design.modes * waves).real();
}

/// Bounds of every unit's drive over all preparations of one motif after another.
struct PreparationDrives {
    Vector lower, upper;
    double slack = 0.0;
};

/// Deviations z − z* of all preparations, split: that of b after a is ends.col(a) + bases.col(b).
struct Deviations {
    Matrix ends, bases;
};

Deviations initial_deviations(const Library& library, Index states) {
    const auto count = static_cast<Index>(library.motifs.size());
    const Index n = size(library.network);
    Deviations found{Matrix::Zero(states, count), Matrix(states, count)};
    for (Index i = 0; i < count; ++i) {
        const auto motif = static_cast<std::size_t>(i);
        found.ends.col(i).head(n) = end_state(library.motifs[motif], library.network.tau);
        found.bases.col(i) =
            joint_deviation(Matrix::Zero(n, 1), preparation_segment(library, motif));
    }
    return found;
}

double logarithmic_norm(const Matrix& a) {
    Matrix symmetric = 0.5 * (a + a.transpose());
    return symmetric_eigen(symmetric, "the dynamics of preparation").maxCoeff();
}

PreparationDrives drives_while_preparing(const Library& library, const Units& units,
                                         const Progress& progress) {
    constexpr double sample = 0.02;  // τ
    const JointDynamics dynamics = joint_dynamics(library.network, &library.preparation.loops);
    const double time = library.preparation.duration;
    const auto steps =
        std::max<Index>(1, static_cast<Index>(std::ceil(time / (sample * library.network.tau))));
    const double dt = time / static_cast<double>(steps);
    const Matrix propagator = exponential(dynamics.a * dt);
    Matrix inputs = Matrix::Zero(units.inputs.rows(), dynamics.a.rows());
    inputs.leftCols(dynamics.cortex) = units.inputs;
    const Vector curvatures = (inputs * dynamics.a * dynamics.a).rowwise().norm() * dt * dt / 8.0 *
                              std::exp(std::max(0.0, logarithmic_norm(dynamics.a)) * dt);
    Matrix targets(dynamics.cortex, static_cast<Index>(library.motifs.size()));
    for (Index b = 0; b < targets.cols(); ++b)
        targets.col(b) = library.motifs[static_cast<std::size_t>(b)].initial_state;
    const Matrix goals = units.inputs * targets;

    const double infinity = std::numeric_limits<double>::infinity();
    PreparationDrives found{Vector::Constant(inputs.rows(), infinity),
                            Vector::Constant(inputs.rows(), -infinity)};
    Deviations deviations = initial_deviations(library, dynamics.a.rows());
    for (Index step = 0; step <= steps; ++step) {
        const Matrix from_ends = inputs * deviations.ends;
        const Matrix from_bases = inputs * deviations.bases + goals;
        const double farthest = deviations.ends.colwise().norm().maxCoeff() +
                                deviations.bases.colwise().norm().maxCoeff();
        const Vector between = curvatures * farthest;
        found.upper = found.upper.cwiseMax(from_ends.rowwise().maxCoeff() +
                                           from_bases.rowwise().maxCoeff() + between);
        found.lower = found.lower.cwiseMin(from_ends.rowwise().minCoeff() +
                                           from_bases.rowwise().minCoeff() - between);
        found.slack = std::max(found.slack, between.maxCoeff());
        deviations.ends = propagator * deviations.ends;
        deviations.bases = propagator * deviations.bases;
        if (progress) progress(static_cast<std::size_t>(step), static_cast<std::size_t>(steps));
    }
    return found;
}

}  // namespace

LinearRegime linear_regime(const Library& library, std::size_t threads, const Progress& progress) {
    const std::size_t count = library.motifs.size();
    const auto m = static_cast<Index>(count);
    const Units units(library);
    const PreparationDrives preparing = drives_while_preparing(library, units, progress);
    std::vector<SumExtrema> performing(count);
    parallel_for(count, threads, [&](std::size_t a) {
        performing[a] = drives_during(library.motifs[a], units, library.network.tau);
    });

    LinearRegime found{{std::vector<Vector>(count), -units.of(preparing.lower, count)},
                       Matrix(m, m),
                       Vector(m),
                       Vector(m),
                       preparing.slack,
                       {}};
    for (std::size_t a = 0; a < count; ++a) {
        const SumExtrema& drives = performing[a];
        const auto row = static_cast<Index>(a);
        found.bias.motifs[a] = -units.of(drives.lower_bound, a);
        for (std::size_t b = 0; b < count; ++b)
            found.inhibition(row, static_cast<Index>(b)) =
                a == b ? std::numeric_limits<double>::quiet_NaN()
                       : units.of(drives.upper_bound, b).maxCoeff();
        found.inhibition_preparing[row] = units.of(preparing.upper, a).maxCoeff();
        found.inhibition_preparatory[row] = units.of(drives.upper_bound, count).maxCoeff();
        found.slack = std::max({found.slack, (drives.upper_bound - drives.most).maxCoeff(),
                                (drives.least - drives.lower_bound).maxCoeff()});
    }
    found.statement =
        "with these biases every open loop stays linear on its planned trajectory, during " +
        std::to_string(count) + " motifs and the preparations of each after each";
    return found;
}

}  // namespace heddle
