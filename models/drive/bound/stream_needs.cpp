#include "models/drive/bound/stream_needs.h"

#include <algorithm>

#include "models/drive/bound/seek_floor.h"

namespace headway {

namespace {

// Of one actuator, as it goes over its sectors upwards: tracks follow each other as addresses do.
class Passing {
 public:
  explicit Passing(const MechanicalModel& model) : geometry_(model.geometry), revolution_s_(model.revolution_s) {
    const SeekFloor floor(model);
    seek_s_ = geometry_.cylinders() > 1 ? floor.over(1) : 0;
    switch_s_ = std::min(seek_s_, model.head_switch_s);
  }

  void pass(std::uint64_t sector, std::uint64_t end) {
    while (sector < end) {
      const SectorPlace place = geometry_.place(sector);
      come_to(place);
      const auto count = std::min<std::uint64_t>(end - sector, place.run_sectors);
      time_s_ += static_cast<double>(count) * geometry_.zones()[place.zone].turn_per_sector * revolution_s_;
      sector += count;
    }
  }
  double time_s() const { return time_s_; }

 private:
  void come_to(const SectorPlace& place) {
    if (any_ && place.cylinder == cylinder_ && place.head == head_) return;
    if (any_) time_s_ += place.cylinder != cylinder_ ? least_change_s(place) : switch_s_;
    any_ = true;
    cylinder_ = place.cylinder;
    head_ = place.head;
  }
  // Serpentine bands come back to a cylinder on another surface: only one that is new costs a seek for certain.
  double least_change_s(const SectorPlace& place) const {
    return geometry_.band_tracks() == 1 && place.cylinder > cylinder_ ? seek_s_ : switch_s_;
  }

  const Geometry& geometry_;
  const double revolution_s_;
  double seek_s_ = 0, switch_s_ = 0;
  bool any_ = false;
  std::uint32_t cylinder_ = 0, head_ = 0;
  double time_s_ = 0;
};

double needs_s(const MechanicalModel& model, std::span<const ByteStretch> stretches) {
  constexpr std::uint64_t longest_read_bytes = UINT32_MAX;
  const std::uint64_t each = model.geometry.sectors() * model.sector_bytes;
  double most_s = 0;
  for (std::uint64_t actuator = 0; actuator < model.actuators; ++actuator) {
    Passing passing(model);
    const std::uint64_t first = actuator * each;
    const std::uint64_t certain = first + (actuator > 0 ? longest_read_bytes : 0), behind = first + each;
    for (const ByteStretch& stretch : stretches) {
      const std::uint64_t begin = std::max(stretch.begin, certain), end = std::min(stretch.end, behind);
      if (begin >= end) continue;
      passing.pass((begin - first + model.sector_bytes - 1) / model.sector_bytes, (end - first) / model.sector_bytes);
    }
    most_s = std::max(most_s, passing.time_s());
  }
  return most_s;
}

double needs_s(const SolidStateModel& model, std::span<const ByteStretch> stretches) {
  double bytes = 0, pages = 0;
  std::uint64_t counted = 0;  // pages before this one
  for (const ByteStretch& stretch : stretches) {
    bytes += static_cast<double>(stretch.end - stretch.begin);
    const std::uint64_t first = std::max(counted, stretch.begin / model.page_bytes);
    counted = std::max(counted, (stretch.end + model.page_bytes - 1) / model.page_bytes);
    pages += static_cast<double>(counted - first);
  }
  const double channels = model.channels;
  return std::max({bytes / model.host_bytes_per_s, bytes / (model.channel_bytes_per_s * channels),
                   pages * model.page_read_s / (channels * model.dies_per_channel)});
}

double needs_s(const ConstantModel& model, std::span<const ByteStretch> stretches) {
  double bytes = 0;
  for (const ByteStretch& stretch : stretches) bytes += static_cast<double>(stretch.end - stretch.begin);
  return bytes / model.bytes_per_s;
}

}  // namespace

double stream_needs_s(const DriveModel& model, std::span<const ByteStretch> stretches) {
  return std::visit([&](const auto& kind) { return needs_s(kind, stretches); }, model.kind);
}

}  // namespace headway
