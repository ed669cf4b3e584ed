// The kinds of figures, each in a file of its own; figure.cpp lists them.
#pragma once

#include "plots/figure.h"
#include "results/trace/traced_reads.h"

namespace headway {

using Runs = std::span<const PlottedRun>;

void draw_offset_time(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_throughput(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_seeks(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_queue_depth(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_seek_cdf(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_latency_cdf(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_latency_tail(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_latency(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_load(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_share(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_writes(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_time_breakdown(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_compare(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_sweep(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_overlay(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_gap(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_layout(Runs runs, const std::filesystem::path& out, const FigureOptions& options);

// The runs that did not fail; InputError when there are none.
std::vector<PlottedRun> good_runs(Runs runs);
// The run's value of a metric: of the workload or the device that is selected, else of the whole.
double value_of(const PlottedRun& run, MetricId metric, const Selection& selection);
// InputError when that is no metric of what is selected.
void hold_metric(const FigureOptions& options);
// InputError when no run has a value of the metric, as where an older file does not name it.
void hold_values(Runs runs, MetricId metric, const Selection& selection = {});
// The run's trace, or InputError that says how to get one.
const std::filesystem::path& trace_of(const PlottedRun& run);
// Its reads that ended on the devices, within the times and at the offsets that are selected.
TracedRun selected_run(const PlottedRun& run, const Selection& selection);

}  // namespace headway
