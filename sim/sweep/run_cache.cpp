#include "sim/sweep/run_cache.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/whole_file.h"

namespace headway {

RunCache::RunCache(std::filesystem::path directory) : directory_(std::move(directory)) {
  std::error_code error;
  std::filesystem::create_directories(directory_, error);
  if (error) throw InputError("", directory_.string(), "a directory for the results of runs", error.message());
}

std::optional<RunResult> RunCache::find(const std::string& id) const {
  const auto file = file_of(id);
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  const auto json = nlohmann::ordered_json::parse(in, nullptr, false);
  try {
    return run_from_json(file.string(), "", json);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

void RunCache::put(const std::string& id, const RunResult& run) const {
  write_whole_text(file_of(id),
                   to_json(run).dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

}  // namespace headway
