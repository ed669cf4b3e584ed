// The kinds of figures, each in a file of its own; figure.cpp lists them.
#pragma once

#include "plots/figure.h"

namespace headway {

using Runs = std::span<const PlottedRun>;

void draw_offset_time(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_throughput(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_seeks(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_queue_depth(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_seek_cdf(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_latency_cdf(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_time_breakdown(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_compare(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_sweep(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_overlay(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_gap(Runs runs, const std::filesystem::path& out, const FigureOptions& options);
void draw_layout(Runs runs, const std::filesystem::path& out, const FigureOptions& options);

// The runs that did not fail; InputError when there are none.
std::vector<PlottedRun> good_runs(Runs runs);
// InputError when no run has a value of the metric, as where an older file does not name it.
void hold_values(Runs runs, MetricId metric);
// Without its seed, where it ends in that: so are the seeds of one policy in one file called together.
std::string label_without_seed(const PlottedRun& run);
// The run's trace, or InputError that says how to get one.
const std::filesystem::path& trace_of(const PlottedRun& run);

}  // namespace headway
