// A sweep: one scenario, varied. What a sweep file (*.json) says, checked.
//
//   { "schema_version": 1, "name": "...", "description": "...",
//     "scenario": "../first-look.json",              the base, relative to the sweep file
//     "grid":   [AXIS + {"values": [...]}, ...],     every combination
//     "list":   {"axes": [AXIS, ...], "rows": [[...], ...]},  values that belong together, such as layout and drives
//     "random": {"samples": 100, "seed": 1, "axes": [AXIS + {"distribution": DISTRIBUTION}, ...]} }
//
//   AXIS          {"pointer": "/policies/reada-2011/max_in_flight", "name": "in flight"}; without a name, the pointer
//   DISTRIBUTION  {"kind": "uniform" or "log-uniform" or "integer", "low": a, "high": b} or
//                 {"kind": "choice", "values": [...]}
//
// An axis points at any value of the base scenario (a JSON pointer, RFC 6901), or at a key that an object of it does
// not have yet. Of grid, list and random at least one is there; together they are combined, each with each. Paths
// among the values are relative to the base scenario.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/json_node.h"
#include "sim/scenario/overrides.h"

namespace headway {

struct Axis {
  std::string name;
  std::string pointer;
};

// Axes that vary together, and the rows of values that they take. A grid's axis stands alone in its factor.
struct Factor {
  std::vector<Axis> axes;
  std::vector<std::vector<Json>> rows;
};

// A cell is one row of every factor. Cells count from 0, the last factor fastest.
struct SweepSpec {
  static constexpr int schema_version = 1;
  static constexpr std::size_t max_cells = 100'000;

  std::filesystem::path file;
  std::string name;
  std::string description;
  std::filesystem::path scenario_file;
  std::string scenario_called;  // in messages
  std::vector<Setting> set;     // what of it the command line set
  Json scenario;  // the base, but for what was published of it: cells are other experiments
  std::vector<Factor> factors;

  std::size_t cells() const;
  std::vector<Axis> axes() const;
  std::vector<Json> values(std::size_t cell) const;  // in the order of axes()
  Json scenario_of(std::size_t cell) const;
  std::string label(std::size_t cell) const;  // "cell 3 (in flight = 4, seed = 2)", for messages
};

// Throws InputError, for an axis that points nowhere with the nearest place.
// `set`: values of the base (sim/scenario/overrides.h), where no axis has its own.
SweepSpec read_sweep(const std::filesystem::path& file, const std::vector<std::string>& set = {});
// Its axes laid over another scenario than its own.
SweepSpec read_sweep_over(const std::filesystem::path& scenario, const std::filesystem::path& file);

// The sweep file's JSON Schema.
std::string sweep_schema();

// A value as a table shows it: text bare, anything else as JSON.
std::string axis_text(const Json& value);

}  // namespace headway
