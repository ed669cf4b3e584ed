// How a file that was made again differs from what it was: by run and key, row and column, line, or byte.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace headway {

struct Differences {
  // "run walk, seed 1: /metrics/elapsed_s was 49.9, is 49.8"; all of them, but of lists only the first few of each. Empty:
  // the same.
  std::vector<std::string> sentences;
  std::size_t more = 0;
  // Of a JSON file that differs: the only difference is which headway it says it is of.
  bool of_program_only = false;

  bool none() const { return sentences.empty() && !of_program_only; }
};

// Throws InputError for a file that cannot be read.
Differences differences(const std::filesystem::path& before, const std::filesystem::path& after);

}  // namespace headway
