# BLAS and LAPACK, as the target HeddleLapack::HeddleLapack.
#
# OpenBLAS on POSIX threads is looked for first. One on OpenMP is refused: its runtime hangs in a
# process forked after the parent has used it, and Python's process pools fork. Without OpenBLAS, any
# LAPACK that CMake finds will do.
#
# HEDDLE_OPENBLAS_LIBRARY names the library to use.

find_library(HEDDLE_OPENBLAS_LIBRARY NAMES openblasp openblas PATH_SUFFIXES openblas-pthread
    DOC "OpenBLAS on POSIX threads")

set(heddle_lapack_libraries)
set(heddle_lapack_hint)
if(HEDDLE_OPENBLAS_LIBRARY)
    file(REAL_PATH "${HEDDLE_OPENBLAS_LIBRARY}" heddle_openblas_file)
    if(heddle_openblas_file MATCHES "openmp|libopenblaso")
        set(heddle_lapack_hint "${heddle_openblas_file} uses OpenMP, which hangs after a fork; \
install the pthread variant (Debian and Ubuntu: libopenblas-pthread-dev)")
    else()
        set(heddle_lapack_libraries "${HEDDLE_OPENBLAS_LIBRARY}")
    endif()
else()
    set(heddle_lapack_hint "install OpenBLAS (Debian and Ubuntu: libopenblas-pthread-dev)")
    find_package(LAPACK QUIET)
    set(heddle_lapack_libraries "${LAPACK_LIBRARIES}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(HeddleLapack REQUIRED_VARS heddle_lapack_libraries
    REASON_FAILURE_MESSAGE "${heddle_lapack_hint}")
mark_as_advanced(HEDDLE_OPENBLAS_LIBRARY)

if(HeddleLapack_FOUND AND NOT TARGET HeddleLapack::HeddleLapack)
    add_library(HeddleLapack::HeddleLapack INTERFACE IMPORTED)
    target_link_libraries(HeddleLapack::HeddleLapack INTERFACE ${heddle_lapack_libraries})
endif()
