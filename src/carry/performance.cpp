#include "carry/performance.hpp"

#include "heddle/core/error.hpp"

namespace heddle {
namespace {

void require_finite(const Matrix& states, const std::string& motif) {
    if (!states.allFinite())
        throw DomainError("states: they are no longer finite in motif '" + motif +
                          "'; a smaller amplitude or step would work");
}

}  // namespace

std::vector<Matrix> perform_carried(const CarriedLibrary& carried, std::size_t motif,
                                    Matrix& states) {
    const Stretch stretch = Stretch::motif(carried, motif);
    const Motif& target = carried.library.motifs[motif].motif;
    const Index stride = carried.sample_steps[motif], d = carried.network.readout.rows();
    std::vector<Matrix> outputs(static_cast<std::size_t>(states.cols()),
                                Matrix(target.values.rows(), d));
    Matrix rates, y;
    for (Index t = 0; t <= stretch.steps(); ++t) {
        stretch.rates(states, rates);
        if (t % stride == 0) {
            y = (carried.network.readout * rates).colwise() - carried.offset;
            for (Index i = 0; i < states.cols(); ++i)
                outputs[static_cast<std::size_t>(i)].row(t / stride) = y.col(i).transpose();
        }
        if (t < stretch.steps()) stretch.step(rates, states);
    }
    require_finite(states, target.name);
    return outputs;
}

void prepare_carried(const CarriedLibrary& carried, std::size_t motif, Matrix& states) {
    const Stretch stretch = Stretch::preparation(carried, motif);
    Matrix rates;
    for (Index t = 0; t < stretch.steps(); ++t) {
        stretch.rates(states, rates);
        stretch.step(rates, states);
    }
    require_finite(states, "prepare " + carried.library.motifs[motif].motif.name);
}

}  // namespace heddle
