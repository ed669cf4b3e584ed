// Where the results of a sweep's runs are kept: a file a run, named by its id, written whole. Any number of sweeps may
// read and write the same directory at once; two that compute the same run write the same bytes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "results/files/results_file.h"

namespace headway {

class RunCache {
 public:
  // Makes the directory. Throws InputError when it cannot.
  explicit RunCache(std::filesystem::path directory);

  // Nothing when the run is not there, or its file is damaged and so has to be made again.
  std::optional<RunResult> find(const std::string& id) const;
  // std::system_error when the disk does not take it.
  void put(const std::string& id, const RunResult& run) const;

  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path file_of(const std::string& id) const { return directory_ / (id + ".json"); }

  std::filesystem::path directory_;
};

}  // namespace headway
