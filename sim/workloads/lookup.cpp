// lookup: point searches of one tree, one after another or `depth` of them in flight: what a mount does that reads the
// item of each block group out of the extent tree, or what looks extents or checksums up here and there.
//
// Each search goes from the root down to the leaf that the key is in or would be in, a block after the other, and reads
// or waits for what is not in memory (demand.h). Where the policy is a tree search the searches are the policy's, with
// its readahead beside each. Beside a readahead, all keys are handed to it at the start, a readahead each, for which
// nobody waits.
//
// "count" spreads its keys evenly over the items that the tree's leaves hold, each as the lowest key of its leaf, since
// a layout knows how many items a leaf holds and not which; over the leaves alike, where it does not know that either
// (grown ones; the run has a note then). Of N block groups of one size in an extent tree this is as good as their keys.
//
// Its metrics `reads`, `latency_*` and so on are those of the reads that it had to do itself; `wait_time_s` is the time
// that its searches stood waiting, all of those in flight together.
#include <fmt/format.h>

#include "models/layout/btrfs/constants.h"
#include "sim/workloads/demand.h"
#include "sim/workloads/leaves.h"
#include "sim/workloads/workload.h"

namespace headway {

namespace {

// What a run has the memory for: a key each, and an actor for each that is in flight.
constexpr std::uint64_t most_look_ups = 1'000'000, most_in_flight = 1024;

struct LookupSpec {
  TreeRange range;
  std::optional<std::uint64_t> count;
  std::vector<Key> keys;
  std::uint64_t depth = 1;
  double think_s = 0;
};

const Fields<LookupSpec>& fields() {
  static const auto all =
      Fields<LookupSpec>()
          .with(&LookupSpec::range, range_fields())
          .optional("count", &LookupSpec::count, json::whole(1, most_look_ups, "look-ups"),
                    "Of keys spread evenly over the items of the range, in key order.")
          .optional("keys", &LookupSpec::keys, json::list(key_value(), "key", 1), "These, in this order.")
          .exactly_one({"count", "keys"})
          .excludes("keys", {"key_start", "key_end"}, "nothing: the keys say what is looked up")
          .optional("depth", &LookupSpec::depth, json::whole(1, most_in_flight, "look-ups"), "Searches in flight.")
          .optional("think_s", &LookupSpec::think_s, json::seconds(), "Work behind each search.");
  return all;
}

bool knows_items(const std::vector<LeafInRange>& leaves) { return unknown(leaves, &LeafInRange::items) == 0; }

// Where items are not known all leaves have the same number.
std::uint64_t items_of(const std::vector<LeafInRange>& leaves, std::uint64_t otherwise_each) {
  if (!knows_items(leaves)) return leaves.size() * otherwise_each;
  std::uint64_t items = 0;
  for (const LeafInRange& leaf : leaves) items += leaf.items;
  return items;
}

// Key i of `count` is the one of item i * items / count.
std::vector<Key> spread(const std::vector<LeafInRange>& leaves, std::uint64_t count) {
  const bool known = knows_items(leaves);
  const std::uint64_t items = items_of(leaves, 1);
  std::vector<Key> keys;
  std::uint64_t end = 0;  // of the leaf's items
  for (const LeafInRange& leaf : leaves) {
    end += known ? leaf.items : 1;
    while (keys.size() < count && keys.size() * items / count < end) keys.push_back(leaf.lowest);
  }
  return keys;
}

std::vector<Key> keys_of(const LookupSpec& spec, const Layout& layout) {
  return spec.count ? spread(leaves_in(layout, spec.range), *spec.count) : spec.keys;
}

class Lookup final : public Workload {
 public:
  Lookup(const LookupSpec& spec, std::size_t place, Stage& stage)
      : spec_(spec),
        stage_(stage),
        tree_(*stage.forest().find_tree(spec.range.tree)),
        keys_(keys_of(spec, stage.driver().layout())),
        demand_(stage, stream_of(place), false) {}

  double run() override {
    if (!stage_.policy().policy->is_search) {
      for (const Key& key : keys_) stage_.detach(stage_.add(point_in(tree_, key)));
    }
    const std::uint64_t others = std::min<std::uint64_t>(spec_.depth, keys_.size()) - 1;
    const auto done = stage_.make_sleeper();
    for (std::uint64_t i = 0; i < others; ++i) {
      stage_.start("lookup", [this, done] {
        search();
        stage_.wake(done);
      });
    }
    search();
    for (std::uint64_t i = 0; i < others; ++i) stage_.wait(*done);
    return stage_.now_s();
  }

  MetricValues metrics(double elapsed_s) const override { return demand_.metrics(elapsed_s); }

 private:
  // One key after the other, as long as there are any. A key whose path cannot be read is left out.
  void search() {
    while (next_ < keys_.size()) {
      demand_.search(tree_, keys_[next_++]);
      stage_.sleep(spec_.think_s);
    }
  }

  const LookupSpec& spec_;
  Stage& stage_;
  const std::uint32_t tree_;
  const std::vector<Key> keys_;
  std::size_t next_ = 0;
  Demand demand_;
};

std::string text(const Key& key) { return fmt::format("[{}, {}, {}]", key.objectid, key.type, key.offset); }

class LookupPlan final : public WorkloadPlan {
 public:
  explicit LookupPlan(LookupSpec spec) : spec_(std::move(spec)) {}

  std::unique_ptr<Workload> make(std::size_t place, Stage& stage) const override {
    return std::make_unique<Lookup>(spec_, place, stage);
  }
  void check(const LayoutCheck& check) const override {
    check.trees("tree", {&spec_.range, 1});
    if (spec_.count)
      check_count(check);
    else
      check_keys(check);
  }
  std::vector<TreeRange> ranges(const Layout& layout) const override {
    std::vector<TreeRange> all;
    for (const Key& key : keys_of(spec_, layout)) {
      const Range point = point_in(0, key);
      all.push_back({spec_.range.tree, point.start, point.end});
    }
    return all;
  }
  bool needs_notes() const override { return spec_.count.has_value(); }
  std::size_t searches(const Volume& /*volume*/) const override {
    return std::min<std::uint64_t>(spec_.depth, spec_.count.value_or(spec_.keys.size()));
  }
  bool reads_blocks() const override { return true; }

 private:
  void check_count(const LayoutCheck& check) const {
    const std::vector<LeafInRange> leaves = leaves_in(check.layout(), spec_.range);
    if (leaves.empty()) check.fail("key_end", "a key behind the tree's first", text(spec_.range.end));
    const std::uint32_t fit = (check.layout().forest.node_bytes - btrfs::header_bytes) / btrfs::item_bytes;
    const std::uint64_t most = items_of(leaves, fit);
    if (*spec_.count > most)
      check.fail("count",
                 fmt::format("at most {} look-ups, as many as there {} items in {} leaves of {}", most,
                             knows_items(leaves) ? "are" : "can be", leaves.size(), check.layout().source),
                 fmt::format("{}", *spec_.count));
    if (!knows_items(leaves))
      check.note(fmt::format(
          "the layout does not say how many items leaves hold: {} keys are spread over {} leaves alike", *spec_.count,
          leaves.size()));
  }
  void check_keys(const LayoutCheck& check) const {
    const Forest& forest = check.layout().forest;
    const BlockId root = forest.trees[*forest.find_tree(spec_.range.tree)].root;
    if (forest.first_pointer[root] == forest.first_pointer[root + 1]) return;  // of a leaf no keys are known
    const Key first = forest.key(forest.first_pointer[root]);
    for (std::size_t i = 0; i < spec_.keys.size(); ++i) {
      if (spec_.keys[i] < first)
        check.fail(fmt::format("keys/{}", i), fmt::format("a key from the tree's first on, {}", text(first)),
                   text(spec_.keys[i]));
    }
  }

  const LookupSpec spec_;
};

const ObjectShape& keys() { return fields().object(); }

std::shared_ptr<WorkloadPlan> read(const JsonNode& node, const std::filesystem::path& /*directory*/) {
  LookupSpec spec;
  fields().fill(node, spec);
  return std::make_shared<LookupPlan>(std::move(spec));
}

}  // namespace

extern const WorkloadKind workload_lookup{"lookup", "Searches a tree for single keys.", keys, read};

}  // namespace headway
