#include "population/adaptation_moments.hpp"

namespace heddle {
namespace {

using Kind = UnitAdaptation::Kind;

/// Currents have a letter of their own.
const char* letter_of(const UnitAdaptation& law) {
    return law.kind == Kind::current ? "w" : "a";
}

bool acts(const UnitAdaptation& law) {
    return law.kind != Kind::current;
}

}  // namespace

AdaptationMoments::AdaptationMoments(EquationWriter& write, const RateUnit& unit,
                                     const Expression& tau_m, Closure closure)
    : laws_(unit.adaptations) {
    const std::string& name = unit.name;
    for (const UnitAdaptation& law : laws_) {
        const bool membrane = law.kind == Kind::membrane;
        taus_.push_back(membrane ? tau_m
                                 : write.time("tau_a_" + name, law.tau, "adaptation of " + name));
        bs_.push_back(membrane
                          ? Expression(0.0)
                          : write.parameter("b_" + name, "mV/Hz", law.b, "adaptation of " + name));
        means_.push_back(write.state(letter_of(law) + ("_" + name), "mV", 0.0));
    }
    if (closure != Closure::full) return;
    const std::size_t many = laws_.size();
    among_.assign(many, std::vector<Expression>(many, Expression(0.0)));
    for (std::size_t l = 0; l < many; ++l) {
        const std::string letter = acts(laws_[l]) ? "c" : "cw";
        std::vector<Expression> row;
        for (const UnitSource& source : unit.sources) {
            const bool constant = source.kind == UnitSource::Kind::constant;
            row.push_back(source.variance > 0.0 || source.random > 0.0
                              ? write.state(letter + "_" + name + "_" + source.label,
                                            constant ? "mV²" : "mV²/Hz", 0.0)
                              : Expression(0.0));
        }
        with_input_.push_back(row);
        for (std::size_t j = 0; j <= l; ++j)
            among_[l][j] = among_[j][l] = write.state(
                std::string("C") + letter_of(laws_[j]) + letter_of(laws_[l]) + "_" + name, "mV²",
                0.0);
    }
}

Expression AdaptationMoments::acting(const auto& of_variable) const {
    Expression sum = 0.0;
    for (std::size_t l = 0; l < laws_.size(); ++l)
        if (acts(laws_[l])) sum += of_variable(l);
    return sum;
}

Expression AdaptationMoments::driven(std::size_t l, const Expression& by_spikes,
                                     const auto& of_current) const {
    if (laws_[l].kind != Kind::membrane) return bs_[l] * by_spikes;
    Expression sum = 0.0;
    for (std::size_t j = 0; j < laws_.size(); ++j)
        if (laws_[j].kind == Kind::current) sum += of_current(j);
    return sum;
}

Expression AdaptationMoments::mean() const {
    return acting([&](std::size_t l) { return means_[l]; });
}

Expression AdaptationMoments::mean_threshold() const {
    Expression sum = 0.0;
    for (std::size_t l = 0; l < laws_.size(); ++l)
        if (laws_[l].kind == Kind::threshold) sum += means_[l];
    return sum;
}

Expression AdaptationMoments::variance(const std::vector<Seen>& seen) const {
    Expression sum = 0.0;
    if (!covaries()) return sum;
    for (std::size_t l = 0; l < laws_.size(); ++l)
        for (std::size_t k = 0; k < seen.size() && acts(laws_[l]); ++k)
            sum -= 2.0 * seen[k].y * with_input_[l][k];
    sum +=
        acting([&](std::size_t l) { return acting([&](std::size_t j) { return among_[l][j]; }); });
    return sum;
}

void AdaptationMoments::move(EquationWriter& write, const std::vector<Seen>& seen,
                             const Expression& rate, const Expression& count,
                             const Expression& gain) const {
    for (std::size_t l = 0; l < laws_.size(); ++l) {
        const Expression drive = driven(l, rate, [&](std::size_t j) { return means_[j]; });
        write.moves(means_[l], (drive - means_[l]) / taus_[l]);
    }
    if (!covaries()) return;
    move_with_input(write, seen, gain);
    move_among(write, seen, count, gain);
}

void AdaptationMoments::move_with_input(EquationWriter& write, const std::vector<Seen>& seen,
                                        const Expression& gain) const {
    for (std::size_t k = 0; k < seen.size(); ++k) {
        const auto with = [&](std::size_t j) { return with_input_[j][k]; };
        const Expression of_potential = seen[k].scatter * seen[k].y - acting(with);
        for (std::size_t l = 0; l < laws_.size(); ++l) {
            const Expression& c = with_input_[l][k];
            if (c.constant()) continue;
            write.moves(c, (driven(l, gain * of_potential, with) - c) / taus_[l]);
        }
    }
}

void AdaptationMoments::move_among(EquationWriter& write, const std::vector<Seen>& seen,
                                   const Expression& count, const Expression& gain) const {
    // The drive of z_l, with z_j.
    const auto driven_with = [&](std::size_t l, std::size_t j) {
        Expression of_potential = 0.0;
        for (std::size_t k = 0; k < seen.size(); ++k) of_potential += seen[k].y * with_input_[j][k];
        of_potential -= acting([&](std::size_t i) { return among_[j][i]; });
        return driven(l, gain * of_potential, [&](std::size_t i) { return among_[i][j]; });
    };
    for (std::size_t l = 0; l < laws_.size(); ++l)
        for (std::size_t j = 0; j <= l; ++j) {
            const Expression& c = among_[l][j];
            const Expression own = 1e3 * bs_[l] * bs_[j] * count;
            if (j == l)
                write.moves(c, (2.0 * (driven_with(l, l) - c) + own / taus_[l]) / taus_[l]);
            else
                write.moves(c, -(1.0 / taus_[l] + 1.0 / taus_[j]) * c +
                                   driven_with(l, j) / taus_[l] + driven_with(j, l) / taus_[j] +
                                   own / (taus_[l] * taus_[j]));
        }
}

}  // namespace heddle
