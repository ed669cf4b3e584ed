// The report: one page for a browser, with everything in it, from the results and what lies beside them. Of two
// experiments it shows both beside each other.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/forest.h"
#include "core/volume.h"
#include "results/files/results_file.h"

namespace headway {

// Whether this build has the page: it needs Node when headway is built.
bool has_report();

// The layout that a run read; null where it is not known.
struct LayoutParts {
  const Volume* volume = nullptr;
  const Forest* forest = nullptr;
};
using LayoutOf = std::function<LayoutParts(const RunResult&)>;

// What came of something that the scenario expects.
struct ReportVerdict {
  bool holds = false;
  std::string sentence;
};

// One experiment, and what the results alone do not say of it.
struct ReportSource {
  Results results;
  std::filesystem::path directory;  // where traces and interval files lie
  std::string name{};               // how it is called beside another
  LayoutOf layout_of{};             // asked for of runs whose reads are shown; empty: not known
  std::vector<ReportVerdict> verdicts{};
};

struct ReportOptions {
  std::optional<std::uint64_t> seed;   // whose reads are shown; of each policy the first that went well without
  std::size_t most_reads = 8'000'000;  // in the page, a quarter of it of one run; more are thinned out evenly
};

// Writes the report of one experiment, or of two beside each other, to `out`, whole or not at all. Reads come from
// traces, curves from interval files (or traces), the scenario from the results (older ones: from its file, where that
// is still the one that ran); what is not there is left out and said to be. With the layout, zones and mirror locks are
// drawn, each read leads to where it came from, and the run tells where its time beyond the bound went. Throws
// InputError for files that cannot be read, for a seed that no run has, and where !has_report().
void write_report(std::span<const ReportSource> sources, const std::filesystem::path& out,
                  const ReportOptions& options = {});

}  // namespace headway
