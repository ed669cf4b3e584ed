// What is drawn as one: the replicates of a policy, or one run; and the parts of small multiples.
#pragma once

#include <string>
#include <vector>

#include "plots/figure.h"

namespace headway {

struct Series {
  std::string label;
  std::vector<PlottedRun> runs;  // of several, their seeds differ
  bool marked = false;           // one of them left something undone

  Looks looks() const { return runs.front().looks; }
};

// Of runs that did not fail, in the order in which they come. With --each, one each run.
std::vector<Series> series_of(std::span<const PlottedRun> good, const FigureOptions& options);

// "walk, seed 3" where there are several runs of its label, else "walk".
std::string run_label(const PlottedRun& run, std::span<const PlottedRun> runs);

// For kinds that draw one run a series: that with the lowest seed of each, and a sentence that says which, where there
// were others.
struct OneSeed {
  std::vector<PlottedRun> runs;
  std::vector<std::string> sentences;
};
OneSeed one_seed_each(std::span<const PlottedRun> good);

// A panel of small multiples: its own runs, or its own options, which select a device or a workload.
struct Part {
  std::string title;
  std::vector<PlottedRun> runs;
  FigureOptions options;
};
// One without a title where no facets are asked for. Throws InputError where there is nothing to take apart, or more
// than can be shown.
std::vector<Part> parts_of(std::span<const PlottedRun> good, const FigureOptions& options);

}  // namespace headway
