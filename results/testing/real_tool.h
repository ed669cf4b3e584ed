// For tests that hold what we write against the tools that read it.
#pragma once

#include <doctest/doctest.h>
#include <stdio.h>

#include <array>
#include <string>

namespace headway::testing {

struct Ran {
  int status;
  std::string output;  // both streams
};

inline Ran shell(const std::string& command) {
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  Ran ran{0, {}};
  std::array<char, 4096> some{};
  while (const std::size_t size = std::fread(some.data(), 1, some.size(), pipe)) ran.output.append(some.data(), size);
  ran.status = ::pclose(pipe);
  return ran;
}

inline bool there(const std::string& tool, const std::string& package) {
  if (shell("command -v " + tool).status == 0) return true;
  MESSAGE("skipped: ", tool, " is not there (package ", package, ")");
  return false;
}

}  // namespace headway::testing
