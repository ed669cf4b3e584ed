#include "sim/sweep/sweep_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/base/error.h"
#include "core/base/sha256.h"

namespace headway {

namespace {

std::string part_name(std::span<const SweepRun> runs, std::size_t first, std::size_t last) {
  std::string ids;
  for (std::size_t i = first; i <= last; ++i) ids += runs[i].id;
  return fmt::format("{}-{}.{}", first, last, sha256_of(ids).substr(0, 12));
}

}  // namespace

std::vector<std::string> sweep_parts(std::span<const SweepRun> runs, std::size_t runs_a_part) {
  std::vector<std::string> parts;
  for (std::size_t first = 0; first < runs.size(); first += runs_a_part) {
    parts.push_back(part_name(runs, first, std::min(first + runs_a_part, runs.size()) - 1));
  }
  return parts;
}

std::vector<SweepRun> runs_of_part(std::span<const SweepRun> runs, const std::string& name) {
  std::size_t first = 0, last = 0;
  const char* const end = name.data() + name.size();
  const auto dash = std::from_chars(name.data(), end, first);
  if (dash.ec == std::errc{} && dash.ptr != end && *dash.ptr == '-') std::from_chars(dash.ptr + 1, end, last);
  if (first > last || last >= runs.size() || part_name(runs, first, last) != name)
    throw InputError("--part", "", "a part of this sweep as `--parts` lists them",
                     fmt::format("\"{}\"; have scenario, files or program changed since?", name));
  return {runs.begin() + static_cast<std::ptrdiff_t>(first), runs.begin() + static_cast<std::ptrdiff_t>(last) + 1};
}

}  // namespace headway
