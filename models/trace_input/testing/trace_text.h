// For tests: requests as the text of a trace, in every format of the table.
#pragma once

#include <fmt/format.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/trace_input/trace_input.h"

namespace headway::testing {

// Precondition: whole sectors, times that do not go back, the devices first come up in the order of their numbers.
inline std::string trace_text(const std::string& format, const std::vector<TraceRequest>& requests) {
  using Line = std::string (*)(const TraceRequest&);
  static const std::map<std::string, Line> lines{
      {"msr",
       [](const TraceRequest& r) {
         return fmt::format("{},host,{},{},{},{},1\n",
                            100'000'000'000'000'000 + static_cast<std::uint64_t>(r.time_s * 1e7), r.device,
                            r.write ? "Write" : "Read", r.offset_bytes, r.bytes);
       }},
      {"alibaba",
       [](const TraceRequest& r) {
         return fmt::format("{},{},{},{},{}\n", r.device, r.write ? "W" : "R", r.offset_bytes, r.bytes,
                            static_cast<std::uint64_t>(r.time_s * 1e6));
       }},
      {"tencent",
       [](const TraceRequest& r) {
         return fmt::format("{:.6f},{},{},{},{}\n", r.time_s, r.offset_bytes / 512, r.bytes / 512, int{r.write},
                            r.device);
       }},
      {"fiu",
       [](const TraceRequest& r) {
         return fmt::format("{} 1 process {} {} {} 8 {} 0a\n", static_cast<std::uint64_t>(r.time_s * 1e9),
                            r.offset_bytes / 512, r.bytes / 512, r.write ? "W" : "R", r.device);
       }},
      {"spc",
       [](const TraceRequest& r) {
         return fmt::format("{},{},{},{},{:.6f}\n", r.device, r.offset_bytes / 512, r.bytes, r.write ? "W" : "R",
                            r.time_s);
       }},
      {"disksim",
       [](const TraceRequest& r) {
         return fmt::format("{:.6f} {} {} {} {}\n", r.time_s * 1e3, r.device, r.offset_bytes / 512, r.bytes / 512,
                            int{!r.write});
       }},
      {"blkparse",
       [](const TraceRequest& r) {
         const auto event = [&](char action) {
           return fmt::format("8,{} 0 1 {:.9f} 1 {} {} {} + {} [reader]\n", r.device, r.time_s, action,
                              r.write ? "W" : "R", r.offset_bytes / 512, r.bytes / 512);
         };
         return event('Q') + event('D');
       }},
      {"fio",
       [](const TraceRequest& r) {
         return fmt::format("{} device{} {} {} {}\n", static_cast<std::uint64_t>(r.time_s * 1e6), r.device,
                            r.write ? "write" : "read", r.offset_bytes, r.bytes);
       }},
  };
  const auto line = lines.find(format);
  if (line == lines.end())
    throw std::logic_error("a line of the trace format " + format + " is wanted in trace_text.h");
  std::string text = format == "fio" ? "fio version 3 iolog\n" : "";
  for (const TraceRequest& request : requests) text += line->second(request);
  return text;
}

}  // namespace headway::testing
