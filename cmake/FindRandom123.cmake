# Random123's headers: RANDOM123_INCLUDE_DIR. Nothing is linked, and no public header needs them.

find_path(RANDOM123_INCLUDE_DIR Random123/philox.h DOC "Where Random123/philox.h lies")

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Random123 REQUIRED_VARS RANDOM123_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "install Random123 (Debian and Ubuntu: librandom123-dev)")
mark_as_advanced(RANDOM123_INCLUDE_DIR)
