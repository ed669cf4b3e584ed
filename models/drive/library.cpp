#include "models/drive/library.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_01.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "models/drive/drive_model.h"
#include "models/drive/embedded_drives.h"
#include "models/drive/make_drive.h"
#include "models/drive/read_drive.h"

namespace headway {

const std::vector<std::string>& drive_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& drive : embedded_drives()) all.emplace_back(drive.name);
    std::sort(all.begin(), all.end());
    return all;
  }();
  return names;
}

namespace {

// What the extracted form has no key for: in the drive, and in each of its zones.
const std::vector<std::string> drive_details{"track_order",
                                             "spares_per",
                                             "range_cylinders",
                                             "zero_latency",
                                             "zero_latency_writes",
                                             "read_miss_overhead_after_write_ms",
                                             "read_hit_overhead_ms",
                                             "read_hit_overhead_after_write_ms",
                                             "write_overhead_ms",
                                             "write_overhead_after_write_ms",
                                             "completion_overhead_ms",
                                             "write_completion_overhead_ms",
                                             "reselect_overhead_ms",
                                             "write_bus_ms_per_sector",
                                             "bus_overlapped",
                                             "write_bus_overlapped",
                                             "read_ahead_until",
                                             "read_ahead_sectors",
                                             "read_ahead_after",
                                             "keeps_requested",
                                             "write_segments",
                                             "own_write_segment",
                                             "read_hits_on_writes",
                                             "write_back"};
const std::vector<std::string> zone_details{"front_sectors", "first_sector_offset", "slips"};

bool has_zones_of(const Json& file, const Json& known) {
  const auto same = [&](const Json& a, const Json& b) {
    return std::all_of(b.begin(), b.end(), [](const Json& zone) { return zone.is_object(); }) &&
           std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Json& x, const Json& y) {
             return x.is_object() && x.value("first_cylinder", Json()) == y["first_cylinder"] &&
                    x.value("last_cylinder", Json()) == y["last_cylinder"] &&
                    x.value("sectors_per_track", Json()) == y["sectors_per_track"];
           });
  };
  return file.contains("zones") && known.contains("zones") && file["zones"].is_array() &&
         same(file["zones"], known["zones"]);
}

void add_missing(Json& to, const Json& from, const std::vector<std::string>& keys, std::vector<std::string>& added) {
  for (const auto& key : keys) {
    if (to.contains(key) || !from.contains(key)) continue;
    to[key] = from[key];
    if (std::find(added.begin(), added.end(), key) == added.end()) added.push_back(key);
  }
}

DriveModel from_file(const std::filesystem::path& path) {
  const auto node = JsonNode::read_file(path);
  const Json& file = node.json();
  if (!file.is_object() || file.contains("kind") || !file.contains("drive") || !file["drive"].is_string())
    return read_drive(node);
  for (const auto& drive : embedded_drives()) {
    if (drive.name != file["drive"].get<std::string>()) continue;
    const auto known = JsonNode::parse(drive.text, std::string(drive.name));
    if (!has_zones_of(file, known.json())) break;
    Json whole = file;
    std::vector<std::string> added;
    add_missing(whole, known.json(), drive_details, added);
    for (std::size_t i = 0; i < whole["zones"].size(); ++i)
      add_missing(whole["zones"][i], known.json()["zones"][i], zone_details, added);
    DriveModel model = read_drive(JsonNode::parse(whole.dump(), node.file()));
    model.completed = added;
    return model;
  }
  return read_drive(node);
}

}  // namespace

bool is_drive_file(std::string_view name_or_path) {
  return name_or_path.ends_with(".json") || name_or_path.find('/') != std::string_view::npos;
}

std::shared_ptr<const DriveModel> load_drive(std::string_view name_or_path, const std::filesystem::path& directory) {
  if (is_drive_file(name_or_path)) return std::make_shared<DriveModel>(from_file(directory / name_or_path));
  // Fitting a seek curve takes milliseconds, and a sweep asks for the same few drives thousands of times.
  static std::map<std::string, std::shared_ptr<const DriveModel>, std::less<>> read_before;
  if (const auto found = read_before.find(name_or_path); found != read_before.end()) return found->second;
  for (const auto& drive : embedded_drives()) {
    if (drive.name != name_or_path) continue;
    const auto node = JsonNode::parse(drive.text, fmt::format("library drive {}", drive.name));
    return read_before[std::string(name_or_path)] = std::make_shared<DriveModel>(read_drive(node));
  }
  throw InputError("", "", "a library drive or a parameter file (*.json)",
                   unknown_name(name_or_path, drive_names()));
}

std::uint64_t capacity_bytes(const DriveModel& model) {
  return std::visit([](const auto& kind) { return kind.total_bytes(); }, model.kind);
}

// Seed 0 has the index mark under the heads at date 0, as DiskSim does.
double phase_of(std::uint64_t seed) {
  boost::random::mt19937_64 generator(seed);
  return seed == 0 ? 0.0 : boost::random::uniform_01<double>()(generator);
}

std::unique_ptr<Drive> make_drive(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, std::uint64_t seed) {
  return assemble_drive(std::move(model), queue, phase_of(seed));
}

}  // namespace headway
