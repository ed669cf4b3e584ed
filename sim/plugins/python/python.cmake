# headway-python.so, the plug-in for policies in Python, beside the program, which finds it there. The program itself
# knows nothing of Python.
# Not one that somebody keeps beside the system's: packages depend on this one's.
if(NOT Python3_ROOT_DIR)
  set(Python3_ROOT_DIR /usr)
endif()
set(Python3_FIND_STRATEGY LOCATION)
find_package(Python3 QUIET COMPONENTS Interpreter Development.Embed)
find_path(PYBIND11_INCLUDE pybind11/embed.h)
if(NOT Python3_Development.Embed_FOUND OR NOT Python3_Interpreter_FOUND OR NOT PYBIND11_INCLUDE)
  message(STATUS "Built without policies in Python: pybind11-dev or python3-dev is not installed")
  return()
endif()
file(GLOB python_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cpp)
headway_add_policy(headway_python ${python_sources})
set_target_properties(headway_python PROPERTIES OUTPUT_NAME headway-python)
target_include_directories(headway_python SYSTEM PRIVATE ${PYBIND11_INCLUDE})
target_link_libraries(headway_python PRIVATE Python3::Python fmt::fmt ${CMAKE_DL_LIBS})
# The interpreter finds its library from where this one lies, whatever else is on the path.
target_compile_definitions(headway_python PRIVATE HEADWAY_PYTHON="${Python3_EXECUTABLE}")
if(CMAKE_CXX_FLAGS MATCHES "sanitize")
  target_compile_definitions(headway_python PRIVATE HEADWAY_PYTHON_MALLOC)
endif()
add_dependencies(headway headway_python)
