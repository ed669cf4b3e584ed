# headway_add_policy(NAME SOURCE...): NAME.so, a plug-in of the policies in these sources (core/plugin.h). It links
# nothing of headway's: what it calls there it finds in the program that loads it.
function(headway_add_policy name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE headway::core)
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX .so CXX_VISIBILITY_PRESET hidden)
  # As the program is compiled: fast unless told otherwise, and the same figures on every machine.
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    target_compile_options(${name} PRIVATE -O3)
    target_compile_definitions(${name} PRIVATE NDEBUG)
  endif()
  target_compile_options(${name} PRIVATE -ffp-contract=off -fno-semantic-interposition)
endfunction()
