// The devices of one file system, as files or block devices: opened read-only, recognized by their superblocks.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/layout/btrfs/disk_format.h"

namespace headway {

class ImageSet {
 public:
  // Whether the file has a btrfs superblock in any of its places, whole or damaged.
  static bool is_image(const std::filesystem::path& path);

  // Throws InputError when a file cannot be read, none of its superblocks is intact, or the files are not different
  // devices of one file system.
  explicit ImageSet(std::span<const std::filesystem::path> paths);

  // The newest of the devices' superblocks.
  const disk::Superblock& super() const { return super_; }
  bool has(std::uint64_t devid) const { return by_devid_.contains(devid); }
  // Precondition of both: has().
  std::uint16_t number_of(std::uint64_t devid) const { return by_devid_.at(devid); }  // place among the paths
  // False when the device ends before, or an error comes up, which then is in `reason`.
  bool read(std::uint64_t devid, std::uint64_t at, std::span<std::byte> to, std::string& reason) const;

  const std::vector<std::string>& names() const { return names_; }

 private:
  class Descriptor;
  void add(const std::filesystem::path& path);

  std::vector<std::string> names_;
  std::vector<std::shared_ptr<Descriptor>> descriptors_;
  std::map<std::uint64_t, std::uint16_t> by_devid_;
  disk::Superblock super_;
};

}  // namespace headway
