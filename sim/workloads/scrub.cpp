// scrub: reads what its devices hold and checks it, device extent by device extent, as btrfs scrub does (Linux v5.15
// fs/btrfs/scrub.c, scrub_stripe).
//
// All devices at once, each in the order of its own addresses. For each data extent of a device: the readahead brings
// the chunk's part of the extent and checksum trees into memory, both at once, while the scrub waits; then the data are
// read in order, `depth` reads in flight, and what is still missing of the trees is searched for when the data that it
// describes are reached, with data reads still in flight. Where the policy is a tree search there is no first step, and
// all searches come in between: what Linux does since v5.16, where the readahead is gone.
// All reads are in the metrics of the run and in its trace. The workload's own are those of the data alone: its
// throughput_bytes_per_s is the rate that `btrfs scrub` reports. `wait_time_s`: waiting for trees, all devices together.
//
// Simplifications: layouts know no data extents, so
// - a data chunk counts as full. A half-empty one takes half the time for its data, and no less for its trees.
// - the leaves of both trees belong to data chunks in key order, each chunk's share of the leaves being its share of the
//   bytes, evenly spread over it. In real trees the extent tree's leaves about metadata stand apart (a few per cent).
// - metadata chunks are not scrubbed: a few per cent of the reads on file systems of files larger than some KiB.
// Checksums cost no CPU time, which on drives faster than a core checks (some GB/s) makes scrub faster than it is.
#include <algorithm>
#include <cmath>

#include "sim/driver/stage.h"
#include "sim/workloads/data_extents.h"
#include "sim/workloads/demand.h"
#include "sim/workloads/workload.h"

namespace headway {

namespace {

constexpr std::uint64_t scrubbed_trees[] = {2, 7};  // extents, checksums

struct ScrubSpec {
  std::vector<std::uint64_t> devices;    // devids; all when empty
  std::uint32_t request_bytes = 131072;  // Linux v5.16: SCRUB_PAGES_PER_RD_BIO, 32 pages
  std::uint32_t depth = 64;              // SCRUB_BIOS_PER_SCTX
  bool background = true;                // the idle I/O class that `btrfs scrub start` asks for
};

const Fields<ScrubSpec>& fields() {
  static const auto all =
      Fields<ScrubSpec>()
          .optional("devices", &ScrubSpec::devices, devids(), "devids; all devices without it.")
          .optional("request_bytes", &ScrubSpec::request_bytes, request_bytes(), "Of a data read.")
          .optional("depth", &ScrubSpec::depth, json::whole(1, 65536, "reads"), "Data reads in flight on each device.")
          .optional("background", &ScrubSpec::background, json::flag(), "Of the idle I/O class.");
  return all;
}

// The lowest keys of a tree's leaves, in order.
void collect_leaf_keys(const Forest& forest, BlockId block, const Key& lowest, std::vector<Key>& keys) {
  if (forest.level[block] == 0) return keys.push_back(lowest);
  for (PointerId pointer = forest.first_pointer[block]; pointer < forest.first_pointer[block + 1]; ++pointer)
    collect_leaf_keys(forest, forest.child[pointer], forest.key(pointer), keys);
}

struct ScrubbedTree {
  std::uint32_t tree = 0;  // place in Forest::trees
  std::vector<Key> leaves;
};

// Each chunk's part of all data, in the order of chunks: [begin, end) of 1. Empty for chunks without data.
struct Share {
  double begin = 0;
  double end = 0;
};

std::vector<Share> data_shares(const Volume& volume) {
  double all = 0, before = 0;
  for (const Chunk& chunk : volume.chunks()) all += chunk.use & Chunk::data ? static_cast<double>(chunk.bytes) : 0;
  std::vector<Share> shares;
  for (const Chunk& chunk : volume.chunks()) {
    const double share = chunk.use & Chunk::data ? static_cast<double>(chunk.bytes) / all : 0;
    shares.push_back({before, before + share});
    before += share;
  }
  return shares;
}

// What every device's scrub looks at.
struct ScrubbedTrees {
  std::vector<ScrubbedTree> trees;
  std::vector<Share> shares;  // by chunk
};

// The scrub of one device.
class DeviceScrub final : public OwnRequestSink {
 public:
  DeviceScrub(const ScrubSpec& spec, Stage& stage, std::uint16_t stream, DeviceIndex device,
              const ScrubbedTrees& trees, OwnCounters& counters)
      : spec_(spec),
        stage_(stage),
        stream_(stream),
        device_(device),
        trees_(trees),
        counters_(counters),
        demand_(stage, stream, spec.background),
        woken_(stage.make_sleeper()) {}

  void run() {
    for (const DataExtent& extent : data_extents(stage_.volume(), device_)) {
      if (!stage_.policy().policy->is_search) read_trees_ahead(extent);
      read_data(extent, searches_of(extent));
    }
    end_s_ = stage_.now_s();
  }

  double end_s() const { return end_s_; }
  double waited_s() const { return ahead_s_ + demand_.waited_s(); }

  void ended(const OwnRequest& request, const OwnCompletion& completion) override {
    counters_.ended(request, completion);
    --in_flight_;
    if (in_flight_ <= wake_at_) {
      wake_at_ = never;
      stage_.wake(woken_);
    }
  }

 private:
  static constexpr std::int64_t never = -1;

  // A leaf that must be in memory before the data at an offset of the extent are read.
  struct SearchAt {
    double offset = 0;
    std::uint32_t tree = 0;
    Key key;
  };

  // The leaves [first, last) of a tree about the extent's chunk.
  static std::pair<std::size_t, std::size_t> leaves_of(const ScrubbedTree& tree, const Share& share) {
    const auto count = static_cast<double>(tree.leaves.size());
    const auto first = static_cast<std::size_t>(share.begin * count);
    return {first, std::min(tree.leaves.size(), static_cast<std::size_t>(std::ceil(share.end * count)))};
  }

  void read_trees_ahead(const DataExtent& extent) {
    const double from_s = stage_.now_s();
    std::vector<HandleId> handles;
    for (const auto& tree : trees_.trees) {
      const auto [first, last] = leaves_of(tree, trees_.shares[extent.chunk]);
      handles.push_back(stage_.add({tree.tree, first == 0 ? min_key : tree.leaves[first],
                                    last == tree.leaves.size() ? max_key : tree.leaves[last]}));
    }
    for (const HandleId handle : handles) stage_.wait(handle);
    ahead_s_ += stage_.now_s() - from_s;
  }

  std::vector<SearchAt> searches_of(const DataExtent& extent) const {
    const Share& share = trees_.shares[extent.chunk];
    std::vector<SearchAt> searches;
    for (const auto& tree : trees_.trees) {
      const auto [first, last] = leaves_of(tree, share);
      const auto count = static_cast<double>(tree.leaves.size());
      for (std::size_t leaf = first; leaf < last; ++leaf) {
        const double begins = (static_cast<double>(leaf) / count - share.begin) / (share.end - share.begin);
        searches.push_back({std::max(0.0, begins) * static_cast<double>(extent.bytes), tree.tree, tree.leaves[leaf]});
      }
    }
    std::stable_sort(searches.begin(), searches.end(),
                     [](const SearchAt& a, const SearchAt& b) { return a.offset < b.offset; });
    return searches;
  }

  void read_data(const DataExtent& extent, const std::vector<SearchAt>& searches) {
    const Chunk& chunk = stage_.volume().chunks()[extent.chunk];
    auto search = searches.begin();
    for (std::uint64_t offset = 0; offset < extent.bytes; offset += spec_.request_bytes) {
      for (; search != searches.end() && search->offset <= static_cast<double>(offset); ++search)
        demand_.search(search->tree, search->key);
      wait_until_in_flight(static_cast<std::int64_t>(spec_.depth) - 1);
      ++in_flight_;
      const std::uint64_t bytes = std::min<std::uint64_t>(spec_.request_bytes, extent.bytes - offset);
      stage_.submit({.read = {.device = device_,
                              .mirror = 1,
                              .bytes = static_cast<std::uint32_t>(bytes),
                              .logical = chunk.logical + offset * Volume::sets_of(chunk),
                              .physical = extent.physical + offset},
                     .background = spec_.background,
                     .stream = stream_},
                    *this);
    }
    wait_until_in_flight(0);
  }

  void wait_until_in_flight(std::int64_t most) {
    if (in_flight_ <= most) return;
    wake_at_ = most;
    stage_.wait(*woken_);
  }

  const ScrubSpec& spec_;
  Stage& stage_;
  const std::uint16_t stream_;
  const DeviceIndex device_;
  const ScrubbedTrees& trees_;
  OwnCounters& counters_;  // of all devices
  Demand demand_;
  std::shared_ptr<Sleeper> woken_;
  std::int64_t in_flight_ = 0;
  std::int64_t wake_at_ = never;
  double ahead_s_ = 0;
  double end_s_ = 0;
};

class Scrub final : public Workload {
 public:
  Scrub(const ScrubSpec& spec, std::size_t place, Stage& stage) : spec_(spec), place_(place), stage_(stage) {}

  double run() override {
    const Forest& forest = stage_.forest();
    for (const std::uint64_t objectid : scrubbed_trees) {
      const std::uint32_t tree = *forest.find_tree(objectid);
      trees_.trees.push_back({tree, {}});
      collect_leaf_keys(forest, forest.trees[tree].root, min_key, trees_.trees.back().leaves);
    }
    trees_.shares = data_shares(stage_.volume());
    const auto done = stage_.make_sleeper();
    for (DeviceIndex device = 0; device < stage_.volume().devices().size(); ++device) {
      if (!names_device(spec_.devices, stage_.volume(), device)) continue;
      devices_.push_back(std::make_unique<DeviceScrub>(spec_, stage_, stream_of(place_), device, trees_, counters_));
      stage_.start("scrub", [this, scrub = devices_.back().get(), done] {
        scrub->run();
        stage_.wake(done);
      });
    }
    double end_s = stage_.now_s();
    for (std::size_t i = 0; i < devices_.size(); ++i) stage_.wait(*done);
    for (const auto& device : devices_) end_s = std::max(end_s, device->end_s());
    return end_s;
  }

  MetricValues metrics(double elapsed_s) const override {
    MetricValues values = counters_.metrics(elapsed_s);
    values[MetricId::wait_time_s] = 0;
    for (const auto& device : devices_) values[MetricId::wait_time_s] += device->waited_s();
    return values;
  }

 private:
  const ScrubSpec& spec_;
  const std::size_t place_;
  Stage& stage_;
  ScrubbedTrees trees_;
  std::vector<std::unique_ptr<DeviceScrub>> devices_;
  OwnCounters counters_;
};

class ScrubPlan final : public WorkloadPlan {
 public:
  explicit ScrubPlan(ScrubSpec spec) : spec_(std::move(spec)) {}

  std::unique_ptr<Workload> make(std::size_t place, Stage& stage) const override {
    return std::make_unique<Scrub>(spec_, place, stage);
  }
  void check(const LayoutCheck& check) const override {
    check.trees("kind", ranges(), "a scrub");
    check.devices(spec_.devices);
    check.data("kind", spec_.devices, 1);
  }
  std::vector<TreeRange> ranges() const override {
    std::vector<TreeRange> all;
    for (const std::uint64_t tree : scrubbed_trees) all.push_back({.tree = tree});
    return all;
  }
  std::uint64_t data_bytes(const Volume& volume) const override { return headway::data_bytes(volume, spec_.devices); }
  bool reads_blocks() const override { return true; }

 private:
  const ScrubSpec spec_;
};

const ObjectShape& keys() { return fields().object(); }

std::shared_ptr<WorkloadPlan> read(const JsonNode& node, const std::filesystem::path& /*directory*/) {
  ScrubSpec spec;
  fields().fill(node, spec);
  return std::make_shared<ScrubPlan>(std::move(spec));
}

}  // namespace

extern const WorkloadKind workload_scrub{
    "scrub", "Extent and checksum trees, then the data, chunk by chunk on each device.", keys, read};

}  // namespace headway
