#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "heddle/equations/code.hpp"
#include "heddle/equations/rate_solution.hpp"

/// Code that equations are written as, run by whatever the machine has for it.
namespace heddle::examples {

/// A folder that is gone at the end.
class Workshop final {
  public:
    Workshop() : path_(std::filesystem::temp_directory_path() / "heddle_XXXXXX") {
        std::string name = path_.string();
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        path_ = name;
    }
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;
    ~Workshop() { std::filesystem::remove_all(path_); }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name) << text;
    }
    void write(const std::vector<CodeFile>& files) const {
        for (const CodeFile& file : files) write(file.name, file.text);
    }

    /// \return whether the command, run in the folder, said that all went well.
    [[nodiscard]] bool run(const std::string& command) const {
        return std::system(("cd '" + path_.string() + "' && " + command).c_str()) == 0;
    }

    /// Numbers in rows: what is no number ends a row.
    [[nodiscard]] std::vector<std::vector<double>> numbers(const std::string& name) const {
        std::ifstream file(path_ / name);
        std::string line;
        std::vector<std::vector<double>> rows;
        while (std::getline(file, line)) {
            for (char& c : line) c = c == ',' ? ' ' : c;
            std::istringstream words(line);
            std::vector<double> row;
            for (double value = 0.0; words >> value;) row.push_back(value);
            if (!row.empty()) rows.push_back(row);
        }
        return rows;
    }

  private:
    std::filesystem::path path_;
};

/// Is there a Python with numpy? `HEDDLE_PYTHON` says which to take.
inline std::string python() {
    const char* given = std::getenv("HEDDLE_PYTHON");
    return given == nullptr ? "python3" : given;
}

[[nodiscard]] inline bool has(const std::string& program) {
    const std::string test =
        program == python() ? program + " -c 'import numpy'" : "command -v " + program;
    return std::system((test + " > /dev/null 2>&1").c_str()) == 0;
}

/// How a program in a language is run, so that its rates come into "rates.csv".
[[nodiscard]] inline std::string command_for(CodeLanguage language) {
    switch (language) {
        case CodeLanguage::numpy:
            return python() + " rates.py > rates.csv";
        case CodeLanguage::julia:
            return "julia rates.jl > rates.csv";
        default:
            return "g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror rates.cpp -o rates && "
                   "./rates > rates.csv";
    }
}

/// The largest difference between the rates of a program and those of `solve`, over the largest of
/// each; infinity if the program did not do its work.
[[nodiscard]] inline double difference(const RateEquations& equations, CodeLanguage language,
                                       const CodeOptions& options) {
    const Workshop workshop;
    workshop.write(equation_files(equations, language, options));
    if (!workshop.run(command_for(language))) return INFINITY;
    const auto found = workshop.numbers("rates.csv");
    const RateTrajectory truth = solve(equations, {.duration = options.duration,
                                                   .step = 2.0 * options.step,
                                                   .tolerance = INFINITY,
                                                   .initial = options.state,
                                                   .silent_past = options.silent_past});
    if (static_cast<Index>(found.size()) != 2 * truth.times.size() - 1) return INFINITY;
    double largest = 0.0;
    for (Index k = 0; k < truth.times.size(); ++k)
        for (Index a = 0; a < truth.rates.rows(); ++a) {
            const double value =
                found[2 * static_cast<std::size_t>(k)][static_cast<std::size_t>(a) + 1];
            largest = std::max(largest, std::abs(value - truth.rates(a, k)) /
                                            truth.rates.row(a).cwiseAbs().maxCoeff());
        }
    return largest;
}

}  // namespace heddle::examples
