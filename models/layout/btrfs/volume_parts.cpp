#include "models/layout/btrfs/volume_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "core/base/error.h"

namespace headway {

namespace {

constexpr std::uint64_t use_bits = 7;
constexpr std::uint64_t profile_bits = 0x7f8;

Profile profile_of(std::uint64_t type, std::string_view source, std::string_view place) {
  switch (type & profile_bits) {
    case 0:
      return Profile::single;
    case VolumeParts::raid0:
      return Profile::raid0;
    case VolumeParts::raid1:
      return Profile::raid1;
    case VolumeParts::dup:
      return Profile::dup;
    case VolumeParts::raid10:
      return Profile::raid10;
    case VolumeParts::raid5:
      return Profile::raid5;
    case VolumeParts::raid6:
      return Profile::raid6;
    case VolumeParts::raid1c3:
      return Profile::raid1c3;
    case VolumeParts::raid1c4:
      return Profile::raid1c4;
    default:
      throw InputError(source, place, "a chunk of one profile", fmt::format("type {:#x}", type));
  }
}

Chunk chunk_of(const ChunkItem& item, const std::vector<Device>& devices, std::string_view source) {
  const std::string place = fmt::format("chunk {}", item.logical);
  Chunk chunk{.logical = item.logical, .bytes = item.bytes};
  chunk.use = static_cast<std::uint8_t>(item.type & use_bits);
  chunk.profile = profile_of(item.type, source, place);
  if ((item.type & ~(use_bits | profile_bits)) != 0)
    throw InputError(source, place, "a chunk of a known type", fmt::format("type {:#x}", item.type));
  if (item.stripe_bytes == 0 || item.stripe_bytes > UINT32_MAX)
    throw InputError(source, place, "a stripe length of at most 4 GiB", fmt::format("{}", item.stripe_bytes));
  chunk.stripe_bytes = static_cast<std::uint32_t>(item.stripe_bytes);
  const std::uint16_t usual = chunk.profile == Profile::raid10 ? 2 : 1;
  chunk.sub_stripes = item.sub_stripes == 0 ? usual : item.sub_stripes;
  for (const auto& stripe : item.stripes) {
    const auto device = std::find_if(devices.begin(), devices.end(),
                                     [&](const Device& candidate) { return candidate.devid == stripe.devid; });
    if (device == devices.end())
      throw InputError(source, place, "stripes on devices that are listed", fmt::format("devid {}", stripe.devid));
    chunk.stripes.push_back({static_cast<DeviceIndex>(device - devices.begin()), stripe.physical});
  }
  return chunk;
}

// How far into a device a stripe of this chunk reaches; a bound that suffices to place the device's end.
std::uint64_t stripe_end(const ChunkItem& item, std::uint64_t physical) {
  std::uint64_t data = 1;
  const std::uint64_t count = std::max<std::size_t>(1, item.stripes.size());
  if (item.type & VolumeParts::raid0) data = count;
  if (item.type & VolumeParts::raid10) data = std::max<std::uint64_t>(1, count / 2);
  if (item.type & VolumeParts::raid5) data = std::max<std::uint64_t>(1, count - 1);
  if (item.type & VolumeParts::raid6) data = count > 2 ? count - 2 : 1;
  const std::uint64_t bytes = item.bytes / data + (item.bytes % data != 0);
  return physical > UINT64_MAX - bytes ? UINT64_MAX : physical + bytes;
}

}  // namespace

void VolumeParts::add_device(std::uint64_t devid, std::uint64_t bytes) {
  auto& known = devices_[devid];
  if (known == 0) known = bytes;
}

bool VolumeParts::add_chunk(const ChunkItem& chunk) {
  const auto [at, added] = chunks_.emplace(chunk.logical, chunk);
  return added || at->second == chunk;
}

Volume VolumeParts::make(std::string_view source) const {
  std::vector<Device> devices;
  if (devices_.size() > UINT16_MAX)
    throw InputError(source, "devices", "at most 65535", fmt::format("{}", devices_.size()));
  std::map<std::uint64_t, std::uint64_t> ends;
  for (const auto& [logical, item] : chunks_) {
    for (const auto& stripe : item.stripes)
      ends[stripe.devid] = std::max(ends[stripe.devid], stripe_end(item, stripe.physical));
  }
  for (const auto& [devid, bytes] : devices_) devices.push_back({devid, bytes != 0 ? bytes : ends[devid]});
  std::vector<Chunk> chunks;
  for (const auto& [logical, item] : chunks_) chunks.push_back(chunk_of(item, devices, source));
  return Volume(source, std::move(devices), std::move(chunks));
}

}  // namespace headway
