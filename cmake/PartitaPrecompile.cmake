# Headers that most sources include are compiled once for each kind of target: two fifths of a small source's time.
# The preset tidy does without, so that a source which forgets an include does not go unnoticed.
option(PARTITA_PRECOMPILE "Compile the headers that most sources include once" ON)

set(partita_common_headers
  <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional> <set> <span>
  <stop_token> <string> <string_view> <thread> <utility> <variant> <vector>
  <arrow/buffer.h> <arrow/result.h> <arrow/status.h> <arrow/type_fwd.h> <fmt/core.h>)

# What compiles to no code but the headers of a kind; they fit only sources with the same options.
function(partita_precompiled_headers KIND)
  cmake_parse_arguments(ARG "" "" "HEADERS;LIBS" ${ARGN})
  if(NOT PARTITA_PRECOMPILE)
    return()
  endif()
  file(TOUCH "${PROJECT_BINARY_DIR}/empty.cc")
  add_library(partita_${KIND}_headers OBJECT "${PROJECT_BINARY_DIR}/empty.cc")
  target_link_libraries(partita_${KIND}_headers PRIVATE Arrow::arrow_shared fmt::fmt ${ARG_LIBS})
  target_precompile_headers(partita_${KIND}_headers PRIVATE ${partita_common_headers} ${ARG_HEADERS})
endfunction()

function(partita_precompile TARGET KIND)
  if(PARTITA_PRECOMPILE)
    target_precompile_headers(${TARGET} REUSE_FROM partita_${KIND}_headers)
  endif()
endfunction()

if(PARTITA_PRECOMPILE AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  add_compile_options(-fpch-preprocess)  # for ccache
endif()
partita_precompiled_headers(product)
if(TARGET partita_product_headers)
  set_target_properties(partita_product_headers PROPERTIES
    POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endif()
partita_precompiled_headers(cli HEADERS <CLI/CLI.hpp> LIBS CLI11::CLI11 spdlog::spdlog)
if(PARTITA_DEVELOPER_MODE)
  partita_precompiled_headers(test HEADERS <gmock/gmock.h> <gtest/gtest.h> LIBS GTest::gmock)
endif()
