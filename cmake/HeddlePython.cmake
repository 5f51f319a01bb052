# The private extension heddle._core, thin over the library, with nanobind from PyPI.

set(heddle_venv_python "${PROJECT_SOURCE_DIR}/.venv/bin/python")
if(NOT SKBUILD AND NOT Python_EXECUTABLE AND EXISTS "${heddle_venv_python}")
    set(Python_EXECUTABLE "${heddle_venv_python}")
endif()
find_package(Python 3.10 REQUIRED COMPONENTS Interpreter Development.Module)

execute_process(COMMAND "${Python_EXECUTABLE}" -m nanobind --cmake_dir
    OUTPUT_VARIABLE heddle_nanobind_dir OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE heddle_nanobind_missing ERROR_QUIET)
if(heddle_nanobind_missing)
    message(FATAL_ERROR "${Python_EXECUTABLE} has no nanobind; `${Python_EXECUTABLE} -m pip install \
nanobind` or `tools/bootstrap.sh python` would do.")
endif()
find_package(nanobind CONFIG REQUIRED PATHS "${heddle_nanobind_dir}" NO_DEFAULT_PATH)

file(GLOB heddle_bindings CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/python/bindings/*.cpp")
nanobind_add_module(_core NB_STATIC NB_DOMAIN heddle NB_SUPPRESS_WARNINGS ${heddle_bindings})
heddle_compile_options(_core)
target_link_libraries(_core PRIVATE heddle::heddle)
set_target_properties(_core PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)

if(SKBUILD)
    install(TARGETS _core LIBRARY DESTINATION heddle COMPONENT python)
elseif(HEDDLE_PYTHON_INPLACE)
    set_target_properties(_core PROPERTIES
        LIBRARY_OUTPUT_DIRECTORY "${PROJECT_SOURCE_DIR}/python/heddle")
else()
    # A whole package in the build tree, so that PYTHONPATH=<build>/python imports this build.
    set(heddle_package "${PROJECT_BINARY_DIR}/python/heddle")
    set_target_properties(_core PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${heddle_package}")
    file(MAKE_DIRECTORY "${heddle_package}")
    file(GLOB heddle_package_entries CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/python/heddle/*")
    list(FILTER heddle_package_entries EXCLUDE REGEX "/(_core\\..*|__pycache__)$")
    foreach(entry IN LISTS heddle_package_entries)
        get_filename_component(name "${entry}" NAME)
        file(CREATE_LINK "${entry}" "${heddle_package}/${name}" SYMBOLIC)
    endforeach()
endif()
