// A trace as CSV: for eyes, spreadsheets and programs that have no HDF5.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <iterator>
#include <memory>
#include <system_error>

#include "core/base/whole_file.h"
#include "results/trace/trace.h"
#include "results/trace/trace_columns.h"

namespace headway {

namespace {

template <typename T>
void append_cell(std::string& line, T value, T empty) {
  line += ',';
  if constexpr (std::is_same_v<T, TraceEvent>) {
    line += to_string(value);
  } else if constexpr (std::is_same_v<T, double>) {
    if (!std::isnan(value)) fmt::format_to(std::back_inserter(line), "{}", value);
  } else {
    if (value != empty) fmt::format_to(std::back_inserter(line), "{}", +value);
  }
}

void append_row(std::string& line, std::uint64_t seq, const TraceRow& row) {
  static const TraceRow empty;
  fmt::format_to(std::back_inserter(line), "{}", seq);
  for_each_trace_column(
      [&](const auto& column, std::size_t) { append_cell(line, row.*column.member, empty.*column.member); });
}

}  // namespace

std::string trace_csv_header() {
  std::string line = "seq";
  for_each_trace_column([&](const auto& column, std::size_t) { line += fmt::format(",{}", column.name); });
  return line;
}

std::string trace_csv_row(std::uint64_t seq, const TraceRow& row) {
  std::string line;
  append_row(line, seq, row);
  return line;
}

void write_trace_csv(TraceReader& trace, const std::filesystem::path& out) {
  write_whole(out, [&](const std::filesystem::path& part) {
    OutputFile file(part, out);
    file.write(trace_csv_header() + "\n");
    std::vector<TraceRow> rows;
    std::string text;
    std::uint64_t seq = 0;
    while (trace.next(rows)) {
      text.clear();
      for (const TraceRow& row : rows) {
        append_row(text, seq++, row);
        text += '\n';
      }
      file.write(text);
    }
    file.close();
  });
}

}  // namespace headway
