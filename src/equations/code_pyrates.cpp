#include "equations/code_languages.hpp"
namespace heddle { std::vector<CodeFile> pyrates_files(const CodeModel&, const CodeOptions&) { return {}; } }
