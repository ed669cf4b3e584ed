// Traces in the formats of tools that storage people have: one table, from which the command line derives its choices.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/trace/trace.h"

namespace headway {

struct TraceExport {
  std::string_view name;
  std::string_view sentence;
  // Writes the whole trace to `out`: a file, or for formats of several files a directory, which is made. Files appear
  // whole or not at all. Throws InputError for a trace that does not hold together.
  void (*write)(TraceReader& trace, const std::filesystem::path& out);
};

std::span<const TraceExport> trace_exports();
std::vector<std::string> trace_export_names();
const TraceExport* find_trace_export(std::string_view name);

void write_blktrace(TraceReader& trace, const std::filesystem::path& directory);
void write_fio_v2(TraceReader& trace, const std::filesystem::path& out);
void write_fio_v3(TraceReader& trace, const std::filesystem::path& out);
void write_paje(TraceReader& trace, const std::filesystem::path& out);
void write_perfetto(TraceReader& trace, const std::filesystem::path& out);

}  // namespace headway
