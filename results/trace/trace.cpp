// What is common to writing and reading traces.
#include "results/trace/trace.h"

#include <fmt/format.h>

#include <array>

#include "results/trace/trace_columns.h"

namespace headway {

namespace {

constexpr std::array<const char*, trace_event_count> event_names = {"add", "cached",   "evict",  "zone",  "issue",
                                                                    "hit", "complete", "finish", "detach"};

}  // namespace

std::string_view to_string(TraceEvent event) { return event_names[static_cast<std::size_t>(event)]; }

std::string trace_file_name(std::string_view policy, std::uint64_t seed) {
  std::string safe(policy);
  for (char& c : safe) {
    if (c == '/' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '_';
  }
  return fmt::format("{}.{}.trace.h5", safe, seed);
}

template <>
h5::Handle trace_type<TraceEvent>() {
  h5::Handle type(H5Tenum_create(H5T_STD_U8LE), H5Tclose, "describe a column");
  for (std::uint8_t value = 0; value < trace_event_count; ++value) {
    h5::check(H5Tenum_insert(type, event_names[value], &value), "name an event");
  }
  return type;
}

}  // namespace headway
