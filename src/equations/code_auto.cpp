#include "equations/code_languages.hpp"
namespace heddle { std::vector<CodeFile> auto_files(const CodeModel&, const CodeOptions&) { return {}; } }
