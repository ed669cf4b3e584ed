# Writes OUTPUT, a header with the SHA-256 of all HEADERS that a policy may be built against, in ROOT.
cmake_minimum_required(VERSION 3.25)
set(digests "")
foreach(header ${HEADERS})
  file(SHA256 ${ROOT}/${header} digest)
  string(APPEND digests "${digest}  ${header}\n")
endforeach()
string(SHA256 digest "${digests}")
file(WRITE ${OUTPUT} "// Of the headers that a policy is built against, as they were when this headway was: core/plugin.h.
#pragma once

#define HEADWAY_INTERFACE_DIGEST \"${digest}\"
")
