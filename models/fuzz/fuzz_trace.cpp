// Block traces: each input is read in every format, for the first line tells most of them apart.
#include "models/fuzz/fuzz_support.h"
#include "models/trace_input/trace_input.h"

using namespace headway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const TraceFormat* format : trace_formats()) {
    fuzz::run([&] {
      const auto trace = open_trace(text, "fuzz", *format, {.clamp_times = size % 2 == 0});
      while (trace->next()) {
      }
    });
  }
  return 0;
}
