#include "sim/workloads/request_source.h"

#include <algorithm>
#include <boost/random/bernoulli_distribution.hpp>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/uniform_int_distribution.hpp>

#include "sim/workloads/data_extents.h"

namespace headway {

namespace {

constexpr std::uint64_t sector_bytes = 512;

}  // namespace

RequestSource::RequestSource(const ForegroundSpec& spec, const Volume& volume, std::uint16_t stream, std::uint64_t seed)
    : spec_(spec),
      step_bytes_(spec.align_bytes.value_or(spec.request_bytes)),
      volume_(volume),
      stream_(stream),
      random_(random_stream(seed, RandomPurpose::requests, stream)) {
  for (DeviceIndex device = 0; device < volume.devices().size(); ++device) {
    if (!names_device(spec.devices, volume, device)) continue;
    Target target = target_of(volume, device);
    if (target.requests > 0) targets_.push_back(std::move(target));
  }
}

RequestSource::Target RequestSource::target_of(const Volume& volume, DeviceIndex device) const {
  Target target{.device = device};
  const auto add = [&](std::uint64_t physical, std::uint64_t bytes) {
    const std::uint64_t fit = bytes < spec_.request_bytes ? 0 : (bytes - spec_.request_bytes) / step_bytes_ + 1;
    target.region.push_back({physical, fit});
    target.requests += fit;
  };
  if (spec_.region == ForegroundSpec::Region::device) {
    add(0, volume.devices()[device].bytes);
  } else {
    for (const auto& extent : data_extents(volume, device)) add(extent.physical, extent.bytes);
  }
  return target;
}

std::uint64_t RequestSource::address(const Target& target, std::uint64_t request) const {
  auto extent = target.region.begin();
  for (; request >= extent->requests; ++extent) request -= extent->requests;
  return extent->physical + request * step_bytes_;
}

OwnRequest RequestSource::next(Place& place) {
  const bool random = spec_.pattern == ForegroundSpec::Pattern::random;
  if (targets_.size() > 1)
    place.turn = random ? boost::random::uniform_int_distribution<std::size_t>(0, targets_.size() - 1)(random_)
                        : (place.turn + 1) % targets_.size();
  const Target& target = targets_[place.turn];
  std::uint64_t request =
      random ? boost::random::uniform_int_distribution<std::uint64_t>(0, target.requests - 1)(random_) : 0;
  const bool write = !boost::random::bernoulli_distribution<double>(spec_.read_share)(random_);
  if (!random) request = place.next[place.turn][write]++ % target.requests;
  return {.read = {.device = target.device, .bytes = spec_.request_bytes, .physical = address(target, request)},
          .write = write,
          .recorded = false,
          .stream = stream_};
}

OwnRequest RequestSource::placed(const TraceRequest& traced) const {
  const Target& target = targets_[traced.device % targets_.size()];
  const std::uint64_t device_bytes = volume_.devices()[target.device].bytes / sector_bytes * sector_bytes;
  const std::uint64_t from = traced.offset_bytes % device_bytes / sector_bytes * sector_bytes;
  const std::uint64_t unaligned = traced.offset_bytes % sector_bytes + traced.bytes;
  const std::uint64_t bytes = (unaligned + sector_bytes - 1) / sector_bytes * sector_bytes;
  return {.read = {.device = target.device,
                   .bytes = static_cast<std::uint32_t>(std::min(bytes, device_bytes - from)),
                   .physical = from},
          .write = traced.write,
          .recorded = false,
          .stream = stream_};
}

double RequestSource::exponential_s(double rate_per_s) {
  return boost::random::exponential_distribution<double>(rate_per_s)(random_);
}

}  // namespace headway
