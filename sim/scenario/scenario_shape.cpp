#include "sim/scenario/scenario_shape.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "models/layout/forms.h"
#include "models/layout/grow/grow_spec.h"
#include "results/files/published.h"
#include "sim/scenario/bus_spec.h"
#include "sim/scenario/cpu_spec.h"
#include "sim/scenario/expectation_spec.h"
#include "sim/scenario/policy_keys.h"
#include "sim/scenario/replicates_spec.h"
#include "sim/scenario/scenario.h"

namespace headway {

namespace {

Value<JsonNode> synthetic_value() {
  return {grow_shape().named("grow"), [](const JsonNode& node) { return node; }};
}

Value<std::vector<std::string>> files_value() {
  const auto several = json::list(json::text(), "file", 1);
  return {Shape::either({Shape::text(), several.shape}, "a file or a list of files"), [several](const JsonNode& node) {
            return node.json().is_array() ? several.take(node) : std::vector{node.string()};
          }};
}

Value<std::shared_ptr<const Fault>> fault_value() { return {fault_shape(), read_fault}; }

void set_cache(Scenario& scenario, const CacheKeys& cache) {
  scenario.warm_fraction = cache.warm_fraction;
  scenario.memory_bytes = cache.bytes;
}

}  // namespace

const Fields<LayoutKeys>& layout_fields() {
  static const auto all =
      Fields<LayoutKeys>()
          .optional("file", &LayoutKeys::files, files_value(),
                    fmt::format("The trees of a file system: {}. Several files are one file system. Relative to the "
                                "scenario.",
                                layout_form_list()))
          .optional("synthetic", &LayoutKeys::synthetic, synthetic_value(),
                    "A layout to grow from the scenario's seed.")
          .exactly_one({"file", "synthetic"}, "either \"file\" or \"synthetic\"");
  return all;
}

const Fields<DeviceKeys>& device_fields() {
  static const auto all =
      Fields<DeviceKeys>()
          .required("drive", &DeviceKeys::drive, json::text(),
                    "A name of `headway drive list`, or a parameter file's path.")
          .optional("count", &DeviceKeys::count, json::whole(1, UINT16_MAX, "drives"), "So many alike.")
          .optional("queue", &DeviceKeys::queue, queue_fields().value(),
                    "How the drive orders the commands that it holds, and who orders those above it.")
          .optional("max_sectors_kb", &DeviceKeys::max_sectors_kb, json::whole(4, 262144, "KiB"),
                    "The largest request that adjacent ones of one submitter join to (Linux: queue/max_sectors_kb).");
  return all;
}

const Fields<CacheKeys>& cache_fields() {
  static const auto all =
      Fields<CacheKeys>()
          .optional("warm_fraction", &CacheKeys::warm_fraction, json::number(0, 1),
                    "The probability that a block is in memory at the start; roots always are.")
          .optional(
              "bytes", [](CacheKeys& cache, std::uint64_t bytes) { cache.bytes = bytes; },
              json::whole(1, std::int64_t{1} << 50, "bytes"),
              "How much of tree blocks fits into memory, whole blocks, roots among them; the least recently used "
              "leave for others. Without it there is room for all.");
  return all;
}

const Value<std::vector<std::string>>& plugins_value() {
  static const auto value = json::list(json::name("a plug-in's file"), "plug-in", 0, true);
  return value;
}

namespace {

Fields<Scenario> make_scenario_fields() {
  return Fields<Scenario>()
      .unread("$schema", Shape::text(), "")
      .unread("schema_version", Shape::whole(Scenario::schema_version, Scenario::schema_version, ""), "", true)
      .required("name", &Scenario::name, json::name(), "")
      .optional("description", &Scenario::description, json::text(), "")
      .optional("seed", &Scenario::seed, json::whole(),
                "Rotational phases and warm caches follow from it; it stands in the results.")
      .optional("replicates", &Scenario::replicates, replicates_value(),
                "Runs of each policy, with seed, seed + 1, ...: another layout where it is grown, other rotational "
                "phases and arrivals. Results then carry means with 95 % intervals, comparisons are paired by seed. Or "
                "as many of them as make a difference known.")
      .then([](const JsonNode& node, Scenario& scenario) {
        if (const auto replicates = node.find("replicates")) scenario.until = stopping_rule(*replicates);
      })
      .unread("layout", layout_fields().shape(), "The file system.", true)
      .unread("devices", Shape::list(device_fields().shape(), "device", 1),
              "The drives, in ascending order of devid; as many as the layout has devices.", true)
      .optional("cache", set_cache, cache_fields().value(), "What is in memory at the start, and how much fits.")
      .unread("workload", Shape::list(workload_shape(), "workload", 1),
              "What is done, all at once unless `after` or `start_s` say otherwise. At least one must end by itself, "
              "or replay a trace.",
              true)
      .unread(
          "plugins", plugins_value().shape,
          "Policies that are not headway's own: shared objects, or files in Python (*.py), relative to the scenario.")
      .unread("policies", policies_shape(),
              "A policy's name with parameters that differ from its defaults, or any name with a `strategy`. "
              "`headway policy list` has them all.",
              true)
      .unread("baseline", Shape::text(), "The policy that the others are compared with; the first by default.")
      .unread("expect", Shape::list(expectation_fields().shape(), "expectation"), "What must come out.")
      .unread("published", Shape::list(published_fields().shape(), "published figure"),
              "What has been published of such an experiment, to stand beside what comes out.")
      .optional("faults", &Scenario::faults, json::list(fault_value(), "fault"), "What goes wrong.")
      .optional("cpu", &Scenario::cpu, cpu_fields().value(),
                "CPU time of the readahead workers; without it nothing costs any.")
      .unread("buses", Shape::list(bus_fields().shape(), "bus"),
              "Paths that drives share. What a drive has read crosses every bus that it is on.");
}

}  // namespace

const Fields<Scenario>& scenario_fields() {
  static std::map<std::size_t, Fields<Scenario>> by_policies;  // there may have come more since the last call
  const std::size_t count = policies().size();
  const auto known = by_policies.find(count);
  return known != by_policies.end() ? known->second : by_policies.emplace(count, make_scenario_fields()).first->second;
}

std::string scenario_schema() {
  return scenario_fields().shape().schema_document(
      "headway scenario",
      "One experiment: policies compared on the same layout, drives and workload. `headway validate FILE` checks this "
      "and what a schema cannot say.");
}

}  // namespace headway
