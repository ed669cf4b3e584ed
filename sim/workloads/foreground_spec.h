// What a scenario says about a foreground.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/trace_input/trace_input.h"

namespace headway {

// When the requests of a foreground come.
struct ClosedLoop {
  std::uint32_t depth = 1;  // under way at any time, of each job
};
struct PoissonArrivals {
  double rate_per_s = 0;
};
struct ReplayedTrace {
  std::filesystem::path file;
  const TraceFormat* format = nullptr;
  std::optional<std::string> action;  // of the format's; its usual one without
  double speed = 1;                   // 2: in half the time
  bool clamp_times = false;  // a time that goes back counts as the one before it; otherwise it is an error
  bool wrap = false;         // what lies beyond the devices is folded onto them; otherwise it is an error

  std::unique_ptr<TraceInput> open() const {
    return open_trace(file, *format, {.clamp_times = clamp_times, .action = action.value_or("")});
  }
};

struct ForegroundSpec {
  enum class Region : std::uint8_t { device, data };
  enum class Pattern : std::uint8_t { random, sequential };

  std::variant<ClosedLoop, PoissonArrivals, ReplayedTrace> arrivals;
  std::uint32_t jobs = 1;  // closed loops beside each other
  double read_share = 1;
  std::uint32_t request_bytes = 4096;
  std::optional<std::uint32_t> align_bytes;  // random places are at multiples of it; of request_bytes without it
  Region region = Region::device;
  Pattern pattern = Pattern::random;
  std::vector<std::uint64_t> devices;  // devids; all when empty
  std::optional<std::uint64_t> requests;
  std::optional<double> duration_s;

  bool whole_trace = false;  // a trace in a scenario where nothing else ends by itself: it ends with its last request

  // Whether it goes on until all workloads that end by themselves have ended.
  bool endless() const { return !requests && !duration_s && !whole_trace; }
};

}  // namespace headway
