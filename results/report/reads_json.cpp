// See reads_json.h.
#include "results/report/reads_json.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>
#include <vector>

#include "results/report/packed.h"
#include "results/trace/blocks_of_read.h"

namespace headway {

namespace {

using Places = std::vector<std::uint32_t>;
constexpr std::uint32_t nowhere = no_origin;

template <typename T, typename F>
Json column(const char* type, const TracedRun& run, const Places& shown, const F& value) {
  std::vector<T> values;
  values.reserve(shown.size());
  for (const std::uint32_t place : shown) values.push_back(static_cast<T>(value(run.reads[place])));
  return packed(type, values);
}

// Every n-th where there are more than `most`.
Places thinned(std::size_t reads, std::size_t most) {
  Places places(std::min(reads, most));
  if (reads <= most) {
    std::iota(places.begin(), places.end(), 0u);
    return places;
  }
  const double step = static_cast<double>(reads) / static_cast<double>(most);
  for (std::size_t i = 0; i < most; ++i) places[i] = static_cast<std::uint32_t>(static_cast<double>(i) * step);
  return places;
}

// The nodes that point at each block, one behind the other.
class Parents {
 public:
  explicit Parents(const Forest& forest) : first_(forest.blocks() + 1), parent_(forest.pointers()) {
    for (const BlockId child : forest.child) {
      if (child != no_block) ++first_[child + 1];
    }
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    Places next(first_.begin(), first_.end());
    for (BlockId block = 0; block < forest.blocks(); ++block) {
      for (PointerId p = forest.first_pointer[block]; p < forest.first_pointer[block + 1]; ++p) {
        if (forest.child[p] != no_block) parent_[next[forest.child[p]]++] = block;
      }
    }
  }

  std::span<const BlockId> of(BlockId block) const {
    return std::span(parent_).subspan(first_[block], first_[block + 1] - first_[block]);
  }

 private:
  Places first_;
  std::vector<BlockId> parent_;
};

// As places among those shown.
Places among_shown(const Places& from, const Places& shown) {
  Places place_shown(from.size(), nowhere), values;
  for (std::uint32_t i = 0; i < shown.size(); ++i) place_shown[shown[i]] = i;
  for (const std::uint32_t place : shown) values.push_back(from[place] == nowhere ? nowhere : place_shown[from[place]]);
  return values;
}

// Which set of the zone's block group the device has a copy of: its number in the page.
class ZoneSets {
 public:
  explicit ZoneSets(const Volume* volume) : volume_(volume) {
    if (volume == nullptr) return;
    for (std::uint32_t set = 0; set < volume->stripe_set_count(); ++set) {
      const std::uint64_t logical = volume->chunks()[volume->chunk_of_set(set)].logical;
      for (const DeviceIndex device : volume->devices_of_set(set)) sets_[{logical, device}] = set;
    }
  }

  std::size_t number(std::uint64_t logical, std::size_t device) {
    const auto found = sets_.find({logical, static_cast<DeviceIndex>(device)});
    // Without a layout a zone is the device's own, of its block group.
    const std::uint64_t key = found == sets_.end() ? (std::uint64_t{1} << 32) + device : found->second;
    const auto [entry, is_new] = numbers_.try_emplace({logical, key}, json_.size());
    const std::uint32_t set = found == sets_.end() ? nowhere : found->second;
    if (is_new) json_.push_back({{"logical", logical}, {"spans", spans(set)}});
    return entry->second;
  }

  const Json& json() const { return json_; }

 private:
  // Where it lies on each of its devices.
  Json spans(std::uint32_t set) const {
    Json all = Json::array();
    if (set == nowhere) return all;
    const Chunk& chunk = volume_->chunks()[volume_->chunk_of_set(set)];
    const auto members = volume_->devices_of_set(set);
    const std::uint64_t bytes = chunk.bytes / Volume::data_stripes_of(chunk);
    for (const Stripe& stripe : chunk.stripes) {
      if (std::ranges::find(members, stripe.device) != members.end())
        all.push_back({stripe.device, stripe.physical, stripe.physical + bytes});
    }
    return all;
  }

  const Volume* volume_;
  std::map<std::pair<std::uint64_t, DeviceIndex>, std::uint32_t> sets_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> numbers_;
  Json json_ = Json::array();
};

void add_zones(Json& json, const TracedRun& run, const Volume* volume) {
  ZoneSets sets(volume);
  Json zones = Json::array();
  for (std::size_t device = 0; device < run.header.devices.size(); ++device) zones.push_back(Json::array());
  for (const TracedMark& mark : run.marks) {
    if (mark.event != TraceEvent::zone) continue;
    const std::size_t device = run.device_place(mark.device);
    Json& own = zones[device];
    if (!own.empty()) own.back()[1] = mark.time_s;
    own.push_back({mark.time_s, run.end_s, sets.number(mark.logical, device)});
  }
  json["zones"] = std::move(zones);
  json["sets"] = sets.json();
}

}  // namespace

// Reads stand in the order of their ends, and a block read again is the later one's from then on: issues are gone
// through in their order, beside the ends.
Places origins_of(const TracedRun& run, const LayoutParts& layout) {
  const auto count = static_cast<std::uint32_t>(run.reads.size());
  const Parents parents(*layout.forest);
  std::vector<Blocks> blocks;
  blocks.reserve(count);
  for (const TracedRead& read : run.reads)
    blocks.push_back(blocks_at(*layout.volume, *layout.forest, read.logical, read.bytes));
  Places by_issue(count), brought_by(layout.forest->blocks(), nowhere), from(count, nowhere);
  std::iota(by_issue.begin(), by_issue.end(), 0u);
  std::ranges::stable_sort(by_issue, {}, [&](std::uint32_t place) { return run.reads[place].issued_s; });
  std::uint32_t ended = 0;
  for (const std::uint32_t place : by_issue) {
    for (; ended < count && run.reads[ended].end_s <= run.reads[place].issued_s; ++ended) {
      if (run.reads[ended].error > 0) continue;
      for (BlockId block = blocks[ended].begin; block < blocks[ended].end; ++block) brought_by[block] = ended;
    }
    for (BlockId block = blocks[place].begin; block < blocks[place].end && from[place] == nowhere; ++block) {
      for (const BlockId parent : parents.of(block)) {
        const std::uint32_t read = brought_by[parent];
        if (read != nowhere && (from[place] == nowhere || read > from[place])) from[place] = read;
      }
    }
  }
  return from;
}

Json reads_as_json(const TracedRun& run, const LayoutParts& layout, std::size_t most) {
  const Places shown = thinned(run.reads.size(), most);
  Json json = {{"count", run.reads.size()}, {"shown", shown.size()}, {"end_s", run.end_s}};
  Json& columns = json["columns"];
  using R = const TracedRead&;
  columns["end_s"] = column<double>("f64", run, shown, [](R r) { return r.end_s; });
  columns["physical"] = column<double>("f64", run, shown, [](R r) { return r.physical; });
  columns["logical"] = column<double>("f64", run, shown, [](R r) { return r.logical; });
  columns["bytes"] = column<std::uint32_t>("u32", run, shown, [](R r) { return r.bytes; });
  columns["issued_s"] = column<double>("f64", run, shown, [](R r) { return r.issued_s; });
  columns["queue_s"] = column<float>("f32", run, shown, [](R r) { return r.queue_s; });
  columns["seek_s"] = column<float>("f32", run, shown, [](R r) { return r.seek_s; });
  columns["rotation_s"] = column<float>("f32", run, shown, [](R r) { return r.rotation_s; });
  columns["transfer_s"] = column<float>("f32", run, shown, [](R r) { return r.transfer_s; });
  columns["device"] = column<std::uint16_t>("u16", run, shown, [&](R r) { return run.device_place(r.device); });
  columns["mirror"] = column<std::uint8_t>("u8", run, shown, [](R r) { return r.mirror; });
  columns["level"] = column<std::uint8_t>("u8", run, shown, [](R r) { return r.level; });
  columns["error"] = column<std::uint8_t>("u8", run, shown, [](R r) { return std::clamp(r.error, 0, 255); });
  if (layout.volume != nullptr && layout.forest != nullptr)
    columns["parent"] = packed("u32", among_shown(origins_of(run, layout), shown));
  add_zones(json, run, layout.volume);
  return json;
}

}  // namespace headway
