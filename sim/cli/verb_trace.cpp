// headway trace: what a trace holds, and the same in formats that other tools open.
#include <fmt/format.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "results/exports/exports.h"
#include "results/trace/trace.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

void print_info(const std::string& file) {
  TraceReader trace(file);
  const TraceHeader& header = trace.header();
  std::array<std::uint64_t, trace_event_count> events{};
  double end_s = 0;
  std::vector<TraceRow> rows;
  while (trace.next(rows)) {
    for (const TraceRow& row : rows) ++events[static_cast<std::size_t>(row.event)];
    end_s = rows.back().time_s;
  }
  fmt::print("scenario  {}\npolicy    {}\nseed      {}\ndevices   {}\nevents    {}\nlast at   {} s\n", header.scenario,
             header.policy, header.seed, header.devices.size(), trace.rows(), end_s);
  for (std::size_t event = 0; event < trace_event_count; ++event) {
    fmt::print("  {:8}  {}\n", to_string(static_cast<TraceEvent>(event)), events[event]);
  }
}

void add_info(Verb& trace) {
  Verb info = trace.verb("info", "Say whose trace it is and count its events");
  const auto file = std::make_shared<std::string>();
  info.option("file", *file, "POLICY.SEED.trace.h5").required();
  info.run([file] { print_info(*file); });
}

void add_export(Verb& trace) {
  struct Arguments {
    std::string file, to, out;
  };
  Verb verb = trace.verb("export", "Write a trace in another format");
  const auto arguments = std::make_shared<Arguments>();
  verb.option("file", arguments->file, "POLICY.SEED.trace.h5").required();
  std::string formats = "The format:";
  for (const TraceExport& each : trace_exports()) formats += fmt::format("\n{}: {}", each.name, each.sentence);
  verb.option("--to", arguments->to, formats).required();
  verb.option("-o,--output", arguments->out, "The file to write; for blktrace the directory").required();
  verb.run([arguments] {
    const TraceExport* format = find_trace_export(arguments->to);
    if (format == nullptr) {
      throw InputError("", "--to", "a format", unknown_name(arguments->to, trace_export_names()));
    }
    TraceReader reader(arguments->file);
    format->write(reader, arguments->out);
  });
}

}  // namespace

void add_trace_verb(Verb& app) {
  Verb trace = app.verb("trace", "Look into traces of runs");
  add_info(trace);
  add_export(trace);
}

}  // namespace headway
