#pragma once

#include <string>
#include <vector>

#include "heddle/equations/rate_equations.hpp"

namespace heddle {

/// What equations can be written in.
enum class CodeLanguage {
    numpy,   ///< A Python module that needs numpy only.
    cpp,     ///< A C++17 program.
    julia,   ///< A Julia program without packages.
    auto07,  ///< AUTO-07p: the Fortran equations, with derivatives, and a file of constants.
    xpp,     ///< XPPAUT.
    pyrates  ///< A template of PyRates, in YAML.
};

/// "numpy", "cpp", "julia", "auto", "xpp" or "pyrates". \throws DomainError with a did-you-mean.
[[nodiscard]] CodeLanguage code_language(const std::string& name);

struct CodeOptions {
    std::string name = "rates";  ///< Of files, and of the model; letters, digits and _.
    double duration = 1000.0;    ///< ms that the program solves unless told otherwise.
    double step = 0.1;           ///< ms; at most the least delay.
    bool silent_past = false;    ///< Delayed values were 0 before t = 0.
    double time = 0.0;           ///< ms at which AUTO and PyRates hold the inputs.
    std::string parameter;       ///< Or input, along which AUTO follows an equilibrium. Empty: the
                                 ///< first input, or else the first parameter.
    Vector state;                ///< To start from, shape (n,). Empty: that of the equations; for
                                 ///< AUTO the lowest stable fixed point that Newton's method finds.
};

struct CodeFile {
    std::string name;
    std::string text;
};

/// The equations as files: one, for AUTO two ("rates.f90", "c.rates").
///
/// numpy, C++ and Julia hold the equations as a function of state, delayed values, inputs and
/// parameters, and solve them as `solve` does with `tolerance` infinity and twice the step: the
/// same Runge–Kutta steps, the same cubics for delayed values, the same means of inputs over a
/// step. Run as programs they print the rates as CSV.
///
/// XPP reads delayed values of states by its own `delay`, to which a constant past is the initial
/// value. AUTO and PyRates have no delays here, and inputs are parameters, held at their value at
/// `time`.
///
/// Names become identifiers: other characters than letters, digits and _ go, a number keeps what is
/// then equal apart, as it does from the words of the language. Long and repeated parts of formulas
/// get lines of their own.
///
/// \throws DomainError what `validate` finds; for options out of range; for delays in AUTO and
///         PyRates, and definitions with a silent past in XPP, with `without_delays` as the way
///         out; for equations without a parameter in AUTO.
/// \cost That of printing; for AUTO without a state, that of Newton's method from 256 starts.
/// \see Doedel & Oldeman (2012), AUTO-07P; Ermentrout (2002), Simulating, Analyzing, and Animating
///      Dynamical Systems: A Guide to XPPAUT; Gast et al. (2019), PLoS ONE 14:e0225900, for
///      PyRates.
[[nodiscard]] std::vector<CodeFile> equation_files(const RateEquations& equations,
                                                   CodeLanguage language,
                                                   const CodeOptions& options = {});

/// The text of the first of these files: the equations.
[[nodiscard]] std::string equation_code(const RateEquations& equations, CodeLanguage language,
                                        const CodeOptions& options = {});

/// Equations in which each delayed value X(t − d) is the end of a chain of first-order states,
///
///     d ż_j = stages (z_{j−1} − z_j) ,   z_0 = X ,   X(t − d) → z_stages .
///
/// A chain delays by d in the mean: it averages X over a gamma distribution of delays whose
/// coefficient of variation is 1 / √stages. Steady states do not change; everything else has an
/// error of O(1 / stages). Chains start at the value that X has at the start, or silent at 0.
/// Equations without delays stay as they are.
///
/// \throws DomainError what `validate` finds; for less than one stage.
/// \see MacDonald (1978), Time Lags in Biological Models.
[[nodiscard]] RateEquations without_delays(const RateEquations& equations, Index stages,
                                           bool silent_past = false);

}  // namespace heddle
