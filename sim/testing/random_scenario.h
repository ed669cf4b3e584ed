// For tests: random scenarios that `headway run` takes, small enough for a test and of everything that the scenario's
// schema has: its kinds, their keys and ranges come from there and thereby from the tables. Here stands what no schema
// says (devices and trees that are there, names used once) and how much of a thing is too much for a test.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/testing/random_instance.h"
#include "models/drive/library.h"
#include "models/drive/read_drive.h"
#include "models/layout/btrfs/export.h"
#include "models/layout/grow/chunk_allocator.h"
#include "models/layout/grow/grow.h"
#include "models/layout/layout.h"
#include "models/layout/testing/images.h"
#include "models/trace_input/testing/trace_text.h"
#include "sim/scenario/scenario_shape.h"
#include "sim/testing/run_promises.h"
#include "sim/workloads/data_extents.h"
#include "sim/workloads/file_data.h"
#include "sim/workloads/leaves.h"

namespace headway::testing {

// What all scenarios are made from. Layouts that must be unpacked are written to the directory.
class ScenarioSupplies {
 public:
  explicit ScenarioSupplies(const std::filesystem::path& directory)
      : scenario_schema(Json::parse(headway::scenario_schema())), drive_schema(Json::parse(headway::drive_schema())) {
    std::filesystem::create_directories(directory);
    using namespace layout_test;
    for (const char* name : {"raid10x4", "raid1c3x3", "raid5x3"}) {
      layouts.push_back({samples() / fmt::format("{}.dump.txt.zst", name)});
      layouts.push_back(unpack_images(directory, name));
    }
    for (const char* name : {"dup-4k.dump.txt.zst", "dup-4k.image.c0.zst", "dup-4k.image.c9"})
      layouts.push_back({samples() / name});
    layouts.push_back({captures() / "umlr1x2.layout.h5"});
    for (const auto& name : drive_names()) drives.emplace_back(name, capacity_bytes(*load_drive(name)));
  }

  const Json scenario_schema, drive_schema;
  std::vector<std::vector<std::filesystem::path>> layouts;    // of every form, each a file system
  std::vector<std::pair<std::string, std::uint64_t>> drives;  // of the library, with what they hold
};

class RandomScenario final : private BeyondSchema {
 public:
  // Layouts, drives and traces that the scenario names are written to the directory.
  RandomScenario(const ScenarioSupplies& supplies, Dice dice, std::filesystem::path directory)
      : supplies_(supplies),
        dice_(dice),
        directory_(std::move(directory)),
        scenario_(supplies.scenario_schema, dice_, *this),
        drive_(supplies.drive_schema, dice_, *this) {}

  // Throws InputError for a layout that cannot be grown: devices that are too small are not foreseen.
  Json make() { return scenario_.make(); }

 private:
  using Range = BeyondSchema::Range;

  static std::string last_key(const std::string& path) { return path.substr(path.rfind('/') + 1); }
  static bool ends(const std::string& path, const char* end) { return path.ends_with(end); }

  std::optional<Json> value(const std::string& path, const Json& schema, const Json& beside) override {
    if (path.rfind('/') == 0) return value_at_top(path, schema, beside);
    if (path.starts_with("/layout/synthetic")) return value_of_growth(path);
    if (path.starts_with("/workload/")) return value_of_workload(path, schema, beside);
    if (path.starts_with("/devices/") && ends(path, "/drive")) return some_drive();
    if (path.starts_with("/devices/") && ends(path, "/count")) return dice_.between(1, drives_left_);
    if (path.starts_with("/faults/") && ends(path, "/device")) return dice_.one_of(devids());
    if (path.starts_with("/faults/") && last_key(path).starts_with("to_"))
      return behind_from(last_key(path), schema, beside);
    if (path.starts_with("/buses/") && ends(path, "/devices")) return some_devids();
    if (path.starts_with("/buses/") && ends(path, "/name")) return scenario_.text() + path;
    if (path.starts_with("/expect/") || path.starts_with("/published/")) return value_of_figure(path, beside);
    if (path == "/cache/bytes") return (1 << 16) * dice_.between(8, 64);  // whole blocks, and paths fit mostly
    return std::nullopt;
  }

  // Of "to_x": beyond the "from_x" beside it.
  Json behind_from(std::string key, const Json& schema, const Json& beside) {
    const std::string from = "from" + key.substr(2);
    if (schema["type"] == "integer") return beside.value(from, std::uint64_t{0}) + 512ull * (1 + dice_(1u << 20));
    return beside.value(from, 0.0) + 0.001 + 0.1 * dice_.share();
  }

  std::optional<Json> value_at_top(const std::string& path, const Json& schema, const Json& beside) {
    top_ = &beside;
    if (path == "/layout") return layout(schema);
    if (path == "/devices") return drives(schema);
    if (path == "/workload") return workload(schema);
    // Until a difference is known were no small run, and the last seed has none behind it.
    if (path == "/replicates") return beside.value("seed", std::uint64_t{1}) == UINT64_MAX ? 1 : dice_.between(1, 2);
    if (path == "/baseline") return dice_.one_of(policies());
    return std::nullopt;
  }

  bool allows_key(const std::string& path) override {
    const std::string key = last_key(path);
    if (path.starts_with("/policies/") && path.rfind('/') == std::string_view("/policies").size())
      return policies_taken_ < 3 && dice_.percent(40) && ++policies_taken_ > 0;
    if (key == "after") return !enders_.empty();
    if (path.starts_with("/cache/")) return bounded_ == (key == "bytes");  // both: less would have to be warm
    if (key == "action") wanted_format_ = "blkparse";  // whose trace tells of a request more than once
    if (key == "by") return top_->value("replicates", 1) > 1;
    if (key == "think_s_per_item") return knows_leaves(&LeafInRange::items);
    if (key == "think_s_per_byte") return knows_leaves(&LeafInRange::used_bytes);
    // Files beside the scenario, and what a figure may be relative to: not itself.
    if (path == "/plugins") return false;
    if (path.starts_with("/published/") && (key == "range" || key.starts_with("relative_to"))) return false;
    return key != "origins" && key != "data_sheet" && key != "measured_figures";  // of a drive: words
  }

  bool allows_alternative(const std::string& path, const Json& schema) override {
    const Json kind = schema.value("properties", Json::object()).value("kind", Json::object()).value("const", Json());
    if (path == "/drive") return kind != "mechanical";  // a geometry is more than numbers within ranges: the library's
    if (path == "/workload/0" && scrub_first_) return kind == "scrub";  // few layouts can be scrubbed: those mostly are
    return kind != "scrub" || can_scrub();
  }

  Range narrowed(const std::string& path, Range range) override {
    const std::string key = last_key(path);
    if (path.starts_with("/drive") && key == "capacity_bytes")
      return {static_cast<double>(largest_device()), 2 * static_cast<double>(largest_device())};
    if (path.starts_with("/devices/")) return range;
    if (path.starts_with("/policies/")) return range;
    static const std::map<std::string, Range> bearable{
        {"count", {1, 4}},
        {"bytes", {64 << 20, 0x1p37}},
        {"commits", {1, 8}},
        {"creates", {0, 100}},
        {"deletes", {0, 60}},
        {"rewrites", {0, 60}},
        {"directories", {1, 200}},
        {"data_bytes_per_file", {0, 1e5}},
        {"leaves", {1, 150}},
        {"stride_nodes", {2, 64}},
        {"after_commit", {1, 8}},
        {"metadata_chunk_bytes", {1 << 24, 1 << 28}},
        {"node_fill", {0.05, 1}},
        {"requests", {1, 200}},
        {"depth", {1, 32}},
        {"jobs", {1, 8}},
        {"rate_per_s", {1, 1000}},
        {"request_bytes", {512, 1 << 20}},
        {"align_bytes", {512, 1 << 20}},
        {"think_s", {0, 1e-3}},
        {"think_s_per_item", {0, 1e-5}},
        {"think_s_per_byte", {0, 1e-8}},
        {"latency_s", {0, 1e-3}},
        {"factor", {1, 5}},
        {"from_byte", {0, 0x1p37}},
        {"speed", {0.1, 100}},
        {"workers", {1, 64}},
        {"latency_ms", {0, 5}},
    };
    const auto known = bearable.find(key);
    Range own = known != bearable.end() ? known->second : range;
    if (key.ends_with("bytes_per_s"))
      own = {1e6, 1e10};
    else if (known == bearable.end() && key.ends_with("_s"))
      own.high = 0.2;                                                     // seconds
    if (known == bearable.end() && key.ends_with("_us")) own.high = 200;  // microseconds
    return {std::max(range.low, own.low), std::min(range.high, own.high)};
  }

  // ---- Layouts.

  Json layout(const Json& schema) {
    if (dice_.percent(20)) return files(dice_.one_of(supplies_.layouts));
    trees_of_growth_ = {2, 7, 256, 257, 5, std::uint64_t{1} << 40};
    if (dice_.percent(15)) std::rotate(trees_of_growth_.begin(), trees_of_growth_.begin() + 2, trees_of_growth_.end());
    Json made = scenario_.make_plainly(schema["properties"]["synthetic"], "/layout/synthetic");
    mend(made);
    const std::uint64_t seed = top_->value("seed", std::uint64_t{1});
    layout_ = grow_layout(JsonNode::parse(made.dump(), "layout"), seed);
    if (dice_.percent(70)) return {{"synthetic", made}};
    const bool as_text = dice_.percent(50);
    const auto file = directory_ / (as_text ? "grown.txt" : "grown.layout.h5");
    if (as_text) {
      std::string text;
      export_dump_text(*layout_, [&](std::string_view part) { text += part; });
      write_bytes(file, text);
    } else {
      save_layout(file, *layout_);
    }
    return files({file});
  }

  Json files(const std::vector<std::filesystem::path>& paths) {
    layout_ = load_layout(paths);
    Json names = Json::array();
    for (const auto& path : paths) names.push_back(path.string());
    return {{"file", names.size() == 1 ? names[0] : names}};
  }

  // What a growth's keys ask of each other.
  void mend(Json& growth) {
    std::size_t devices = 0;
    for (const Json& group : growth["devices"]) devices += group.value("count", std::size_t{1});
    for (const char* key : {"metadata_profile", "data_profile"}) {
      std::vector<std::string> fit;
      for (int i = 0; i <= static_cast<int>(Profile::raid6); ++i) {
        if (ChunkAllocator::devices_min(static_cast<Profile>(i)) <= devices)
          fit.emplace_back(to_string(static_cast<Profile>(i)));
      }
      const std::string given = growth.value(key, key == std::string("data_profile") ? "single" : "RAID1");
      if (std::find(fit.begin(), fit.end(), given) == fit.end()) growth[key] = dice_.one_of(fit);
    }
    for (Json& tree : growth["trees"]) {
      const bool files = tree.value("use", tree["tree"] == 2 || tree["tree"] == 7 ? "others" : "files") == "files";
      if (!files) tree.erase("directories");
    }
  }

  std::optional<Json> value_of_growth(const std::string& path) {
    if (path.find("/trees/") != path.npos && ends(path, "/tree")) return trees_of_growth_[place_in(path)];
    if (path.find("/snapshots/") != path.npos && ends(path, "/tree")) return trees_of_growth_[0];
    if (path.find("/snapshots/") != path.npos && ends(path, "/as")) return 1000 + place_in(path);
    return std::nullopt;
  }

  // Of "/a/3/b": 3.
  static std::size_t place_in(const std::string& path) {
    const auto end = path.rfind('/');
    return std::stoul(path.substr(path.rfind('/', end - 1) + 1));
  }

  std::uint64_t largest_device() const {
    std::uint64_t most = 0;
    for (const auto& device : layout_->volume.devices()) most = std::max(most, device.bytes);
    return most;
  }

  std::vector<std::uint64_t> devids() const {
    std::vector<std::uint64_t> all;
    for (const auto& device : layout_->volume.devices()) all.push_back(device.devid);
    return all;
  }

  std::vector<std::uint64_t> some_devids() {
    std::vector<std::uint64_t> some = devids();
    std::erase_if(some, [&](std::uint64_t) { return dice_.percent(40); });
    return some.empty() ? devids() : some;
  }

  // ---- Drives.

  Json drives(const Json& schema) {
    Json all = Json::array();
    drives_left_ = static_cast<int>(layout_->volume.devices().size());
    while (drives_left_ > 0) {
      all.push_back(scenario_.make(schema["items"], fmt::format("/devices/{}", all.size()), all));
      if (all.back().contains("queue") && all.back()["queue"].value("scheduler", "") != "mq-deadline") {
        for (const char* of_batches : {"fifo_batch", "head_first"}) all.back()["queue"].erase(of_batches);
      }
      drives_left_ -= all.back().value("count", 1);
    }
    return all;
  }

  std::string some_drive() {
    std::vector<std::string> fit;
    for (const auto& [name, bytes] : supplies_.drives) {
      if (bytes >= largest_device()) fit.push_back(name);
    }
    if (!fit.empty() && dice_.percent(60)) return dice_.one_of(fit);
    const auto file = directory_ / fmt::format("drive-{}.json", drives_made_++);
    write_bytes(file, drive_.make_plainly(supplies_.drive_schema, "/drive").dump(1));
    return file.string();
  }

  // ---- Workloads.

  Json workload(const Json& schema) {
    Json all = Json::array();
    const int count = dice_.between(1, 3);
    bool any_ends = false, any_endless = false;
    scrub_first_ = can_scrub() && dice_.percent(70);
    for (int i = 0; i < count; ++i) {
      all.push_back(scenario_.make(schema["items"], fmt::format("/workload/{}", i), all));
      Json& one = all.back();
      if (one.value("pattern", "") == "sequential") one.erase("align_bytes");
      const bool ends = one["kind"] != "foreground" || one.contains("requests") || one.contains("duration_s");
      if (ends) enders_.push_back(one["name"]);
      if (!ends && one.contains("rate_per_s"))  // what drives can keep up with: nobody ends behind it otherwise
        one["rate_per_s"] = std::min(one["rate_per_s"].get<double>(), 5.0);
      any_endless = any_endless || !ends;
      any_ends = any_ends || ends || (i + 1 == count && one.contains("trace"));
    }
    if (!any_ends) all.back()["requests"] = dice_.between(1, 100);
    if (!any_endless && dice_.percent(50))  // the run comes to rest: what nobody waits for ends as well
      all.push_back({{"name", "last"}, {"kind", "foreground"}, {"depth", 1}, {"requests", 1}, {"start_s", rest_s}});
    for (const Json& one : all) workloads_.push_back(one["name"]);
    return all;
  }

  std::optional<Json> value_of_workload(const std::string& path, const Json& schema, const Json& beside) {
    const std::string key = last_key(path);
    if (key == "name") return fmt::format("{} {}", scenario_.text(), path);
    if (key == "after") return dice_.one_of(enders_);
    if (key == "devices")  // a trace has its place on all of them, and data may lie on any
      return beside.contains("trace") || beside.value("region", "") == "data" ? devids() : some_devids();
    if (key == "region" && !has_data(beside.value("request_bytes", 4096u))) return "device";
    if (key == "tree") return tree();
    if (key == "key_start") return some_key(Key{});
    if (key == "key_end") return some_key(beside.contains("key_start") ? key_of(beside["key_start"]) : Key{});
    if (key == "count") return dice_.between(1, 12);  // no range has fewer
    if (key == "keys") return some_keys();
    if (key == "data_bytes_per_leaf") return dice_(static_cast<std::uint32_t>(data_bytes_of_a_leaf()) + 1);
    if (key == "file") return trace();
    if (key == "format") return trace_format_;
    if (key == "request_bytes" && beside["kind"] == "scrub") return 65536 << dice_(5);
    if (key == "device") return dice_.one_of(devids());
    if (key.starts_with("to_")) return behind_from(key, schema, beside);
    return std::nullopt;
  }

  Json tree() {
    const auto& trees = layout_->forest.trees;
    tree_ = dice_(static_cast<std::uint32_t>(trees.size()));
    const std::uint64_t objectid = trees[tree_].objectid;
    if (dice_.percent(30) && objectid <= INT64_MAX) return fmt::format("{}", objectid);
    return objectid;
  }

  static Key key_of(const Json& json) { return {json[0], json[1], json[2]}; }

  // One that stands in the forest, or beside such a one; behind `before`.
  Json some_key(const Key& before) {
    const Forest& forest = layout_->forest;
    Key key{dice_(1000), static_cast<std::uint8_t>(dice_(256)), dice_(3)};
    if (!forest.child.empty()) key = forest.key(dice_(static_cast<std::uint32_t>(forest.child.size())));
    if (dice_.percent(30)) ++key.offset;
    if (key <= before) {
      key = before;
      ++key.objectid;
    }
    return Json::array({key.objectid, key.type, key.offset});
  }

  // Of the tree: none before its first.
  Json some_keys() {
    const Forest& forest = layout_->forest;
    const BlockId root = forest.trees[tree_].root;
    const bool any = forest.first_pointer[root] < forest.first_pointer[root + 1];
    const Key first = any ? forest.key(forest.first_pointer[root]) : Key{};
    Json all = Json::array();
    for (int count = dice_.between(1, 8); count > 0; --count) all.push_back(some_key(first));
    return all;
  }

  std::vector<LeafInRange> leaves() const {
    return leaves_in(*layout_, {.tree = layout_->forest.trees[tree_].objectid});
  }
  bool knows_leaves(std::uint32_t LeafInRange::*what) const { return unknown(leaves(), what) == 0; }
  std::uint64_t data_bytes_of_a_leaf() const {
    return std::min<std::uint64_t>(FileData::bytes_in(layout_->volume) / leaves().size(), 65536);
  }

  // A trace of requests that all have their place on the devices.
  std::string trace() {
    trace_format_ = wanted_format_.empty() ? dice_.one_of(trace_format_names()) : wanted_format_;
    wanted_format_.clear();
    std::vector<TraceRequest> requests;
    const auto devices = static_cast<std::uint32_t>(layout_->volume.devices().size());
    double time_s = 0;
    for (int count = dice_.between(1, 60); count > 0; --count) {
      requests.push_back({.time_s = time_s,
                          .device = static_cast<std::uint32_t>(requests.size()) % (1 + dice_(devices)),
                          .offset_bytes = 512ull * dice_(1u << 16),
                          .bytes = 512 * (1 + dice_(64)),
                          .write = dice_.percent(30)});
      time_s += dice_.percent(30) ? 0 : 0.01 * dice_.share();
    }
    const auto file = directory_ / fmt::format("trace-{}", traces_made_++);
    write_bytes(file, trace_text(trace_format_, requests));
    return file.string();
  }

  // It needs both of its trees, and data that a test has time for.
  bool can_scrub() const {
    const std::uint64_t bytes = scrubbed_bytes(layout_->volume, {}, true);
    if (bytes == 0 || bytes > (std::uint64_t{1} << 28)) return false;
    for (DeviceIndex device = 0; device < layout_->volume.devices().size(); ++device) {
      if (data_extents(layout_->volume, device).empty()) return false;
    }
    return layout_->forest.find_tree(2) && layout_->forest.find_tree(7);
  }

  bool has_data(std::uint64_t bytes) const {
    for (DeviceIndex device = 0; device < layout_->volume.devices().size(); ++device) {
      for (const auto& extent : data_extents(layout_->volume, device)) {
        if (extent.bytes >= bytes) return true;
      }
    }
    return false;
  }

  // ---- Expectations.

  std::vector<std::string> policies() const {
    std::vector<std::string> all;
    for (const auto& [name, own] : (*top_)["policies"].items()) all.push_back(name);
    return all;
  }

  std::optional<Json> value_of_figure(const std::string& path, const Json& beside) {
    const std::string key = last_key(path);
    if (key == "policy" || key == "relative_to") return dice_.one_of(policies());
    if (key == "workload" || key == "relative_to_workload") return dice_.one_of(workloads_);
    if (key == "to") return beside["value"].get<double>() + dice_.share();
    if (key == "max" && beside.contains("min")) return beside["min"].get<double>() + dice_.share();
    return std::nullopt;
  }

  const ScenarioSupplies& supplies_;
  Dice dice_;
  const std::filesystem::path directory_;
  RandomInstance scenario_, drive_;
  const Json* top_ = nullptr;  // the scenario so far
  std::optional<Layout> layout_;
  bool scrub_first_ = false;
  const bool bounded_ = dice_.percent(50);
  std::vector<std::uint64_t> trees_of_growth_;
  int drives_left_ = 0;
  int drives_made_ = 0, traces_made_ = 0, policies_taken_ = 0;
  std::uint32_t tree_ = 0;  // the last that a workload took
  std::string trace_format_, wanted_format_;
  std::vector<std::string> enders_, workloads_;
};

}  // namespace headway::testing
