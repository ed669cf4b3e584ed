#include "models/drive/solid_state/solid_state_device.h"

#include <doctest/doctest.h>

#include "core/base/testing/approx.h"
#include "models/drive/measure.h"
#include "models/drive/test_drive.h"

using namespace headway;
using namespace headway::test;

namespace {

constexpr double us = 1e-6;

// 2 channels of 2 dies, 4 KiB pages: 50 us to read one, 10 us over a channel, 4 us over the link.
Json small_ssd() {
  return Json::parse(R"({
    "drive": "small", "kind": "solid-state", "capacity_bytes": 1073741824, "channels": 2, "dies_per_channel": 2,
    "page_bytes": 4096, "page_read_us": 50, "page_program_us": 500, "channel_bytes_per_s": 409600000,
    "command_us": 8, "pipeline_us": 1, "host_bytes_per_s": 1024000000})");
}

Run page(std::uint64_t number, double at_s = 0) { return {.sector = number * 8, .sectors = 8, .at_s = at_s}; }

}  // namespace

TEST_CASE("one read: controller, die, channel, link") {
  CHECK(run(small_ssd(), {}, {page(0)})[0].end_s / us == testing::approx(8 + 50 + 10 + 4));
}

TEST_CASE("reads of different dies overlap, of one die follow each other") {
  const auto apart = run(small_ssd(), {.depth = 4}, {page(0), page(7)});  // 1 would go on where 0 ends
  CHECK(apart[1].end_s / us == testing::approx(8 + 50 + 10 + 4 + 4));     // the link is the first one's until then
  const auto one_die = run(small_ssd(), {.depth = 4}, {page(0), page(4)});
  CHECK(one_die[1].end_s / us == testing::approx(8 + 50 + 50 + 10 + 4));
  const auto one_channel = run(small_ssd(), {.depth = 4}, {page(0), page(2)});
  CHECK(one_channel[1].end_s / us == testing::approx(8 + 50 + 10 + 10 + 4));
}

TEST_CASE("no more commands than the queue holds are under way") {
  const auto done = run(small_ssd(), {.depth = 1}, {page(0), page(3)});
  CHECK(done[1].times.queue_s / us == testing::approx(72));
  CHECK(done[1].end_s / us == testing::approx(144));
}

TEST_CASE("the queue's time is up to the controller's start of the command") {
  const auto done = run(small_ssd(), {.depth = 4}, {page(0), page(7), page(2, 1.5 * us)});
  CHECK(tags(done) == std::vector<std::uint64_t>{0, 1, 2});
  CHECK(done[0].times.queue_s == 0);
  CHECK(done[1].times.queue_s / us == testing::approx(1));
  CHECK(done[2].times.queue_s / us == testing::approx(0.5));  // the controller is free again 2 us after the first
}

TEST_CASE("a page that is ready early slips into a gap of its channel") {
  // Page 4 waits for page 0's die; page 2, of the other die, is ready at 60 us, between the two on their channel.
  const auto done = run(small_ssd(), {.depth = 4}, {page(0), page(4), page(2)});
  CHECK(tags(done) == std::vector<std::uint64_t>{0, 2, 1});
  CHECK(done[1].end_s / us == testing::approx(68 + 10 + 4));
  CHECK(done[2].end_s / us == testing::approx(58 + 50 + 10 + 4));
}

TEST_CASE("a read that goes on where another ended waits for no die") {
  const auto done = run(small_ssd(), {}, {page(5), page(6, 1e-3)});
  CHECK((done[1].end_s - 1e-3) / us == testing::approx(8 + 10 + 4));
}

TEST_CASE("the smallest of controller, dies, channels and link is the limit") {
  const auto iops = [](const Json& json) { return random_read_iops(model_of(json), 64); };
  const double dies = 4 / (50 * us);  // random reads leave some idle: 64 under way keep nearly all busy
  CHECK(iops(small_ssd()) == testing::approx(dies).epsilon(0.1));
  CHECK(iops(small_ssd()) < dies);
  auto controller = small_ssd();
  controller["pipeline_us"] = 50;
  CHECK(iops(controller) == testing::approx(1 / (50 * us)).epsilon(0.01));
  auto link = small_ssd();
  link["host_bytes_per_s"] = 4096 * 10000.0;
  CHECK(iops(link) == testing::approx(10000).epsilon(0.01));
  CHECK(sequential_rate(model_of(small_ssd())) == testing::approx(2 * 409.6e6).epsilon(0.01));  // two channels
}
