// The devices of one file system, as files or block devices: opened read-only, unpacked where they are compressed as a
// whole, recognized by their superblocks.
//
// A file system that was grown from a seed (btrfstune -S 1; a sprout) has devices with two or more ids: its own, and
// those of the seed, whose chunks and blocks it shares. Of several ids the one that is no seed is the file system;
// where all are seeds, the newest. The chunk tree says whether the others are its seeds, so that who reads it asks
// check_device().
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/unpacked_file.h"
#include "models/layout/btrfs/disk_format.h"

namespace headway {

class ImageSet {
 public:
  // Whether the file has a btrfs superblock in any of its places, whole or damaged; of a compressed file, in the first
  // two.
  // `begin` is what it begins with, unpacked.
  static bool is_image(const std::filesystem::path& path, std::string_view begin);

  // Throws InputError when a file cannot be read, none of its superblocks is intact, a change of its id was cut off so
  // that no id fits, or the files are not different devices of one file system and its seeds. `progress` gets the share
  // of what is to be unpacked.
  explicit ImageSet(std::span<const std::filesystem::path> paths, const std::function<void(double)>& progress = {});

  // The newest of the file system's superblocks; its seeds are those of the images.
  const disk::Superblock& super() const { return super_; }
  bool has(std::uint64_t devid) const { return by_devid_.contains(devid); }
  // Precondition of both: has().
  std::uint16_t number_of(std::uint64_t devid) const { return by_devid_.at(devid); }  // place among the paths
  std::uint64_t devid_of(std::uint16_t image) const { return supers_[image].devid; }
  // False when the device ends before, or an error comes up, which then is in `reason`.
  bool read(std::uint64_t devid, std::uint64_t at, std::span<std::byte> to, std::string& reason) const;

  const std::vector<std::string>& names() const { return names_; }

  // What the chunk tree says of a device. Throws InputError when an image with its number is of another file system.
  void check_device(const disk::DeviceItem& device);
  // All devices were checked: throws InputError for an image of a seed that is not the file system's.
  void check_seeds() const;
  // "device 1 of the file system", and of which seed, for messages.
  std::string device_text(std::uint64_t devid) const;
  // What is odd and was understood: sentences for people.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  void choose_file_system();
  void add_seeds(std::size_t newest);

  std::vector<std::string> names_;
  std::vector<std::unique_ptr<UnpackedFile>> files_;
  std::vector<disk::Superblock> supers_;  // of each image
  std::map<std::uint64_t, std::uint16_t> by_devid_;
  std::map<std::uint64_t, disk::Uuid> checked_;  // devid -> fsid, by the chunk tree
  disk::Superblock super_;
  std::vector<std::string> notes_;
};

}  // namespace headway
