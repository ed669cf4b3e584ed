#include "models/layout/btrfs/image_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "core/base/byte_source.h"
#include "core/base/error.h"

namespace headway {

namespace {

using SuperBytes = std::array<std::byte, disk::superblock_bytes>;

// Whether a source, from its begin on, has a superblock in one of the places that are not too far to unpack up to.
bool has_superblock(ByteSource& source) {
  std::vector<std::byte> part(1 << 20);
  std::uint64_t at = 0;
  for (const std::uint64_t place : std::span(disk::superblock_at).first(2)) {
    while (at < place) {
      const std::size_t got = source.read(std::span(part).first(std::min<std::uint64_t>(part.size(), place - at)));
      if (got == 0) return false;
      at += got;
    }
    SuperBytes bytes;
    const std::size_t got = source.read(bytes);
    if (disk::is_superblock(std::span(bytes).first(got))) return true;
    at += got;
  }
  return false;
}

disk::Superblock read_superblock(const std::string& name, const UnpackedFile& file) {
  std::optional<InputError> first_error;
  for (const std::uint64_t at : disk::superblock_at) {
    SuperBytes bytes;
    if (file.read(at, bytes) != static_cast<::ssize_t>(bytes.size())) break;
    const auto place = [&](const disk::Malformed& malformed) { return fmt::format("byte {}", at + malformed.offset); };
    try {
      return disk::parse_superblock(bytes, at);
    } catch (const disk::Malformed& malformed) {
      if (!first_error) first_error.emplace(name, place(malformed), malformed.expected, malformed.found);
    }
  }
  if (first_error) throw *first_error;
  throw InputError(name, "byte 65536", "a btrfs superblock", "the device's end");
}

// While btrfstune -m is under way, devices may say the old fsid and the new one; what blocks carry stays.
bool same_file_system(const disk::Superblock& a, const disk::Superblock& b) {
  return a.fsid == b.fsid || ((a.changing_fsid || b.changing_fsid) && a.metadata_fsid == b.metadata_fsid);
}

}  // namespace

bool ImageSet::is_image(const std::filesystem::path& path, std::string_view begin) {
  if (const auto source = open_bytes(path, Zeros::free); source->compressed())
    return begin.find('\0') != begin.npos && has_superblock(*source);  // no text is unpacked for that
  const UnpackedFile file(path);
  return std::ranges::any_of(disk::superblock_at, [&](std::uint64_t at) {
    SuperBytes bytes;
    return file.read(at, bytes) == static_cast<::ssize_t>(bytes.size()) && disk::is_superblock(bytes);
  });
}

ImageSet::ImageSet(std::span<const std::filesystem::path> paths, const std::function<void(double)>& progress) {
  if (paths.size() > UINT16_MAX) throw InputError(paths.back().string(), "", "at most 65535 devices", "more");
  for (const auto& path : paths) {
    const auto part_of_all = [&](double share) {
      if (progress) progress((static_cast<double>(names_.size()) + share) / static_cast<double>(paths.size()));
    };
    auto file = std::make_unique<UnpackedFile>(path, part_of_all);
    const disk::Superblock super = read_superblock(path.string(), *file);
    try {
      disk::check_finished(super);
    } catch (const disk::Malformed& malformed) {
      throw InputError(path.string(), fmt::format("byte {}", disk::superblock_at[0] + malformed.offset),
                       malformed.expected, malformed.found);
    }
    const auto [known, added] = by_devid_.emplace(super.devid, static_cast<std::uint16_t>(names_.size()));
    if (!added && same_file_system(super, supers_[known->second]))
      throw InputError(path.string(), "byte 65737", "each device once",
                       fmt::format("devid {}, which {} is too", super.devid, names_[known->second]));
    if (!added)
      throw InputError(path.string(), "byte 65568", fmt::format("a device of the file system of {}", names_.front()),
                       "another file system's");
    names_.push_back(path.string());
    files_.push_back(std::move(file));
    supers_.push_back(super);
  }
  choose_file_system();
}

void ImageSet::choose_file_system() {
  const auto newest = [&](bool seeding) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < supers_.size(); ++i) {
      if (supers_[i].seeding == seeding && (!found || supers_[i].generation > supers_[*found].generation)) found = i;
    }
    return found;
  };
  const auto own = newest(false);
  add_seeds(own ? *own : newest(true).value());
}

void ImageSet::add_seeds(std::size_t newest) {
  super_ = supers_[newest];
  std::string changing;
  for (std::size_t i = 0; i < supers_.size(); ++i) {
    const disk::Superblock& other = supers_[i];
    if (other.changing_fsid) changing += fmt::format("{}{}", changing.empty() ? "" : ", ", other.devid);
    if (same_file_system(other, super_)) continue;
    if (!other.seeding)
      throw InputError(names_[i], "byte 65568", fmt::format("a device of the file system of {}", names_[newest]),
                       "another file system's");
    super_.seeds.insert(other.metadata_fsid);
  }
  if (!changing.empty())
    notes_.push_back(fmt::format("a change of the file system's id by btrfstune -m was cut off midway on device {}; its "
                                 "blocks are as they were",
                                 changing));
}

void ImageSet::check_device(const disk::DeviceItem& device) {
  checked_[device.devid] = device.fsid;
  const auto image = by_devid_.find(device.devid);
  if (image == by_devid_.end()) return;
  const disk::Superblock& own = supers_[image->second];
  if (same_file_system(own, super_) || (own.fsid == device.fsid && own.device_uuid == device.uuid)) return;
  throw InputError(names_[image->second], "byte 65568",
                   fmt::format("{}, {}", device_text(device.devid), disk::uuid_text(device.uuid)),
                   fmt::format("a seed's device {}, {}", own.devid, disk::uuid_text(own.device_uuid)));
}

void ImageSet::check_seeds() const {
  for (std::size_t i = 0; i < supers_.size(); ++i) {
    if (same_file_system(supers_[i], super_) || checked_.contains(supers_[i].devid)) continue;
    throw InputError(names_[i], "byte 65568", fmt::format("a seed of the file system {}", disk::uuid_text(super_.fsid)),
                     fmt::format("{}, which is none", disk::uuid_text(supers_[i].fsid)));
  }
}

std::string ImageSet::device_text(std::uint64_t devid) const {
  const auto known = checked_.find(devid);
  const bool seed = known != checked_.end() && known->second != super_.fsid && known->second != super_.metadata_fsid;
  return fmt::format("device {} of the file system{}", devid,
                     seed ? fmt::format(", of its seed {}", disk::uuid_text(known->second)) : "");
}

bool ImageSet::read(std::uint64_t devid, std::uint64_t at, std::span<std::byte> to, std::string& reason) const {
  const ::ssize_t got = files_[number_of(devid)]->read(at, to);
  if (got == static_cast<::ssize_t>(to.size())) return true;
  reason = got < 0 ? std::strerror(errno) : "the device's end";
  return false;
}

}  // namespace headway
