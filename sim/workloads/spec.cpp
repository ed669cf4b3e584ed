#include "sim/workloads/spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "sim/workloads/data_extents.h"

namespace headway {

namespace {

// Linux include/uapi/linux/btrfs_tree.h, BTRFS_*_TREE_OBJECTID.
struct TreeName {
  const char* name;
  std::uint64_t objectid;
};
constexpr std::uint64_t extent_tree = 2, csum_tree = 7;
constexpr TreeName known_trees[] = {{"root", 1}, {"extent", extent_tree}, {"chunk", 3}, {"dev", 4},
                                    {"fs", 5},   {"csum", csum_tree},     {"quota", 8}, {"uuid", 9},
                                    {"free-space", 10}, {"block-group", 11}};

constexpr std::uint64_t sector_bytes = 512;

std::uint64_t read_tree(const JsonNode& node) {
  if (node.json().is_number()) return node.unsigned_integer();
  const std::string name = node.string();
  const auto objectid = tree_objectid(name);
  if (!objectid) node.fail("an object id or a tree's name", unknown_name(name, tree_names()));
  return *objectid;
}

Key read_key(const JsonNode& node) {
  const auto parts = node.items();
  if (parts.size() != 3) node.fail("a key, [objectid, type, offset]");
  return {parts[0].unsigned_integer(), static_cast<std::uint8_t>(parts[1].unsigned_integer(0, UINT8_MAX)),
          parts[2].unsigned_integer()};
}

TreeRange read_range(const JsonNode& node) {
  TreeRange range;
  range.tree = read_tree(node.at("tree"));
  if (const auto key = node.find("key_start")) range.start = read_key(*key);
  if (const auto key = node.find("key_end")) range.end = read_key(*key);
  if (range.end <= range.start) node.at("key_end").fail("a key after key_start");
  return range;
}

std::vector<std::uint64_t> read_devices(const JsonNode& node) {
  std::vector<std::uint64_t> devids;
  for (const auto& item : node.items()) {
    const std::uint64_t devid = item.unsigned_integer();
    if (std::find(devids.begin(), devids.end(), devid) != devids.end()) item.fail("each device once");
    devids.push_back(devid);
  }
  if (devids.empty()) node.fail("at least one device");
  return devids;
}

std::uint32_t read_request_bytes(const JsonNode& node) {
  const std::uint64_t bytes = node.unsigned_integer(sector_bytes, std::uint64_t{1} << 28, "bytes");
  if (bytes % sector_bytes != 0) node.fail("whole sectors of 512 bytes");
  return static_cast<std::uint32_t>(bytes);
}

// The keys that a workload of any kind may have, and those of its own kind.
void allow_only(const JsonNode& node, std::vector<std::string> keys) {
  keys.insert(keys.end(), {"name", "kind", "start_s", "after"});
  node.allow_only(keys);
}

EnumerateSpec read_enumerate(const JsonNode& node) {
  allow_only(node, {"tree", "key_start", "key_end"});
  return {read_range(node)};
}

ConsumeSpec read_consume(const JsonNode& node) {
  allow_only(node, {"tree", "key_start", "key_end", "think_s"});
  ConsumeSpec spec{.range = read_range(node)};
  if (const auto think = node.find("think_s")) spec.think_s = think->not_negative("seconds");
  return spec;
}

ScrubSpec read_scrub(const JsonNode& node) {
  allow_only(node, {"devices", "request_bytes", "depth", "background"});
  ScrubSpec spec;
  if (const auto devices = node.find("devices")) spec.devices = read_devices(*devices);
  if (const auto bytes = node.find("request_bytes")) spec.request_bytes = read_request_bytes(*bytes);
  if (const auto depth = node.find("depth")) spec.depth = static_cast<std::uint32_t>(depth->integer(1, 65536, "reads"));
  if (const auto background = node.find("background")) spec.background = background->boolean();
  return spec;
}

ReplayedTrace read_trace(const JsonNode& node, const std::filesystem::path& directory) {
  node.allow_only({"file", "format", "speed", "times_back"});
  ReplayedTrace trace;
  trace.file = directory / node.at("file").string();
  trace.format = trace_format(node.at("format").choice(trace_format_names()));
  if (const auto speed = node.find("speed")) trace.speed = speed->positive("times as fast");
  if (const auto back = node.find("times_back")) trace.clamp_times = back->choice({"error", "clamp"}) == "clamp";
  return trace;
}

ForegroundSpec read_foreground(const JsonNode& node, const std::filesystem::path& directory) {
  allow_only(node, {"depth", "rate_per_s", "trace", "read_share", "request_bytes", "region", "pattern", "devices",
                    "requests", "duration_s"});
  ForegroundSpec spec;
  if (node.has("depth") + node.has("rate_per_s") + node.has("trace") != 1)
    node.fail("one of \"depth\" (a closed loop), \"rate_per_s\" (Poisson arrivals) and \"trace\"", "none or several");
  if (const auto depth = node.find("depth"))
    spec.arrivals = ClosedLoop{static_cast<std::uint32_t>(depth->integer(1, 65536, "requests"))};
  if (const auto rate = node.find("rate_per_s")) spec.arrivals = PoissonArrivals{rate->positive("requests a second")};
  if (const auto trace = node.find("trace")) {
    spec.arrivals = read_trace(*trace, directory);
    for (const char* key : {"read_share", "request_bytes", "region", "pattern"}) {
      if (const auto given = node.find(key)) given->fail("nothing: the trace says that");
    }
  }
  if (const auto share = node.find("read_share")) spec.read_share = share->number(0, 1);
  if (const auto bytes = node.find("request_bytes")) spec.request_bytes = read_request_bytes(*bytes);
  if (const auto region = node.find("region"))
    spec.region = region->choice({"device", "data"}) == "data" ? ForegroundSpec::Region::data
                                                               : ForegroundSpec::Region::device;
  if (const auto pattern = node.find("pattern"))
    spec.pattern = pattern->choice({"random", "sequential"}) == "random" ? ForegroundSpec::Pattern::random
                                                                         : ForegroundSpec::Pattern::sequential;
  if (const auto devices = node.find("devices")) spec.devices = read_devices(*devices);
  if (const auto requests = node.find("requests")) spec.requests = requests->unsigned_integer(1, UINT64_MAX, "requests");
  if (const auto duration = node.find("duration_s")) spec.duration_s = duration->positive("seconds");
  return spec;
}

// What is said of a workload that the layout has no room for.
struct Misfit {
  const Layout& layout;
  const std::string& file;
  const std::string& path;

  [[noreturn]] void fail(std::string_view key, const std::string& expected, const std::string& found) const {
    throw InputError(file, fmt::format("{}/{}", path, key), expected, found);
  }

  void check_devices(const std::vector<std::uint64_t>& devids) const {
    std::string present;
    for (const auto& device : layout.volume.devices()) present += fmt::format(" {}", device.devid);
    for (const std::uint64_t devid : devids) {
      if (std::ranges::find(layout.volume.devices(), devid, &Device::devid) == layout.volume.devices().end())
        fail("devices", fmt::format("devices of {}, which has{}", layout.source, present), fmt::format("{}", devid));
    }
  }

  // At least `bytes` of data in one piece, on one of the devices.
  void check_data(std::string_view key, const std::vector<std::uint64_t>& devids, std::uint64_t bytes) const {
    for (DeviceIndex device = 0; device < layout.volume.devices().size(); ++device) {
      const bool named = std::ranges::find(devids, layout.volume.devices()[device].devid) != devids.end();
      if (!devids.empty() && !named) continue;
      for (const auto& extent : data_extents(layout.volume, device)) {
        if (extent.bytes >= bytes) return;
      }
    }
    fail(key, fmt::format("data chunks with {} bytes on a device of {}", bytes, layout.source), "none");
  }
};

void check_trace(const ForegroundSpec& spec, const ReplayedTrace& replayed) {
  const auto trace = open_trace(replayed.file, *replayed.format, {.clamp_times = replayed.clamp_times});
  for (std::uint64_t count = 0; !spec.requests || count < *spec.requests; ++count) {
    const auto request = trace->next();
    if (!request || (spec.duration_s && request->time_s / replayed.speed > *spec.duration_s)) {
      if (count == 0) throw InputError(replayed.file.string(), "", "a trace with a request", "none");
      return;
    }
  }
}

}  // namespace

std::vector<TreeRange> WorkloadSpec::ranges() const {
  if (const auto* spec = std::get_if<EnumerateSpec>(&kind)) return {spec->range};
  if (const auto* spec = std::get_if<ConsumeSpec>(&kind)) return {spec->range};
  if (std::holds_alternative<ScrubSpec>(kind)) return {{.tree = extent_tree}, {.tree = csum_tree}};
  return {};
}

void WorkloadSpec::replay_to_the_end() {
  auto* foreground = std::get_if<ForegroundSpec>(&kind);
  if (foreground) foreground->whole_trace = std::holds_alternative<ReplayedTrace>(foreground->arrivals);
}

std::optional<std::filesystem::path> WorkloadSpec::trace_file() const {
  const auto* foreground = std::get_if<ForegroundSpec>(&kind);
  const auto* trace = foreground ? std::get_if<ReplayedTrace>(&foreground->arrivals) : nullptr;
  return trace ? std::optional(trace->file) : std::nullopt;
}

std::optional<std::uint64_t> tree_objectid(std::string_view name) {
  for (const auto& tree : known_trees) {
    if (name == tree.name) return tree.objectid;
  }
  std::uint64_t objectid = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), objectid);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return objectid;
}

const std::vector<std::string>& tree_names() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> list;
    for (const auto& tree : known_trees) list.emplace_back(tree.name);
    return list;
  }();
  return all;
}

WorkloadSpec read_workload(const JsonNode& node, const std::vector<WorkloadSpec>& before,
                           const std::filesystem::path& directory) {
  WorkloadSpec spec;
  spec.name = node.at("name").string();
  if (spec.name.empty()) node.at("name").fail("a name");
  std::vector<std::string> ends, taken;  // names of workloads that end by themselves, and of all
  for (const auto& other : before) {
    taken.push_back(other.name);
    if (!other.endless()) ends.push_back(other.name);
  }
  if (std::find(taken.begin(), taken.end(), spec.name) != taken.end())
    node.at("name").fail("a name that no other workload has");
  const std::string kind = node.at("kind").choice({"enumerate", "consume", "scrub", "foreground"});
  if (kind == "enumerate") spec.kind = read_enumerate(node);
  if (kind == "consume") spec.kind = read_consume(node);
  if (kind == "scrub") spec.kind = read_scrub(node);
  if (kind == "foreground") spec.kind = read_foreground(node, directory);
  if (const auto start = node.find("start_s")) spec.start_s = start->not_negative("seconds");
  if (const auto after = node.find("after")) {
    const std::string first = after->choice(ends);  // an earlier one, so that nobody waits in a circle
    spec.after = static_cast<std::size_t>(std::find(taken.begin(), taken.end(), first) - taken.begin());
  }
  return spec;
}

void check_workload(const WorkloadSpec& spec, const Layout& layout, const std::string& file, const std::string& path) {
  const Misfit misfit{layout, file, path};
  const auto* scrub = std::get_if<ScrubSpec>(&spec.kind);
  const auto* foreground = std::get_if<ForegroundSpec>(&spec.kind);
  std::string present;
  for (const auto& tree : layout.forest.trees) present += fmt::format(" {}", tree.objectid);
  for (const auto& range : spec.ranges()) {
    if (!layout.forest.find_tree(range.tree))
      misfit.fail(scrub ? "kind" : "tree", fmt::format("a tree of {}, which has{}", layout.source, present),
                  scrub ? fmt::format("a scrub, which needs tree {}", range.tree) : fmt::format("{}", range.tree));
  }
  if (scrub) {
    misfit.check_devices(scrub->devices);
    misfit.check_data("kind", scrub->devices, 1);
  }
  if (!foreground) return;
  misfit.check_devices(foreground->devices);
  if (const auto* trace = std::get_if<ReplayedTrace>(&foreground->arrivals)) return check_trace(*foreground, *trace);
  if (foreground->region == ForegroundSpec::Region::data) {
    misfit.check_data("region", foreground->devices, foreground->request_bytes);
  } else {
    for (const auto& device : layout.volume.devices()) {
      if (device.bytes < foreground->request_bytes)
        misfit.fail("request_bytes", fmt::format("at most the {} bytes of device {}", device.bytes, device.devid),
                    fmt::format("{}", foreground->request_bytes));
    }
  }
}

}  // namespace headway
