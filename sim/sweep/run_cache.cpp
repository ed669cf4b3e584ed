#include "sim/sweep/run_cache.h"

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
  try {
    return run_from_json(JsonNode::read_file(file_of(id)));
  } catch (const InputError&) {
    return std::nullopt;
  }
}

void RunCache::put(const std::string& id, const RunResult& run) const {
  write_whole_text(file_of(id),
                   to_json(run).dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

}  // namespace headway
