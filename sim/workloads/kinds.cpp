// The list of workload kinds, and what all of them share in a scenario. A new kind is a file here that defines its
// WorkloadKind, and its line below.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "models/layout/trees.h"
#include "sim/workloads/data_extents.h"
#include "sim/workloads/workload.h"

namespace headway {

extern const WorkloadKind workload_enumerate, workload_consume, workload_lookup, workload_send, workload_scrub,
    workload_foreground;

namespace {

constexpr const WorkloadKind* kinds[] = {&workload_enumerate, &workload_consume, &workload_lookup,
                                         &workload_send,      &workload_scrub,   &workload_foreground};

// The keys that all kinds have. Which workload `after` names is known only beside the others.
struct CommonKeys {
  std::string name;
  double start_s = 0;
};
const Fields<CommonKeys>& common_fields() {
  static const auto all =
      Fields<CommonKeys>()
          .required("name", &CommonKeys::name, json::name(), "What results call it.")
          .optional("start_s", &CommonKeys::start_s, json::seconds(), "Begins so much later.")
          .unread("after", Shape::text(), "An earlier workload that must have ended; start_s then counts from there.");
  return all;
}

}  // namespace

std::span<const WorkloadKind* const> workload_kinds() { return kinds; }

Shape workload_shape() {
  TaggedShape tagged{.common = common_fields().object()};
  for (const WorkloadKind* kind : kinds)
    tagged.cases.push_back({{std::string(kind->name)}, std::string(kind->sentence), kind->keys(), ""});
  return Shape::tagged(std::move(tagged));
}

Value<Key> key_value() {
  const Shape number = Shape::whole(0, UINT64_MAX, "");
  return {Shape::tuple({number, Shape::whole(0, UINT8_MAX, ""), number}, "a key, [objectid, type, offset]").named("key"),
          [](const JsonNode& node) {
            const auto parts = node.items();
            return Key{parts[0].unsigned_integer(), static_cast<std::uint8_t>(parts[1].unsigned_integer()),
                       parts[2].unsigned_integer()};
          }};
}

const Fields<TreeRange>& range_fields() {
  static const auto all =
      Fields<TreeRange>()
          .required("tree", &TreeRange::tree, tree_value(), "By object id or btrfs's name.")
          .optional("key_start", &TreeRange::start, key_value(), "[objectid, type, offset]; the tree's first without it.")
          .optional("key_end", &TreeRange::end, key_value(), "Exclusive; the tree's end without it.")
          .then([](const JsonNode& node, TreeRange& range) {
            if (range.end <= range.start) node.at("key_end").fail("a key after key_start");
          });
  return all;
}

Value<std::vector<std::uint64_t>> devids() {
  return json::list(json::whole(), "device", 1, true).named("devices");
}

Value<std::uint64_t> request_bytes() {
  constexpr std::uint64_t sector_bytes = 512;
  return json::multiple_of(sector_bytes, json::whole(sector_bytes, std::uint64_t{1} << 28, "bytes"),
                           "whole sectors of 512 bytes");
}

WorkloadSpec read_workload(const JsonNode& node, const std::vector<WorkloadSpec>& before,
                           const std::filesystem::path& directory) {
  workload_shape().check(node);
  CommonKeys common;
  common_fields().fill(node, common);
  std::vector<std::string> ends, taken;  // names of workloads that end by themselves, and of all
  for (const auto& other : before) {
    taken.push_back(other.name);
    if (!other.plan->endless()) ends.push_back(other.name);
  }
  if (std::ranges::find(taken, common.name) != taken.end())
    node.at("name").fail("a name that no other workload has");
  const auto kind = std::ranges::find(kinds, node.at("kind").string(), &WorkloadKind::name);
  WorkloadSpec spec{.name = common.name, .plan = (*kind)->read(node, directory), .start_s = common.start_s};
  if (const auto after = node.find("after")) {
    const std::string first = after->choice(ends);  // an earlier one, so that nobody waits in a circle
    spec.after = static_cast<std::size_t>(std::ranges::find(taken, first) - taken.begin());
  }
  return spec;
}

void LayoutCheck::fail(std::string_view key, const std::string& expected, const std::string& found) const {
  throw InputError(file_, fmt::format("{}/{}", path_, key), expected, found);
}

void LayoutCheck::devices(const std::vector<std::uint64_t>& devids, std::string_view key) const {
  std::string present;
  for (const auto& device : layout_.volume.devices()) present += fmt::format(" {}", device.devid);
  for (const std::uint64_t devid : devids) {
    if (std::ranges::find(layout_.volume.devices(), devid, &Device::devid) == layout_.volume.devices().end())
      fail(key, fmt::format("devices of {}, which has{}", layout_.source, present), fmt::format("{}", devid));
  }
}

void LayoutCheck::data(std::string_view key, const std::vector<std::uint64_t>& devids, std::uint64_t bytes) const {
  for (DeviceIndex device = 0; device < layout_.volume.devices().size(); ++device) {
    if (!names_device(devids, layout_.volume, device)) continue;
    for (const auto& extent : data_extents(layout_.volume, device)) {
      if (extent.bytes >= bytes) return;
    }
  }
  fail(key, fmt::format("data chunks with {} bytes on a device of {}", bytes, layout_.source), "none");
}

void LayoutCheck::trees(std::string_view key, std::span<const TreeRange> ranges, std::string_view needed_by) const {
  for (const auto& range : ranges) {
    if (const auto tree = layout_.forest.find_tree(range.tree)) {
      const BlockId root = layout_.forest.trees[*tree].root;
      if (layout_.forest.first_pointer[root] == layout_.forest.first_pointer[root + 1])
        note(fmt::format("the tree {} is its root alone, which is in memory from the start: nothing of it is read",
                         tree_name(range.tree)));
      continue;
    }
    const std::string name = tree_name(range.tree);
    fail(key, fmt::format("a tree of {}, which has {}", layout_.source, tree_list(layout_.forest)),
         needed_by.empty() ? name : fmt::format("{}, which needs the tree {}", needed_by, name));
  }
}

}  // namespace headway
