#include "carry/stretch.hpp"

#include <cmath>

#include "train/unit_values.hpp"

namespace heddle {

Stretch::Stretch(const CarriedLibrary& carried, const Loops& loops, Index input, Index steps)
    : recurrent_(std::get<Matrix>(carried.network.weights)),
      drive_(carried.network.bias + carried.input.col(input)),
      curve_(carried.network.response),
      eta_(carried.h / carried.network.tau),
      steps_(steps) {
    recurrent_.noalias() += loops.u * loops.v.transpose();
}

Stretch Stretch::motif(const CarriedLibrary& carried, std::size_t i) {
    return {carried, carried.loops[i], static_cast<Index>(i), carried.motif_steps[i]};
}

Stretch Stretch::preparation(const CarriedLibrary& carried, std::size_t i) {
    return {carried, carried.loops.back(), static_cast<Index>(carried.library.motifs.size() + i),
            carried.preparation_steps};
}

void Stretch::rates(const Matrix& x, Matrix& rates) const {
    rates.resize(x.rows(), x.cols());
    fill_rates(curve_, x.data(), x.size(), rates.data());
}

void Stretch::step(const Matrix& rates, Matrix& x) const {
    x *= 1.0 - eta_;
    x.noalias() += eta_ * (recurrent_ * rates);
    x.colwise() += eta_ * drive_;
}

Vector Stretch::slopes(const VectorView& x) const {
    return x.unaryExpr([this](double value) { return curve_.slope(value); });
}

Matrix Stretch::jacobian(const VectorView& slopes) const {
    Matrix j = recurrent_ * (eta_ * slopes).asDiagonal();
    j.diagonal().array() += 1.0 - eta_;
    return j;
}

Passage passage(const CarriedLibrary& carried, std::size_t motif, bool preparation) {
    Passage stretches;
    if (preparation) stretches.push_back(Stretch::preparation(carried, motif));
    stretches.push_back(Stretch::motif(carried, motif));
    return stretches;
}

Matrix trajectory(const Passage& passage, const VectorView& start) {
    Index steps = 0;
    for (const Stretch& stretch : passage) steps += stretch.steps();
    Matrix states(start.size(), steps + 1);
    Matrix x = start, rates;
    Index t = 0;
    for (const Stretch& stretch : passage)
        for (Index step = 0; step < stretch.steps(); ++step) {
            states.col(t++) = x;
            stretch.rates(x, rates);
            stretch.step(rates, x);
        }
    states.col(t) = x;
    return states;
}

Vector end_of(const CarriedLibrary& carried, std::size_t i) {
    return trajectory(passage(carried, i, false), carried.starts.col(static_cast<Index>(i)))
        .rightCols(1);
}

double unit_of(const CarriedLibrary& carried) {
    return carried.amplitude * std::sqrt(static_cast<double>(size(carried.network)));
}

}  // namespace heddle
