// headway trace: what a trace holds, of a run's or of a block trace that scenarios replay, and the same in
// formats that other tools open.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "models/trace_input/trace_input.h"
#include "results/exports/exports.h"
#include "results/metrics/units.h"
#include "results/trace/trace.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

constexpr int time_figures = 9;  // of a week, less than a millisecond

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
  fmt::print("scenario  {}\npolicy    {}\nseed      {}\ndevices   {}\nevents    {}\nlast at   {} s\n",
             printable(header.scenario), printable(header.policy), header.seed, header.devices.size(), trace.rows(),
             plain_text(end_s, time_figures));
  for (std::size_t event = 0; event < trace_event_count; ++event) {
    fmt::print("  {:8}  {}\n", to_string(static_cast<TraceEvent>(event)), events[event]);
  }
}

// Of a trace that a workload replays: what it asks for, to be held against what its publisher says.
void print_input_info(const std::string& file, const std::string& format_name, const std::string& action) {
  const TraceFormat* format = trace_format(format_name);
  check_trace_action(*format, action, "--action");
  struct Side {
    std::uint64_t requests = 0, bytes = 0;
  } reads, writes;
  std::uint64_t devices = 0, end_bytes = 0;
  double end_s = 0;
  const auto trace = open_trace(file, *format, {.clamp_times = true, .action = action});
  while (const auto request = trace->next()) {
    Side& side = request->write ? writes : reads;
    ++side.requests;
    side.bytes += request->bytes;
    devices = std::max<std::uint64_t>(devices, request->device + 1u);
    end_bytes = std::max(end_bytes, request->offset_bytes + request->bytes);
    end_s = request->time_s;
  }
  fmt::print("format    {}\ndevices   {}\nrequests  {}\n  reads   {}, {} bytes\n  writes  {}, {} bytes\n", format->name,
             devices, reads.requests + writes.requests, reads.requests, reads.bytes, writes.requests, writes.bytes);
  fmt::print("furthest  {} bytes\nlast at   {} s\n", end_bytes,
             plain_text(end_s, time_figures));
}

void add_info(Verb& trace) {
  struct Arguments {
    std::string file, format, action;
  };
  Verb info = trace.verb("info", "Say whose trace it is and count its events, or the requests of a block trace");
  const auto arguments = std::make_shared<Arguments>();
  info.option("file", arguments->file, "POLICY.SEED.trace.h5, or with --format a block trace").required();
  std::string formats = "The block trace's format:";
  for (const TraceFormat* each : trace_formats()) formats += fmt::format("\n{}: {}", each->name, each->sentence);
  info.option("--format", arguments->format, formats).out_of(trace_format_names(), "a format");
  info.option("--action", arguments->action,
              "Of blkparse: Q, what was queued (without this option), or D, what was issued to the drive");
  info.run([arguments] {
    if (arguments->format.empty() && !arguments->action.empty())
      throw InputError("", "--action", "a block trace's --format with it", "none");
    if (arguments->format.empty()) return print_info(arguments->file);
    print_input_info(arguments->file, arguments->format, arguments->action);
  });
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
  verb.option("--to", arguments->to, formats).required().out_of(trace_export_names(), "a format");
  verb.option("-o,--output", arguments->out, "The file to write; for blktrace the directory").required();
  verb.run([arguments] {
    const TraceExport* format = find_trace_export(arguments->to);
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
