// The bound of a run against every way to read a few blocks, on the drives themselves.
#include "sim/bound/bound.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "core/base/testing/approx.h"
#include "models/drive/bound/seek_floor.h"
#include "models/drive/bound/stream_needs.h"
#include "models/drive/library.h"
#include "sim/bound/testing/optimum.h"
#include "sim/bound/testing/timed_world.h"
#include "sim/workloads/file_stretches.h"
#include "sim/workloads/scrub_contents.h"
#include "sim/workloads/small_system.h"

namespace headway {

using namespace testing;

namespace {

// HEADWAY_CASES: `make fuzz` asks for more.
std::uint32_t cases(std::uint32_t usual) {
  const char* wanted = std::getenv("HEADWAY_CASES");
  return wanted != nullptr ? static_cast<std::uint32_t>(std::strtoul(wanted, nullptr, 10)) : usual;
}

double quantile(std::vector<double>& all, double share) {
  std::ranges::sort(all);
  return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))];
}

std::string distribution(std::vector<double>& all) {
  return fmt::format("{} cases: bound over optimum least {:.3f}, 5 % {:.3f}, median {:.3f}, 95 % {:.3f}, most {:.4f}",
                     all.size(), quantile(all, 0), quantile(all, 0.05), quantile(all, 0.5), quantile(all, 0.95),
                     quantile(all, 1));
}

}  // namespace

TEST_CASE("a few blocks: no way to read them is quicker than the bound, which is not far below the best") {
  std::vector<double> shares, as_many;
  for (std::uint32_t number = 0; number < cases(300); ++number) {
    const SmallCase small = small_case(number, false, number % 10 == 0 ? 9 : 6);
    const Bound bound = bound_of(small.scenario, small.layout, small.seed);
    REQUIRE(bound.none.empty());
    const double optimum_s = Optimum(small).find_s();
    INFO(small.words);
    REQUIRE(bound.all_known_s <= optimum_s);
    shares.push_back(bound.all_known_s / optimum_s);
    const Bound relaxed = bound_of(small.scenario, small.layout, small.seed, FewBlocks::as_many);
    REQUIRE(relaxed.all_known_s <= optimum_s);
    as_many.push_back(relaxed.all_known_s / optimum_s);
  }
  MESSAGE(distribution(shares));
  MESSAGE("as of many blocks, " << distribution(as_many));
  CHECK(quantile(shares, 0.5) >= 0.85);
}

TEST_CASE("a few blocks below each other: no way to read nodes before what they point at is quicker") {
  std::vector<double> shares;
  for (std::uint32_t number = 0; number < cases(300) / 2; ++number) {
    const SmallCase small = small_case(number, true, 5);
    const Bound bound = bound_of(small.scenario, small.layout, small.seed);
    const double optimum_s = Optimum(small).find_s();
    INFO(small.words);
    REQUIRE(bound.all_known_s <= bound.by_parents_s);
    REQUIRE(bound.by_parents_s <= optimum_s);
    shares.push_back(bound.by_parents_s / optimum_s);
  }
  MESSAGE(distribution(shares));
}

TEST_CASE("a few blocks: clairvoyant comes close to the best, and never below the bound") {
  const Policy& policy = *find_policy("clairvoyant");
  for (const bool tree : {false, true}) {
    Parameters values(policy.parameters);
    if (tree) values.set("knows", "parents");
    std::vector<double> shares;
    for (std::uint32_t number = 0; number < cases(300) / 2; ++number) {
      const SmallCase small = small_case(number, tree, tree ? 5 : 6);
      INFO(small.words);
      const double took_s = TimedWorld(small, policy, values).run();
      const Bound bound = bound_of(small.scenario, small.layout, small.seed);
      REQUIRE(took_s >= (tree ? bound.by_parents_s : bound.all_known_s));
      shares.push_back(took_s / Optimum(small).find_s());
    }
    MESSAGE(fmt::format("clairvoyant over optimum, {}: 5 % {:.3f}, median {:.3f}, 95 % {:.3f}",
                        tree ? "below a tree" : "no tree", quantile(shares, 0.05), quantile(shares, 0.5),
                        quantile(shares, 0.95)));
    if (!tree) CHECK(quantile(shares, 0.5) <= 1.05);
  }
}

namespace {

// Two copies of the data of `small()`, on drives of a kind.
Json scrubbed(const TemporaryDirectory& directory, const std::string& drive) {
  Json json = small(directory);
  json["layout"]["synthetic"]["devices"][0]["count"] = 2;
  json["layout"]["synthetic"]["devices"][0]["bytes"] = 1 << 30;
  json["layout"]["synthetic"]["data_profile"] = "RAID1";
  json["devices"] = {{{"drive", drive}, {"count", 2}}};
  json["workload"] = {{{"name", "scrub"}, {"kind", "scrub"}}};
  json["policies"] = {{"reada-2011", Json::object()}};
  return json;
}

RunResult bounded(const Json& json, const TemporaryDirectory& directory) {
  RunResult run = run_one(json, directory);
  REQUIRE(run.no_bound == "");
  CHECK(run.metrics[MetricId::efficiency] <= 1);
  return run;
}

}  // namespace

TEST_CASE("a scrub takes at least what the data of the device that holds most pass in") {
  const TemporaryDirectory directory;
  Json json = scrubbed(directory, "./drive.json");
  std::uint64_t bytes = 0;
  const Layout layout = load_scenario_layout(read_scenario(directory.write("scenario.json", json.dump())));
  for (const Chunk& chunk : layout.volume.chunks()) {
    if (!(chunk.use & Chunk::data)) continue;
    for (const ByteRun& run : data_contents(chunk)) bytes += run.end - run.begin;
  }
  const double expected_s = static_cast<double>(bytes) / bytes_per_s;
  CHECK(bounded(json, directory).metrics[MetricId::bound_s] == approx(expected_s).epsilon(1e-8));
  json["workload"][0]["devices"] = {2};
  CHECK(bounded(json, directory).metrics[MetricId::bound_s] == approx(expected_s).epsilon(1e-8));
}

TEST_CASE("a scrub of heads and of flash comes near to its bound, and not below") {
  const TemporaryDirectory directory;
  for (const auto& [drive, share] : {std::pair("hgst-ultrastar-7k8-8tb", 0.8), {"samsung-970-evo-plus-1tb", 0.5}}) {
    CAPTURE(drive);
    Json json = scrubbed(directory, drive);
    json["workload"][0]["kernel"] = "6.6";
    CHECK(bounded(json, directory).metrics[MetricId::efficiency] > share);
  }
}

TEST_CASE("a send takes at least what its file data take to pass") {
  const TemporaryDirectory directory;
  Json json = scrubbed(directory, "./drive.json");
  json["workload"] = {{{"name", "send"}, {"kind", "send"}, {"tree", "fs"}, {"data_bytes_per_leaf", 65536}}};
  const Scenario scenario = read_scenario(directory.write("scenario.json", json.dump()));
  const Layout layout = load_scenario_layout(scenario);
  const double bytes = static_cast<double>(scenario.workload[0].plan->data_bytes(layout));
  CHECK(bounded(json, directory).metrics[MetricId::bound_s] == approx(bytes / bytes_per_s).epsilon(1e-8));
  json["devices"][0]["drive"] = "hgst-ultrastar-7k8-8tb";
  CHECK(bounded(json, directory).metrics[MetricId::efficiency] > 0.2);
}

TEST_CASE("data that files share pass once, from the first copy") {
  const TemporaryDirectory directory;
  const Layout layout =
      load_scenario_layout(read_scenario(directory.write("scenario.json", scrubbed(directory, "./drive.json").dump())));
  const auto& chunks = layout.volume.chunks();
  const auto data = std::ranges::find_if(chunks, [](const Chunk& chunk) { return (chunk.use & Chunk::data) != 0; });
  const std::uint64_t at = data->logical;
  const auto all = file_stretches(layout.volume, {{at + 4096, 8192}, {at, 8192}, {at, 4096}, {at + 65536, 4096}});
  const Copy first = layout.volume.map(at).copy[0];
  REQUIRE(all.size() == 2);
  CHECK(all[1 - first.device].empty());
  REQUIRE(all[first.device].size() == 2);
  CHECK(all[first.device][0].begin == first.physical);
  CHECK(all[first.device][0].end == first.physical + 12288);
  CHECK(all[first.device][1].begin == first.physical + 65536);
}

TEST_CASE("stretches that lie apart need the seeks between them as well") {
  const DriveModel model = *load_drive("seagate-constellation2-1tb");
  const auto& drive = std::get<MechanicalModel>(model.kind);
  const std::uint64_t sector = drive.sector_bytes, far = drive.geometry.sectors() / 2;
  const SectorPlace first = drive.geometry.place(0), second = drive.geometry.place(far);
  const auto turn_s = [&](const SectorPlace& place) {
    return drive.geometry.zones()[place.zone].turn_per_sector * drive.revolution_s;
  };
  const double seek_s = SeekFloor(drive).over(second.cylinder - first.cylinder);
  const std::vector<ByteStretch> apart{{0, sector}, {far * sector, (far + 1) * sector}};
  CHECK(stream_needs_s(model, apart) == approx(turn_s(first) + turn_s(second) + seek_s));
}

TEST_CASE("clairvoyant is no slower than level-order beside who thinks at each node, or hardly at all") {
  const TemporaryDirectory directory;
  for (const double think_s : {0.0001, 0.02}) {
    CAPTURE(think_s);
    Json json = small(directory);
    json["devices"] = {{{"drive", "hgst-ultrastar-7k8-8tb"}}};
    json["workload"] = {{{"name", "reader"}, {"kind", "consume"}, {"tree", "fs"}, {"think_s", think_s}}};
    json["policies"] = {{"level-order", Json::object()}, {"clairvoyant", Json::object()}};
    const auto runs = run_all(json, directory);
    CHECK(runs[1].metrics[MetricId::elapsed_s] <= 1.02 * runs[0].metrics[MetricId::elapsed_s]);
  }
}

}  // namespace headway
