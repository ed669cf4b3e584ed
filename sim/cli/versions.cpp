#include "sim/cli/versions.h"

#include <fmt/format.h>

#include "models/layout/layout_file.h"
#include "results/check/formats.h"
#include "results/files/results_file.h"
#include "results/files/sweep_table.h"
#include "results/trace/intervals.h"
#include "results/trace/trace_columns.h"
#include "sim/cli/version.h"
#include "sim/engine/run.h"
#include "sim/scenario/scenario.h"
#include "sim/sweep/sweep_spec.h"

namespace headway {

namespace {

// By what a file of the kind holds as its schema_version, or as its version.
struct Format {
  std::string_view name;
  std::uint64_t version;
};
constexpr Format formats[] = {
    {"scenario", Scenario::schema_version},
    {"sweep", SweepSpec::schema_version},
    {"layout.h5", layout_file_version},
    {"results.json", Results::schema_version},
    {"trace.h5", trace_schema_version},
    {"intervals.h5", intervals_schema_version},
    {"sweep.h5", sweep_table_schema_version},
    {"check.json", check_schema_version},
};

}  // namespace

std::string versions() {
  std::string text = fmt::format("headway {}\ncommit {}\nSimGrid {}", version(), commit(), engine_version());
  for (const Format& format : formats) text += fmt::format("\nschema of {} {}", format.name, format.version);
  return text;
}

}  // namespace headway
