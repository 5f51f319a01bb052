#include <nanobind/eigen/sparse.h>
#include <nanobind/nanobind.h>

#include <sstream>

#include "heddle/network/generators.hpp"
#include "heddle/network/loops.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

std::string describe(const Network& network) {
    std::ostringstream text;
    text << "Network(" << size(network) << " units, ";
    if (const auto* sparse = std::get_if<SparseMatrix>(&network.weights))
        text << "sparse with " << sparse->nonZeros() << " weights";
    else if (std::holds_alternative<StructuredWeights>(network.weights))
        text << "structured";
    else
        text << "dense";
    text << ", " << name_of(network.response) << ", tau " << network.tau << " s, "
         << network.readout.rows() << " readouts)";
    return text.str();
}

std::string describe(const Loops& loops) {
    std::ostringstream text;
    text << "Loops(" << loops.u.cols() << " loops through " << loops.u.rows() << " units";
    if (loops.thalamic_tau > 0.0) text << ", thalamic tau " << loops.thalamic_tau << " s";
    if (loops.delay > 0.0) text << ", delay " << loops.delay << " s";
    text << ")";
    return text.str();
}

Index rows(const Weights& weights) {
    return std::visit([](const auto& matrix) { return matrix.rows(); }, weights);
}

/// A network that was given neither bias nor readout has none.
void complete(Network& network) {
    const Index n = rows(network.weights);
    if (network.bias.size() == 0) network.bias = Vector::Zero(n);
    if (network.readout.size() == 0) network.readout = Matrix::Zero(0, n);
    validate(network);
}

void bind_values(nb::module_& module) {
    Value<Network>(module, "Network", R"(A recurrent network, a plain value:

    τ ẋ = −x + W φ(x) + b ,   y = C φ(x)

`weights[i, j]` is the weight from unit j to unit i. A linear network is stable if and only if every
eigenvalue of W has a real part below 1.

    weights   W, shape (n, n): an array, any SciPy sparse matrix, or StructuredWeights
    tau       τ of every unit, s; 0.01
    response  φ: "linear", "rectified", "tanh" or "softplus"; or an ArtificialUnit that does not
              adapt, or its TransferResponse: tau is then that of its membrane, which carries x
    bias      b, shape (n,); zero
    readout   C, shape (d, n); none

Raises ShapeError or DomainError, naming the field.)",
                   [](const Network& network) { return describe(network); })
        .required(
            "weights", &Network::weights,
            "W, shape (n, n); dense, or scipy.sparse.csr_matrix or StructuredWeights if it was "
            "given so.")
        .optional("tau", &Network::tau, "Time constant τ of every unit, s.")
        .optional("response", &Network::response, "φ: its name, or a TransferResponse.")
        .optional("bias", &Network::bias, "b, shape (n,).")
        .optional("readout", &Network::readout, "C, shape (d, n).")
        .check(&complete)
        .done()
        .def_prop_ro(
            "size", [](const Network& network) { return size(network); }, "Number of units n.");

    Value<Loops>(module, "Loops", R"(A group of loops that opens and closes together.

The open group adds U Vᵀ to the recurrent weights,

    τ ẋ = −x + W x + U y(t − D) + b ,   τ_T ẏ = −y + Vᵀ x      (τ_T = 0: y = Vᵀ x at once).

    u             loop output weights (thalamus → cortex), shape (n, k)
    v             loop input weights (cortex → thalamus), shape (n, k)
    thalamic_tau  τ_T, s; 0 for instantaneous thalamic units
    delay         D, s: conduction delay of the whole loop)",
                 [](const Loops& loops) { return describe(loops); })
        .required("u", &Loops::u, "Loop output weights (thalamus → cortex), shape (n, k).")
        .required("v", &Loops::v, "Loop input weights (cortex → thalamus), shape (n, k).")
        .optional("thalamic_tau", &Loops::thalamic_tau, "τ_T, s.")
        .optional("delay", &Loops::delay, "D, s.")
        .check([](Loops& loops) { validate(loops, loops.u.rows()); })
        .done();
}

void bind_generators(nb::module_& module) {
    module.def(
        "make_network",
        [](nb::handle weights, Index channels, std::uint64_t seed, double tau,
           nb::handle response) {
            return make_network(to_weights(weights, "weights"), channels, seed, tau,
                                to_response(response, "response"));
        },
        "weights"_a, "channels"_a, nb::kw_only(), "seed"_a = 0, "tau"_a = 0.01,
        "response"_a = "linear", R"(A Network with the given weights, no bias, and random readouts.

C_ij ~ N(0, 1/n), shape (channels, n), drawn from `seed`.)");
    module.def(
        "gaussian_weights",
        [](Index n, double g, std::uint64_t seed) {
            return to_numpy(gaussian_weights(n, g, seed));
        },
        "n"_a, "g"_a, nb::kw_only(), "seed"_a = 0, R"(W_ij ~ N(0, g²/n), shape (n, n).

Its eigenvalues fill the disc of radius g. Sompolinsky, Crisanti & Sommers (1988), PRL 61(3).)");
    module.def(
        "sparse_weights",
        [](Index n, double p, double g, std::uint64_t seed) {
            return to_python(sparse_weights(n, p, g, seed), nb::none());
        },
        "n"_a, "p"_a, "g"_a, nb::kw_only(), "seed"_a = 0,
        R"(Sparse weights, shape (n, n): each connection present with probability p.

Its weight is ~ N(0, g²/(n p)); no unit connects to itself. Returns scipy.sparse.csr_matrix.)");
    module.def(
        "dale_weights",
        [](Index n, double excitatory_fraction, double p, double g, std::uint64_t seed) {
            return to_numpy(dale_weights(n, seed, {excitatory_fraction, p, g}));
        },
        "n"_a, nb::kw_only(), "excitatory_fraction"_a = DaleOptions{}.excitatory_fraction,
        "p"_a = DaleOptions{}.p, "g"_a = DaleOptions{}.g, "seed"_a = 0,
        R"(Weights that obey Dale's law, shape (n, n), every row summing to zero.

The columns of the first round(excitatory_fraction · n) units are ≥ 0, the others ≤ 0; `p` is the
probability of a connection, `g` the radius of the bulk of eigenvalues. Rajan & Abbott (2006),
PRL 97(18).)");
    module.def(
        "stability_optimised_weights",
        [](Index n, double excitatory_fraction, double p, double initial_radius, double abscissa,
           Index most_iterations, std::uint64_t seed, nb::handle progress) {
            const StabilityOptions options{excitatory_fraction, p, initial_radius, abscissa,
                                           most_iterations};
            return to_numpy(long_call(progress, [=](LongCall& call) {
                return stability_optimised_weights(n, seed, options, call.progress());
            }));
        },
        "n"_a, nb::kw_only(), "excitatory_fraction"_a = StabilityOptions{}.excitatory_fraction,
        "p"_a = StabilityOptions{}.p, "initial_radius"_a = StabilityOptions{}.initial_radius,
        "abscissa"_a = StabilityOptions{}.abscissa,
        "most_iterations"_a = StabilityOptions{}.most_iterations, "seed"_a = 0,
        "progress"_a = nb::none(),
        R"(A stability-optimised circuit, shape (n, n).

Excitatory and inhibitory units with strong, random, unstable connections (`p`, the probability of
excitatory ones; `initial_radius`, the radius of the bulk), whose inhibitory weights descend the
smoothed spectral abscissa until max Re λ is at most `abscissa`. O(n³) a step. Raises NotConverged if
that takes more than `most_iterations`. Hennequin, Vogels & Gerstner (2014), Neuron 82(6).)");
    module.def(
        "low_rank_weights",
        [](Index n, double g, nb::handle outliers, std::uint64_t seed) {
            return to_numpy(low_rank_weights(n, g, to_eigen<Vector>(outliers, "outliers"), seed));
        },
        "n"_a, "g"_a, "outliers"_a, nb::kw_only(), "seed"_a = 0,
        R"(M Nᵀ/n + g χ, shape (n, n): a Gaussian bulk of radius g and eigenvalues near `outliers`.

The rank is the number of outliers, shape (r,). Mastrogiuseppe & Ostojic (2018), Neuron 99(3).)");
}

}  // namespace

void bind_network(nb::module_& module) {
    bind_values(module);
    bind_generators(module);
}

}  // namespace heddle::python
