# `make deb`: Debian's packages headway, headway-dev and headway-python, of the install components of those names, by
# CPack. Included last, when all that is installed is known.
set(HEADWAY_MAINTAINER "headway maintainers <maintainers@headway.invalid>" CACHE STRING
    "Who answers for the packages, as Debian's field has it; nobody reads mail at the default")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "${HEADWAY_MAINTAINER}")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packing)
set(CPACK_OUTPUT_FILE_PREFIX ${CMAKE_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL headway headway-dev)
if(TARGET headway_python)
  list(APPEND CPACK_COMPONENTS_ALL headway-python)
endif()
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
    WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

set(CPACK_DEBIAN_HEADWAY_PACKAGE_NAME headway)
set(CPACK_DEBIAN_HEADWAY_PACKAGE_SECTION science)
set(CPACK_DEBIAN_HEADWAY_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_HEADWAY_PACKAGE_RECOMMENDS "gnuplot-nox | gnuplot, fonts-dejavu-core")
set(CPACK_DEBIAN_HEADWAY_PACKAGE_SUGGESTS "headway-dev, headway-python, nbdkit, libnbd-bin, fuse3")
set(CPACK_DEBIAN_HEADWAY_DESCRIPTION "simulate readahead of B-trees scattered over many disks
How a readahead scheduler reads a B-tree that lies scattered over many disks:
the decisions are real (the btrfs readahead of 2011 and its rivals), disks and
time are simulated. An experiment is a JSON file over a file system captured
from a machine or grown; what each policy does to throughput and seeks comes
out side by side, as tables, figures, traces and reports.")

set(CPACK_DEBIAN_HEADWAY-DEV_PACKAGE_NAME headway-dev)
set(CPACK_DEBIAN_HEADWAY-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_HEADWAY-DEV_PACKAGE_DEPENDS "headway (= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
set(CPACK_DEBIAN_HEADWAY-DEV_PACKAGE_RECOMMENDS "cmake, g++, make | ninja-build")
set(CPACK_DEBIAN_HEADWAY-DEV_PACKAGE_SUGGESTS pkg-config)
set(CPACK_DEBIAN_HEADWAY-DEV_DESCRIPTION "simulate readahead of B-trees scattered over many disks (headers)
What a readahead policy of one's own is built with, to be simulated by headway
beside the policies that it knows: C++20 headers, and files for CMake and
pkg-config.")

set(CPACK_DEBIAN_HEADWAY-PYTHON_PACKAGE_NAME headway-python)
set(CPACK_DEBIAN_HEADWAY-PYTHON_PACKAGE_SECTION science)
set(CPACK_DEBIAN_HEADWAY-PYTHON_PACKAGE_DEPENDS "headway (= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
set(CPACK_DEBIAN_HEADWAY-PYTHON_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_HEADWAY-PYTHON_DESCRIPTION "simulate readahead of B-trees scattered over many disks (Python)
What headway loads to simulate a readahead policy that is a file in Python:
for ideas, which it decides as it would in C++, in many times the time.")

# What Debian wants beside what is installed anywhere (debian_files.cmake). Dates are those of the commit, so that the
# same commit gives the same packages.
execute_process(COMMAND git log -1 --format=%cD WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} ERROR_QUIET
                OUTPUT_VARIABLE commit_date OUTPUT_STRIP_TRAILING_WHITESPACE)
execute_process(COMMAND git log -1 --format=%ct WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} ERROR_QUIET
                OUTPUT_VARIABLE commit_seconds OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT commit_date)
  string(TIMESTAMP commit_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
  string(TIMESTAMP commit_seconds "%s" UTC)
endif()
set(CPACK_HEADWAY_DATE "${commit_date}")
set(CPACK_HEADWAY_SECONDS "${commit_seconds}")
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian_files.cmake)
include(CPack)
