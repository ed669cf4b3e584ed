// The report: one page for a browser, with everything in it, from the results and what lies beside them.
#pragma once

#include <filesystem>
#include <functional>

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

// Writes the report of a results.json, or of the directory that holds one, to `out`, whole or not at all. Reads come
// from traces, curves from interval files (or traces), the scenario from the results (older ones: from its file, where
// that is still the one that ran); what is not there is left out and said to be. With the layout a read's zone names
// the mirror peers that hold it as well, and the run tells where its time beyond the bound went; it is asked for of runs
// that have a trace. Throws InputError for results that cannot be read, and where !has_report().
void write_report(const std::filesystem::path& results, const std::filesystem::path& out, const LayoutOf& layout_of);

}  // namespace headway
