#include <cmath>

#include "carry/performance.hpp"
#include "heddle/motif/motif.hpp"

namespace heddle {
namespace {

/// φ'' / 2 φ' and φ''' / 6 φ' at x̄, by a difference of the curvatures on both sides.
struct Bends {
    Vector second, third;
};

Bends bends_at(const CarriedLibrary& carried) {
    const ResponseCurve curve(carried.network.response);
    const double step = 1e-4;
    Bends bends{Vector(carried.gain.size()), Vector(carried.gain.size())};
    for (Index i = 0; i < carried.gain.size(); ++i) {
        const double x = carried.operating_point(i);
        bends.second(i) = curve.curvature(x) / (2.0 * carried.gain(i));
        bends.third(i) = (curve.curvature(x + step) - curve.curvature(x - step)) / (2.0 * step) /
                         (6.0 * carried.gain(i));
    }
    return bends;
}

/// q(x), the leading part of what φ adds to its slope, in the linear network's units and for s = 1.
Vector bent(const Bends& bends, int order, const Vector& x) {
    if (order == 1) return bends.second.array() * x.array().square();
    return bends.third.array() * x.array().cube();
}

/// ‖δy‖ / ‖target − mean‖ of a motif for s = 1, along the linear network's trajectory.
double leading_deviation(const Library& library, std::size_t i, const Bends& bends, int order,
                         double eta, Index stride) {
    const MotifLoops& design = library.motifs[i];
    Matrix recurrent = std::get<Matrix>(library.network.weights);
    recurrent.noalias() += design.loops.u * design.loops.v.transpose();
    const Vector rest = bent(bends, order, design.fixed_point);
    const Vector hold = design.fixed_point - recurrent * design.fixed_point;
    const Index samples = design.motif.values.rows();
    Vector x = design.initial_state, delta = Vector::Zero(x.size());
    Matrix off(samples, library.network.readout.rows());
    for (Index t = 0; t < samples * stride; ++t) {
        const Vector q = bent(bends, order, x);
        if (t % stride == 0)
            off.row(t / stride) = (library.network.readout * (delta + q)).transpose();
        delta = (1.0 - eta) * delta + eta * (recurrent * (delta + q - rest));
        x = (1.0 - eta) * x + eta * (recurrent * x + hold);
    }
    return std::sqrt(normalised_error(design.motif.values + off, design.motif.values));
}

}  // namespace

CarriedLibrary linear_twin(const CarriedLibrary& carried) {
    CarriedLibrary twin = carried;
    const Library& library = carried.library;
    const auto count = static_cast<Index>(library.motifs.size());
    twin.network = library.network;
    twin.network.bias.setZero();
    twin.loops.clear();
    twin.scale = 1.0;
    twin.operating_point.setZero();
    twin.gain.setOnes();
    twin.offset.setZero();
    const Matrix& w = std::get<Matrix>(library.network.weights);
    for (const MotifLoops& design : library.motifs) twin.loops.push_back(design.loops);
    twin.loops.push_back(library.preparation.loops);
    const auto held = [&](const Loops& loops, const Vector& x) -> Vector {
        return x - w * x - loops.u * (loops.v.transpose() * x);
    };
    for (Index i = 0; i < count; ++i) {
        const MotifLoops& design = library.motifs[static_cast<std::size_t>(i)];
        twin.starts.col(i) = design.initial_state;
        twin.input.col(i) = held(design.loops, design.fixed_point);
        twin.input.col(count + i) = held(library.preparation.loops, design.initial_state);
    }
    return twin;
}

AmplitudeLaw amplitude_law(const CarriedLibrary& carried) {
    const std::size_t count = carried.library.motifs.size();
    AmplitudeLaw law{0, Vector::Zero(static_cast<Index>(count))};
    const auto kind = carried.network.response.kind();
    if (kind == Response::Kind::linear || kind == Response::Kind::rectified) return law;
    const Bends bends = bends_at(carried);
    law.order = bends.second.cwiseAbs().maxCoeff() > 1e-9 ? 1 : 2;
    const double unit = carried.amplitude / carried.scale;  // Activity of the linear network.
    for (std::size_t i = 0; i < count; ++i)
        law.coefficient(static_cast<Index>(i)) =
            leading_deviation(carried.library, i, bends, law.order, carried.h / carried.network.tau,
                              carried.sample_steps[i]) /
            std::pow(unit, law.order);
    return law;
}

}  // namespace heddle
