#include "heddle/spectrum/mode_paths.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "heddle/core/error.hpp"
#include "heddle/spectrum/closed_loop.hpp"
#include "spectrum/eigen_state.hpp"
#include "spectrum/mode_path.hpp"

namespace heddle {
namespace {

constexpr double tolerance = 1e-7;  // Of the scale: an end that is an eigenvalue of W + U Vᵀ.
constexpr double first_distance = 0.04;
constexpr int most_rounds = 4;  // Each with a quarter of the distance of the one before.
constexpr double near = 4.0;    // Radii between two reports of one meeting.

std::vector<Index> all_of(Index count) {
    std::vector<Index> all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), Index{0});
    return all;
}

/// What is known of every mode.
struct Survey {
    const ModeCoordinates& coordinates;
    std::vector<ModePath> paths;
    std::vector<Index> evaluations;

    explicit Survey(const ModeCoordinates& system)
        : coordinates(system),
          paths(static_cast<std::size_t>(system.poles.size())),
          evaluations(paths.size(), 0) {}

    [[nodiscard]] const ModePath& path(Index i) const { return paths[static_cast<std::size_t>(i)]; }

    void follow(const std::vector<Index>& modes, double most, std::size_t threads,
                const Progress& progress) {
        const std::vector<Index> loops = all_of(coordinates.u.cols());
        const auto body = [&](std::size_t k) {
            const auto i = static_cast<std::size_t>(modes[k]);
            ModeEquation equation(coordinates, loops);
            if (!coordinates.repeated[i]) paths[i] = follow_mode(equation, modes[k], most);
            evaluations[i] += equation.evaluations();
        };
        parallel_for(modes.size(), threads, body, progress);
    }
};

/// Which eigenvalue of W + U Vᵀ each end is: the nearest that no end before it has.
struct Matching {
    std::vector<Index> place;  // −1: none within the tolerance.
    std::vector<bool> used;
    double mismatch = 0.0;
};

Index nearest_unused(Complex value, const ComplexVector& values, const std::vector<bool>& used) {
    Index best = -1;
    for (Index j = 0; j < values.size(); ++j)
        if (!used[static_cast<std::size_t>(j)] &&
            (best < 0 || std::abs(values(j) - value) < std::abs(values(best) - value)))
            best = j;
    return best;
}

Matching match(const Survey& survey, const ComplexVector& after) {
    const auto n = survey.paths.size();
    Matching found{std::vector<Index>(n, -1), std::vector<bool>(n, false)};
    for (std::size_t i = 0; i < n; ++i) {
        if (!survey.paths[i].found) continue;
        const Complex end = survey.paths[i].end.value;
        const Index j = nearest_unused(end, after, found.used);
        const double apart = std::abs(after(j) - end);
        if (apart > tolerance * survey.coordinates.scale) continue;
        found.mismatch = std::max(found.mismatch, apart);
        found.used[static_cast<std::size_t>(j)] = true;
        found.place[i] = j;
    }
    return found;
}

/// The mirror images of paths that met nothing.
std::vector<Index> mirror(Survey& survey) {
    std::vector<Index> own;
    for (Index i = 0; i < survey.coordinates.poles.size(); ++i) {
        if (survey.coordinates.poles(i).imag() >= 0.0) continue;
        const ModePath& twin = survey.path(i - 1);
        if (!twin.found || !twin.meetings.empty()) {
            own.push_back(i);
            continue;
        }
        ModePath& path = survey.paths[static_cast<std::size_t>(i)];
        path = twin;
        ModePoint& end = path.end;
        end.value = std::conj(end.value);
        end.pole = end.pole == i - 1 ? i : end.pole;
        end.drives = end.drives.conjugate().eval();
        end.answers = end.answers.conjugate().eval();
        end.product = std::conj(end.product);
    }
    return own;
}

struct Report {
    Index mode;
    PathMeeting meeting;
};

std::vector<Report> reports_of(const Survey& survey) {
    std::vector<Report> reports;
    for (std::size_t i = 0; i < survey.paths.size(); ++i)
        for (const PathMeeting& meeting : survey.paths[i].meetings)
            reports.push_back({static_cast<Index>(i), meeting});
    std::stable_sort(reports.begin(), reports.end(), [](const Report& a, const Report& b) {
        return a.meeting.gate < b.meeting.gate;
    });
    return reports;
}

/// Each report with the nearest later one from another mode at the same g.
std::vector<ModeMeeting> meetings_of(const Survey& survey) {
    std::vector<Report> reports = reports_of(survey);
    std::vector<ModeMeeting> meetings;
    std::vector<bool> told(reports.size(), false);
    for (std::size_t i = 0; i < reports.size(); ++i) {
        if (told[i]) continue;
        const auto& [mode, one] = reports[i];
        ModeMeeting meeting{one.gate, one.value, {mode}};
        std::size_t partner = i;
        double best = std::numeric_limits<double>::infinity();
        for (std::size_t j = i + 1; j < reports.size(); ++j) {
            const auto& [other, two] = reports[j];
            if (told[j] || other == mode ||
                two.gate - one.gate > near * (one.radius + two.radius) ||
                std::abs(two.value - one.value) >= best)
                continue;
            best = std::abs(two.value - one.value);
            partner = j;
        }
        if (partner != i) {
            told[partner] = true;
            meeting.modes.push_back(reports[partner].mode);
            meeting.value = 0.5 * (one.value + reports[partner].meeting.value);
            std::sort(meeting.modes.begin(), meeting.modes.end());
        }
        meetings.push_back(std::move(meeting));
    }
    return meetings;
}

/// Whether every mode that could be followed has an end of its own.
bool settled(const Survey& survey, const Matching& matching) {
    for (std::size_t i = 0; i < survey.paths.size(); ++i)
        if (matching.place[i] < 0 && !survey.coordinates.repeated[i]) return false;
    return true;
}

void follow_all(Survey& survey, double most, std::size_t threads, const Progress& progress) {
    std::vector<Index> upper;
    for (Index i = 0; i < survey.coordinates.poles.size(); ++i)
        if (survey.coordinates.poles(i).imag() >= 0.0) upper.push_back(i);
    survey.follow(upper, most, threads, progress);
    survey.follow(mirror(survey), most, threads, {});
}

/// Ends, and for lost modes what is left.
void assign_ends(ModePaths& result, const Survey& survey, Matching matching,
                 const ComplexVector& after) {
    for (Index i = 0; i < result.before.size(); ++i) {
        const Index place = matching.place[static_cast<std::size_t>(i)];
        if (place < 0) {
            result.lost.push_back(i);
            continue;
        }
        result.after(i) = after(place);
        result.last.row(i) = survey.path(i).end.slopes().transpose();
    }
    for (const Index i : result.lost) {
        const Index place = nearest_unused(result.before(i), after, matching.used);
        matching.used[static_cast<std::size_t>(place)] = true;
        result.after(i) = after(place);
    }
    result.mismatch = matching.mismatch;
}

std::string reason_of(const ModePaths& result, const ModeCoordinates& coordinates) {
    if (result.lost.empty()) return {};
    const Index first = result.lost.front();
    const bool repeated = coordinates.repeated[static_cast<std::size_t>(first)];
    return std::to_string(result.lost.size()) + " of " + std::to_string(result.before.size()) +
           " modes were not followed, the first from eigenvalue " + std::to_string(first) +
           (repeated ? ", which W has more than once, so that nothing says which of them moves"
                     : "; these are paired by distance; a W with nearly dependent eigenvectors, or"
                       " loops far stronger than it, leave paths that double precision loses");
}

}  // namespace

ModePaths follow_modes(const EigenSystem& system, const Loops& loops, std::size_t threads,
                       const Progress& progress) {
    const ModeCoordinates coordinates = mode_coordinates(system, loops);
    const ComplexVector after = closed_spectrum(system.state->base->weights, loops);
    Survey survey(coordinates);
    Matching matching;
    double most = first_distance;
    for (int round = 0; round < most_rounds; ++round, most /= 4.0) {
        follow_all(survey, most, threads, progress);
        matching = match(survey, after);
        if (settled(survey, matching)) break;
    }
    const Index n = coordinates.poles.size(), k = loops.u.cols();
    ModePaths result{.before = coordinates.poles,
                     .after = ComplexVector(n),
                     .first = coordinates.u.cwiseProduct(coordinates.v),
                     .last = ComplexMatrix::Zero(n, k)};
    assign_ends(result, survey, std::move(matching), after);
    result.meetings = meetings_of(survey);
    result.evaluations =
        std::accumulate(survey.evaluations.begin(), survey.evaluations.end(), Index{0});
    result.reason = reason_of(result, coordinates);
    result.trusted = result.reason.empty();
    return result;
}

}  // namespace heddle
