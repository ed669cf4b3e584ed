#include "sim/live/live_devices.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/random/uniform_int_distribution.hpp>
#include <charconv>
#include <cmath>

#include "core/base/error.h"
#include "core/random_stream.h"
#include "models/layout/btrfs/image_set.h"
#include "sim/live/buffers.h"
#include "sim/live/read_ring.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

std::string option_of(std::uint64_t devid) { return fmt::format("--device {}", devid); }

}  // namespace

std::vector<NamedDevice> named_devices(const std::vector<std::string>& texts) {
  std::vector<NamedDevice> named;
  for (const std::string& text : texts) {
    const std::size_t equals = std::min(text.find('='), text.size());
    NamedDevice one;
    const auto [end, error] = std::from_chars(text.data(), text.data() + equals, one.devid);
    if (error != std::errc{} || end != text.data() + equals || equals + 1 >= text.size())
      throw InputError("", "--device", "DEVID=PATH, as 1=/dev/sdb", fmt::format("\"{}\"", text));
    one.path = text.substr(equals + 1);
    const auto same = std::ranges::find(named, one.devid, &NamedDevice::devid);
    if (same != named.end())
      throw InputError("", option_of(one.devid), "each device once",
                       fmt::format("{} and {}", same->path.string(), one.path.string()));
    named.push_back(std::move(one));
  }
  if (named.empty()) throw InputError("", "--device", "a device for each of the file system's (1=/dev/sdb)", "none");
  std::ranges::sort(named, {}, &NamedDevice::devid);
  return named;
}

LiveDevices::LiveDevices(std::span<const NamedDevice> named, const OpenOptions& options) : buffered_(options.buffered) {
  for (const NamedDevice& one : named)
    devices_.push_back({open_read_device(one.path, option_of(one.devid), options), one.devid});
  recognize();
}

// By their superblocks, which the importer of images reads and checks.
void LiveDevices::recognize() {
  std::vector<fs::path> paths;
  for (const LiveDevice& device : devices_) paths.push_back(device.path);
  const ImageSet images(paths);
  for (std::uint16_t i = 0; i < devices_.size(); ++i) {
    const std::uint64_t devid = images.devid_of(i);
    if (devid == devices_[i].devid) continue;
    const auto named = std::ranges::find(devices_, devid, &LiveDevice::devid);
    throw InputError(devices_[i].path.string(), option_of(devices_[i].devid),
                     fmt::format("device {} of its file system", devices_[i].devid),
                     named == devices_.end() ? fmt::format("device {}", devid)
                                             : fmt::format("device {}, swapped with {}?", devid, named->path.string()));
  }
  super_ = images.super();
  if (devices_.size() < super_.device_count)
    throw InputError("", "--device", fmt::format("each of the file system's {} devices", super_.device_count),
                     fmt::format("{}", devices_.size()));
}

void LiveDevices::check(const Layout& layout) const {
  std::string wanted, given;
  for (const Device& device : layout.volume.devices()) wanted += fmt::format(" {}", device.devid);
  for (const LiveDevice& device : devices_) given += fmt::format(" {}", device.devid);
  if (!std::ranges::equal(layout.volume.devices(), devices_, {}, &Device::devid, &LiveDevice::devid))
    throw InputError("", "--device", fmt::format("the devices of {}, which has{}", layout.source, wanted),
                     "those of" + given);
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    const std::uint64_t needed = layout.volume.devices()[i].bytes;
    if (devices_[i].bytes < needed)
      throw InputError(devices_[i].path.string(), option_of(devices_[i].devid),
                       fmt::format("a device of at least {} bytes, as the layout has it", needed),
                       fmt::format("one of {}", devices_[i].bytes));
  }
  const Forest& forest = layout.forest;
  if (forest.node_bytes != super_.node_bytes)
    throw InputError(layout.source, "",
                     fmt::format("the layout of the devices' file system, with nodes of {} bytes", super_.node_bytes),
                     fmt::format("one with nodes of {}", forest.node_bytes));
  const auto root_tree = forest.find_tree(btrfs::root_tree);
  if (!root_tree) return;
  const BlockId root = forest.trees[*root_tree].root;
  if (forest.logical[root] != super_.root || forest.generation[root] != super_.generation)
    throw InputError(layout.source, "",
                     fmt::format("the layout of the devices' file system as it is, generation {}", super_.generation),
                     fmt::format("that of another, or of another date: generation {}", forest.generation[root]));
}

std::vector<int> LiveDevices::descriptors() const {
  std::vector<int> all;
  for (const LiveDevice& device : devices_) all.push_back(device.descriptor.number());
  return all;
}

std::vector<DeviceTraits> LiveDevices::traits() const {
  std::vector<DeviceTraits> all;
  for (const LiveDevice& device : devices_) all.push_back({.rotational = device.rotational});
  return all;
}

void LiveDevices::cool(std::uint64_t bytes, std::uint64_t seed) const {
  if (buffered_) return;
  for (const LiveDevice& device : devices_) ::posix_fadvise(device.descriptor.number(), 0, 0, POSIX_FADV_DONTNEED);
  constexpr std::uint64_t read_bytes = 1 << 20;
  constexpr std::uint64_t depth = 4;
  auto random = random_stream(seed, RandomPurpose::requests, UINT16_MAX);
  std::vector<std::uint64_t> left;  // reads, by device
  for (const LiveDevice& device : devices_) left.push_back(std::min(bytes, device.bytes) / read_bytes);
  Buffers buffers;
  const auto discarded = buffers.take(read_bytes);  // by all: nobody looks at it
  ReadRing ring(descriptors());
  std::uint64_t in_flight = 0;
  const auto begin_one = [&](std::size_t device) {
    if (left[device] == 0) return;
    --left[device];
    ++in_flight;
    const std::uint64_t places = devices_[device].bytes / read_bytes;
    const std::uint64_t place = boost::random::uniform_int_distribution<std::uint64_t>(0, places - 1)(random);
    ring.read(device, place * read_bytes, discarded, device);
  };
  for (std::size_t device = 0; device < devices_.size(); ++device) {
    for (std::uint64_t i = 0; i < depth; ++i) begin_one(device);
  }
  while (in_flight > 0) {
    ring.wait(INFINITY);
    std::array<RingEnd, 64> ends;
    const std::size_t count = ring.take(ends);
    for (std::size_t i = 0; i < count; ++i) {
      --in_flight;
      begin_one(ends[i].tag);  // whatever came: that a device fails is for the run to tell
    }
  }
}

}  // namespace headway
