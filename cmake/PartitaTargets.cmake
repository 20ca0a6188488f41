# One static library per folder of src/partita, its subfolders included; its dependencies
# state the edges that tools/check_layers.py checks in the sources.

# partita_folder(NAME [DEPS folder...] [LIBS target...])
# Makes the target partita_NAME of the sources in the folder and below it, the test binary NAME_test
# (label "unit") of their *_test.cc and NAME_bench of their *_bench.cc.
function(partita_folder NAME)
  cmake_parse_arguments(ARG "" "" "DEPS;LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cc)
  set(tests ${sources})
  set(benches ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER benches INCLUDE REGEX "_bench\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_(test|bench)\\.cc$")
  add_library(partita_${NAME} STATIC ${sources})
  target_include_directories(partita_${NAME} PUBLIC
    "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/include")
  list(TRANSFORM ARG_DEPS PREPEND partita_)
  target_link_libraries(partita_${NAME} PUBLIC ${ARG_DEPS} Arrow::arrow_shared ${ARG_LIBS})
  set_target_properties(partita_${NAME} PROPERTIES
    POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  partita_precompile(partita_${NAME} product)
  if(PARTITA_DEVELOPER_MODE AND tests)
    partita_test(${NAME}_test LABEL unit LIBS partita_${NAME} SOURCES ${tests})
  endif()
  if(PARTITA_DEVELOPER_MODE AND benches)
    add_executable(${NAME}_bench ${benches})
    target_link_libraries(${NAME}_bench PRIVATE partita_${NAME} benchmark::benchmark_main)
  endif()
endfunction()

# Builds every test binary and nothing else.
add_custom_target(partita_tests)

# partita_test(NAME LABEL label [TIMEOUT seconds] LIBS target... SOURCES file...)
# A test without TIMEOUT has as long as its preset gives: one of its own would go before that.
function(partita_test NAME)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "LIBS;SOURCES" ${ARGN})
  set(properties LABELS ${ARG_LABEL} ENVIRONMENT "ARROW_DEFAULT_MEMORY_POOL=system")
  if(ARG_TIMEOUT)
    list(APPEND properties TIMEOUT ${ARG_TIMEOUT})
  endif()
  add_executable(${NAME} ${ARG_SOURCES})
  target_include_directories(${NAME} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(${NAME} PRIVATE ${ARG_LIBS} GTest::gmock GTest::gtest_main)
  partita_precompile(${NAME} test)
  add_dependencies(partita_tests ${NAME})
  gtest_discover_tests(${NAME} DISCOVERY_MODE PRE_TEST PROPERTIES ${properties})
endfunction()
