// The table of exports.
#include "results/exports/exports.h"

#include <algorithm>
#include <array>

namespace headway {

namespace {

constexpr std::array<TraceExport, 6> table = {{
    {"csv", "every event as comma-separated values", write_trace_csv},
    {"blktrace", "a directory with devN.blktrace.0 for blkparse, btt, iowatcher", write_blktrace},
    {"fio-v2", "fio iolog version 2, to replay the reads", write_fio_v2},
    {"fio-v3", "fio iolog version 3, to replay the reads at their times", write_fio_v3},
    {"paje", "Paje, for ViTE, PajeNG and their like", write_paje},
    {"perfetto", "trace-event JSON, for ui.perfetto.dev and chrome://tracing", write_perfetto},
}};

}  // namespace

std::span<const TraceExport> trace_exports() { return table; }

std::vector<std::string> trace_export_names() {
  std::vector<std::string> names;
  for (const TraceExport& each : table) names.emplace_back(each.name);
  return names;
}

const TraceExport* find_trace_export(std::string_view name) {
  const auto found = std::ranges::find(table, name, &TraceExport::name);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace headway
