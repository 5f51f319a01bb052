# Installs the library, moves it, builds the consumer against it and reads what it prints.

function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
    if(NOT status EQUAL 0)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "${command}\n${text}")
    endif()
endfunction()

file(REMOVE_RECURSE "${work}")
run("${CMAKE_COMMAND}" --install "${heddle_build}" --prefix "${work}/installed")

# What was installed must not know where it was installed.
file(RENAME "${work}/installed" "${work}/moved")
run("${CMAKE_COMMAND}" -S "${source}" -B "${work}/build" -G "${generator}"
    -D "CMAKE_PREFIX_PATH=${work}/moved" -D "CMAKE_CXX_COMPILER=${compiler}"
    -D CMAKE_BUILD_TYPE=Release)
run("${CMAKE_COMMAND}" --build "${work}/build")

execute_process(COMMAND "${work}/build/consumer" RESULT_VARIABLE status OUTPUT_VARIABLE printed)
if(NOT status EQUAL 0 OR NOT printed MATCHES "${heddle_version}")
    message(FATAL_ERROR "The consumer ended with ${status} and printed '${printed}'; \
expected 0 and ${heddle_version}.")
endif()
