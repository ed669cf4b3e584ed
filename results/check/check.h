// Holding results against a baseline, committed earlier: what changed, in which metric of which policy, by how much,
// and whether that is for the worse.
//
// Runs are compared in pairs, by seed. With one seed in common a change counts when it goes beyond the tolerance; with
// several it counts when the 95 % interval of what goes beyond lies wholly on that side (statistics.h): a change that
// the seeds do not bear out is none.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "results/files/results_file.h"
#include "results/metrics/statistics.h"

namespace headway {

// How far a value may go from the old one: a share of it, and an amount in the metric's unit.
struct Tolerance {
  double share = 0.01;
  double amount = 0;
};

struct CheckOptions {
  Tolerance tolerance;                      // of metrics that are not named
  std::map<MetricId, Tolerance> of_metric;  // named ones: of these a change that is neither better nor worse is red
  std::vector<MetricId> metrics;            // only these; empty: all
  bool strict = false;                      // better is red as well: the baseline is to be refreshed
};

enum class ChangeKind : std::uint8_t { same, within, better, worse, changed };

// One metric of one policy, for the whole run or one of its workloads.
struct Change {
  std::string policy;
  std::string workload;  // empty: the whole run
  MetricId metric = MetricId::elapsed_s;
  ChangeKind kind = ChangeKind::same;
  bool red = false;
  bool other_work = false;  // not compared: `versus` is empty
  Tolerance tolerance;
  Estimate before, after;  // over the seeds in common
  Comparison versus;       // after and before
};

struct Check {
  std::string scenario;
  std::string scenario_file;
  std::string baseline_file;
  std::vector<std::string> notes;        // what to know, and no reason to be red
  std::vector<std::string> failed_runs;  // each one is
  // So is each policy that did not do the same work as in the baseline: with how much each time left undone. Of what
  // such a policy changed, no ratio is told and nothing is better or worse, but its missing blocks and errors.
  std::vector<std::string> other_work;
  std::vector<Change> changes;           // everything that was compared, same or not

  bool red() const;
  std::size_t count(ChangeKind kind) const;
};

// `baseline_file` is for messages. Throws InputError where the two cannot be compared: another scenario, policies that
// only one of them has, no seed in common, a metric of `options` of which the baseline has no value.
Check check(const Results& results, const Results& baseline, const std::string& baseline_file,
            const CheckOptions& options);

// A baseline is a results.json with what a check needs and a rebuild leaves alone: no devices, no summary, no commit,
// nothing of the experiment but the scenario's name and digest.
void write_baseline(const std::filesystem::path& file, Results results);
// baselines/NAME.json beside the scenario NAME.json that the results are of.
std::filesystem::path default_baseline(const Results& results);

}  // namespace headway
