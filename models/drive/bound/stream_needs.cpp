#include "models/drive/bound/stream_needs.h"

#include <algorithm>
#include <vector>

#include "models/drive/bound/seek_floor.h"

namespace headway {

namespace {

// Of one actuator, as it goes over its sectors upwards: tracks follow each other as addresses do.
class Passing {
 public:
  explicit Passing(const MechanicalModel& model) : model_(model), geometry_(model.geometry) {}

  void pass(std::uint64_t sector, std::uint64_t end) {
    while (sector < end) {
      const SectorPlace place = geometry_.place(sector);
      come_to(place);
      const auto count = std::min<std::uint64_t>(end - sector, place.run_sectors);
      pass_s_ += static_cast<double>(count) * geometry_.zones()[place.zone].turn_per_sector * model_.revolution_s;
      sector += count;
    }
  }

  double time_s() {
    if (tracks_ == 0) return 0;
    std::ranges::sort(cylinders_);  // serpentine bands come back to a cylinder on another surface
    cylinders_.erase(std::unique(cylinders_.begin(), cylinders_.end()), cylinders_.end());
    const SeekFloor floor(model_);
    const double next_s = geometry_.cylinders() > 1 ? floor.over(1) : model_.head_switch_s;
    double seek_s = 0;
    for (std::size_t i = 1; i < cylinders_.size(); ++i) seek_s += floor.over(cylinders_[i] - cylinders_[i - 1]);
    return pass_s_ + seek_s + static_cast<double>(tracks_ - cylinders_.size()) * std::min(next_s, model_.head_switch_s);
  }

 private:
  void come_to(const SectorPlace& place) {
    if (tracks_ > 0 && place.cylinder == cylinder_ && place.head == head_) return;
    if (cylinders_.empty() || place.cylinder != cylinder_) cylinders_.push_back(place.cylinder);
    ++tracks_;
    cylinder_ = place.cylinder;
    head_ = place.head;
  }

  const MechanicalModel& model_;
  const Geometry& geometry_;
  double pass_s_ = 0;
  std::size_t tracks_ = 0;
  std::vector<std::uint32_t> cylinders_;  // of those tracks
  std::uint32_t cylinder_ = 0, head_ = 0;
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
