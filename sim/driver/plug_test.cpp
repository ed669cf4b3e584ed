// What of a submitter's requests becomes one below a plug, and when the plug is pulled by itself.
#include "sim/driver/plug.h"

#include <doctest/doctest.h>

#include "core/base/testing/files.h"
#include "sim/driver/plain_world.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

constexpr std::uint32_t kib = 1024;

// Devices that note what reaches them, below a plug.
struct Bench final : OwnRequestSink {
  struct Reached {
    DeviceIndex device;
    std::uint64_t offset_bytes;
    std::uint32_t bytes;
    bool operator==(const Reached&) const = default;
  };

  Scenario scenario = read_scenario(directory.write("s.json", first_look().dump()));
  Layout layout = load_scenario_layout(scenario);
  std::vector<Reached> reached;
  PlainWorld world{[this](DeviceIndex device, const DriveRequest& request, double now_s) {
    reached.push_back({device, request.offset_bytes, request.bytes});
    return PlainEnd{.completion = {.end_s = now_s + 1}};
  }};
  Driver driver{{.layout = layout,
                 .policy = scenario.policies[0],
                 .faults = scenario.faults,
                 .traits = std::vector<DeviceTraits>(layout.volume.devices().size(), {.max_request_bytes = 512 * kib})},
                world,
                world.actors()};
  Stage stage{driver, world.actors()};
  Plug plug{stage};
  std::uint32_t asked = 0, ends = 0;  // by ended()

  void read(DeviceIndex device, std::uint64_t at, std::uint32_t bytes = 64 * kib, bool background = false) {
    ++asked;
    plug.add({.read = {.device = device, .mirror = 1, .bytes = bytes, .logical = at, .physical = at},
              .background = background},
             *this);
  }
  void ended(const OwnRequest& request, const OwnCompletion& /*completion*/) override { ends += 1 + request.merged; }

  std::vector<Reached> pulled() {
    plug.pull();
    return reached;
  }

 private:
  static inline TemporaryDirectory directory;
};

using All = std::vector<Bench::Reached>;

}  // namespace

TEST_CASE("plug: adjacent requests join up to the device's largest, and all of them end") {
  Bench bench;
  for (std::uint64_t i = 0; i < 9; ++i) bench.read(0, i * 64 * kib);
  CHECK(bench.pulled() == All{{0, 0, 512 * kib}, {0, 512 * kib, 64 * kib}});
  CHECK(bench.driver.pending()[0] == 2);
  bench.world.run(bench.driver);
  CHECK(bench.ends == 9);
  CHECK(bench.driver.pending()[0] == 0);
  const MetricValues values = bench.driver.metrics(2).run;
  CHECK(values[MetricId::reads] == 2);
  CHECK(values[MetricId::merged_reads] == 7);
  CHECK(values[MetricId::request_bytes_mean] == 9 * 32 * kib);
  CHECK(bench.driver.metrics(2).devices[1][MetricId::merged_reads] == 0);
}

TEST_CASE("plug: what is not adjacent, of another device between or of another class stays apart") {
  Bench bench;
  bench.read(0, 0);
  bench.read(0, 128 * kib);  // a gap
  bench.read(1, 192 * kib);  // another device
  bench.read(0, 192 * kib);  // joins its device's last one
  bench.read(0, 64 * kib);   // before it, not behind
  bench.read(0, 128 * kib, 64 * kib, true);
  CHECK(bench.pulled() == All{{0, 0, 64 * kib},
                              {0, 128 * kib, 128 * kib},
                              {1, 192 * kib, 64 * kib},
                              {0, 64 * kib, 64 * kib},
                              {0, 128 * kib, 64 * kib}});
}

TEST_CASE("plug: a full one, or one with a large request, is pulled by the next that cannot join") {
  Bench bench;
  for (std::uint64_t i = 0; i < 32; ++i) bench.read(0, i * 128 * kib);
  CHECK(bench.reached.empty());
  bench.read(0, 1 << 30);
  CHECK(bench.reached.size() == 32);
  Bench large;
  large.read(0, 0, 128 * kib);
  large.read(0, 128 * kib, 64 * kib);
  CHECK(large.reached.empty());
  large.read(0, 1 << 30);
  CHECK(large.reached == All{{0, 0, 192 * kib}});
}
