#include "sim/bench/measure.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

namespace headway::bench {

namespace {

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "bench: %s\n", what.c_str());
  std::exit(EXIT_FAILURE);
}

double now_s() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Waits for the child; its peak memory.
double reap(pid_t child, const std::string& what) {
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child || status != 0) give_up(what + " failed");
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

}  // namespace

Measured in_child(const std::function<Measured()>& work) {
  int ends[2];
  if (pipe(ends) != 0) give_up("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    const Measured measured = work();
    const bool told = write(ends[1], &measured, sizeof measured) == sizeof measured;
    _exit(told ? 0 : 1);
  }
  close(ends[1]);
  Measured measured;
  const bool told = read(ends[0], &measured, sizeof measured) == sizeof measured;
  close(ends[0]);
  measured.peak_rss_bytes = reap(child, "a measurement");
  if (!told) give_up("a measurement said nothing");
  return measured;
}

Measured command(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  const double begin_s = now_s();
  pid_t child = 0;  // spawned, not forked: to copy our page tables would take longer than some commands
  if (posix_spawnp(&child, arguments[0], &quiet, nullptr, arguments.data(), environ) != 0)
    give_up(words[0] + " cannot be started");
  posix_spawn_file_actions_destroy(&quiet);
  Measured measured{.count = 1};
  reap(child, words[0] + " " + words[1]);
  measured.wall_s = now_s() - begin_s;
  return measured;
}

void report(benchmark::State& state, const Measured& measured) {
  state.SetIterationTime(measured.wall_s);
  state.counters["per_s"] = measured.count / measured.wall_s;
  if (measured.decisions > 0) state.counters["decisions_per_s"] = measured.decisions / measured.wall_s;
  if (measured.peak_rss_bytes > 0) state.counters["peak_bytes"] = measured.peak_rss_bytes;
}

Json million(unsigned devices, unsigned leaves) {
  std::ifstream file(source_directory / "scenarios/bench/million.json");
  Json scenario = Json::parse(file);
  Json& grown = scenario["layout"]["synthetic"];
  grown["devices"][0]["count"] = devices;
  grown["trees"][0]["leaves"] = leaves;
  scenario["devices"][0]["count"] = devices;
  if (devices == 1) grown["metadata_profile"] = "single";
  if (devices > 12) grown["metadata_chunk_bytes"] = 16 << 20;
  return scenario;
}

std::filesystem::path write_scenario(const Json& scenario, const std::string& name) {
  std::filesystem::create_directories(scratch);
  const auto path = scratch / (name + ".json");
  std::ofstream(path) << scenario.dump(2);
  return path;
}

}  // namespace headway::bench
