#include <nanobind/nanobind.h>

#include "arrays.hpp"
#include "heddle/equations/code.hpp"
#include "long_call.hpp"
#include "modules.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

using namespace nb::literals;

constexpr const char* what_code_is =
    R"(Equations as code: the text of the first of `equation_files`.

equations  RateEquations
language   "numpy", "cpp", "julia", "auto", "xpp" or "pyrates"

and the other arguments of `equation_files`. Returns a str.)";

constexpr const char* what_files_are = R"(Equations as files of another language.

equations    RateEquations
language     "numpy": a Python module that needs numpy only; "cpp": a C++17 program; "julia": a Julia
             program without packages; "auto": equations with derivatives and constants for
             AUTO-07p; "xpp": a file for XPPAUT; "pyrates": a YAML template
name         of files and of the model; letters, digits and _
duration     ms that the program solves unless told otherwise
step         ms; at most the least delay
silent_past  delayed values were 0 before t = 0, not those of the start
time         ms at which AUTO and PyRates hold the inputs
parameter    or input, along which AUTO follows an equilibrium; the first input, or else the first
             parameter, if empty
state        to start from, shape (n,); that of the equations if None, for AUTO the lowest stable
             fixed point

numpy, C++ and Julia solve the equations by the steps of `solve` with tolerance=inf and twice the
step: rates differ by rounding. Run as programs they print rates as CSV. Names become identifiers.

Returns a dict of texts by file name; AUTO has two. Raises DomainError for what a language cannot
say, naming what could be written instead, and for arguments out of range.)";

constexpr const char* what_chains_are = R"(Equations with chains for delays.

    d ż_j = stages (z_{j−1} − z_j) ,   z_0 = X ,   X(t − d) → z_stages

equations    RateEquations
stages       of each chain, ≥ 1
silent_past  chains start at 0, not at what the delayed value is at the start

Delays are spread, with a coefficient of variation of 1 / √stages and the same mean. Steady states
stay; everything else has an error of O(1 / stages). Returns RateEquations. Raises DomainError.

Source: MacDonald (1978), Time Lags in Biological Models.)";

struct Wishes {
    std::string name;
    double duration, step;
    bool silent_past;
    double time;
    std::string parameter;
};

std::vector<CodeFile> files_of(const RateEquations& equations, const std::string& language,
                               const Wishes& wishes, nb::handle state) {
    const CodeOptions options{
        .name = wishes.name,
        .duration = wishes.duration,
        .step = wishes.step,
        .silent_past = wishes.silent_past,
        .time = wishes.time,
        .parameter = wishes.parameter,
        .state = state.is_none() ? Vector() : to_eigen<Vector>(state, "state")};
    const CodeLanguage chosen = code_language(language);
    return long_call(nb::none(), [equations, chosen, options](LongCall&) {
        return equation_files(equations, chosen, options);
    });
}

nb::dict files(const RateEquations& equations, const std::string& language, const std::string& name,
               double duration, double step, bool silent_past, double time,
               const std::string& parameter, nb::handle state) {
    nb::dict texts;
    for (const CodeFile& file :
         files_of(equations, language, {name, duration, step, silent_past, time, parameter}, state))
        texts[file.name.c_str()] = file.text;
    return texts;
}

std::string code(const RateEquations& equations, const std::string& language,
                 const std::string& name, double duration, double step, bool silent_past,
                 double time, const std::string& parameter, nb::handle state) {
    return files_of(equations, language, {name, duration, step, silent_past, time, parameter},
                    state)
        .front()
        .text;
}

/// \param first  the equations: an argument, or the object itself.
template <class Function, class... First>
void define(nb::handle scope, const char* name, Function function, const char* doc,
            const First&... first) {
    nb::cpp_function_def(function, nb::scope(scope), nb::name(name), first..., "language"_a,
                         nb::kw_only(), "name"_a = "rates", "duration"_a = 1000.0, "step"_a = 0.1,
                         "silent_past"_a = false, "time"_a = 0.0, "parameter"_a = "",
                         "state"_a = nb::none(), doc);
}

}  // namespace

void bind_equation_code(nb::module_& module) {
    define(module, "equation_code", &code, what_code_is, "equations"_a);
    define(module, "equation_files", &files, what_files_are, "equations"_a);
    define(nb::type<RateEquations>(), "code", &code, what_code_is, nb::is_method());
    module.def("without_delays", &without_delays, "equations"_a, "stages"_a, nb::kw_only(),
               "silent_past"_a = false, what_chains_are);
}

}  // namespace heddle::python
