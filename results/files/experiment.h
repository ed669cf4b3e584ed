// What results keep of the experiment that they come from, so that they stand alone: the scenario with every default
// filled in, the drives' parameters, and by what marks its files are known again.
//
// In results.json:
//   "scenario": {..., "in_full": {...}}   in the form of a scenario file: in the scenario's directory it is the same
//               experiment. Seed, policies, baseline and expectations are those of the run (--seed, --policy).
//   "inputs":   the files that the scenario names, as it names them: {"file", "bytes", "sha256", "digest_of"}. The
//               digest is of the "whole" file, or of its "ends" where that is large (digest_of_file() below); null
//               where the file cannot be read twice (a FIFO).
//   "drives":   by the name that the scenario has for it, each drive in the form of a drive file, defaults filled in.
//   "traced":   whether the run left traces, and with them the layout that it read: layout.h5, or SEED.layout.h5 where
//               each seed grew its own (models/layout/layout.h documents the form). It is what offset-time, layout and
//               the report's mirror peers show beyond the trace. Files of these names beside results that say false are
//               an earlier run's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json_node.h"

namespace headway {

struct FileDigest {
  std::uint64_t bytes = 0;
  std::string sha256;     // empty for what cannot be read twice
  bool of_ends = false;

  bool operator==(const FileDigest&) const = default;
};

// Of more than 256 MiB, and of a block device, only the first and the last MiB are read: a simulation reads little of a
// device image of terabytes, and each change to a btrfs writes its superblock, at 64 KiB, anew. A change in the middle
// of another large file that leaves its size as it was goes unseen. Throws InputError for what cannot be read.
FileDigest digest_of_file(const std::filesystem::path& file);

struct InputFile {
  std::string file;  // as the scenario names it: relative to the scenario's directory
  FileDigest digest;
};

struct Experiment {
  std::optional<JsonNode> scenario;  // in full
  std::vector<InputFile> inputs;
  std::optional<JsonNode> drives;
  bool traced = true;  // results that are older do not say
};

struct Results;

// Adds the keys above; nothing for what a baseline leaves out.
void add_experiment(Json& json, const Experiment& experiment);
// Of a whole results.json; what an older one does not say stays empty. Throws InputError.
Experiment experiment_from(const JsonNode& results);

// Where the layout of a run with that seed lies beside its results. It need not exist.
std::filesystem::path kept_layout(const std::filesystem::path& directory, const Experiment& experiment,
                                  std::uint64_t seed);

// A sentence for each file that the results name and that is another by now, or is not there: the scenario and its
// inputs. Relative names count from `directory`, in which the run was made (run_directory() in results_file.h).
std::vector<std::string> changed_files(const Results& results, const std::filesystem::path& directory);

}  // namespace headway
