#include "sim/emulate/emulation.h"

#include <fmt/format.h>

#include <charconv>

#include "core/base/error.h"
#include "models/drive/library.h"

namespace headway::emulate {

namespace {

struct NumberedImage {
  std::uint64_t devid = 0;
  std::filesystem::path file;
};

NumberedImage numbered(const std::string& word, std::size_t devices) {
  NumberedImage image;
  const std::size_t equals = word.find('=');
  const char* const end = word.data() + std::min(equals, word.size());
  const auto [rest, error] = std::from_chars(word.data(), end, image.devid);
  if (equals == std::string::npos || error != std::errc{} || rest != end || equals + 1 == word.size())
    throw InputError("", "--image", "DEVID=FILE", fmt::format("\"{}\"", word));
  if (image.devid < 1 || image.devid > devices)
    throw InputError("", "--image", fmt::format("a device from 1 to {}, as the scenario has them", devices),
                     fmt::format("{}", image.devid));
  image.file = word.substr(equals + 1);
  return image;
}

}  // namespace

Emulation plan_emulation(const EmulationOptions& options) {
  const Scenario scenario = read_scenario(options.scenario, options.set);
  Emulation emulation{.options = options, .faults = scenario.faults};
  for (const auto& device : scenario.devices)
    emulation.devices.push_back({.devid = emulation.devices.size() + 1, .drive = device, .image = {}});
  for (const auto& word : options.images) {
    const NumberedImage image = numbered(word, emulation.devices.size());
    EmulatedDevice& device = emulation.devices[image.devid - 1];
    if (!device.image.empty())
      throw InputError("", "--image", "one image a device", fmt::format("two for device {}", image.devid));
    device.image = image.file;
    const std::uint64_t bytes = Image(image.file, options.writes).bytes();
    if (bytes > capacity_bytes(*device.drive.model))
      throw InputError(image.file.string(), "",
                       fmt::format("at most the {} bytes of the drive {}", capacity_bytes(*device.drive.model),
                                   device.drive.drive),
                       fmt::format("{}", bytes));
  }
  for (const auto& device : emulation.devices) {
    if (device.image.empty())
      throw InputError("", "--image", fmt::format("one for each of {} devices", emulation.devices.size()),
                       fmt::format("none for device {}", device.devid));
  }
  return emulation;
}

std::filesystem::path log_file(const EmulationOptions& options, std::uint64_t devid) {
  return options.log / fmt::format("dev{}.csv", devid);
}

Writes writes_of(const std::string& word) {
  if (word == "discard") return Writes::discard;
  if (word == "keep") return Writes::keep;
  throw InputError("", "--writes", "discard or keep", fmt::format("\"{}\"", word));
}

}  // namespace headway::emulate
