#include "models/layout/grow/grow_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/base/error.h"
#include "models/layout/btrfs/constants.h"
#include "models/layout/trees.h"

namespace headway {

namespace {

constexpr std::uint64_t max_blocks = 4'000'000'000;

Profile read_profile(const JsonNode& node) {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(Profile::raid6); ++i) names.emplace_back(to_string(static_cast<Profile>(i)));
  const std::string name = node.choice(names);
  return static_cast<Profile>(std::find(names.begin(), names.end(), name) - names.begin());
}

TreeSpec read_tree(const JsonNode& node, Placement placement) {
  const bool aged = placement == Placement::aged;
  if (aged)
    node.allow_only({"tree", "use", "item_bytes_per_file", "directory_share", "directories"});
  else
    node.allow_only({"tree", "use", "leaves", "leaf_fill", "node_fill"});
  TreeSpec tree;
  tree.objectid = read_tree_name(node.at("tree"));
  if (tree.objectid == btrfs::extent_tree) tree.use = TreeUse::extents;
  if (tree.objectid == btrfs::csum_tree) tree.use = TreeUse::checksums;
  if (const auto use = node.find("use")) {
    const std::string name = use->choice({"files", "extents", "checksums"});
    tree.use = name == "files" ? TreeUse::files : name == "extents" ? TreeUse::extents : TreeUse::checksums;
  }
  tree.item_bytes_per_file = tree.use == TreeUse::files ? 700 : 80;
  if (const auto share = node.find("directory_share")) tree.directory_share = share->number(0, 1);
  if (const auto count = node.find("directories")) {
    tree.directories = count->unsigned_integer(1, 1'000'000'000, "directories");
    if (tree.use != TreeUse::files) count->fail("directories in trees of files only");
  }
  if (const auto bytes = node.find("item_bytes_per_file")) tree.item_bytes_per_file = bytes->number(1, 4000, "bytes");
  if (!aged) tree.leaves = node.at("leaves").unsigned_integer(1, max_blocks, "leaves");
  if (const auto fill = node.find("leaf_fill")) tree.leaf_fill = fill->number(0.01, 1);
  if (const auto fill = node.find("node_fill")) tree.node_fill = fill->number(0.05, 1);
  return tree;
}

RoundSpec read_round(const JsonNode& node) {
  node.allow_only({"commits", "creates", "deletes", "rewrites"});
  RoundSpec round;
  if (const auto commits = node.find("commits")) round.commits = commits->unsigned_integer(1, 1'000'000, "commits");
  if (const auto files = node.find("creates")) round.creates = files->number(0, 1e9, "files");
  if (const auto files = node.find("deletes")) round.deletes = files->number(0, 1e9, "files");
  if (const auto files = node.find("rewrites")) round.rewrites = files->number(0, 1e9, "files");
  return round;
}

SnapshotSpec read_snapshot(const JsonNode& node) {
  node.allow_only({"tree", "as", "after_commit"});
  return {read_tree_name(node.at("tree")), read_tree_name(node.at("as")),
          node.at("after_commit").unsigned_integer(1, 1'000'000'000, "commits")};
}

void read_devices(const JsonNode& node, GrowSpec& spec) {
  for (const auto& group : node.items()) {
    group.allow_only({"count", "bytes"});
    std::uint64_t count = 1;
    if (const auto given = group.find("count")) count = given->unsigned_integer(1, UINT16_MAX, "devices");
    const std::uint64_t bytes = group.at("bytes").unsigned_integer(64 << 20, std::uint64_t{1} << 60, "bytes");
    if (spec.device_bytes.size() + count > UINT16_MAX) node.fail("at most 65535 devices", "more");
    spec.device_bytes.insert(spec.device_bytes.end(), count, bytes);
  }
  if (spec.device_bytes.empty()) node.fail("at least one device", "none");
}

void read_trees(const JsonNode& node, GrowSpec& spec) {
  for (const auto& tree : node.items()) {
    spec.trees.push_back(read_tree(tree, spec.placement));
    const auto same = [&](const TreeSpec& other) { return other.objectid == spec.trees.back().objectid; };
    if (std::count_if(spec.trees.begin(), spec.trees.end(), same) > 1) tree.at("tree").fail("each tree once");
  }
  if (spec.trees.empty()) node.fail("at least one tree", "none");
}

void read_snapshots(const JsonNode& node, GrowSpec& spec) {
  for (const auto& item : node.items()) {
    const SnapshotSpec snapshot = read_snapshot(item);
    const auto is = [](std::uint64_t id) { return [id](const TreeSpec& tree) { return tree.objectid == id; }; };
    if (std::none_of(spec.trees.begin(), spec.trees.end(), is(snapshot.of)))
      item.at("tree").fail("one of the trees");
    const auto taken = [&](const SnapshotSpec& other) { return other.objectid == snapshot.objectid; };
    if (std::any_of(spec.trees.begin(), spec.trees.end(), is(snapshot.objectid)) ||
        std::any_of(spec.snapshots.begin(), spec.snapshots.end(), taken))
      item.at("as").fail("an object id that no other tree has");
    spec.snapshots.push_back(snapshot);
  }
}

}  // namespace

GrowSpec read_grow_spec(const JsonNode& node) {
  node.allow_only({"devices", "node_bytes", "metadata_profile", "metadata_chunk_bytes", "data_profile",
                   "data_bytes_per_file", "placement", "stride_nodes", "trees", "rounds", "snapshots"});
  GrowSpec spec;
  spec.source = fmt::format("a specification in {}", std::filesystem::path(node.file()).filename().string());
  read_devices(node.at("devices"), spec);
  if (const auto bytes = node.find("node_bytes")) {
    spec.node_bytes = static_cast<std::uint32_t>(bytes->unsigned_integer(4096, 65536, "bytes"));
    if (!std::has_single_bit(spec.node_bytes)) bytes->fail("a power of two");
  }
  if (const auto profile = node.find("metadata_profile")) spec.metadata_profile = read_profile(*profile);
  if (const auto profile = node.find("data_profile")) spec.data_profile = read_profile(*profile);
  if (const auto bytes = node.find("metadata_chunk_bytes"))
    spec.metadata_chunk_bytes = bytes->unsigned_integer(1 << 20, std::uint64_t{1} << 40, "bytes");
  if (const auto bytes = node.find("data_bytes_per_file")) spec.data_bytes_per_file = bytes->number(0, 1e12, "bytes");
  if (const auto placement = node.find("placement")) {
    const std::vector<std::string> names{"aged", "sequential", "reverse", "random", "strided"};
    const std::string name = placement->choice(names);
    spec.placement = static_cast<Placement>(std::find(names.begin(), names.end(), name) - names.begin());
  }
  if (const auto stride = node.find("stride_nodes")) spec.stride_nodes = stride->unsigned_integer(2, 1 << 20, "nodes");
  read_trees(node.at("trees"), spec);
  const bool aged = spec.placement == Placement::aged;
  if (aged) {
    for (const auto& round : node.at("rounds").items()) spec.rounds.push_back(read_round(round));
  } else if (const auto rounds = node.find("rounds")) {
    rounds->fail("no rounds with this placement");
  }
  if (const auto snapshots = node.find("snapshots")) {
    if (!aged) snapshots->fail("no snapshots with this placement");
    read_snapshots(*snapshots, spec);
  }
  return spec;
}

}  // namespace headway
