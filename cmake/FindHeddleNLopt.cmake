# NLopt's C library, as the target HeddleNLopt::HeddleNLopt.
#
# NLopt carries LGPL code (Luksan's), so a shared library is looked for first.

find_path(HEDDLE_NLOPT_INCLUDE_DIR nlopt.h DOC "Where nlopt.h lies")
find_library(HEDDLE_NLOPT_LIBRARY NAMES nlopt DOC "NLopt's library")

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(HeddleNLopt
    REQUIRED_VARS HEDDLE_NLOPT_LIBRARY HEDDLE_NLOPT_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "install NLopt (Debian and Ubuntu: libnlopt-dev)")
mark_as_advanced(HEDDLE_NLOPT_INCLUDE_DIR HEDDLE_NLOPT_LIBRARY)

if(HeddleNLopt_FOUND AND NOT TARGET HeddleNLopt::HeddleNLopt)
    add_library(HeddleNLopt::HeddleNLopt UNKNOWN IMPORTED)
    set_target_properties(HeddleNLopt::HeddleNLopt PROPERTIES
        IMPORTED_LOCATION "${HEDDLE_NLOPT_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${HEDDLE_NLOPT_INCLUDE_DIR}")
endif()
