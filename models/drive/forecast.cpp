#include "models/drive/forecast.h"

#include <algorithm>

#include "models/drive/mechanical/mechanics.h"

namespace headway {

namespace {

std::uint64_t bytes_each(const MechanicalModel& model) { return model.geometry.sectors() * model.sector_bytes; }

double read_s(const MechanicalModel& model, double phase, std::uint64_t from_byte, std::uint64_t offset_byte,
              std::uint32_t bytes, double at_s) {
  const std::uint64_t base = offset_byte / bytes_each(model) * bytes_each(model);
  const std::uint64_t sector = model.sector_bytes, physical = model.physical_sectors;
  const std::uint64_t from = from_byte > base ? (from_byte - base - 1) / sector : 0;
  const std::uint64_t first = (offset_byte - base) / sector / physical * physical;
  const std::uint64_t last = (offset_byte - base + bytes + sector - 1) / sector;
  const std::uint64_t end = std::min((last + physical - 1) / physical * physical, model.geometry.sectors());
  const auto sectors = static_cast<std::uint32_t>(end - first);
  const InterfaceModel& interface = model.interface;
  Mechanics heads(model, phase);
  const SectorPlace at = model.geometry.place(std::min(from, model.geometry.sectors() - 1));
  if (from_byte > base) heads.move(at.cylinder, at.head);
  const double start_s = at_s + interface.read_miss.after_read_s;
  const BufferModel& buffer = model.buffer;
  if (buffer.for_reads() > 0 && buffer.read_ahead_after == 1 && from_byte > base && first > from &&
      first <= from + (buffer.read_ahead_sectors > 0 ? buffer.read_ahead_sectors : buffer.segment_sectors)) {
    // Read ahead since the last sector of the read before, or being read just now.
    const double tail_s = interface.read_completion_s + interface.read_bus_s_per_sector;
    MediaAccess done;
    if (from + 1 < end) {
      const SectorPlace next = model.geometry.place(from + 1);
      const double begin_s = heads.next_track(next, at_s - tail_s);
      heads.pass(from + 1, next, static_cast<std::uint32_t>(end - from - 1), begin_s, done);
    }
    const double hit_s = at_s + interface.read_hit.after_read_s;
    const double over_s = hit_s + sectors * interface.read_bus_s_per_sector;
    return std::max(done.media_end_s + interface.read_bus_s_per_sector, over_s) + interface.read_completion_s - at_s;
  }
  const MediaAccess done = heads.access(first, model.geometry.place(first), sectors, false, start_s);
  return done.bus_end_s + interface.read_completion_s - at_s;
}

double read_s(const SolidStateModel& model, double /*phase*/, std::uint64_t /*from_byte*/,
              std::uint64_t /*offset_byte*/, std::uint32_t bytes, double /*at_s*/) {
  const double piece = std::min(bytes, model.page_bytes);
  return model.command_s + model.page_read_s + piece / model.channel_bytes_per_s + bytes / model.host_bytes_per_s;
}

double read_s(const ConstantModel& model, double /*phase*/, std::uint64_t /*from_byte*/, std::uint64_t /*offset_byte*/,
              std::uint32_t bytes, double /*at_s*/) {
  return model.latency_s + bytes / model.bytes_per_s;
}

}  // namespace

double DriveForecast::service_s(std::uint64_t from_byte, std::uint64_t offset_byte, std::uint32_t bytes,
                                double at_s) const {
  return std::visit(
      [&](const auto& kind) { return read_s(kind, phase_, from_byte, offset_byte, bytes, at_s); }, model_->kind);
}

std::uint32_t DriveForecast::machines() const {
  const auto* mechanical = std::get_if<MechanicalModel>(&model_->kind);
  return mechanical != nullptr ? mechanical->actuators : 1;
}

std::uint32_t DriveForecast::machine_of(std::uint64_t offset_byte) const {
  const auto* mechanical = std::get_if<MechanicalModel>(&model_->kind);
  if (mechanical == nullptr) return 0;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(offset_byte / bytes_each(*mechanical), mechanical->actuators - 1));
}

std::uint32_t DriveForecast::at_once() const {
  return std::holds_alternative<MechanicalModel>(model_->kind) ? 1 : depth_;
}

}  // namespace headway
