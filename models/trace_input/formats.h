// The table of formats. A new one is a file here that defines its TraceFormat, and its line in formats.cpp.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headway {

namespace trace_input {
class LineParser;
}

// A form in which block traces are published.
struct TraceFormat {
  std::string name;      // as scenarios know it
  std::string sentence;  // whose it is, and what a line holds
  bool headed = false;   // its users write a heading above the first line
  // Where a request comes up once for each thing that happens to it: those that may be replayed, the usual one first.
  std::span<const std::string_view> actions = {};
  // `action`: one of them; empty where there are none.
  std::unique_ptr<trace_input::LineParser> (*make_parser)(std::string_view action);
};

std::span<const TraceFormat* const> trace_formats();
const TraceFormat* trace_format(std::string_view name);  // null for an unknown name
const std::vector<std::string>& trace_format_names();
const std::vector<std::string>& trace_action_names();  // of all formats

}  // namespace headway
