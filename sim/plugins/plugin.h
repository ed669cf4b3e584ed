// Policies from outside: shared objects that HEADWAY_PLUGIN() (core/plugin.h) was written in, and files in Python
// (*.py), which the plug-in that is shipped for them runs (python/).
//
// A plug-in is code, and can do what this process can. What it does wrong while it is loaded is found out in a process
// of its own first, so that it becomes an error like any other; its policies then work in the runs' own processes
// (sim/jobs/), where what they break is their own row. What any of it prints to the standard output goes to the
// standard error: results stand alone on the former.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/strategy.h"

namespace headway {

// Puts the plug-in's policies among policies(), once, however often it is called, for copies of it too. Throws
// InputError that says of the file what was expected and what it is: not there (with the nearest that is), no shared
// object, not made with HEADWAY_PLUGIN, built against other headers, with symbols that nobody has, in Python that does
// not run or that nobody here can run, ending or hanging while it is loaded, with a policy whose name another has or
// whose declaration does not hold. Precondition: no threads, no run under way.
void load_plugin(const std::filesystem::path& file);

// The same, of the command line: known to every scenario, as if it named them.
void load_for_all_scenarios(const std::vector<std::filesystem::path>& files);
const std::vector<std::filesystem::path>& plugins_for_all_scenarios();

// The plug-in that a policy came from, as it was named when it was loaded first; empty: it is built in.
std::filesystem::path plugin_of(const Policy& policy);
// Whether it is one of this plug-in's, which has been loaded by this name or by another.
bool comes_from(const Policy& policy, const std::filesystem::path& file);
// Of plug-ins that are loaded: whether they are one, or one's copy.
bool is_same_plugin(const std::filesystem::path& one, const std::filesystem::path& other);

// Where the standard output goes while it lives: the standard error.
class StdoutToStderr {
 public:
  StdoutToStderr();
  ~StdoutToStderr();
  StdoutToStderr(const StdoutToStderr&) = delete;
  StdoutToStderr& operator=(const StdoutToStderr&) = delete;

 private:
  int kept_ = -1;
};

}  // namespace headway
