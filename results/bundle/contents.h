// What is in a bundle: bundle.json, its first member.
//
//   { "bundle_version": 1,
//     "made_by": {"headway": "1.0.0", "commit": "...", "simgrid": "3.32.0", "gnuplot": "5.4 patchlevel 4"},
//     "experiments": [{"file": "files/first-look.json", "set": [], "trace": false, "results": "results/first-look",
//                      "figures": ["compare"]}, ...],
//     "members": [{"file": "files/first-look.json", "bytes": 1234, "sha256": "..."}, ...] }
//
// Members are all files behind bundle.json, in their order. files/ holds scenarios or sweeps and what they name, lying to
// each other as they lay; results/ what came out: an experiment's results.json or sweep.csv and sweep.json, table.txt,
// what `headway run` printed of it, metrics over time, traces, and KIND.svg, its figures. Nothing in it depends on the
// clock, on this machine or on where the files lay but for their common folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json_node.h"

namespace headway {

struct BundledProgram {
  std::string headway, commit, simgrid, gnuplot;

  bool operator==(const BundledProgram&) const = default;
};

struct BundledExperiment {
  std::string file;              // a scenario or a sweep
  std::vector<std::string> set;  // --set
  bool trace = false;
  std::string results;  // a directory
  std::vector<std::string> figures;  // kinds of headway plot
};

struct BundledMember {
  std::string file;
  std::uint64_t bytes = 0;
  std::string sha256;
};

struct BundleContents {
  static constexpr int version = 1;
  static constexpr std::string_view file = "bundle.json";

  BundledProgram made_by;
  std::vector<BundledExperiment> experiments;
  std::vector<BundledMember> members;
};

Json to_json(const BundleContents& contents);
// Throws InputError also for names of members that lead out of a directory, that are none, or that two have.
BundleContents contents_from(const JsonNode& json);

// "files/a/b.json": relative, of plain parts.
bool is_member_name(const std::string& name);

}  // namespace headway
