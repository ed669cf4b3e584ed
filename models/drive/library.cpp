#include "models/drive/library.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_01.hpp>

#include "core/error.h"
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

std::shared_ptr<const DriveModel> load_drive(std::string_view name_or_path, const std::filesystem::path& directory) {
  if (name_or_path.ends_with(".json") || name_or_path.find('/') != std::string_view::npos)
    return std::make_shared<DriveModel>(read_drive(JsonNode::read_file(directory / name_or_path)));
  for (const auto& drive : embedded_drives()) {
    if (drive.name == name_or_path)
      return std::make_shared<DriveModel>(
          read_drive(JsonNode::parse(drive.text, fmt::format("library drive {}", drive.name))));
  }
  throw InputError("", "drive", "a library drive or a parameter file (*.json)",
                   unknown_name(name_or_path, drive_names()));
}

std::uint64_t capacity_bytes(const DriveModel& model) {
  if (const auto* mechanical = std::get_if<MechanicalModel>(&model.kind))
    return mechanical->geometry.sectors() * mechanical->sector_bytes * mechanical->actuators;
  if (const auto* solid = std::get_if<SolidStateModel>(&model.kind)) return solid->capacity_bytes;
  return std::get<ConstantModel>(model.kind).capacity_bytes;
}

std::unique_ptr<Drive> make_drive(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, std::uint64_t seed) {
  // Seed 0 has the index mark under the heads at date 0, as DiskSim does.
  boost::random::mt19937_64 generator(seed);
  const double phase = seed == 0 ? 0.0 : boost::random::uniform_01<double>()(generator);
  return assemble_drive(std::move(model), queue, phase);
}

}  // namespace headway
