# The installed C++ library, found again by find_package(heddle CONFIG).

include(CMakePackageConfigHelpers)

set(heddle_config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/heddle")

install(TARGETS heddle EXPORT heddleTargets
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/heddle" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    FILES_MATCHING PATTERN "*.hpp")
install(EXPORT heddleTargets NAMESPACE heddle:: DESTINATION "${heddle_config_dir}")

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/heddleConfig.cmake.in"
    "${PROJECT_BINARY_DIR}/heddleConfig.cmake" INSTALL_DESTINATION "${heddle_config_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/heddleConfigVersion.cmake"
    COMPATIBILITY SameMinorVersion)
install(FILES
    "${PROJECT_BINARY_DIR}/heddleConfig.cmake"
    "${PROJECT_BINARY_DIR}/heddleConfigVersion.cmake"
    "${PROJECT_SOURCE_DIR}/cmake/FindHeddleLapack.cmake"
    "${PROJECT_SOURCE_DIR}/cmake/FindHeddleNLopt.cmake"
    DESTINATION "${heddle_config_dir}")
