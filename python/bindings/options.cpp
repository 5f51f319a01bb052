#include "options.hpp"

#include "heddle/core/similar.hpp"
#include "value.hpp"

namespace heddle::python {
namespace {

/// Names and setters of options, filled in with the values that were given.
template <class Options>
class Keywords {
  public:
    template <class F>
    Keywords& add(const char* name, F Options::* member) {
        return add_to(name, [member](Options& options) -> F& { return options.*member; });
    }

    template <class Reach>
    Keywords& add_to(const char* name, Reach reach) {
        setters_.emplace_back(name, [name, reach](Options& options, nb::handle value) {
            auto& field = reach(options);
            field = from_python<std::remove_reference_t<decltype(field)>>(value, name);
        });
        return *this;
    }

    [[nodiscard]] Options read(const nb::dict& named) const {
        Options options;
        for (const auto [key, value] : named) set(options, nb::cast<std::string>(key), value);
        return options;
    }

  private:
    void set(Options& options, const std::string& name, nb::handle value) const {
        bool known = false;
        for (const auto& [option, setter] : setters_) {
            if (option != name) continue;
            known = true;
            if (!value.is_none()) setter(options, value);
        }
        if (!known) raise_unknown(name);
    }

    [[noreturn]] void raise_unknown(const std::string& name) const {
        std::vector<std::string> names;
        for (const auto& [option, setter] : setters_) names.push_back(option);
        throw nb::type_error(("unknown option '" + name + "'" + did_you_mean(name, names)).c_str());
    }

    std::vector<std::pair<std::string, std::function<void(Options&, nb::handle)>>> setters_;
};

/// The fit's own options, wherever the fit is.
template <class Options, class Reach>
void add_fit(Keywords<Options>& keywords, Reach fit) {
    const auto add = [&](const char* name, auto FitOptions::* member) {
        keywords.add_to(name,
                        [fit, member](Options& options) -> auto& { return fit(options).*member; });
    };
    add("pairs", &FitOptions::pairs);
    add("error", &FitOptions::error);
    add("least_pairs", &FitOptions::least_pairs);
    add("most_pairs", &FitOptions::most_pairs);
    add("separation", &FitOptions::separation);
    add("fastest_decay", &FitOptions::fastest_decay);
    add("reach", &FitOptions::reach);
    add("ridge", &FitOptions::ridge);
    add("most_gain", &FitOptions::most_gain);
    add("starts", &FitOptions::starts);
    add("seed", &FitOptions::seed);
    add("loops", &FitOptions::loops);
}

template <class Reach>
void add_motif_loops(Keywords<DesignOptions>& keywords, Reach motif_loops) {
    const auto add = [&](const char* name, auto MotifLoopOptions::* member) {
        keywords.add_to(name, [motif_loops, member](DesignOptions& options) -> auto& {
            return motif_loops(options).*member;
        });
    };
    add("loops", &MotifLoopOptions::loops);
    add("spread", &MotifLoopOptions::spread);
    add("thalamic_tau", &MotifLoopOptions::thalamic_tau);
    add("tolerance", &MotifLoopOptions::tolerance);
    add("seed", &MotifLoopOptions::seed);
}

void add_robustness(Keywords<DesignOptions>& keywords) {
    const auto add = [&](const char* name, auto RobustMotifOptions::* member) {
        keywords.add_to(
            name, [member](DesignOptions& options) -> auto& { return options.robustness.*member; });
    };
    keywords.add("robust", &DesignOptions::robust);
    add("robust_starts", &RobustMotifOptions::starts);
    add("robust_evaluations", &RobustMotifOptions::most_evaluations);
    add("robust_precision", &RobustMotifOptions::precision);
    add("robust_noise", &RobustMotifOptions::noise);
    add("robust_trials", &RobustMotifOptions::trials);
    add("fixed_outputs", &RobustMotifOptions::fixed_outputs);
}

}  // namespace

FitOptions fit_options_from(const nb::dict& named) {
    Keywords<FitOptions> keywords;
    keywords.add("tau", &FitOptions::tau).add("radius", &FitOptions::radius);
    add_fit(keywords, [](FitOptions& options) -> FitOptions& { return options; });
    return keywords.read(named);
}

DesignOptions design_options_from(const nb::dict& named) {
    Keywords<DesignOptions> keywords;
    add_fit(keywords, [](DesignOptions& options) -> FitOptions& { return options.fit; });
    add_motif_loops(
        keywords, [](DesignOptions& options) -> MotifLoopOptions& { return options.motif_loops; });
    add_robustness(keywords);
    keywords.add("preparation_fraction", &DesignOptions::preparation_fraction)
        .add("preparation_shift", &DesignOptions::preparation_shift)
        .add("preparation_time", &DesignOptions::preparation_time)
        .add("threads", &DesignOptions::threads);
    return keywords.read(named);
}

}  // namespace heddle::python
