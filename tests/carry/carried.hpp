#pragma once

#include "heddle/carry/carry_over.hpp"
#include "support/examples.hpp"

/// A small library that is carried over, which the tests share.
namespace heddle {

inline const Library& small_library() {
    static const Library library = examples::library({"a", "b"}, {}, 60);
    return library;
}

inline CarriedLibrary carried(const Response& response = Response::tanh, double amplitude = 0.05,
                              Vector point = {}) {
    return carry_over(small_library(), {response, amplitude, std::move(point)});
}

/// The equations as they are written, one unit at a time: states from `x` on, one step a column.
inline Matrix plain_run(const CarriedLibrary& net, std::size_t loops, Index input, Vector x,
                        Index steps) {
    const Matrix& w = std::get<Matrix>(net.network.weights);
    const double eta = net.h / net.network.tau;
    Matrix states(x.size(), steps + 1);
    states.col(0) = x;
    for (Index t = 0; t < steps; ++t) {
        Vector rates(x.size());
        for (Index i = 0; i < x.size(); ++i)
            rates(i) = unit_response(net.network.response, x(i)).value;
        const Vector thalamus = net.loops[loops].v.transpose() * rates;
        x = (1.0 - eta) * x + eta * (w * rates + net.loops[loops].u * thalamus + net.network.bias +
                                     net.input.col(input));
        states.col(t + 1) = x;
    }
    return states;
}

inline Matrix plain_output(const CarriedLibrary& net, const Matrix& states, Index stride) {
    const Index samples = (states.cols() - 1) / stride + 1;
    Matrix output(samples, net.network.readout.rows());
    for (Index j = 0; j < samples; ++j) {
        Vector rates = states.col(j * stride);
        for (double& rate : rates) rate = unit_response(net.network.response, rate).value;
        output.row(j) = (net.network.readout * rates - net.offset).transpose();
    }
    return output;
}

}  // namespace heddle
