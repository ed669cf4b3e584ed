// The keys of a specification, each declared once: reader, complaints and scenarios/grow.schema.json come from here.
#include "models/layout/grow/grow_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>

#include "core/base/document_kind.h"
#include "core/base/fields.h"
#include "models/layout/btrfs/constants.h"
#include "models/layout/trees.h"

namespace headway {

namespace {

constexpr std::uint64_t max_blocks = 4'000'000'000, max_devices = 65535;
constexpr std::uint64_t mib = 1 << 20, tib = mib << 20, eib = tib << 20;

struct DeviceGroup {
  std::uint64_t count = 1, bytes = 0;
};

Value<Profile> profile_value() {
  std::vector<std::pair<std::string, Profile>> names;
  for (int i = 0; i <= static_cast<int>(Profile::raid6); ++i)
    names.emplace_back(to_string(static_cast<Profile>(i)), static_cast<Profile>(i));
  return json::choice<Profile>(std::move(names)).named("profile");
}

Fields<DeviceGroup> device_fields() {
  return Fields<DeviceGroup>()
      .optional("count", &DeviceGroup::count, json::whole(1, max_devices, "devices"), "How many of this size.")
      .required("bytes", &DeviceGroup::bytes, json::whole(64 * mib, eib, "bytes"), "The size of each, in bytes.");
}

TreeUse use_of(std::uint64_t objectid) {
  if (objectid == btrfs::extent_tree) return TreeUse::extents;
  return objectid == btrfs::csum_tree ? TreeUse::checksums : TreeUse::files;
}

Fields<TreeSpec> tree_fields() {
  return Fields<TreeSpec>()
      .required(
          "tree",
          [](TreeSpec& tree, std::uint64_t objectid) {
            tree.objectid = objectid;
            tree.use = use_of(objectid);
          },
          tree_value(), "By btrfs's name or object id; each tree once.")
      .optional(
          "use", [](TreeSpec& tree, TreeUse use) { tree.use = use; },
          json::choice<TreeUse>(
              {{"files", TreeUse::files}, {"extents", TreeUse::extents}, {"checksums", TreeUse::checksums}}),
          "files: a subvolume. extents: changed at commit, in key order. checksums: changed as data are written. By "
          "default as the tree is named.");
}

Fields<TreeSpec> aged_tree_fields() {
  return tree_fields()
      .then([](const JsonNode&, TreeSpec& tree) { tree.item_bytes_per_file = tree.use == TreeUse::files ? 700 : 80; })
      .optional(
          "item_bytes_per_file", [](TreeSpec& tree, double bytes) { tree.item_bytes_per_file = bytes; },
          json::number(1, 4000, "bytes"),
          "Room that a file takes in the tree's leaves, heads of items included: 700 for files, 80 for others.")
      .optional("directory_share", &TreeSpec::directory_share, json::number(0, 1),
                "Files: of that room, what directory entries take, elsewhere than the inode.")
      .optional(
          "directories", [](TreeSpec& tree, std::uint64_t count) { tree.directories = count; },
          json::whole(1, 1'000'000'000, "directories"),
          "Files: how many were made before all files, so that the entries stand in front of these; otherwise they "
          "stand anywhere among them.")
      .then([](const JsonNode& node, TreeSpec& tree) {
        if (tree.directories > 0 && tree.use != TreeUse::files)
          node.at("directories").fail("directories in trees of files only");
      });
}

Fields<TreeSpec> placed_tree_fields() {
  return tree_fields()
      .required("leaves", &TreeSpec::leaves, json::whole(1, max_blocks, "leaves"), "How many leaves.")
      .optional("leaf_fill", &TreeSpec::leaf_fill, json::number(0.01, 1), "How full a leaf is.")
      .optional("node_fill", &TreeSpec::node_fill, json::number(0.05, 1), "How full a node above is.");
}

Fields<RoundSpec> round_fields() {
  const auto files = json::number(0, 1e9, "files");
  return Fields<RoundSpec>()
      .optional("commits", &RoundSpec::commits, json::whole(1, 1'000'000, "commits"), "How many transactions.")
      .optional("creates", &RoundSpec::creates, files, "Files that a transaction creates.")
      .optional("deletes", &RoundSpec::deletes, files, "Files that a transaction deletes.")
      .optional("rewrites", &RoundSpec::rewrites, files, "Files whose data a transaction writes anew.");
}

Fields<SnapshotSpec> snapshot_fields() {
  return Fields<SnapshotSpec>()
      .required("tree", &SnapshotSpec::of, tree_value(), "One of the trees.")
      .required("as", &SnapshotSpec::objectid, tree_value(), "The snapshot's own object id.")
      .required("after_commit", &SnapshotSpec::after_commit, json::whole(1, 1'000'000'000, "commits"),
                "Taken when so many transactions have ended.");
}

void take_devices(GrowSpec& spec, const std::vector<DeviceGroup>& groups) {
  for (const DeviceGroup& group : groups) {
    if (spec.device_bytes.size() <= max_devices)
      spec.device_bytes.insert(spec.device_bytes.end(), group.count, group.bytes);
  }
}

void check_devices(const JsonNode& node, GrowSpec& spec) {
  if (spec.device_bytes.size() > max_devices)
    node.at("devices").fail(fmt::format("at most {} devices", max_devices), "more");
}

void check_trees(const JsonNode& node, GrowSpec& spec) {
  const auto nodes = node.at("trees").items();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto same = [&](const TreeSpec& other) { return other.objectid == spec.trees[i].objectid; };
    if (std::any_of(spec.trees.begin(), spec.trees.begin() + static_cast<std::ptrdiff_t>(i), same))
      nodes[i].at("tree").fail("each tree once");
  }
}

void check_snapshots(const JsonNode& node, GrowSpec& spec) {
  for (std::size_t i = 0; i < spec.snapshots.size(); ++i) {
    const SnapshotSpec& snapshot = spec.snapshots[i];
    const auto is = [](std::uint64_t id) { return [id](const TreeSpec& tree) { return tree.objectid == id; }; };
    const JsonNode item = node.at("snapshots").items()[i];
    if (std::none_of(spec.trees.begin(), spec.trees.end(), is(snapshot.of))) item.at("tree").fail("one of the trees");
    const auto taken = [&](const SnapshotSpec& other) { return other.objectid == snapshot.objectid; };
    if (std::any_of(spec.trees.begin(), spec.trees.end(), is(snapshot.objectid)) ||
        std::any_of(spec.snapshots.begin(), spec.snapshots.begin() + static_cast<std::ptrdiff_t>(i), taken))
      item.at("as").fail("an object id that no other tree has");
  }
}

// What every placement takes.
const Fields<GrowSpec>& common_fields() {
  static const Fields<GrowSpec> fields =
      Fields<GrowSpec>()
          .required("devices", take_devices, json::list(device_fields().value(), "device", 1), "What it grows on.")
          .then(check_devices)
          .optional("node_bytes", &GrowSpec::node_bytes,
                    json::whole_out_of({4096, 8192, 16384, 32768, 65536}, "a power of two from 4096 to 65536"),
                    "The size of a tree block.")
          .optional("metadata_profile", &GrowSpec::metadata_profile, profile_value(), "How metadata chunks are stored.")
          .optional(
              "metadata_chunk_bytes", [](GrowSpec& spec, std::uint64_t bytes) { spec.metadata_chunk_bytes = bytes; },
              json::whole(mib, tib, "bytes"),
              "The size of a metadata chunk. By default as the kernel chooses: 1 GiB a stripe (256 MiB on file systems "
              "below "
              "50 GiB), at most a tenth of the file system.")
          .optional("data_profile", &GrowSpec::data_profile, profile_value(), "How data chunks are stored.")
          .optional("data_bytes_per_file", &GrowSpec::data_bytes_per_file, json::number(0, 1e12, "bytes"),
                    "Data chunks lie between the metadata's and push them apart on the devices.")
          .optional("stride_nodes", &GrowSpec::stride_nodes, json::whole(2, 1 << 20, "nodes"),
                    "Strided: how many nodes apart.");
  return fields;
}

const Fields<GrowSpec>& aged_fields() {
  static const Fields<GrowSpec> fields =
      Fields<GrowSpec>()
          .required("trees", &GrowSpec::trees, json::list(aged_tree_fields().value(), "tree", 1), "What grows.")
          .then(check_trees)
          .required("rounds", &GrowSpec::rounds, json::list(round_fields().value(), "round"),
                    "What happens, one round after another.")
          .optional("snapshots", &GrowSpec::snapshots, json::list(snapshot_fields().value(), "snapshot"),
                    "Copies that stay as the tree was.")
          .then(check_snapshots);
  return fields;
}

const Fields<GrowSpec>& placed_fields() {
  static const Fields<GrowSpec> fields =
      Fields<GrowSpec>()
          .required("trees", &GrowSpec::trees, json::list(placed_tree_fields().value(), "tree", 1), "What is placed.")
          .then(check_trees);
  return fields;
}

struct PlacementName {
  Placement placement;
  const char* name;
  const char* sentence;
};
constexpr PlacementName placements[] = {
    {Placement::aged, "aged", "as a copy-on-write file system places blocks while files come and go."},
    {Placement::sequential, "sequential", "in key order."},
    {Placement::reverse, "reverse", "against key order."},
    {Placement::random, "random", "anywhere."},
    {Placement::strided, "strided", "neighbours in key order lie stride_nodes apart, in as many sweeps."},
};
constexpr const PlacementName& aged = placements[0];

const Fields<GrowSpec>& fields_of(const PlacementName& one) { return &one == &aged ? aged_fields() : placed_fields(); }

// Null for a text that names none, which the shape tells.
const PlacementName* placement_of(const JsonNode& node) {
  const auto given = node.find("placement");
  if (!given) return &aged;
  const auto* const at =
      std::ranges::find_if(placements, [&](const PlacementName& one) { return given->json() == Json(one.name); });
  return at == std::end(placements) ? nullptr : at;
}

Shape make_shape() {
  TaggedShape tagged{
      .tag = "placement",
      .sentence = "Where blocks go: aged, or, as references, the others.",
      .cases = {{{aged.name}, fmt::format("{}: {}", aged.name, aged.sentence), aged_fields().object(), "grow-aged"},
                {{}, "", placed_fields().object(), "grow-placed"}},
      .default_name = aged.name,
      .common = common_fields().object()};
  TaggedShape::Case& placed = tagged.cases.back();
  for (const PlacementName& one : std::span(placements).subspan(1)) {
    placed.names.emplace_back(one.name);
    placed.sentence += fmt::format("{}{}: {}", placed.sentence.empty() ? "" : " ", one.name, one.sentence);
  }
  const Shape shape = Shape::tagged(std::move(tagged));
  // What is placed has no past: said by that key, not by the list of known ones.
  return shape.checked_by([shape](const JsonNode& node) {
    const PlacementName* const placement = placement_of(node);
    for (const char* key : {"rounds", "snapshots"}) {
      if (const auto given = node.find(key); given && placement != nullptr && placement != &aged)
        given->fail(fmt::format("no {} with this placement", key));
    }
    shape.check(node);
  });
}

}  // namespace

Shape grow_shape() {
  static const Shape shape = make_shape();
  return shape;
}

std::string grow_schema() {
  return grow_shape().schema_document(
      "headway: a layout to grow",
      "What `headway layout grow` and \"layout\": {\"synthetic\": ...} of a scenario take.");
}

GrowSpec read_grow_spec(const JsonNode& node) {
  expect_document(node, document::grow);
  grow_shape().check(node);
  const PlacementName& placement = *placement_of(node);
  GrowSpec spec;
  spec.source = fmt::format("a specification in {}", std::filesystem::path(node.file()).filename().string());
  spec.placement = placement.placement;
  common_fields().fill(node, spec);
  fields_of(placement).fill(node, spec);
  return spec;
}

}  // namespace headway
