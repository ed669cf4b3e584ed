// (a) The engine's floor and (b) the stock way: what SimGrid itself takes for reads that nobody schedules.
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <chrono>
#include <simgrid/s4u.hpp>

#include "sim/bench/measure.h"
#include "sim/engine/calendar.h"

namespace headway::bench {

namespace {

namespace s4u = simgrid::s4u;

constexpr std::uint32_t drives = 12;
constexpr double mean_service_s = 0.008;

double seconds_of(s4u::Engine& engine) {
  const auto begin = std::chrono::steady_clock::now();
  engine.run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// A resource model that completes reads at random times, one a drive at a time, and does nothing else.
class Floor final : public simgrid::kernel::resource::Model {
 public:
  Floor(std::uint64_t reads, s4u::SemaphorePtr done) : Model("floor"), reads_(reads), done_(std::move(done)) {
    for (std::uint32_t drive = 0; drive < drives; ++drive) calendar_.set(drive, service_s_(random_));
  }

  double next_occurring_event(double now) override {
    const double date = calendar_.earliest_date();
    return date == Calendar::never ? -1.0 : std::max(0.0, date - now);
  }

  void update_actions_state(double now, double /*delta*/) override {
    const double due = just_after(now);
    while (calendar_.earliest_date() <= due) {
      const bool more = --reads_ >= drives;
      calendar_.set(calendar_.earliest(), more ? now + service_s_(random_) : Calendar::never);
      if (reads_ == 0) done_->release();
    }
  }

 private:
  std::uint64_t reads_;
  s4u::SemaphorePtr done_;
  boost::random::mt19937_64 random_{1};
  boost::random::exponential_distribution<double> service_s_{1 / mean_service_s};
  Calendar calendar_{drives};
};

s4u::Engine make_engine() {
  static char name[] = "bench";
  static char quiet[] = "--log=root.thres:critical";
  static char* words[] = {name, quiet, nullptr};
  int count = 2;
  return s4u::Engine(&count, words);
}

Measured floor_of(std::uint64_t reads) {
  auto engine = make_engine();
  s4u::Engine::set_config("surf/precision", 1e-12);
  auto* zone = s4u::create_full_zone("zone");
  auto* host = zone->create_host("host", 1e9);
  zone->seal();
  auto done = s4u::Semaphore::create(0);
  auto model = std::make_shared<Floor>(reads, done);
  engine.add_model(model);
  s4u::Actor::create("waiter", host, [done] { done->acquire(); });
  return {.wall_s = seconds_of(engine), .count = static_cast<double>(reads)};
}

// As a user of SimGrid would write it: each disk has an actor that sleeps through the positioning, then reads.
Measured stock_of(std::uint64_t reads) {
  auto engine = make_engine();
  auto* zone = s4u::create_full_zone("zone");
  auto* host = zone->create_host("host", 1e9);
  std::vector<s4u::Disk*> disks;
  for (std::uint32_t drive = 0; drive < drives; ++drive)
    disks.push_back(host->create_disk("disk" + std::to_string(drive), 2e8, 2e8));
  zone->seal();
  for (std::uint32_t drive = 0; drive < drives; ++drive) {
    s4u::Actor::create("reader", host, [disk = disks[drive], drive, reads] {
      boost::random::mt19937_64 random(drive);
      boost::random::exponential_distribution<double> position_s(1 / mean_service_s);
      for (std::uint64_t i = 0; i < reads / drives; ++i) {
        s4u::this_actor::sleep_for(position_s(random));
        disk->read(16384);
      }
    });
  }
  return {.wall_s = seconds_of(engine), .count = static_cast<double>(reads / drives * drives)};
}

void engine_floor(benchmark::State& state) {
  for (auto _ : state) report(state, in_child([] { return floor_of(3'000'000); }));
}
BENCHMARK(engine_floor)->Name("a/engine-floor")->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

void stock_way(benchmark::State& state) {
  for (auto _ : state) report(state, in_child([] { return stock_of(300'000); }));
}
BENCHMARK(stock_way)->Name("b/stock-way")->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace headway::bench
