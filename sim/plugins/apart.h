// Code that nobody vouches for, run in a process of its own.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace headway {

struct Apart {
  std::string said;
  bool done = false;     // the work came to its end
  bool in_time = true;
  int status = 0;        // of the process, as waitpid() has it

  // Where it is not done: "by signal 11 (Segmentation fault)", "with code 3", "by nothing within 10 s".
  std::string how_it_ended(double patience_s) const;
};

// `work` is handed what says something to this process. After `patience_s` without a word it is ended. What it prints
// goes to the standard error, and its memory is its own. What it throws ends the process: catch it before.
// Precondition: this process has no other threads. Throws std::system_error where there is no process to be had.
using Say = std::function<void(std::string_view)>;
Apart run_apart(const std::function<void(const Say&)>& work, double patience_s);

}  // namespace headway
