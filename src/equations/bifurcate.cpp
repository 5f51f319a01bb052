#include "heddle/equations/bifurcate.hpp"

#include <algorithm>
#include <cmath>

#include "equations/range.hpp"
#include "heddle/core/error.hpp"
#include "heddle/equations/rate_solution.hpp"
#include "network/checks.hpp"

namespace heddle {
namespace {

/// The state at which a branch crosses a value of its parameter, by interpolation; all of them.
std::vector<Vector> crossings(const EquilibriumBranch& branch, double value) {
    std::vector<Vector> found;
    for (Index k = 0; k + 1 < branch.values.size(); ++k) {
        const double a = branch.values[k] - value, b = branch.values[k + 1] - value;
        // A branch that ends at the value ends there up to rounding.
        if (a * b > 0.0 && std::min(std::abs(a), std::abs(b)) > 1e-9 * (1.0 + std::abs(value)))
            continue;
        const double share = a == b ? 0.0 : std::clamp(a / (a - b), 0.0, 1.0);
        found.push_back((1.0 - share) * branch.states.col(k) + share * branch.states.col(k + 1));
    }
    return found;
}

bool on_a_branch(const std::vector<EquilibriumBranch>& branches, double value,
                 const Vector& state) {
    return std::ranges::any_of(branches, [&](const EquilibriumBranch& branch) {
        const Vector size = branch.states.cwiseAbs().rowwise().maxCoeff().cwiseMax(1e-6);
        return std::ranges::any_of(crossings(branch, value), [&](const Vector& crossing) {
            return (crossing - state).cwiseQuotient(size).cwiseAbs().maxCoeff() < 1e-2;
        });
    });
}

void check(const BifurcationOptions& options) {
    check_ends("the range", options.from, options.to);
    if (options.sections < 2)
        throw DomainError("sections is " + std::to_string(options.sections) +
                          "; it must be at least 2");
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string statement_of(const BifurcationDiagram& found, double largest_rate,
                         const std::string& lost) {
    std::size_t folds = 0, hopfs = 0;
    for (const EquilibriumBranch& branch : found.branches)
        for (const BranchSpecial& item : branch.specials) {
            folds += item.kind == "fold" ? 1 : 0;
            hopfs += item.kind == "hopf" ? 1 : 0;
        }
    return counted(found.branches.size(), "branch of equilibria", "branches of equilibria") +
           " with " + counted(folds, "fold", "folds") + " and " +
           counted(hopfs, "Hopf point", "Hopf points") + ", " +
           counted(found.oscillations.size(), "branch of oscillations",
                   "branches of oscillations") +
           "; at " + std::to_string(found.proven_sections) + " of " +
           std::to_string(found.sections) + " values all fixed points with rates of up to " +
           number_text(largest_rate) + " Hz are known, proven" + lost + ".";
}

class Diagram final {
  public:
    Diagram(const RateEquations& equations, const std::string& parameter,
            const BifurcationOptions& options, const Progress& progress)
        : equations_(equations),
          parameter_(parameter),
          position_(parameter_index(equations, parameter)),
          options_(options),
          progress_(progress) {}

    BifurcationDiagram made() {
        out_.parameter = parameter_;
        out_.sections = options_.sections;
        out_.proven_sections = 0;
        total_ = static_cast<std::size_t>(options_.sections);
        for (Index k = 0; k < options_.sections; ++k) {
            const double share =
                static_cast<double>(k) / static_cast<double>(options_.sections - 1);
            section(options_.from + share * (options_.to - options_.from));
            report();
        }
        if (options_.oscillations) follow_hopfs();
        out_.statement = statement_of(out_, options_.largest_rate, lost_);
        return std::move(out_);
    }

  private:
    void report() {
        ++done_;
        if (progress_) progress_(done_, total_);
    }

    [[nodiscard]] RateEquations at(double value) const {
        RateEquations equations = equations_;
        equations.parameters[position_].value = value;
        return equations;
    }

    void section(double value) {
        const RateEquations here = at(value);
        const RateFixedPoints found = fixed_points(
            here, {.time = options_.time, .largest_rate = options_.largest_rate, .box = {}});
        out_.proven_sections += found.complete ? 1 : 0;
        for (const RateFixedPoint& point : found.points) {
            if (on_a_branch(out_.branches, value, point.state)) continue;
            out_.branches.push_back(follow_equilibrium(here, parameter_,
                                                       {.from = options_.from,
                                                        .to = options_.to,
                                                        .state = point.state,
                                                        .time = options_.time,
                                                        .largest_step = options_.largest_step}));
        }
    }

    void follow_hopfs() {
        std::vector<BranchSpecial> hopfs;
        for (const EquilibriumBranch& branch : out_.branches)
            for (const BranchSpecial& item : branch.specials)
                if (item.kind == "hopf") hopfs.push_back(item);
        total_ += hopfs.size();
        for (const BranchSpecial& hopf : hopfs) {
            if (!ends_at(hopf)) add_oscillation(hopf);
            report();
        }
    }

    /// Does a branch of oscillations that is known end in this Hopf point?
    [[nodiscard]] bool ends_at(const BranchSpecial& hopf) const {
        return std::ranges::any_of(out_.oscillations, [&](const OscillationBranch& branch) {
            const Index last = branch.values.size() - 1;
            const double range = options_.to - options_.from;
            return last > 0 && std::abs(branch.values[last] - hopf.parameter) < 0.01 * range &&
                   std::abs(branch.period[last] * hopf.frequency - 1e3) < 50.0 &&
                   branch.statement.find("shrinks") != std::string::npos;
        });
    }

    void add_oscillation(const BranchSpecial& hopf) {
        try {
            OscillationBranch branch =
                follow_oscillation(at(hopf.parameter), parameter_,
                                   {.from = options_.from,
                                    .to = options_.to,
                                    .hopf = hopf,
                                    .time = options_.time,
                                    .intervals = options_.intervals,
                                    .most_points = options_.most_oscillations});
            if (branch.values.size() > 1)
                out_.oscillations.push_back(std::move(branch));
            else
                lose(hopf, branch.statement);
        } catch (const NotConverged& error) {
            lose(hopf, error.what());
        }
    }

    void lose(const BranchSpecial& hopf, const std::string& why) {
        lost_ += "; what is born at the Hopf point at " + number_text(hopf.parameter) +
                 " was not followed: " + why;
    }

    const RateEquations& equations_;
    const std::string& parameter_;
    std::size_t position_;
    const BifurcationOptions& options_;
    const Progress& progress_;
    std::size_t done_ = 0;
    std::size_t total_ = 0;
    std::string lost_;  ///< Oscillations that could not be followed, and why.
    BifurcationDiagram out_;
};

}  // namespace

BifurcationDiagram bifurcate(const RateEquations& equations, const std::string& parameter,
                             const BifurcationOptions& options, const Progress& progress) {
    validate(equations);
    check(options);
    return Diagram(equations, parameter, options, progress).made();
}

}  // namespace heddle
