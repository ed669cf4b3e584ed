#include "models/layout/grow/chunk_allocator.h"

#include <algorithm>
#include <numeric>

namespace headway {

namespace {

constexpr std::uint64_t mib = 1 << 20, gib = 1 << 30;
constexpr std::uint64_t reserved_bytes = mib;     // at a device's front
constexpr std::uint64_t first_logical = 16 * mib;

struct Shape {
  std::size_t stripes_min, stripes_max, multiple;
  std::size_t copies;  // stripes that hold the same
  std::size_t parities;
};

Shape shape_of(Profile profile, std::size_t devices) {
  switch (profile) {
    case Profile::single:
      return {1, 1, 1, 1, 0};
    case Profile::dup:
      return {1, 1, 1, 1, 0};  // one device, twice
    case Profile::raid0:
      return {1, devices, 1, 1, 0};
    case Profile::raid1:
      return {2, 2, 1, 2, 0};
    case Profile::raid1c3:
      return {3, 3, 1, 3, 0};
    case Profile::raid1c4:
      return {4, 4, 1, 4, 0};
    case Profile::raid10:
      return {2, devices, 2, 2, 0};
    case Profile::raid5:
      return {2, devices, 1, 1, 1};
    case Profile::raid6:
      return {3, devices, 1, 1, 2};
  }
  return {1, 1, 1, 1, 0};
}

}  // namespace

ChunkAllocator::ChunkAllocator(const std::vector<std::uint64_t>& device_bytes) : next_logical_(first_logical) {
  for (const std::uint64_t bytes : device_bytes) devices_.push_back({bytes, std::min(bytes, reserved_bytes)});
}

std::size_t ChunkAllocator::devices_min(Profile profile) { return shape_of(profile, 0).stripes_min; }

std::vector<Device> ChunkAllocator::devices() const {
  std::vector<Device> all;
  for (std::size_t i = 0; i < devices_.size(); ++i) all.push_back({i + 1, devices_[i].bytes});
  return all;
}

std::uint64_t ChunkAllocator::stripe_bytes_max(Chunk::Use use) const {
  std::uint64_t total = 0;
  for (const auto& device : devices_) total += device.bytes;
  if (use == Chunk::data) return gib;
  return total > 50 * gib ? gib : 256 * mib;
}

std::optional<std::size_t> ChunkAllocator::allocate(Profile profile, Chunk::Use use, std::uint64_t bytes) {
  const Shape shape = shape_of(profile, devices_.size());
  const std::uint64_t dup = profile == Profile::dup ? 2 : 1;  // stripes on one device
  std::vector<std::size_t> order(devices_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto room = [&](std::size_t device) { return devices_[device].bytes - devices_[device].used; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return room(a) > room(b); });
  std::size_t count = 0;
  while (count < order.size() && count < shape.stripes_max && room(order[count]) / dup >= mib) ++count;
  count -= count % shape.multiple;
  if (count < shape.stripes_min) return std::nullopt;

  const std::size_t data_stripes = (count - shape.parities) / (profile == Profile::raid10 ? 2 : 1) /
                                   (profile == Profile::raid10 ? 1 : shape.copies);
  std::uint64_t total = 0;
  for (const auto& device : devices_) total += device.bytes;
  std::uint64_t stripe = bytes != 0 ? (bytes + data_stripes - 1) / data_stripes : stripe_bytes_max(use);
  if (bytes == 0) stripe = std::min(stripe, std::max(mib, total / 10 / data_stripes));
  stripe = std::min(stripe, room(order[count - 1]) / dup) / mib * mib;
  if (stripe == 0) return std::nullopt;

  Chunk chunk{.logical = next_logical_, .bytes = stripe * data_stripes, .use = use, .profile = profile};
  if (profile == Profile::raid10) chunk.sub_stripes = 2;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::uint64_t twice = 0; twice < dup; ++twice) {
      chunk.stripes.push_back({static_cast<DeviceIndex>(order[i]), devices_[order[i]].used});
      devices_[order[i]].used += stripe;
    }
  }
  next_logical_ += chunk.bytes;
  chunks_.push_back(std::move(chunk));
  return chunks_.size() - 1;
}

}  // namespace headway
