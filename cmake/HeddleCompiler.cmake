# What every target of this project is compiled with.

find_program(HEDDLE_CCACHE ccache)
if(HEDDLE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${HEDDLE_CCACHE}")
endif()

# A new compiler finds new things to warn about. That is news for us and no reason to stop a
# newcomer's build, so warnings are errors only with compilers the project is built with.
set(heddle_werror)
if(HEDDLE_WARNINGS_AS_ERRORS)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        set(heddle_werror -Werror)
    else()
        message(STATUS "Warnings stay warnings: they are errors with GCC up to 12")
    endif()
endif()

# These follow the optimiser's flow analysis into Eigen's templates, and GCC is often wrong there:
# worth reading, not worth stopping for.
set(heddle_flow_warnings
    $<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-error=array-bounds>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-error=stringop-overflow>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-error=restrict>)

function(heddle_compile_options target)
    set_target_properties(${target} PROPERTIES CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON
        CXX_EXTENSIONS OFF)

    # a * b + c is rounded twice, on every machine: a compiler that fuses it where the processor can
    # gives other bits on other machines, and in other clones of one function (target_clones).
    # A kernel that wants one rounding says std::fma. Nothing here uses -ffast-math.
    target_compile_options(${target} PRIVATE -ffp-contract=off)

    # At -O2, GCC vectorises only loops of known length: kernels then run at a quarter of their speed.
    target_compile_options(${target} PRIVATE
        $<$<CXX_COMPILER_ID:GNU>:-fvect-cost-model=dynamic>)

    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
        # A designated initialiser names what it sets; the language sets the rest.
        -Wno-missing-field-initializers
        ${heddle_werror} ${heddle_flow_warnings})

    if(HEDDLE_SANITIZE)
        target_compile_options(${target} PRIVATE
            -fsanitize=${HEDDLE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
        target_link_options(${target} PRIVATE -fsanitize=${HEDDLE_SANITIZE})
    endif()
endfunction()
