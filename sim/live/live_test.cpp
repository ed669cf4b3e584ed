// Live runs on image files: what is read, what is checked, what goes wrong, and that decisions are the simulation's.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "results/trace/trace.h"
#include "sim/live/host_facts.h"
#include "sim/live/live_run.h"
#include "sim/live/read_ring.h"
#include "sim/live/testing/images.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

Json workload(const char* name, const char* kind, Json more) {
  Json json{{"name", name}, {"kind", kind}};
  json.update(more);
  return json;
}
const Json fs_tree{{"tree", "fs"}};

// A small aged file system on two mirrored disks, with 4 MiB of data.
Json small() {
  Json json = first_look();
  json["layout"] = {{"synthetic",
                     {{"devices", {{{"count", 2}, {"bytes", 256 << 20}}}},
                      {"node_bytes", 4096},
                      {"data_bytes_per_file", 4096},
                      {"trees", {{{"tree", "fs"}}, {{"tree", "extent"}}, {{"tree", "csum"}}}},
                      {"rounds", {{{"commits", 5}, {"creates", 100}}}}}}};
  json["devices"][0]["count"] = 2;
  json["policies"] = {{"walk", Json::object()}, {"path-reada", Json::object()}, {"reada-2011", Json::object()}};
  json["workload"] = Json::array({workload("files", "enumerate", fs_tree)});
  json.erase("baseline");
  json.erase("expect");
  return json;
}

// Why no live run can be made here, as in a container that forbids io_uring; empty where it can.
std::string why_not_here() {
  try {
    ReadRing(std::span<const int>(std::array{0}));
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

// A scenario, its layout, and images that hold it.
struct Lab {
  explicit Lab(const Json& json)
      : scenario(read_scenario(directory.write("scenario.json", json.dump()))),
        layout(load_scenario_layout(scenario)),
        images(write_images(layout, directory.path())) {}

  std::vector<NamedDevice> named() const {
    std::vector<NamedDevice> all;
    for (std::size_t i = 0; i < images.size(); ++i) all.push_back({layout.volume.devices()[i].devid, images[i]});
    return all;
  }
  // Past the page cache where the test's directory can.
  OpenOptions options() const {
    const int descriptor = ::open(images[0].c_str(), O_RDONLY | O_DIRECT);
    if (descriptor >= 0) ::close(descriptor);
    return {.mounted_ok = false, .buffered = descriptor < 0};
  }
  std::unique_ptr<LiveDevices> open() const {
    auto devices = std::make_unique<LiveDevices>(named(), options());
    devices->check(layout);
    return devices;
  }
  LiveRequest request(const LiveDevices& devices, std::size_t policy) const {
    const std::string name = scenario.policies[policy].name;
    return {.scenario = scenario,
            .layout = layout,
            .policy = scenario.policies[policy],
            .seed = scenario.seed,
            .devices = devices,
            .trace = directory.path() / (name + ".trace.h5"),
            .intervals = directory.path() / (name + ".intervals.h5"),
            .stop = [] { return false; },
            .progress = {}};
  }
  // Writes bytes over what stands at a block's copy.
  void damage(BlockId block, std::uint8_t copy, const std::vector<std::byte>& bytes) const {
    const Copy place = layout.volume.map(layout.forest.logical[block]).copy[copy];
    std::fstream image(images[place.device], std::ios::binary | std::ios::in | std::ios::out);
    overwrite(image, place.physical, bytes);
  }
  BlockId some_leaf() const {
    BlockId block = layout.forest.trees[*layout.forest.find_tree(btrfs::fs_tree)].root;
    while (layout.forest.level[block] > 0) block = layout.forest.child[layout.forest.first_pointer[block]];
    return block;
  }

  TemporaryDirectory directory;
  Scenario scenario;
  Layout layout;
  std::vector<std::filesystem::path> images;
};

// Runs every policy live; each brings all, and its decisions follow from its reads' ends. How many events there were.
std::uint64_t run_live_and_check(const Json& json) {
  const Lab lab(json);
  const auto devices = lab.open();
  std::uint64_t all = 0;
  for (std::size_t policy = 0; policy < lab.scenario.policies.size(); ++policy) {
    CAPTURE(lab.scenario.policies[policy].name);
    const LiveRequest request = lab.request(*devices, policy);
    const LiveRun run = run_live(request);
    REQUIRE(run.result.message == "");
    CHECK_FALSE(run.devices_failed);
    CHECK(run.result.metrics[MetricId::missing_blocks] == 0);
    CHECK(run.result.metrics[MetricId::errors] == 0);
    std::uint64_t events = 0;
    CHECK(decisions_differ(request, events) == "");
    all += events;
  }
  return all;
}

#define SKIP_WITHOUT_IO_URING()                        \
  if (const auto why = why_not_here(); !why.empty()) { \
    MESSAGE("skipped: " << why);                       \
    return;                                            \
  }

}  // namespace

TEST_CASE("live: all policies read what the layout says, and decide as their twins") {
  SKIP_WITHOUT_IO_URING();
  Json json = small();
  json["policies"] = Json::object();
  for (const auto& name : policy_names()) json["policies"][name] = Json::object();
  CHECK(run_live_and_check(json) > 1000);
}

TEST_CASE("live: consumers, look-ups, a send, a scrub and reading foregrounds, sleeps among them") {
  SKIP_WITHOUT_IO_URING();
  Json json = small();
  json["cache"] = {{"warm_fraction", 0.3}};
  json["workload"] = {workload("reader", "consume", {{"tree", "fs"}, {"think_s", 0.0001}}),
                      workload("looker", "lookup", {{"tree", "fs"}, {"count", 20}, {"depth", 3}}),
                      workload("sender", "send", {{"tree", "extent"}, {"data_bytes_per_leaf", 8192}}),
                      workload("scrub", "scrub", {{"depth", 4}, {"start_s", 0.001}}),
                      workload("others", "foreground", {{"depth", 8}, {"request_bytes", 512}}),
                      workload("arrivals", "foreground", {{"rate_per_s", 2000}, {"pattern", "sequential"}})};
  CHECK(run_live_and_check(json) > 1000);
}

TEST_CASE("live: a foreground that begins when the others have ended ends at once, as in the simulation") {
  SKIP_WITHOUT_IO_URING();
  Json json = small();
  json["workload"].push_back(workload("late", "foreground", {{"depth", 4}, {"start_s", 0.05}}));
  json["policies"] = {{"walk", Json::object()}};
  CHECK(run_live_and_check(json) > 100);
}

TEST_CASE("live: reads as many blocks as the simulation, and leaves empty what a device does not tell") {
  SKIP_WITHOUT_IO_URING();
  const Lab lab(small());
  const auto devices = lab.open();
  const LiveRun live = run_live(lab.request(*devices, 0));
  const auto simulated = run_all(small(), lab.directory);
  CHECK(live.result.metrics[MetricId::reads] == simulated[0].metrics[MetricId::reads]);
  CHECK(live.result.metrics[MetricId::bytes_read] == simulated[0].metrics[MetricId::bytes_read]);
  CHECK(live.result.missing_digest == simulated[0].missing_digest);
  for (const auto id : {MetricId::seek_time_s, MetricId::rotation_time_s, MetricId::transfer_time_s}) {
    CHECK(std::isnan(live.result.metrics[id]));
    for (const auto& device : live.result.devices) CHECK(std::isnan(device.metrics[id]));
  }
  CHECK(live.result.metrics[MetricId::latency_s_p50] > 0);
  CHECK(live.result.metrics[MetricId::elapsed_s] <= live.timing.wall_s);
  CHECK(live.timing.cpu_s > 0);
}

TEST_CASE(
    "live: a copy with another checksum, file system or generation fails as in the kernel, and the other is read") {
  SKIP_WITHOUT_IO_URING();
  const Lab lab(small());
  const BlockId leaf = lab.some_leaf();
  std::vector<std::byte> wrong = block_of(lab.layout, leaf);
  int error = 0;
  SUBCASE("checksum") {
    wrong[200] ^= std::byte{1};
    error = EUCLEAN;
  }
  SUBCASE("generation") {
    put(wrong, 0x50, lab.layout.forest.generation[leaf] - 1, 8);
    set_checksum(ChecksumType::crc32c, wrong);
    error = EIO;
  }
  SUBCASE("address") {
    put(wrong, 0x30, lab.layout.forest.logical[leaf] + 4096, 8);
    set_checksum(ChecksumType::crc32c, wrong);
    error = EIO;
  }
  SUBCASE("file system") {
    wrong[0x20] ^= std::byte{1};
    set_checksum(ChecksumType::crc32c, wrong);
    error = EIO;
  }
  const auto devices = lab.open();
  std::size_t failed = 0;
  for (const std::uint8_t copy : {std::uint8_t{0}, std::uint8_t{1}}) {  // whichever copy the policy reads first
    lab.damage(leaf, copy, wrong);
    lab.damage(leaf, copy ^ 1, block_of(lab.layout, leaf));
    const LiveRequest request = lab.request(*devices, 0);
    const LiveRun run = run_live(request);
    CHECK(run.result.metrics[MetricId::missing_blocks] == 0);
    std::uint64_t events = 0;
    CHECK(decisions_differ(request, events) == "");
    if (!run.devices_failed) continue;
    ++failed;
    CHECK(run.result.metrics[MetricId::errors] == 1);
    REQUIRE(run.result.notes.size() == 1);
    CHECK(run.result.notes[0].find("1 blocks that are not what they should be") != std::string::npos);
    for (const auto& row : read_trace(*request.trace)) {
      if (row.event == TraceEvent::complete && row.error != 0) CHECK(row.error == error);
    }
  }
  CHECK(failed == 1);
}

TEST_CASE("live: a device that goes in mid-run fails its reads, and the run says so") {
  SKIP_WITHOUT_IO_URING();
  const Lab lab(small());
  const auto devices = lab.open();
  std::filesystem::resize_file(lab.images[1], 1 << 20);
  const LiveRequest request = lab.request(*devices, 2);  // reads from both; a search reads from one all the time
  const LiveRun run = run_live(request);
  CHECK(run.devices_failed);
  CHECK(run.result.metrics[MetricId::errors] > 0);
  REQUIRE_FALSE(run.result.notes.empty());
  CHECK(run.result.notes.back().find("the device ends before it") != std::string::npos);
  std::uint64_t events = 0;
  CHECK(decisions_differ(request, events) == "");
}

TEST_CASE("live: a run that is asked to stop ends, and has failed") {
  SKIP_WITHOUT_IO_URING();
  const Lab lab(small());
  const auto devices = lab.open();
  for (std::size_t policy = 0; policy < lab.scenario.policies.size(); ++policy) {
    LiveRequest request = lab.request(*devices, policy);
    int asked = 0;
    request.stop = [&] { return ++asked > 5; };
    const LiveRun run = run_live(request);
    CHECK(run.result.failed());
    CHECK(run.result.message == "stopped before its end");
  }
}

TEST_CASE("live: a thousand reads in flight over twelve files") {
  SKIP_WITHOUT_IO_URING();
  Json json = small();
  json["layout"]["synthetic"]["devices"][0] = {{"count", 12}, {"bytes", 256 << 20}};
  json["layout"]["synthetic"]["metadata_profile"] = "RAID10";
  json["devices"][0]["count"] = 12;
  json["policies"] = {{"reada-2011", Json::object()}};
  json["workload"] = {workload("files", "enumerate", fs_tree),
                      workload("others", "foreground", {{"depth", 1000}, {"requests", 20000}})};
  CHECK(run_live_and_check(json) > 100);
}

TEST_CASE("live: descriptors cannot write; what the devices are is said") {
  const Lab lab(small());
  const auto devices = lab.open();
  for (const int descriptor : devices->descriptors()) {
    CHECK((::fcntl(descriptor, F_GETFL) & O_ACCMODE) == O_RDONLY);
    CHECK(::pwrite(descriptor, "x", 1, 0) == -1);
  }
  const Json facts = host_facts(*devices);
  CHECK(facts["kernel"].get<std::string>().starts_with("Linux "));
  REQUIRE(facts["devices"].size() == 2);
  CHECK(facts["devices"][1]["device"] == 2);
  CHECK(facts["devices"][1]["bytes"] == 256 << 20);
}

TEST_CASE("live: caches are made cold by reads elsewhere") {
  SKIP_WITHOUT_IO_URING();
  const Lab lab(small());
  lab.open()->cool(16 << 20, 1);
}

TEST_CASE("live: devices that are not those of the layout are refused") {
  const Lab lab(small());
  const auto refused = [](const auto& what, const char* words) {
    try {
      what();
      FAIL("not refused: ", words);
    } catch (const InputError& error) {
      CHECK_MESSAGE(std::string(error.what()).find(words) != std::string::npos, error.what());
    }
  };
  const auto opening = [&](std::vector<NamedDevice> named) { return [=, &lab] { LiveDevices(named, lab.options()); }; };
  auto named = lab.named();
  refused(opening({{1, lab.images[1]}, {2, lab.images[0]}}), "swapped");
  refused(opening({{1, lab.images[0]}, {3, lab.images[1]}}), "expected device 3 of its file system, found device 2");
  refused(opening({{1, lab.directory.path() / "none.img"}}), "No such file");
  refused(opening({{1, lab.directory.path()}}), "found neither");
  refused(opening({{1, lab.directory.write("text.img", std::string(1 << 20, 'x'))}}), "byte 65600");
  refused(opening({named[0]}), "expected each of the file system's 2 devices, found 1");
  Layout of_one = lab.layout;
  of_one.volume = Volume("one", {lab.layout.volume.devices()[0]}, {});
  refused([&] { lab.open()->check(of_one); }, "which has 1, found those of 1 2");
  std::filesystem::resize_file(lab.images[1], 200 << 20);
  refused([&] { lab.open(); }, "at least 268435456 bytes");
  refused([] { named_devices({"1"}); }, "DEVID=PATH");
  refused([] { named_devices({"x=/dev/sdb"}); }, "DEVID=PATH");
  refused([] { named_devices({"1=/dev/sdb", "1=/dev/sdc"}); }, "each device once");
}

TEST_CASE("live: what a live run cannot do is refused before it begins") {
  const TemporaryDirectory directory;
  const auto reason = [&](const Json& json) -> std::string {
    try {
      check_live(read_scenario(directory.write("scenario.json", json.dump())));
      return "";
    } catch (const InputError& error) {
      return error.what();
    }
  };
  Json json = small();
  CHECK(reason(json) == "");
  json["faults"] = {{{"device", 1}, {"kind", "slow"}, {"factor", 2}}};
  CHECK(reason(json).find("/faults") != std::string::npos);
  json.erase("faults");
  json["workload"].push_back(workload("others", "foreground", {{"depth", 1}, {"read_share", 0.5}}));
  CHECK(reason(json).find("which writes") != std::string::npos);
}
