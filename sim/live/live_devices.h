// The real devices of a live run, recognized as those of its file system.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/strategy.h"
#include "models/layout/btrfs/disk_format.h"
#include "models/layout/layout.h"
#include "sim/live/read_device.h"

namespace headway {

// As the user names it: --device DEVID=PATH.
struct NamedDevice {
  std::uint64_t devid = 0;
  std::filesystem::path path;
};
// In ascending order of devids. Throws InputError for a text of another form, a devid named twice, or none at all.
std::vector<NamedDevice> named_devices(const std::vector<std::string>& texts);

struct LiveDevice : ReadDevice {
  std::uint64_t devid = 0;
};

class LiveDevices {
 public:
  // Opens all (read_device.h). Throws InputError as that does, for one that is no device of a btrfs, of the same one as
  // the others, with the devid that it is named by, and where fewer are named than the file system has.
  LiveDevices(std::span<const NamedDevice> named, const OpenOptions& options);

  // Throws InputError unless these are the devices of the layout, each as large as it must be, and, where the layout
  // has the root tree, the file system is in the layout's state.
  void check(const Layout& layout) const;

  const std::vector<LiveDevice>& all() const { return devices_; }
  const disk::Superblock& super() const { return super_; }
  bool buffered() const { return buffered_; }
  std::vector<int> descriptors() const;
  std::vector<DeviceTraits> traits() const;

  // Puts what caches hold of them out of the way as far as can be: of image files the page cache, of all what the drive
  // itself keeps, by `bytes` read elsewhere on each, at places that follow from `seed`, all devices at once.
  void cool(std::uint64_t bytes, std::uint64_t seed) const;

 private:
  void recognize();

  std::vector<LiveDevice> devices_;
  disk::Superblock super_;
  bool buffered_ = false;
};

}  // namespace headway
