// A line of blkparse's text, "maj,min cpu seq sec.nsec pid action rwbs sector + n [comm]": what block traces and logs of
// requests both take from it.
//
// What a request does is told by the operation in rwbs, not by letters anywhere in it (blk_fill_rwbs() of Linux): after
// an F of its own for a flush that goes before come R, W, WZ (write zeroes: no data), ZA (zone append), D and DE
// (discards), F, N and the other Z (flushes and zones: no data); then flags. The summary that begins with the first
// "CPU" or "Total" ends the trace.
#pragma once

#include <string_view>

#include "models/trace_input/line_parser.h"

namespace headway::trace_input::blkparse {

inline constexpr std::string_view form = "maj,min cpu seq sec.nsec pid action rwbs sector + n [comm]";

inline bool begins_summary(const Fields& fields) { return fields[0].starts_with("CPU") || fields[0] == "Total"; }

// Of a line behind the summary. No line of a summary begins as those of requests do: "8,0", never "8,0)" or "(8,0):".
inline void refuse_another_trace(const Fields& fields) {
  const std::string_view device = fields[0];
  const auto comma = device.find(',');
  const bool numbers = device.find_first_not_of("0123456789,") == std::string_view::npos;
  if (numbers && comma != std::string_view::npos && comma > 0 && comma + 1 < device.size() && fields.size() >= 6)
    throw another_trace();
}

// Throws BadLine for what is none.
inline void need_event(const Fields& fields) {
  fields.need(6, form);
  if (fields[0].find(',') == std::string_view::npos) fields.fail(0, "a device, maj,min");
}

enum class Data { none, read, written };

// Of an event with its rwbs. A flush is an empty write without "+ n".
inline Data data_of(const Fields& fields) {
  const std::string_view rwbs = fields[6];
  const bool flush_before = rwbs.size() > 1 && rwbs[0] == 'F' && std::string_view("RWDNZ").find(rwbs[1]) < 5;
  const std::string_view operation = rwbs.substr(flush_before ? 1 : 0);
  if (fields.size() < 10 || fields[8] != "+") return Data::none;
  if (operation.starts_with('R')) return Data::read;
  const bool written = (operation.starts_with('W') && !operation.starts_with("WZ")) || operation.starts_with("ZA");
  return written ? Data::written : Data::none;
}

}  // namespace headway::trace_input::blkparse
