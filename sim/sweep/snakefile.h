// The sweep as a Snakemake workflow (https://snakemake.readthedocs.io), which knows Slurm and the other schedulers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace headway {

struct SnakefileOptions {
  std::string sweep;    // as the user named it
  std::vector<std::string> set;  // --set
  std::string out;      // -o
  std::string cache;    // --cache
  std::uint64_t batch;  // runs a job
};

// The text of a Snakefile: a job a part of the sweep, then one that makes the table.
std::string snakefile(const SnakefileOptions& options);

}  // namespace headway
