// (e) to (i): whole runs of the program, as a user starts them. (m): the bound of one, beside runs of the references.
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "models/layout/grow/grow.h"
#include "sim/bench/measure.h"
#include "sim/bound/bound.h"

namespace headway::bench {

namespace {

// The run's own time, from timing.json: layout in memory to results, without what comes before and after it.
Measured timed_run(const std::filesystem::path& scenario, bool trace) {
  const auto out = scratch / scenario.stem();
  std::vector<std::string> words{headway_program, "run", scenario, "-o", out, "-j", "1"};
  if (trace) words.push_back("--trace");
  command(words);
  std::ifstream timing_file(out / "timing.json"), results_file(out / "results.json");
  const Json timing = Json::parse(timing_file)["runs"][0];
  const Json metrics = Json::parse(results_file)["runs"][0]["metrics"];
  const auto value = [&](const char* name) { return metrics[name].get<double>(); };
  return {.wall_s = timing["wall_s"],
          .count = value("reads"),
          .decisions = value("reads") + value("hits") + value("zone_switches"),
          .peak_rss_bytes = timing["peak_rss_bytes"]};
}

void end_to_end(benchmark::State& state, bool trace) {
  const auto devices = static_cast<unsigned>(state.range(0));
  const auto leaves = static_cast<unsigned>(state.range(1));
  const auto scenario =
      write_scenario(million(devices, leaves), "run-" + std::to_string(devices) + "-" + std::to_string(leaves));
  for (auto _ : state) report(state, timed_run(scenario, trace));
}
BENCHMARK_CAPTURE(end_to_end, e, false)
    ->Name("e/end-to-end")
    ->Args({12, 1'000'000})
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(end_to_end, f, false)
    ->Name("f/end-to-end")
    ->Args({1, 1'000'000})
    ->Args({100, 1'000'000})
    ->Args({1000, 1'000'000})
    ->Args({12, 10'000'000})
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(end_to_end, g, true)
    ->Name("g/traced")
    ->Args({12, 1'000'000})
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

Json million_by(const std::string& policy) {
  Json scenario = million(12, 1'000'000);
  scenario["policies"] = {{policy, Json::object()}};
  return scenario;
}

void bound_of_million(benchmark::State& state) {
  const auto file = write_scenario(million_by("level-order"), "bound");
  for (auto _ : state) {
    report(state, in_child([&] {
             const Scenario scenario = read_scenario(file);
             const Layout layout = load_scenario_layout(scenario);
             const auto begin = std::chrono::steady_clock::now();
             benchmark::DoNotOptimize(bound_of(scenario, layout, scenario.seed));
             const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
             return Measured{.wall_s = wall.count(), .count = static_cast<double>(layout.forest.blocks())};
           }));
  }
}
BENCHMARK(bound_of_million)->Name("m/bound")->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

void reference(benchmark::State& state, const std::string& policy) {
  const auto file = write_scenario(million_by(policy), policy);
  for (auto _ : state) report(state, timed_run(file, false));
}
BENCHMARK_CAPTURE(reference, level_order, "level-order")
    ->Name("m/level-order")
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(reference, clairvoyant, "clairvoyant")
    ->Name("m/clairvoyant")
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

void layout_growth(benchmark::State& state) {
  const JsonNode spec = JsonNode::read_file(source_directory / "scenarios/grow/r10x4.json");
  for (auto _ : state) {
    report(state, in_child([&] {
             const auto begin = std::chrono::steady_clock::now();
             const Layout layout = grow_layout(spec, 1);
             const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
             return Measured{.wall_s = wall.count(), .count = static_cast<double>(layout.forest.blocks())};
           }));
  }
}
BENCHMARK(layout_growth)->Name("h/growth")->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

void layout_load(benchmark::State& state) {
  std::filesystem::create_directories(scratch);
  const auto file = scratch / "million.layout.h5";
  if (!std::filesystem::exists(file)) {
    const Json spec = million(12, 1'000'000)["layout"]["synthetic"];
    save_layout(file, grow_layout(JsonNode::parse(spec.dump(), "million"), 1));
  }
  for (auto _ : state) {
    report(state, in_child([&] {
             const auto begin = std::chrono::steady_clock::now();
             const Layout layout = load_layout(file);
             const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
             return Measured{.wall_s = wall.count(), .count = static_cast<double>(layout.forest.blocks())};
           }));
  }
}
BENCHMARK(layout_load)->Name("h/load")->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

// From start to results: one policy and 9,580 reads of a captured file system.
void first_look(benchmark::State& state) {
  const auto scenario = source_directory / "scenarios/first-look.json";
  for (auto _ : state)
    report(state, command({headway_program, "run", scenario, "--policy", "reada-2011", "-o", scratch / "first-look"}));
}
BENCHMARK(first_look)->Name("i/first-look")->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

// The checksum tree of a small captured file system on two drives: 76 reads.
Json small() {
  return {{"schema_version", 1},
          {"name", "small"},
          {"seed", 1},
          {"layout", {{"file", source_directory / "scenarios/captures/umlr1x2.layout.h5"}}},
          {"devices", {{{"drive", "seagate-constellation2-1tb"}, {"count", 2}}}},
          {"workload", {{{"name", "checksums"}, {"kind", "enumerate"}, {"tree", "csum"}}}},
          {"policies", {{"reada-2011", Json::object()}}}};
}

void small_scenario(benchmark::State& state) {
  const auto scenario = write_scenario(small(), "small");
  for (auto _ : state) report(state, command({headway_program, "run", scenario, "-o", scratch / "small"}));
}
BENCHMARK(small_scenario)->Name("i/small-scenario")->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

// A sweep of 500 of them, from start to its table.
void sweep(benchmark::State& state) {
  constexpr int runs = 500;
  const auto scenario = std::filesystem::absolute(write_scenario(small(), "small"));
  Json seeds = Json::array();
  for (int seed = 1; seed <= runs; ++seed) seeds.push_back(seed);
  const auto file = write_scenario({{"schema_version", 1},
                                    {"name", "sweep"},
                                    {"scenario", scenario},
                                    {"grid", {{{"pointer", "/seed"}, {"values", seeds}}}}},
                                   "sweep");
  const auto out = scratch / "sweep";
  for (auto _ : state) {
    std::filesystem::remove_all(out);
    Measured measured = command({headway_program, "sweep", file, "-o", out, "-j", std::to_string(state.range(0))});
    measured.count = runs;
    report(state, measured);
  }
}
BENCHMARK(sweep)->Name("i/sweep")->Arg(1)->Arg(2)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

// The program's start alone, for comparison: the dynamic linker's work, mostly on SimGrid's and HDF5's libraries.
void start_up(benchmark::State& state) {
  for (auto _ : state) report(state, command({headway_program, "--version"}));
}
BENCHMARK(start_up)->Name("i/start-up")->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace headway::bench
