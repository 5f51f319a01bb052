#include <heddle/core/version.hpp>

#include <iostream>

int main() {
    std::cout << heddle::version() << '\n';
}
