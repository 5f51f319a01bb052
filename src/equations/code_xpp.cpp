#include "equations/code_languages.hpp"
namespace heddle { std::vector<CodeFile> xpp_files(const CodeModel&, const CodeOptions&) { return {}; } }
