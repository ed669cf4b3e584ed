#include "sim/driver/plug.h"

#include <algorithm>
#include <limits>
#include <ranges>

namespace headway {

void Plug::add(const OwnRequest& request, OwnRequestSink& sink) {
  if (join(request, sink)) return;
  const bool large = !held_.empty() && held_.back().request.read.bytes >= flush_bytes;
  if (large || held_.size() >= (many_devices_ ? 2 : 1) * most_requests) pull();
  many_devices_ = many_devices_ || (!held_.empty() && held_.back().request.read.device != request.read.device);
  held_.push_back({request, &sink});
}

void Plug::pull() {
  for (const Held& held : held_) stage_.submit(held.request, *held.sink);
  held_.clear();
  many_devices_ = false;
}

bool Plug::join(const OwnRequest& request, const OwnRequestSink& sink) {
  const DeviceIndex device = request.read.device;
  auto newest_first = held_ | std::views::reverse;
  const auto last =
      std::ranges::find_if(newest_first, [&](const Held& held) { return held.request.read.device == device; });
  if (last == newest_first.end() || last->sink != &sink) return false;
  OwnRequest& before = last->request;
  const bool alike = before.write == request.write && before.background == request.background;
  const std::uint64_t bytes = std::uint64_t{before.read.bytes} + request.read.bytes;
  if (!alike || before.read.physical + before.read.bytes != request.read.physical) return false;
  if (bytes > stage_.traits()[device].max_request_bytes) return false;
  if (before.merged == std::numeric_limits<std::uint16_t>::max()) return false;
  before.read.bytes = static_cast<std::uint32_t>(bytes);
  ++before.merged;
  return true;
}

}  // namespace headway
