# Spectra's headers: SPECTRA_INCLUDE_DIR. Nothing is linked, and no public header needs them.

find_path(SPECTRA_INCLUDE_DIR Spectra/GenEigsSolver.h DOC "Where Spectra/GenEigsSolver.h lies")

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(HeddleSpectra REQUIRED_VARS SPECTRA_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "install Spectra (Debian and Ubuntu: libspectra-dev)")
mark_as_advanced(SPECTRA_INCLUDE_DIR)
