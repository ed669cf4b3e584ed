// Each export is given to the tool that it is for, and the tool's figures are compared with ours. The trace is a
// made-up one, or the one that HEADWAY_TEST_TRACE names (CTest runs this again on the first-look scenario's).
#include "results/exports/exports.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>

#include "core/base/error.h"
#include "core/base/testing/approx.h"
#include "core/base/testing/sanitized.h"
#include "results/testing/real_tool.h"
#include "results/testing/test_support.h"
#include "results/trace/phases.h"
#include "results/trace/recorder.h"
#include "results/trace/traced_reads.h"

using namespace headway;
using namespace headway::testing;

namespace {

// Two mirrored drives, a few reads in flight at each, served one at a time, nearest first.
void write_synthetic(const std::filesystem::path& path) {
  const Volume volume = mirror();
  const Forest forest = leaves(volume, 4000);
  TraceWriter writer(path, {"made up", "p\"1", 3, {volume.devices().begin(), volume.devices().end()}});
  Recorder recorder(volume, forest, &writer);
  recorder.add(0, 0, 256);
  recorder.zone(0, 0, volume.chunks()[0].logical);
  std::mt19937 random(5);
  double t = 0;
  BlockId next = 0;
  std::map<BlockId, double> waiting;
  while (next < 3000 || !waiting.empty()) {
    while (next < 3000 && waiting.size() < 6) {
      recorder.issue(t, read_of(volume, forest, next, 1 + (next / 100) % 2));
      waiting.emplace(next, t);
      next += 1 + static_cast<BlockId>(random() % 3);
    }
    const auto served =
        std::next(waiting.begin(), static_cast<std::ptrdiff_t>(random() % std::min<std::size_t>(waiting.size(), 2)));
    const double seek = static_cast<double>(random() % 4) * 1e-3, rotation = static_cast<double>(random() % 8) * 1e-3;
    const double transfer = 0.000137;
    const double queue = t - served->second;
    t += seek + rotation + transfer + 1e-4;
    recorder.complete(t, read_of(volume, forest, served->first, 1 + (served->first / 100) % 2), 0,
                      {queue, seek, rotation, transfer}, served->second);
    waiting.erase(served);
  }
  recorder.finish(t, 0);
  writer.close();
}

struct Exported {
  Exported() {
    const char* given = std::getenv("HEADWAY_TEST_TRACE");
    trace = given != nullptr ? std::filesystem::path(given) : directory / "a.trace.h5";
    if (given == nullptr) write_synthetic(trace);
    run = read_run(trace);
  }
  std::filesystem::path to(const std::string& format) {
    TraceReader reader(trace);
    find_trace_export(format)->write(reader, directory / format);
    return directory / format;
  }

  TemporaryDirectory directory;
  std::filesystem::path trace;
  TracedRun run;
};

// The words of the first line after `heading` that begins with `start`.
std::vector<std::string> words_after(const std::string& text, const std::string& heading, const std::string& start) {
  std::istringstream lines(text.substr(std::min(text.find(heading), text.size())));
  std::string line;
  while (std::getline(lines, line)) {
    if (!line.starts_with(start)) continue;
    std::istringstream words(line);
    return {std::istream_iterator<std::string>(words), {}};
  }
  return {};
}

// A drive's figures, by btt's definitions.
struct BttFigures {
  std::uint64_t reads = 0, no_seeks = 0;
  double distance_sectors = 0, service_s = 0, latency_s = 0;
};

// btt takes a read that touches the last one as no seek, measures backward from the last one's start, and the first
// read from sector 0.
BttFigures btt_figures(const TracedRun& run, std::uint64_t devid) {
  BttFigures figures;
  std::uint64_t last_start = 0, last_end = 0;
  for (const TracedRead& read : run.reads) {
    if (read.device != devid) continue;
    const std::uint64_t start = read.physical / 512, end = start + read.bytes / 512;
    const bool touches = (last_start <= start && start <= last_end) || (last_start <= end && end <= last_end);
    if (touches) {
      ++figures.no_seeks;
    } else {
      figures.distance_sectors += static_cast<double>(start > last_end ? start - last_end : last_start - start);
    }
    last_start = start;
    last_end = end;
    ++figures.reads;
    figures.service_s += read.service_s();
    figures.latency_s += read.latency_s();
  }
  return figures;
}

}  // namespace

TEST_CASE("real tool: blktrace files pass blkrawverify, and btt finds our seeks, service times and latencies") {
  if (!there("btt", "blktrace")) return;
  Exported exported;
  const auto directory = exported.to("blktrace");
  for (const Device& device : exported.run.header.devices) {
    const BttFigures ours = btt_figures(exported.run, device.devid);
    if (ours.reads == 0) continue;
    CAPTURE(device.devid);
    const std::string in = fmt::format("cd '{}' && ", directory.string());
    const Ran verified = shell(in + fmt::format("blkrawverify dev{}", device.devid));
    CHECK(verified.status == 0);
    CHECK_MESSAGE(verified.output.find("bad") == std::string::npos, verified.output);
    const Ran parsed = shell(in + fmt::format("blkparse -i dev{0} -d dev{0}.bin", device.devid));
    CHECK(parsed.output.find(fmt::format("Reads Completed: {:>8}", ours.reads)) != std::string::npos);
    const std::string btt = shell(in + fmt::format("btt -i dev{}.bin", device.devid)).output;
    const auto d2c = words_after(btt, "All Devices", "D2C"), q2c = words_after(btt, "All Devices", "Q2C");
    const auto seeks = words_after(btt, "D2D Seek", " (");
    REQUIRE(d2c.size() == 5);
    const double reads = static_cast<double>(ours.reads);
    CHECK(std::stod(d2c[2]) == testing::approx(ours.service_s / reads).epsilon(1e-4));
    CHECK(std::stod(q2c[2]) == testing::approx(ours.latency_s / reads).epsilon(1e-5));
    REQUIRE(seeks.size() >= 5);
    CHECK(std::stoull(seeks[seeks.size() - 5]) == ours.reads);
    CHECK(std::abs(std::stod(seeks[seeks.size() - 4]) - ours.distance_sectors / reads) < 0.06);
    if (seeks.back().starts_with("0(")) CHECK(seeks.back() == fmt::format("0({})", ours.no_seeks));
  }
}

TEST_CASE("real tool: iowatcher draws the blktrace files") {
  if (!there("iowatcher", "blktrace")) return;
  Exported exported;
  const auto directory = exported.to("blktrace");
  const std::string first = fmt::format("dev{}", exported.run.reads.front().device);
  const Ran ran = shell(fmt::format("cd '{}' && iowatcher -t {} -o figure.svg", directory.string(), first));
  CHECK_MESSAGE(ran.status == 0, ran.output);
  CHECK(bytes_of(directory / "figure.svg").find("<svg") != std::string::npos);
}

TEST_CASE("real tool: fio replays both versions of the iolog, each read of it" * doctest::skip(testing::sanitized)) {
  if (!there("fio", "fio")) return;
  Exported exported;
  std::uint64_t bytes = 0;
  for (const TracedRead& read : exported.run.reads) bytes += read.bytes;
  for (const Device& device : exported.run.header.devices) {
    std::ofstream(exported.directory / fmt::format("dev{}", device.devid)).flush();
    std::filesystem::resize_file(exported.directory / fmt::format("dev{}", device.devid), device.bytes);  // sparse
  }
  for (const std::string format : {"fio-v2", "fio-v3"}) {
    CAPTURE(format);
    const auto log = exported.to(format);
    const Ran ran = shell(fmt::format("cd '{}' && fio --name=r --read_iolog={} --ioengine=psync --output-format=json",
                                      exported.directory.path().string(), log.string()));
    CHECK_MESSAGE(ran.output.find("bad iolog") == std::string::npos, ran.output.substr(0, 300));
    const auto json = nlohmann::json::parse(ran.output.substr(std::min(ran.output.find("{\n"), ran.output.size())));
    CHECK(json["jobs"][0]["error"] == 0);
    CHECK(json["jobs"][0]["read"]["io_bytes"] == bytes);
    CHECK(json["jobs"][0]["read"]["total_ios"] == exported.run.reads.size());
    // With its waits, a replay takes at least as long as the run up to its last issue.
    double last_issue_s = 0;
    for (const TracedRead& read : exported.run.reads) last_issue_s = std::max(last_issue_s, read.issued_s);
    CHECK(json["jobs"][0]["read"]["runtime"].get<double>() / 1e3 > 0.9 * last_issue_s);
  }
}

TEST_CASE("real tool: pj_dump reads the Paje file, and the states of a device last as long as our phases") {
  if (!there("pj_dump", "pajeng")) return;
  Exported exported;
  const Ran ran = shell(fmt::format("pj_dump '{}'", exported.to("paje").string()));
  REQUIRE_MESSAGE(ran.status == 0, ran.output.substr(0, 300));
  std::map<std::string, double> seconds;  // by device and state
  std::istringstream lines(ran.output);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> cells;
    std::istringstream rest(line);
    for (std::string cell; std::getline(rest, cell, ',');)
      cells.push_back(cell.substr(std::min(cell.find_first_not_of(' '), cell.size())));
    if (cells.size() > 7 && cells[0] == "State") seconds[cells[1] + cells.back()] += std::stod(cells[5]);
  }
  for (const Device& device : exported.run.header.devices) {
    double seek_s = 0, rotation_s = 0, transfer_s = 0;
    std::size_t reads = 0;
    for (const TracedRead& read : exported.run.reads) {
      if (read.device != device.devid) continue;
      seek_s += read.seek_s;
      rotation_s += read.rotation_s;
      transfer_s += read.transfer_s;
      ++reads;
    }
    const double rounding_s = 1e-6 * static_cast<double>(reads + 1);  // pj_dump prints microseconds
    const std::string name = fmt::format("device {}", device.devid);
    CHECK(std::abs(seconds[name + "seek"] - seek_s) < rounding_s);
    CHECK(std::abs(seconds[name + "rotation"] - rotation_s) < rounding_s);
    CHECK(std::abs(seconds[name + "transfer"] - transfer_s) < rounding_s);
  }
}

TEST_CASE("trace-event JSON has the fields that its description asks for, and every read") {
  Exported exported;
  const auto json = nlohmann::json::parse(bytes_of(exported.to("perfetto")));
  std::size_t reads = 0;
  std::map<std::string, int> open;
  for (const auto& event : json["traceEvents"]) {
    const std::string kind = event["ph"];
    CHECK(std::string("MXCibe").find(kind) != std::string::npos);
    for (const char* key : {"pid", "tid", "ts", "name"}) REQUIRE(event.contains(key));
    CHECK(event["ts"].get<double>() >= 0);
    if (kind == "X") CHECK(event["dur"].get<double>() >= 0);
    if (kind == "C") CHECK(event["args"]["reads"].get<int>() >= 0);
    if (kind == "i") CHECK(event["s"] == "t");
    if (kind == "b") ++open[event["id"].dump()];
    if (kind == "e") --open[event["id"].dump()];
    if (kind == "X" && event["cat"] == "read") ++reads;
  }
  CHECK(reads == exported.run.reads.size());
  for (const auto& [id, count] : open) CHECK(count == 0);
}

TEST_CASE("a trace whose reads do not hold together is refused") {
  const TemporaryDirectory directory;
  const auto written = [&](std::vector<TraceRow> rows) {
    TraceWriter writer(directory / "a.h5", {"s", "p", 1, {{1, 1 << 30}}});
    for (const TraceRow& row : rows) writer.append(row);
    writer.close();
    return directory / "a.h5";
  };
  TraceRow issue, end;
  issue.event = TraceEvent::issue;
  end.event = TraceEvent::complete;
  issue.device = end.device = 1;
  issue.physical = end.physical = 4096;
  issue.time_s = 1;
  end.time_s = 2;
  CHECK(read_run(written({issue, end})).reads.size() == 1);
  CHECK(read_run(written({issue})).unfinished.size() == 1);
  CHECK_THROWS_WITH_AS(read_run(written({end})), doctest::Contains("event 0: expected the issue of a read"),
                       InputError);
  CHECK_THROWS_WITH_AS(read_run(written({end, issue})), doctest::Contains("issue"), InputError);
  issue.time_s = 3;
  CHECK_THROWS_WITH_AS(read_run(written({issue, end})), doctest::Contains("never go back"), InputError);
  issue.device = 9;
  CHECK_THROWS_WITH_AS(read_run(written({issue})), doctest::Contains("device 9"), InputError);
}

TEST_CASE("the phases of a read fill its service and end with it") {
  TracedRead read;
  read.issued_s = 1;
  read.queue_s = 0.5;
  read.end_s = 2;
  read.seek_s = 0.125;
  read.rotation_s = 0.0625;
  read.transfer_s = 0.25;
  const auto spans = phases_of(read);
  CHECK(spans[0].from_s == 1.5);
  CHECK(spans[0].to_s == 1.5625);
  CHECK(spans[3].to_s == 2);
  for (std::size_t i = 1; i < 4; ++i) CHECK(spans[i].from_s == spans[i - 1].to_s);
}
