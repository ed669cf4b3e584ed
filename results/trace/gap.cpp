// The trace is gone through twice: first for what is wanted, then, with that, for what each device had left to do. A
// device's account is settled whenever something changes there, never for all devices at once.
#include "results/trace/gap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <numeric>
#include <ranges>
#include <utility>

#include "core/base/error.h"
#include "core/memory.h"
#include "results/metrics/units.h"
#include "results/trace/blocks_of_read.h"
#include "results/trace/device_places.h"
#include "results/trace/trace.h"

namespace headway {

namespace {

// A part of a run's end that adding up many times may be off.
constexpr double rounding = 1e-6;

// Calls f(row, device's place or 0, blocks) for what happened to blocks and devices.
template <typename F>
void for_each_event(const std::filesystem::path& path, const Volume& volume, const Forest& forest, double elapsed_s,
                    const F& f) {
  TraceReader trace(path);
  const DevicePlaces places(volume.devices());
  std::vector<TraceRow> rows;
  std::uint64_t seq = 0;
  double last_s = 0;
  while (trace.next(rows)) {
    for (const TraceRow& row : rows) {
      const auto fail = [&](std::string_view expected, const std::string& found) {
        throw InputError(path.string(), fmt::format("event {}", seq), expected, found);
      };
      if (!(row.time_s >= last_s && row.time_s <= elapsed_s * (1 + rounding)))
        fail(fmt::format("a time from {} s to the end of the run, {} s", last_s, elapsed_s),
             fmt::format("{} s", row.time_s));
      last_s = row.time_s;
      ++seq;
      const bool is_read = row.event == TraceEvent::issue || row.event == TraceEvent::complete;
      if (!is_read && row.event != TraceEvent::cached && row.event != TraceEvent::evict) continue;
      const std::size_t device = is_read ? places[row.device] : 0;
      if (device == volume.devices().size()) fail("a device of the layout", fmt::format("device {}", row.device));
      Blocks blocks;
      if (row.level != TraceRow::no_level) {
        blocks = blocks_at(volume, forest, row.logical, row.bytes);
        if (blocks.empty()) fail("a block of the layout", fmt::format("logical {}", row.logical));
      }
      f(row, device, blocks, fail);
    }
  }
}

// What can be known of: the roots, and what nodes in memory have pointed at.
class Known {
 public:
  explicit Known(const Forest& forest) : forest_(forest), known_(forest.blocks()), seen_(forest.blocks()) {
    for (const TreeRoot& tree : forest.trees) known_.insert(tree.root);
  }

  bool operator[](BlockId block) const { return known_.holds(block); }

  // The block has come into memory; calls f(block) for each that has not been known, before it is.
  template <typename F>
  void came(BlockId block, const F& f) {
    if (seen_.holds(block)) return;
    seen_.insert(block);
    for (PointerId p = forest_.first_pointer[block]; p < forest_.first_pointer[block + 1]; ++p) {
      const BlockId child = forest_.child[p];
      if (known_.holds(child)) continue;
      f(child);
      known_.insert(child);
    }
  }

 private:
  const Forest& forest_;
  Memory known_, seen_;
};

struct Wanted {
  std::vector<std::uint32_t> reads;  // by block: how many will be asked for
  bool foreseen = false;             // some before they could be known of by the tree
};

Wanted wanted_in(const std::filesystem::path& trace, const Volume& volume, const Forest& forest, double elapsed_s) {
  Wanted wanted{std::vector<std::uint32_t>(forest.blocks())};
  Known known(forest);
  for_each_event(trace, volume, forest, elapsed_s,
                 [&](const TraceRow& row, std::size_t, const Blocks& blocks, const auto&) {
                   if (row.event == TraceEvent::issue && !blocks.empty()) {
                     bool is_known = false;
                     for (BlockId block = blocks.begin; block < blocks.end; ++block) {
                       ++wanted.reads[block];
                       is_known |= known[block];
                     }
                     wanted.foreseen |= !is_known;
                   }
                   if (row.event == TraceEvent::cached || (row.event == TraceEvent::complete && row.error == 0)) {
                     for (BlockId block = blocks.begin; block < blocks.end; ++block) known.came(block, [](BlockId) {});
                   }
                 });
  return wanted;
}

// How long, up to now, something has been so.
struct Clocks {
  double all_s = 0;
  double working_s = 0;         // some device is at a read
  double computing_s = 0;       // some worker is busy
  double only_computing_s = 0;  // and no device is
};

// The workers, as far as the trace tells what they have to do.
class Workers {
 public:
  explicit Workers(std::uint32_t count) : free_s_(count) {}

  void charge(double now_s, double cost_s) {
    if (free_s_.empty() || !(cost_s > 0)) return;
    std::ranges::pop_heap(free_s_, std::greater<>());
    free_s_.back() = std::max(now_s, free_s_.back()) + cost_s;
    busy_until_s_ = std::max(busy_until_s_, free_s_.back());
    std::ranges::push_heap(free_s_, std::greater<>());
  }
  double busy_until_s() const { return busy_until_s_; }

 private:
  std::vector<double> free_s_;  // a heap, the earliest on top
  double busy_until_s_ = 0;
};

class Accounts {
 public:
  Accounts(const Volume& volume, const Forest& forest, Wanted wanted, const CpuCosts& cpu)
      : volume_(volume),
        forest_(forest),
        reads_(std::move(wanted.reads)),
        foreseen_(wanted.foreseen),
        on_the_way_(forest.blocks()),
        there_(forest.blocks()),
        known_(forest),
        cpu_(cpu),
        workers_(cpu.workers),
        devices_(volume.devices().size()) {
    for (BlockId block = 0; block < forest.blocks(); ++block) count(block, +1);
  }

  template <typename Fail>
  void take(const TraceRow& row, std::size_t device, const Blocks& blocks, const Fail& fail) {
    advance(row.time_s);
    if (row.event == TraceEvent::issue) {
      settle(devices_[device]);
      ++devices_[device].at_it;
      ++at_any_;
      workers_.charge(clocks_.all_s, cpu_.issue_s);
    } else if (row.event == TraceEvent::complete) {
      if (devices_[device].at_it == 0) fail("the issue of a read before its end", "none");
      const auto is_time = [](double s) { return s >= 0 && std::isfinite(s); };
      if (!is_time(row.seek_s) || !is_time(row.rotation_s) || !is_time(row.transfer_s))
        fail("where the drive's time went (a measured one does not tell)", "none");
      ended(devices_[device], row);
    }
    for (BlockId block = blocks.begin; block < blocks.end; ++block) take(row, block, fail);
  }

  std::vector<GapParts> at_end(double elapsed_s) {
    advance(elapsed_s);
    std::vector<GapParts> all;
    for (Device& device : devices_) {
      settle(device);
      const double moved_s = device.seek_s + device.rotation_s + device.transfer_s;
      const double shorter = moved_s > device.busy_s ? device.busy_s / moved_s : 1;
      GapParts parts = device.idle;
      parts[GapPart::seek] = shorter * device.seek_s;
      parts[GapPart::rotation] = shorter * device.rotation_s;
      parts[GapPart::transfer] = std::max(0.0, device.busy_s - parts[GapPart::seek] - parts[GapPart::rotation]);
      all.push_back(parts);
    }
    return all;
  }

 private:
  struct Device {
    GapParts idle;
    double busy_s = 0, seek_s = 0, rotation_s = 0, transfer_s = 0;
    std::uint64_t at_it = 0;                         // reads
    std::uint64_t left_known = 0, left_unknown = 0;  // wanted blocks that have a copy here
    Clocks since;                                    // when this was last settled
  };

  void advance(double t) {
    const double passed_s = t - clocks_.all_s;
    if (!(passed_s > 0)) return;
    const double computing_s = std::clamp(workers_.busy_until_s() - clocks_.all_s, 0.0, passed_s);
    clocks_.all_s = t;
    clocks_.computing_s += computing_s;
    (at_any_ > 0 ? clocks_.working_s : clocks_.only_computing_s) += at_any_ > 0 ? passed_s : computing_s;
  }

  // Everything up to now goes to one part, since nothing has changed at this device.
  void settle(Device& device) const {
    const Clocks since = std::exchange(device.since, clocks_);
    const double passed_s = clocks_.all_s - since.all_s;
    if (device.at_it > 0) {
      device.busy_s += passed_s;
    } else if (device.left_known > 0) {
      hold_back(device, passed_s, clocks_.computing_s - since.computing_s);
    } else if (device.left_unknown > 0) {
      device.idle[GapPart::unknown] += passed_s;
    } else {
      const double others_s = clocks_.working_s - since.working_s;
      device.idle[GapPart::imbalance] += others_s;
      hold_back(device, passed_s - others_s, clocks_.only_computing_s - since.only_computing_s);
    }
  }

  static void hold_back(Device& device, double passed_s, double computing_s) {
    device.idle[GapPart::cpu] += computing_s;
    device.idle[GapPart::held_back] += std::max(0.0, passed_s - computing_s);
  }

  void ended(Device& device, const TraceRow& row) {
    settle(device);
    --device.at_it;
    --at_any_;
    device.seek_s += row.seek_s;
    device.rotation_s += row.rotation_s;
    device.transfer_s += row.transfer_s;
  }

  template <typename Fail>
  void take(const TraceRow& row, BlockId block, const Fail& fail) {
    count(block, -1);
    if (row.event == TraceEvent::issue) {
      --reads_[block];
      ++on_the_way_[block];
    } else if (row.event == TraceEvent::complete) {
      if (on_the_way_[block] == 0) fail("the issue of a read before its end", "none");
      --on_the_way_[block];
    }
    const bool came = row.event == TraceEvent::cached || (row.event == TraceEvent::complete && row.error == 0);
    if (came) there_.insert(block);
    if (row.event == TraceEvent::evict) there_.evict(block);
    count(block, +1);
    if (!came) return;
    const PointerId items = forest_.first_pointer[block + 1] - forest_.first_pointer[block];
    if (row.event == TraceEvent::complete) workers_.charge(clocks_.all_s, cpu_.hook_s + items * cpu_.hook_s_per_item);
    known_.came(block, [&](BlockId child) {
      if (!is_left(child) || foreseen_) return;
      for_each_holder(child, [](Device& device) { --device.left_unknown, ++device.left_known; });
    });
  }

  bool is_left(BlockId block) const { return reads_[block] > 0 && on_the_way_[block] == 0 && !there_.holds(block); }

  // Adds the block to what is left to do, or takes it away.
  void count(BlockId block, int by) {
    if (!is_left(block)) return;
    const auto left = foreseen_ || known_[block] ? &Device::left_known : &Device::left_unknown;
    for_each_holder(block, [&](Device& device) { device.*left += static_cast<std::uint64_t>(by); });
  }

  // A device that has two copies counts both.
  template <typename F>
  void for_each_holder(BlockId block, const F& f) {
    const std::uint64_t logical = forest_.logical[block];
    const Mapping mapping = volume_.map_in(volume_.chunk_of_set(forest_.stripe_set[block]), logical);
    for (int copy = 0; copy < mapping.copies; ++copy) {
      Device& device = devices_[mapping.copy[copy].device];
      settle(device);
      f(device);
    }
  }

  const Volume& volume_;
  const Forest& forest_;
  std::vector<std::uint32_t> reads_;  // by block: still to be asked for
  const bool foreseen_;
  std::vector<std::uint32_t> on_the_way_;  // by block: reads
  Memory there_;
  Known known_;
  const CpuCosts cpu_;
  Workers workers_;
  std::vector<Device> devices_;
  std::uint64_t at_any_ = 0;
  Clocks clocks_;
};

}  // namespace

double GapParts::sum() const { return std::accumulate(s_.begin(), s_.end(), 0.0); }

std::vector<GapParts> time_parts(const std::filesystem::path& trace, const Volume& volume, const Forest& forest,
                                 double elapsed_s, const CpuCosts& cpu) {
  Accounts accounts(volume, forest, wanted_in(trace, volume, forest, elapsed_s), cpu);
  for_each_event(trace, volume, forest, elapsed_s,
                 [&](const TraceRow& row, std::size_t device, const Blocks& blocks, const auto& fail) {
                   accounts.take(row, device, blocks, fail);
                 });
  return accounts.at_end(elapsed_s);
}

Gap gap_of(std::span<const GapParts> devices, double elapsed_s, double bound_s) {
  assert(!devices.empty() && bound_s >= 0 && bound_s <= elapsed_s);
  Gap gap{elapsed_s, bound_s, {}};
  double left_s = bound_s;  // of the bound, to be filled
  for (const auto& [part, name] : gap_parts) {
    double mean_s = 0;
    for (const GapParts& device : devices) mean_s += device[part] / static_cast<double>(devices.size());
    const double filled_s = std::min(left_s, mean_s);
    left_s -= filled_s;
    gap.parts[part] = mean_s - filled_s;
  }
  assert(std::abs(bound_s + gap.parts.sum() - elapsed_s) <= rounding * elapsed_s);
  return gap;
}

std::string gap_text(const Gap& gap) {
  const DisplayUnit unit = display_unit(MetricId::elapsed_s, gap.elapsed_s);
  const double shown = gap.elapsed_s / unit.size;
  const int decimals = shown < 10 ? 2 : shown < 100 ? 1 : 0;
  const auto figure = [&](double value_s) { return fmt::format("{:.{}f}", value_s / unit.size, decimals); };
  std::string text = fmt::format("{} {} = bound {}", figure(gap.elapsed_s), unit.name, figure(gap.bound_s));
  for (const auto& [part, name] : gap_parts) {
    const std::string part_text = figure(gap.parts[part]);
    if (part_text != figure(0)) text += fmt::format(" + {} {}", name, part_text);
  }
  return text;
}

}  // namespace headway
