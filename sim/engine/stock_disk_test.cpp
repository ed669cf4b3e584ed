// The constant drive, under our resource model, against SimGrid's own stock disk, driven the usual way: an actor that
// sleeps for the latency and then reads.
#include <doctest/doctest.h>

#include <boost/random/mersenne_twister.hpp>
#include <simgrid/s4u.hpp>

#include "core/base/testing/approx.h"
#include "sim/engine/disk_model.h"
#include "sim/testing.h"

using namespace headway;
using namespace headway::testing;

namespace {

namespace s4u = simgrid::s4u;

constexpr double latency_s = 100e-6;  // the library's "constant"
constexpr double bytes_per_s = 100e6;

std::vector<std::uint32_t> sizes() {
  boost::random::mt19937 draw(7);
  std::vector<std::uint32_t> all;
  for (int i = 0; i < 1000; ++i) all.push_back(4096 * (1 + draw() % 64));
  return all;
}

s4u::Engine make_engine() {
  std::vector<std::string> words{"test", "--log=root.app:file:/dev/null"};
  std::vector<char*> arguments{words[0].data(), words[1].data(), nullptr};
  int count = 2;
  return s4u::Engine(&count, arguments.data());
}

// The dates of completion, handed through a run's workloads.
RunResult as_result(const std::vector<double>& dates) {
  RunResult result;
  for (const double date : dates) {
    result.workloads.push_back({"read", {}});
    result.workloads.back().metrics[MetricId::elapsed_s] = date;
  }
  return result;
}

RunResult by_stock_disk() {
  s4u::Engine engine = make_engine();
  s4u::Engine::set_config("surf/precision", 1e-12);
  auto* zone = s4u::create_full_zone("zone");
  auto* host = zone->create_host("host", 1e9);
  auto* disk = host->create_disk("disk", bytes_per_s, bytes_per_s);
  zone->seal();
  std::vector<double> dates;
  s4u::Actor::create("reader", host, [&] {
    for (const std::uint32_t bytes : sizes()) {
      s4u::this_actor::sleep_for(latency_s);
      disk->read(bytes);
      dates.push_back(s4u::Engine::get_clock());
    }
  });
  engine.run();
  return as_result(dates);
}

struct Wakes final : CompletionSink {
  std::vector<double> dates;
  s4u::SemaphorePtr done;
  void completed(std::uint32_t /*drive*/, const DriveCompletion& completion) override {
    dates.push_back(completion.end_s);
    done->release();
  }
};

RunResult by_constant_drive() {
  s4u::Engine engine = make_engine();
  s4u::Engine::set_config("surf/precision", 1e-12);
  auto* zone = s4u::create_full_zone("zone");
  auto* host = zone->create_host("host", 1e9);
  zone->seal();
  Wakes sink;
  sink.done = s4u::Semaphore::create(0);
  std::vector<std::unique_ptr<Drive>> drives;
  drives.push_back(make_drive(load_drive("constant"), {}, 1));
  auto disks = std::make_shared<DiskModel>(std::move(drives), sink);
  engine.add_model(disks);
  s4u::Actor::create("reader", host, [&] {
    std::uint64_t offset = 0;
    for (const std::uint32_t bytes : sizes()) {
      disks->submit(0, {.offset_bytes = offset, .bytes = bytes}, s4u::Engine::get_clock());
      sink.done->acquire();
      offset += 10 * bytes;
    }
  });
  engine.run();
  return as_result(sink.dates);
}

}  // namespace

TEST_CASE("the constant drive and SimGrid's stock disk end the same reads at the same times") {
  const auto results = run_jobs({{"stock", 1, by_stock_disk}, {"constant", 1, by_constant_drive}}, 2, [](const ProgressState&) {});
  const auto& stock = results[0].run.workloads;
  const auto& constant = results[1].run.workloads;
  REQUIRE(results[0].run.message == "");
  REQUIRE(results[1].run.message == "");
  REQUIRE(stock.size() == 1000);
  REQUIRE(constant.size() == 1000);
  for (std::size_t i = 0; i < stock.size(); ++i)
    REQUIRE(constant[i].metrics[MetricId::elapsed_s] ==
            testing::approx(stock[i].metrics[MetricId::elapsed_s]).epsilon(1e-9));
}
