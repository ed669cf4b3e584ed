// Figures that have been published of what a scenario simulates, beside what came out.
//
// In a scenario, "published": a list of
//   {"what": "Qu Wenruo 2023: scrub of v6.4 over v6.3", "value": 0.388, "metric": "throughput_bytes_per_s",
//    "policy": "path-reada", "workload": "v6.4", "relative_to_workload": "v6.3", "source": "linux-btrfs, <message-id>",
//    "range": {"sweep": "../sweeps/x.json", "least": 0.3, "most": 0.5}, "outside": "why it misses"}
// with metric, policy, workload and the `relative_to` keys as in "expect" (figure.h). A value that is no ratio is in
// the metric's own base unit (s, bytes, bytes/s, ms of r_await); a change in per cent stands there as a ratio: -5.7 %
// is 0.943. "to": the upper end where a span was published ("20 to 100 times", "faster" is 0 to 1). The range is the
// least and the most that the axes of a sweep, laid over this scenario, make of the figure; `headway published ranges`
// holds them to it.
//
// In results.json, "published": of each what was published, "here" with its interval, and the verdict. They follow from
// the scenario in full and the runs; reading takes those and leaves them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "results/files/figure.h"

namespace headway {

struct PublishedRange {
  std::string sweep;  // relative to the scenario
  double least = 0;
  double most = 0;
};

struct Published {
  std::string path;  // in the scenario
  std::string what;
  double value = 0;
  std::optional<double> to;
  Figure figure;
  std::optional<std::string> relative_to_scenario;  // what is below the line is that scenario's; relative to this one
  std::string source;
  std::optional<PublishedRange> range;
  std::string outside;  // why it is, and what would have to be true; empty: no reason given

  bool is_ratio() const { return figure.is_ratio() || relative_to_scenario.has_value(); }
};

const Fields<Published>& published_fields();

enum class Standing : std::uint8_t {
  interval,  // what was published lies within the 95 % interval of what came out here
  equal,  // to within half a per cent; or, with the whole interval, within the span that was published
  range,  // what was published lies within the range that the sweep found
  outside,
  unknown,  // no run has a value, or what is below the line is of other results that are not there
};

struct Beside {
  Published published;
  Estimate here;
  Standing standing = Standing::unknown;
  std::string caveat;  // as caveat_of() has it

  std::string verdict() const;  // "inside the range", "outside: no reason given"
};

// For people: with units, and the verdict with the range and what limits it.
struct BesideTexts {
  std::string published, here, verdict;
};
BesideTexts texts_of(const Beside& beside);

// The results of another scenario, by the name that `of` has for it; null where there are none.
using OtherResults = std::function<const Results*(const Results& of, const std::string& scenario)>;

// Of the scenario that the results are of, in its order; nothing of results that do not have it.
std::vector<Beside> beside_published(const Results& results, const OtherResults& others = {});

Json published_as_json(const Results& results);

}  // namespace headway
