# SPDX-License-Identifier: Apache-2.0
# One place for warnings, sanitizers and the two shapes of target this project has.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
option(JZ_WERROR "Warnings are errors (the presets say so; users need not)" OFF)
option(JZ_FUZZ "Build the libFuzzer targets (clang)" OFF)
set(JZ_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined")

add_library(jz_options INTERFACE)
target_compile_definitions(jz_options INTERFACE _GNU_SOURCE)
target_compile_options(jz_options INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes -Wmissing-prototypes
  -Wpointer-arith -Wvla -Wundef -Wswitch-enum -fno-common -fstack-protector-strong)
# Messages for people are cut to their field on purpose; gcc cannot tell that from a mistake.
target_compile_options(jz_options INTERFACE $<$<C_COMPILER_ID:GNU>:-Wno-format-truncation>)
if(JZ_WERROR)
  target_compile_options(jz_options INTERFACE -Werror)
endif()
if(JZ_SANITIZE)
  target_compile_options(jz_options INTERFACE -fsanitize=${JZ_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(jz_options INTERFACE -fsanitize=${JZ_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(jz_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-clash-protection)
  target_link_options(jz_options INTERFACE -Wl,-z,relro,-z,now)
endif()
if(JZ_FUZZ)
  target_compile_options(jz_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# jz_library(name SOURCES a.c ... INCLUDE dir ... LINK target ...)
function(jz_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;INCLUDE;LINK" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${arg_INCLUDE})
  target_link_libraries(${name} PUBLIC ${arg_LINK} PRIVATE jz_options)
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

# jz_program(name SOURCES a.c ... LINK target ...)
function(jz_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK} jz_options)
endfunction()

# jz_test(name SOURCES a.c ... LINK target ... [LABEL label]): a cmocka program that ctest runs.
# Tests find the tree through JZ_SOURCE_DIR.
function(jz_test name)
  cmake_parse_arguments(arg "" "LABEL" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/support)
  target_compile_definitions(${name} PRIVATE JZ_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_LINK} PkgConfig::CMOCKA jz_options)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
  if(arg_LABEL)
    set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL})
  endif()
endfunction()

# jz_fuzz(name SOURCES a.c ... LINK target ...): a libFuzzer program, only with JZ_FUZZ.
function(jz_fuzz name)
  if(NOT JZ_FUZZ)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK} jz_options -fsanitize=fuzzer)
endfunction()
