#pragma once

#include <string>
#include <vector>

#include "equations/code_model.hpp"
#include "heddle/equations/code.hpp"

namespace heddle {

// The files of each language. Options have been checked.
[[nodiscard]] std::vector<CodeFile> numpy_files(const CodeModel& model, const CodeOptions& options);
[[nodiscard]] std::vector<CodeFile> cpp_files(const CodeModel& model, const CodeOptions& options);
[[nodiscard]] std::vector<CodeFile> julia_files(const CodeModel& model, const CodeOptions& options);
[[nodiscard]] std::vector<CodeFile> auto_files(const CodeModel& model, const CodeOptions& options);
[[nodiscard]] std::vector<CodeFile> xpp_files(const CodeModel& model, const CodeOptions& options);
[[nodiscard]] std::vector<CodeFile> pyrates_files(const CodeModel& model,
                                                  const CodeOptions& options);

}  // namespace heddle
