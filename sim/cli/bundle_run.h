// What `headway bundle` and `headway verify` share: experiments gathered into one directory, and run in it by the names
// that they have there, so that what comes out is the same bytes wherever that directory is.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results/bundle/contents.h"
#include "sim/cli/verbs.h"

namespace headway {

// Of this program.
BundledProgram this_program();

// Copies scenarios and sweeps, and every file that they name, into files/ of the directory, lying to each other as they
// lie now. Returns what is to be run. Throws InputError where they cannot be read or a file is a device or a pipe.
std::vector<BundledExperiment> gather(const std::vector<std::string>& scenarios, const std::vector<std::string>& set,
                                      const std::filesystem::path& directory);

// While it lives, `directory` is the working directory, from which the names of a bundle count.
class WorkingDirectory {
 public:
  explicit WorkingDirectory(const std::filesystem::path& directory) : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(directory);
  }
  ~WorkingDirectory() {
    std::error_code ignored;
    std::filesystem::current_path(before_, ignored);
  }
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;

 private:
  std::filesystem::path before_;
};

// Runs an experiment of a bundle, whose root is the working directory, and leaves in `results` what a bundle keeps of it,
// without figures. Throws InputError for one that names files outside of the bundle.
ExitCode run_bundled(const BundledExperiment& experiment, const std::filesystem::path& results, unsigned jobs);

// The kinds of figures that can be had of an experiment.
std::vector<std::string> possible_figures(const BundledExperiment& experiment);
// Draws KIND.svg beside the results of an experiment. Throws InputError where there is nothing to draw.
void draw_bundled(const std::string& kind, const std::filesystem::path& results);

// All files below a directory, by their names in it, sorted.
std::vector<std::string> files_below(const std::filesystem::path& directory);

}  // namespace headway
