#include "core/volume.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <numeric>

#include "core/base/error.h"

namespace headway {

namespace {

struct ProfileRule {
  Profile profile;
  std::string_view name;
  int copies;
  int parity;
  std::size_t least_stripes;
  std::size_t most_stripes;
};

constexpr std::size_t any = UINT16_MAX;

// Linux fs/btrfs/volumes.c, btrfs_raid_array. RAID0 and RAID10 may have one stripe (pair) since Linux 5.15.
constexpr std::array<ProfileRule, 9> rules{{
    {Profile::single, "single", 1, 0, 1, 1},
    {Profile::dup, "DUP", 2, 0, 2, 2},
    {Profile::raid0, "RAID0", 1, 0, 1, any},
    {Profile::raid1, "RAID1", 2, 0, 2, 2},
    {Profile::raid1c3, "RAID1C3", 3, 0, 3, 3},
    {Profile::raid1c4, "RAID1C4", 4, 0, 4, 4},
    {Profile::raid10, "RAID10", 2, 0, 2, any},
    {Profile::raid5, "RAID5", 1, 1, 2, any},
    {Profile::raid6, "RAID6", 1, 2, 3, any},
}};

const ProfileRule& rule(Profile profile) { return rules[static_cast<std::size_t>(profile)]; }

bool striped(Profile profile) {
  return profile == Profile::raid0 || profile == Profile::raid10 || rule(profile).parity > 0;
}

// The bytes that one stripe of the chunk takes on its device.
std::uint64_t stripe_extent_bytes(const Chunk& chunk) {
  if (!striped(chunk.profile)) return chunk.bytes;
  const std::uint64_t data = Volume::data_stripes_of(chunk);
  return chunk.bytes / data + (chunk.bytes % data != 0);
}

class ChunkCheck {
 public:
  ChunkCheck(std::string_view source, const std::vector<Device>& devices) : source_(source), devices_(devices) {}

  void operator()(const Chunk& chunk) const {
    if (chunk.bytes == 0 || chunk.logical + chunk.bytes < chunk.logical)
      fail(chunk, "a length within the address space", fmt::format("{} bytes", chunk.bytes));
    const auto& profile = rule(chunk.profile);
    const std::size_t count = chunk.stripes.size();
    if (count < profile.least_stripes || count > profile.most_stripes)
      fail(chunk, fmt::format("{}{} stripes, as {} has them", profile.least_stripes,
                              profile.most_stripes > profile.least_stripes ? " or more" : "", profile.name),
           fmt::format("{}", count));
    if (chunk.profile == Profile::raid10 && (chunk.sub_stripes != 2 || count % 2 != 0))
      fail(chunk, "an even number of stripes in pairs (sub_stripes 2)",
           fmt::format("{} stripes, sub_stripes {}", count, chunk.sub_stripes));
    if (chunk.stripe_bytes == 0) fail(chunk, "a stripe length above 0", "0");
    check_stripes(chunk);
  }

 private:
  void check_stripes(const Chunk& chunk) const {
    const std::uint64_t bytes = stripe_extent_bytes(chunk);
    std::vector<DeviceIndex> used;
    for (const auto& stripe : chunk.stripes) {
      assert(stripe.device < devices_.size());
      const auto& device = devices_[stripe.device];
      if (stripe.physical > device.bytes || bytes > device.bytes - stripe.physical)
        fail(chunk, fmt::format("stripes that end within device {} ({} bytes)", device.devid, device.bytes),
             fmt::format("one of {} bytes at {}", bytes, stripe.physical));
      used.push_back(stripe.device);
    }
    std::sort(used.begin(), used.end());
    if (chunk.profile != Profile::dup && std::adjacent_find(used.begin(), used.end()) != used.end())
      fail(chunk, "each device once in a chunk", "one twice");
  }

  [[noreturn]] void fail(const Chunk& chunk, std::string_view expected, std::string_view found) const {
    throw InputError(source_, fmt::format("chunk {}", chunk.logical), expected, found);
  }

  std::string_view source_;
  const std::vector<Device>& devices_;
};

// Sorts devices by devid and makes the stripes refer to their new places.
void sort_devices(std::string_view source, std::vector<Device>& devices, std::vector<Chunk>& chunks) {
  if (devices.size() > UINT16_MAX)
    throw InputError(source, "devices", "at most 65535", fmt::format("{}", devices.size()));
  std::vector<DeviceIndex> order(devices.size());
  std::iota(order.begin(), order.end(), DeviceIndex{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](DeviceIndex a, DeviceIndex b) { return devices[a].devid < devices[b].devid; });
  std::vector<DeviceIndex> place(devices.size());
  std::vector<Device> sorted(devices.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = static_cast<DeviceIndex>(i);
    sorted[i] = devices[order[i]];
    if (i > 0 && sorted[i].devid == sorted[i - 1].devid)
      throw InputError(source, "devices", "each devid once", fmt::format("{} twice", sorted[i].devid));
  }
  devices = std::move(sorted);
  for (auto& chunk : chunks) {
    for (auto& stripe : chunk.stripes) stripe.device = place[stripe.device];
  }
}

}  // namespace

std::string_view to_string(Profile profile) { return rule(profile).name; }

int Volume::copies_of(Profile profile) { return rule(profile).copies; }
int Volume::parity_of(Profile profile) { return rule(profile).parity; }

std::uint32_t Volume::data_stripes_of(const Chunk& chunk) {
  if (!striped(chunk.profile)) return 1;
  const auto holding_data = static_cast<std::uint32_t>(chunk.stripes.size()) -
                            static_cast<std::uint32_t>(rule(chunk.profile).parity);
  return chunk.profile == Profile::raid10 ? holding_data / chunk.sub_stripes : holding_data;
}

std::uint32_t Volume::place_in_row(const Chunk& chunk, std::size_t stripe, std::uint64_t row) {
  if (!striped(chunk.profile)) return 0;
  const std::uint64_t count = chunk.stripes.size();
  if (rule(chunk.profile).parity > 0) return static_cast<std::uint32_t>((stripe + count - row % count) % count);
  return static_cast<std::uint32_t>(chunk.profile == Profile::raid10 ? stripe / chunk.sub_stripes : stripe);
}

std::uint32_t Volume::sets_of(const Chunk& chunk) {
  if (!striped(chunk.profile)) return 1;
  const auto stripes = static_cast<std::uint32_t>(chunk.stripes.size());
  // RAID5/6: parity rotates, so each device holds data stripes of its own and is a set.
  return chunk.profile == Profile::raid10 ? stripes / chunk.sub_stripes : stripes;
}

Volume::Volume(std::string_view source, std::vector<Device> devices, std::vector<Chunk> chunks)
    : devices_(std::move(devices)), chunks_(std::move(chunks)) {
  sort_devices(source, devices_, chunks_);
  std::sort(chunks_.begin(), chunks_.end(), [](const Chunk& a, const Chunk& b) { return a.logical < b.logical; });
  const ChunkCheck check(source, devices_);
  std::uint32_t sets = 0;
  for (std::size_t i = 0; i < chunks_.size(); ++i) {
    check(chunks_[i]);
    if (i > 0 && chunks_[i - 1].logical + chunks_[i - 1].bytes > chunks_[i].logical)
      throw InputError(source, fmt::format("chunk {}", chunks_[i].logical), "chunks that do not overlap",
                       fmt::format("the chunk at {} reaching into it", chunks_[i - 1].logical));
    first_set_.push_back(sets);
    sets += sets_of(chunks_[i]);
  }
  first_set_.push_back(sets);
}

std::int64_t Volume::find_chunk(std::uint64_t logical) const {
  const auto after = std::upper_bound(chunks_.begin(), chunks_.end(), logical,
                                      [](std::uint64_t address, const Chunk& chunk) { return address < chunk.logical; });
  if (after == chunks_.begin()) return -1;
  const auto& chunk = *(after - 1);
  return logical - chunk.logical < chunk.bytes ? after - 1 - chunks_.begin() : -1;
}

Mapping Volume::map_in(std::uint32_t chunk_index, std::uint64_t logical) const {
  const Chunk& chunk = chunks_[chunk_index];
  assert(logical >= chunk.logical && logical - chunk.logical < chunk.bytes);
  const std::uint64_t offset = logical - chunk.logical;
  Mapping mapping;
  mapping.chunk = chunk_index;
  mapping.bytes_left = chunk.bytes - offset;
  mapping.copies = static_cast<std::uint8_t>(rule(chunk.profile).copies);
  std::size_t first = 0;  // the stripe of copy 0
  std::uint64_t within = offset;
  std::uint32_t set = 0;
  if (striped(chunk.profile)) {
    const std::uint64_t nr = offset / chunk.stripe_bytes;
    const std::uint64_t in_stripe = offset % chunk.stripe_bytes;
    const std::uint64_t per_stripe = chunk.profile == Profile::raid10 ? chunk.sub_stripes : 1;
    const std::uint64_t per_row = data_stripes_of(chunk);
    const std::uint64_t row = nr / per_row;
    std::uint64_t place = nr % per_row;
    if (rule(chunk.profile).parity > 0) place = stripe_in_row(chunk, static_cast<std::uint32_t>(place), row);
    set = static_cast<std::uint32_t>(place);
    first = place * per_stripe;
    within = row * chunk.stripe_bytes + in_stripe;
    mapping.bytes_left = std::min(mapping.bytes_left, chunk.stripe_bytes - in_stripe);
  }
  mapping.stripe_set = first_set_[chunk_index] + set;
  for (std::size_t i = 0; i < mapping.copies; ++i) {
    const auto& stripe = chunk.stripes[first + i];
    mapping.copy[i] = {stripe.device, stripe.physical + within};
  }
  return mapping;
}

std::uint64_t Volume::physical_in(std::uint32_t chunk_index, std::uint32_t stripe_set, std::uint8_t copy,
                                  std::uint64_t logical) const {
  const Chunk& chunk = chunks_[chunk_index];
  const std::uint64_t offset = logical - chunk.logical;
  if (!striped(chunk.profile)) return chunk.stripes[copy].physical + offset;
  const auto copies = static_cast<std::size_t>(rule(chunk.profile).copies);
  const std::uint64_t row = offset / (std::uint64_t{chunk.stripe_bytes} * data_stripes_of(chunk));
  const std::size_t stripe = (stripe_set - first_set_[chunk_index]) * copies + copy;
  return chunk.stripes[stripe].physical + row * chunk.stripe_bytes + offset % chunk.stripe_bytes;
}

std::uint32_t Volume::chunk_of_set(std::uint32_t stripe_set) const {
  const auto after = std::upper_bound(first_set_.begin(), first_set_.end(), stripe_set);
  return static_cast<std::uint32_t>(after - first_set_.begin() - 1);
}

std::vector<DeviceIndex> Volume::devices_of_set(std::uint32_t stripe_set) const {
  const std::uint32_t chunk_index = chunk_of_set(stripe_set);
  const auto& chunk = chunks_[chunk_index];
  const auto copies = static_cast<std::size_t>(copies_of(chunk.profile));
  const std::size_t first = (stripe_set - first_set_[chunk_index]) * copies;
  std::vector<DeviceIndex> devices;
  for (std::size_t i = 0; i < copies; ++i) devices.push_back(chunk.stripes[first + i].device);
  return devices;
}

}  // namespace headway
