#include "models/drive/bound/drive_needs.h"

#include <algorithm>
#include <limits>

#include "core/bound/balance.h"
#include "models/drive/bound/mechanical_needs.h"
#include "models/drive/bound/shared_needs.h"

namespace headway {

namespace {

// Copies of one actuator. A read that begins on the actuator before it and reaches over the border ends at the border,
// so that what lies behind it is there for nothing: as far as one read can reach.
struct ActuatorPart {
  std::uint64_t begin_byte = 0;
  std::size_t first = 0;  // the place of its first copy in the drive's
  std::span<const WantedCopy> copies;

  bool is_free(std::size_t i) const { return begin_byte > 0 && copies[i].offset_bytes - begin_byte < UINT32_MAX; }
};

std::vector<ActuatorPart> by_actuator(const MechanicalModel& model, std::span<const WantedCopy> copies) {
  const std::uint64_t each = model.geometry.sectors() * model.sector_bytes;
  std::vector<ActuatorPart> parts;
  std::size_t first = 0;
  for (std::uint32_t a = 0; a < model.actuators; ++a) {
    std::size_t end = copies.size();
    if (a + 1 < model.actuators)
      end = std::ranges::lower_bound(copies, (a + 1) * each, {}, &WantedCopy::offset_bytes) - copies.begin();
    parts.push_back({a * each, first, copies.subspan(first, end - first)});
    first = end;
  }
  return parts;
}

DriveNeeds needs_of(const MechanicalModel& model, const QueueSpec& /*queue*/, double phase,
                    std::span<const WantedCopy> copies) {
  DriveNeeds needs{.machines = model.actuators,
                   .machine = std::vector<std::uint8_t>(copies.size()),
                   .reckonings = {{std::vector<float>(copies.size()), {}}},
                   .alone_s = std::vector<float>(copies.size())};
  const auto parts = by_actuator(model, copies);
  for (std::size_t a = 0; a < parts.size(); ++a) {
    const ActuatorPart& part = parts[a];
    const MechanicalNeeds own(model, phase, part.begin_byte, part.copies);
    bool any_free = false;
    for (std::size_t i = 0; i < part.copies.size(); ++i) {
      needs.machine[part.first + i] = static_cast<std::uint8_t>(a);
      any_free |= part.is_free(i);
      if (part.is_free(i)) continue;
      needs.reckonings[0].cost_s[part.first + i] = own.cost_s(i);
      needs.alone_s[part.first + i] = own.alone_s(i);
    }
    needs.reckonings[0].opening_s.push_back(any_free ? std::min(0.0, own.opening_s()) : own.opening_s());
  }
  return needs;
}

template <class Model>
DriveNeeds needs_of(const Model& model, const QueueSpec& queue, double /*phase*/, std::span<const WantedCopy> copies) {
  DriveNeeds needs{.machines = 1, .machine = std::vector<std::uint8_t>(copies.size()), .reckonings = {}, .alone_s = {}};
  needs.reckonings = shared_needs(model, queue, copies, needs.alone_s);
  return needs;
}

using Sets = std::vector<std::vector<double>>;

Sets sets_of(const MechanicalModel& model, const QueueSpec& /*queue*/, double phase,
             std::span<const WantedCopy> copies, std::span<const std::uint32_t> block, std::size_t blocks) {
  Sets all;
  for (const ActuatorPart& part : by_actuator(model, copies)) {
    std::vector<WantedCopy> bound;
    std::vector<std::uint32_t> own;
    std::size_t free = 0;  // a set
    for (std::size_t i = 0; i < part.copies.size(); ++i) {
      if (part.is_free(i)) {
        free |= std::size_t{1} << block[part.first + i];
        continue;
      }
      bound.push_back(part.copies[i]);
      own.push_back(block[part.first + i]);
    }
    std::vector<double> set_s = MechanicalNeeds(model, phase, part.begin_byte, bound).sets_s(own, blocks);
    for (std::size_t set = set_s.size(); set-- > 0;) {
      if ((set & free) != 0) set_s[set] = set_s[set & ~free];
    }
    all.push_back(std::move(set_s));
  }
  return all;
}

template <class Model>
Sets sets_of(const Model& model, const QueueSpec& queue, double phase, std::span<const WantedCopy> copies,
             std::span<const std::uint32_t> block, std::size_t blocks) {
  const DriveNeeds needs = needs_of(model, queue, phase, copies);
  std::vector<double> set_s(std::size_t{1} << blocks, 0);
  for (const Reckoning& reckoning : needs.reckonings) {
    std::vector<double> cost_s(blocks, std::numeric_limits<double>::infinity());
    for (std::size_t i = 0; i < copies.size(); ++i)
      cost_s[block[i]] = std::min(cost_s[block[i]], static_cast<double>(reckoning.cost_s[i]));
    for (std::size_t set = 1; set < set_s.size(); ++set) {
      double sum_s = reckoning.opening_s[0];
      for (std::size_t b = 0; b < blocks; ++b) sum_s += (set >> b & 1) != 0 ? cost_s[b] : 0;
      set_s[set] = std::max(set_s[set], sum_s);
    }
  }
  return {set_s};
}

}  // namespace

DriveNeeds drive_needs(const DriveModel& model, const QueueSpec& queue, double phase,
                       std::span<const WantedCopy> copies) {
  return std::visit([&](const auto& kind) { return needs_of(kind, queue, phase, copies); }, model.kind);
}

Sets drive_needs_of_sets(const DriveModel& model, const QueueSpec& queue, double phase,
                         std::span<const WantedCopy> copies, std::span<const std::uint32_t> block,
                         std::size_t blocks) {
  return std::visit([&](const auto& kind) { return sets_of(kind, queue, phase, copies, block, blocks); }, model.kind);
}

}  // namespace headway
