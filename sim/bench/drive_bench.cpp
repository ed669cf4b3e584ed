// (d) The drive models alone: a queue kept full of random reads, by discipline and depth.
#include <benchmark/benchmark.h>

#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_int_distribution.hpp>

#include "models/drive/library.h"
#include "models/drive/queue_spec.h"

namespace headway::bench {

namespace {

void drive_alone(benchmark::State& state, const char* name, const char* discipline) {
  const auto depth = static_cast<std::uint32_t>(state.range(0));
  const auto drive = make_drive(load_drive(name), {.discipline = discipline_of(discipline), .depth = depth}, 1);
  constexpr std::uint32_t bytes = 16384;
  boost::random::mt19937_64 random(1);
  boost::random::uniform_int_distribution<std::uint64_t> place(0, drive->capacity_bytes() / bytes - 1);
  const auto submit = [&](double now_s) {
    drive->submit({.offset_bytes = place(random) * bytes, .bytes = bytes}, now_s);
  };
  for (std::uint32_t i = 0; i < depth; ++i) submit(0);
  DriveCompletion done;
  for (auto _ : state) {
    while (!drive->advance(drive->next_event_s(), done)) {
    }
    submit(done.end_s);
  }
  state.counters["per_s"] = benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

#define HEADWAY_DRIVE_BENCH(label, drive, discipline) \
  BENCHMARK_CAPTURE(drive_alone, label, drive, discipline)->Name("d/" #label)->RangeMultiplier(4)->Range(1, 64)

HEADWAY_DRIVE_BENCH(fcfs, "wd-ultrastar-hc310-6tb", "fcfs");
HEADWAY_DRIVE_BENCH(sstf, "wd-ultrastar-hc310-6tb", "sstf");
HEADWAY_DRIVE_BENCH(c-look, "wd-ultrastar-hc310-6tb", "c-look");
HEADWAY_DRIVE_BENCH(sptf, "wd-ultrastar-hc310-6tb", "sptf");
HEADWAY_DRIVE_BENCH(nvme, "samsung-970-evo-plus-1tb", "fcfs");

}  // namespace

}  // namespace headway::bench
