// Devices that fail, slow down or go, memory that is short, CPUs that are busy: what each policy makes of it.
#include "sim/faults/faults.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "core/base/error.h"
#include "core/base/testing/approx.h"
#include "models/drive/library.h"
#include "results/files/work.h"
#include "results/trace/trace.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

// The smaller capture: two devices, RAID1.
Json mirrored(const Json& policies) {
  Json json = first_look();
  json["layout"]["file"] = (source_directory() / "scenarios/captures/umlr1x2.layout.h5").string();
  json["devices"][0]["count"] = 2;
  json["workload"][0]["tree"] = "fs";
  json["policies"] = policies;
  json.erase("baseline");
  json.erase("expect");
  return json;
}

RunResult run_one(const Json& json, const TemporaryDirectory& directory) { return run_all(json, directory).at(0); }
RunResult run_one(const Json& json) {
  const TemporaryDirectory directory;
  return run_one(json, directory);
}

const Json reada{{"reada-2011", Json::object()}};
const Json walk{{"walk", Json::object()}};

double reads_without_faults() {
  static const double reads = run_one(mirrored(reada)).metrics[MetricId::reads];
  return reads;
}

std::string complaint(const Json& fault) {
  try {
    const TemporaryDirectory directory;
    Json json = mirrored(reada);
    json["faults"] = Json::array({fault});
    load_scenario_layout(read_scenario(directory.write("s.json", json.dump())));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("read errors cut branches in reada-2011, and its caller still returns") {
  Json json = mirrored(reada);
  json["faults"] = {{{"device", 2}, {"kind", "read-error"}, {"rate", 0.2}}};
  const TemporaryDirectory directory;
  const RunResult result = run_one(json, directory);
  REQUIRE(result.message == "");
  CHECK(result.metrics[MetricId::errors] > 0);
  CHECK(result.devices[0].metrics[MetricId::errors] == 0);
  CHECK(result.metrics[MetricId::reads] < reads_without_faults());
  std::set<std::uint64_t> failed;
  for (const auto& row : read_trace(directory.path() / "reada-2011.trace.h5")) {
    if (row.event == TraceEvent::complete && row.error != 0) {
      CHECK(row.error == EIO);
      CHECK(row.device == 2);
      failed.insert(row.logical);
    }
    if (row.event == TraceEvent::issue) CHECK(failed.count(row.logical) == 0);  // no second try
  }
}

TEST_CASE("a tree search reads the other copy after an error") {
  Json json = mirrored(walk);
  json["faults"] = {{{"device", 1}, {"kind", "read-error"}, {"from_byte", 0}, {"rate", 1}}};
  const RunResult result = run_one(json);
  REQUIRE(result.message == "");
  CHECK(result.metrics[MetricId::errors] == reads_without_faults());
  CHECK(result.metrics[MetricId::reads] == 2 * reads_without_faults());
  CHECK(result.metrics[MetricId::wasted_reads] == 0);
}

TEST_CASE("errors stay within their bytes") {
  Json json = mirrored(walk);
  json["faults"] = {{{"device", 1}, {"kind", "read-error"}, {"from_byte", 1}, {"to_byte", 2}}};
  CHECK(run_one(json).metrics[MetricId::errors] == 0);
}

TEST_CASE("tight to a read: a byte of it fails it, the byte before and the byte behind do not") {
  const TemporaryDirectory directory;
  run_one(mirrored(walk), directory);
  std::vector<TraceRow> reads;
  for (const auto& row : read_trace(directory.path() / "walk.trace.h5")) {
    if (row.event == TraceEvent::complete && row.device == 1) reads.push_back(row);
  }
  const auto errors_at = [&](std::uint64_t byte) {
    Json json = mirrored(walk);
    json["faults"] = {{{"device", 1}, {"kind", "read-error"}, {"from_byte", byte}, {"to_byte", byte + 1}}};
    return run_one(json).metrics[MetricId::errors];
  };
  const std::uint64_t begin = reads.at(3).physical, end = begin + reads.at(3).bytes;
  for (const std::uint64_t byte : {begin - 1, begin, end - 1, end}) {
    const auto covering = std::ranges::count_if(
        reads, [&](const TraceRow& row) { return row.physical <= byte && byte < row.physical + row.bytes; });
    CHECK(errors_at(byte) == static_cast<double>(covering));
  }
}

TEST_CASE("as many blocks missing are not the same ones missing") {
  const TemporaryDirectory directory;
  run_one(mirrored(reada), directory);
  std::vector<std::uint64_t> leaves;
  for (const auto& row : read_trace(directory.path() / "reada-2011.trace.h5")) {
    if (row.event == TraceEvent::complete && row.device == 1 && row.level == 0) leaves.push_back(row.physical);
  }
  const auto with_error_at = [&](std::uint64_t byte) {
    Json json = mirrored(reada);
    json["faults"] = {{{"device", 1}, {"kind", "read-error"}, {"from_byte", byte}, {"to_byte", byte + 1}}};
    return run_one(json);
  };
  const RunResult one = with_error_at(leaves.at(3)), other = with_error_at(leaves.at(9));
  CHECK(one.metrics[MetricId::missing_blocks] == 1);
  CHECK(other.metrics[MetricId::missing_blocks] == 1);
  CHECK_FALSE(same_work(one, other));
  CHECK(same_work(one, with_error_at(leaves.at(3))));
}

TEST_CASE("drives that are slow all the time take just so many times as long") {
  const RunResult fast = run_one(mirrored(walk));
  Json json = mirrored(walk);
  json["faults"] = {{{"device", 1}, {"kind", "slow"}, {"factor", 4}}, {{"device", 2}, {"kind", "slow"}, {"factor", 4}}};
  const RunResult slow = run_one(json);
  CHECK(slow.metrics[MetricId::elapsed_s] == testing::approx(4 * fast.metrics[MetricId::elapsed_s]).epsilon(1e-9));
  CHECK(slow.metrics[MetricId::seek_time_s] == testing::approx(4 * fast.metrics[MetricId::seek_time_s]).epsilon(1e-6));
}

TEST_CASE("a drive that is slow for a while loses just that while") {
  const double fast_s = run_one(mirrored(walk)).metrics[MetricId::elapsed_s];
  Json json = mirrored(walk);
  const double from_s = fast_s / 4, to_s = fast_s / 2;
  json["faults"] = {{{"device", 1}, {"kind", "slow"}, {"factor", 2}, {"from_s", from_s}, {"to_s", to_s}},
                    {{"device", 2}, {"kind", "slow"}, {"factor", 2}, {"from_s", from_s}, {"to_s", to_s}}};
  CHECK(run_one(json).metrics[MetricId::elapsed_s] == testing::approx(fast_s + (to_s - from_s) / 2).epsilon(1e-9));
}

TEST_CASE("a device that goes fails what it holds and all that comes; the mirror serves those who ask it") {
  const double fast_s = run_one(mirrored(walk)).metrics[MetricId::elapsed_s];
  for (const Json& policies : {walk, reada}) {
    Json json = mirrored(policies);
    json["faults"] = {{{"device", 1}, {"kind", "gone"}, {"from_s", fast_s / 20}}};
    const TemporaryDirectory directory;
    const RunResult result = run_one(json, directory);
    REQUIRE(result.message == "");
    CHECK(result.metrics[MetricId::errors] > 0);
    const std::string policy = policies.begin().key();
    for (const auto& row : read_trace(directory.path() / (policy + ".trace.h5"))) {
      if (row.event != TraceEvent::complete) continue;
      const bool gone = row.device == 1 && row.time_s >= fast_s / 20;
      CHECK(row.error == (gone ? ENODEV : 0));
    }
    const double got = result.metrics[MetricId::reads] - result.metrics[MetricId::errors];
    if (policy == "walk") CHECK(got == reads_without_faults());
    if (policy == "reada-2011") CHECK(got < reads_without_faults());
    // What it did not read is missed, be it pointed to by what it has or not.
    CHECK(result.metrics[MetricId::missing_blocks] == reads_without_faults() - got);
  }
}

TEST_CASE("short memory ends readaheads cleanly") {
  for (const double rate : {0.001, 0.05, 1.0}) {
    Json json = mirrored(reada);
    json["workload"].push_back({{"name", "extents"}, {"kind", "enumerate"}, {"tree", "extent"}});
    json["faults"] = {{{"kind", "no-memory"}, {"rate", rate}}};
    const RunResult result = run_one(json);
    CHECK(result.message == "");
    CHECK(result.workloads.size() == 2);
    if (rate == 1.0) CHECK(result.metrics[MetricId::reads] == 0);
  }
}

TEST_CASE("faults that cannot be are refused") {
  CHECK(complaint({{"device", 9}, {"kind", "gone"}}).find("/faults/0/device: expected a device of") !=
        std::string::npos);
  CHECK(complaint({{"device", 1}, {"kind", "slow"}, {"factor", 0.5}}).find("/faults/0/factor") != std::string::npos);
  CHECK(complaint({{"device", 1}, {"kind", "slo"}}).find("did you mean \"slow\"") != std::string::npos);
  CHECK(complaint({{"device", 1}, {"kind", "gone"}, {"rate", 1}}).find("found \"rate\"") != std::string::npos);
  CHECK(complaint({{"device", 1}, {"kind", "slow"}, {"factor", 2}, {"from_s", 3}, {"to_s", 2}})
            .find("expected a date after from_s") != std::string::npos);
  CHECK(complaint({{"kind", "no-memory"}, {"rate", 2}}).find("/faults/0/rate") != std::string::npos);
}

TEST_CASE("CPUs that cost nothing change nothing") {
  const RunResult without = run_one(mirrored(reada));
  Json json = mirrored(reada);
  json["cpu"] = {{"workers", 1}};
  const RunResult with = run_one(json);
  REQUIRE(with.message == "");
  CHECK(with.metrics[MetricId::elapsed_s] == without.metrics[MetricId::elapsed_s]);
  CHECK(with.metrics[MetricId::zone_switches] == without.metrics[MetricId::zone_switches]);
}

TEST_CASE("one worker that takes 2 ms a start bounds the rate; four are faster") {
  Json json = mirrored(reada);
  json["cpu"] = {{"workers", 1}, {"issue_us", 2000}};
  const RunResult one = run_one(json);
  REQUIRE(one.message == "");
  CHECK(one.metrics[MetricId::elapsed_s] >= 0.002 * reads_without_faults());
  CHECK(one.metrics[MetricId::elapsed_s] < 0.0025 * reads_without_faults());
  json["cpu"]["workers"] = 4;
  CHECK(run_one(json).metrics[MetricId::elapsed_s] < 0.6 * one.metrics[MetricId::elapsed_s]);
}

TEST_CASE("looking through blocks costs its time, for every policy") {
  Json json = mirrored(walk);
  const double free_s = run_one(json).metrics[MetricId::elapsed_s];
  json["cpu"] = {{"workers", 2}, {"hook_us", 1000}};
  const double paid_s = run_one(json).metrics[MetricId::elapsed_s];
  // A walk waits for each: the time of all hooks is on its way, though the platters turn on meanwhile.
  CHECK(paid_s - free_s > 0.0005 * reads_without_faults());
}

TEST_CASE("a drive that was slow for a while is itself again afterwards, also when it has rested meanwhile") {
  const auto slow = read_fault(
      JsonNode::parse(R"({"device": 1, "kind": "slow", "factor": 4, "from_s": 1, "to_s": 5})", "faults.json"));
  for (const auto& [at_s, factor] : {std::pair{0.0, 1.0}, {2.0, 4.0}, {10.0, 1.0}}) {
    CAPTURE(at_s);
    const auto plain = make_drive(load_drive("constant"), {}, 1);
    const auto drive = with_faults(make_drive(load_drive("constant"), {}, 1), 1, {slow});
    plain->submit({.bytes = 4096}, at_s);
    drive->submit({.bytes = 4096}, at_s);
    CHECK(drive->next_event_s() - at_s == approx((plain->next_event_s() - at_s) * factor).epsilon(1e-9));
  }
}
