# Debian's SimGrid is linked with the eight libraries of ns-3, of which nothing is ever called here; to load, relocate
# and initialise them is two thirds of a program's start (44 of 60 ms). So we make a library that has what SimGrid asks
# of them, under all their names, and let programs find it first: functions that do nothing (some are called while
# SimGrid is loaded) and zeros for data. SimGrid's network/model:ns-3 must therefore never be chosen.
#
# A SimGrid without ns-3 needs none of this, and then none is made. Sets ns3_stand_in_link_options, CMAKE_BUILD_RPATH of
# the targets made after it, and ns3_stand_in_files, which are installed.
execute_process(COMMAND ${CMAKE_COMMAND} -E env LANG=C ${CMAKE_OBJDUMP} -p ${SIMGRID_LIBRARY} OUTPUT_VARIABLE headers
                COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "libns3-[^ \n]*" ns3_names "${headers}")
if(NOT ns3_names)
  return()
endif()

get_filename_component(ns3_folder ${SIMGRID_LIBRARY} DIRECTORY)
list(TRANSFORM ns3_names PREPEND ${ns3_folder}/ OUTPUT_VARIABLE ns3_libraries)
execute_process(COMMAND ${CMAKE_NM} -D --undefined-only --format=posix ${SIMGRID_LIBRARY} OUTPUT_VARIABLE asked
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_NM} -D --defined-only --format=posix ${ns3_libraries} OUTPUT_VARIABLE offered
                COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n ]*3ns3[^\n ]*" asked "${asked}")
set(code "/* Made by sim/engine/ns3_stand_in.cmake. */\n")
set(count 0)
foreach(symbol ${asked})
  string(FIND "${offered}" "\n${symbol} " at)  # then: its kind, address and size
  if(at EQUAL -1)  # a weak one that nobody has
    continue()
  endif()
  string(SUBSTRING "${offered}" ${at} 1000 line)
  string(REGEX MATCH "^\n[^ ]* (.) [^ ]* ([^\n]*)" line "${line}")
  set(kind ${CMAKE_MATCH_1})
  set(size 0x${CMAKE_MATCH_2})
  math(EXPR count "${count} + 1")
  set(name stand_in_${count})
  if(kind MATCHES "[TWi]")
    string(APPEND code "int ${name}(void) __asm__(\"${symbol}\");\nint ${name}(void) { return 0; }\n")
  else()
    string(APPEND code "long ${name}[(${size} + 7) / 8] __asm__(\"${symbol}\");\n")
  endif()
endforeach()

set(folder ${CMAKE_BINARY_DIR}/ns3_stand_in)
file(CONFIGURE OUTPUT ${folder}/ns3_stand_in.c CONTENT "${code}" @ONLY)
add_library(ns3_stand_in SHARED ${folder}/ns3_stand_in.c)
set_target_properties(ns3_stand_in PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${folder} NO_SONAME ON)
target_link_options(ns3_stand_in PRIVATE LINKER:--strip-all)
foreach(name ${ns3_names})
  file(CREATE_LINK libns3_stand_in.so ${folder}/${name} SYMBOLIC)
endforeach()
list(TRANSFORM ns3_names PREPEND ${folder}/ OUTPUT_VARIABLE ns3_stand_in_files)
list(APPEND ns3_stand_in_files ${folder}/libns3_stand_in.so)
# RPATH and not RUNPATH, for the latter is not looked at for the libraries of libraries.
set(ns3_stand_in_link_options LINKER:--disable-new-dtags)
set(CMAKE_BUILD_RPATH ${folder})
