#include "heddle/core/version.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

TEST_CASE("version: numbers between two dots") {
    const std::string version = heddle::version();
    CHECK(std::count(version.begin(), version.end(), '.') == 2);
    CHECK(version.find_first_not_of("0123456789.") == std::string::npos);
    CHECK(version.find("..") == std::string::npos);
    CHECK(version.front() != '.');
    CHECK(version.back() != '.');
}
