# The shared library and what a program needs to build against it: component "development".
#   cmake --build build/release --target partita_shared
#   cmake --install build/release --prefix /where --component development
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# The folders that implement include/partita go in as a whole; the rest as they need it.
add_library(partita_shared SHARED EXCLUDE_FROM_ALL)
foreach(folder base model catalog report config api)
  target_sources(partita_shared PRIVATE "$<TARGET_OBJECTS:partita_${folder}>")
endforeach()
target_link_libraries(partita_shared
  PUBLIC Arrow::arrow_shared
  PRIVATE partita_config partita_job)
target_include_directories(partita_shared INTERFACE "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
target_compile_features(partita_shared INTERFACE cxx_std_20)
set_target_properties(partita_shared PROPERTIES
  LINKER_LANGUAGE CXX OUTPUT_NAME partita EXPORT_NAME partita
  VERSION "${PROJECT_VERSION}" SOVERSION "${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}"
  INSTALL_RPATH "${ARROWWHEEL_RPATH}")

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/Partita")
string(REGEX MATCH "^[0-9]+" ArrowWheel_VERSION_MAJOR "${ArrowWheel_VERSION}")
configure_package_config_file(cmake/PartitaConfig.cmake.in "${PROJECT_BINARY_DIR}/PartitaConfig.cmake"
  INSTALL_DESTINATION "${package_folder}")
# Before 1.0 a minor version may change what programs see (docs/library.md).
write_basic_package_version_file("${PROJECT_BINARY_DIR}/PartitaConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)

install(TARGETS partita_shared EXPORT PartitaTargets LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development OPTIONAL)
install(EXPORT PartitaTargets NAMESPACE Partita:: DESTINATION "${package_folder}" COMPONENT development)
install(DIRECTORY include/partita DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)
install(FILES "${PROJECT_BINARY_DIR}/PartitaConfig.cmake" "${PROJECT_BINARY_DIR}/PartitaConfigVersion.cmake"
  cmake/FindArrowWheel.cmake DESTINATION "${package_folder}" COMPONENT development)
