#include "models/drive/fit/buffer_search.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "models/drive/fit/drive_file.h"
#include "models/drive/fit/trial_drive.h"

namespace headway::fit {

namespace {

constexpr std::size_t most_requests = 5000;  // that a drive is tried on: enough for rules of yes and no

// Reads of which the log says whether the buffer served them, and how a drive serves them.
class Trials {
 public:
  Trials(const Findings& found, const FitOptions& options, const RequestLog& log)
      : found_(found), options_(options), log_(part_of(log, 0, most_requests)) {}

  // How many reads are served otherwise than in the log; of `reads` in all.
  std::size_t otherwise(const BufferRules& rules, std::size_t* reads = nullptr) const {
    const auto ours = tried(rules);
    std::size_t apart = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      const Observed& one = found_.seen.all[i];
      if (one.request->write || one.request->waited || one.first) continue;
      apart += by_buffer(ours[i]) != (one.served == Served::buffer);
      if (reads) ++*reads;
    }
    return apart;
  }
  // Demerit of the reads. A drive whose tracks' places are not known has some reads on the wrong side of a track's end,
  // but as many.
  double reads_percent(const BufferRules& rules) const { return measured_demerit(alone(tried(rules))).reads_percent; }

 private:
  std::vector<Replayed> tried(const BufferRules& rules) const {
    Findings other = found_;
    other.buffer = rules;
    return run(drive_file(other, options_, log_.file), log_);
  }

  const Findings& found_;
  const FitOptions& options_;
  RequestLog log_;
};

// A search over one rule at a time.
class Search {
 public:
  Search(const Trials& trials, BufferRules rules) : trials_(trials), best_(rules), least_(trials.otherwise(rules)) {}

  // Whether it was better.
  bool attempt(const BufferRules& rules) {
    const std::size_t here = trials_.otherwise(rules);
    if (here >= least_) return false;
    least_ = here;
    best_ = rules;
    return true;
  }
  template <class Value>
  bool attempt(Value BufferRules::*rule, Value value) {
    if (best_.*rule == value) return false;
    BufferRules rules = best_;
    rules.*rule = value;
    return attempt(rules);
  }
  // Larger and smaller by a share, less and less.
  bool attempt_sizes(std::uint32_t BufferRules::*rule, double first_step, double last_step) {
    bool better = false;
    for (double step = first_step; step >= last_step; step /= 2) {
      for (const double factor : {1 + step, 1 / (1 + step)}) {
        const auto next = [&] { return static_cast<std::uint32_t>(std::lround(best_.*rule * factor)); };
        while (next() >= 1 && next() < (1u << 16) && attempt(rule, next())) better = true;
      }
    }
    return better;
  }

  const BufferRules& best() const { return best_; }
  std::size_t least() const { return least_; }

 private:
  const Trials& trials_;
  BufferRules best_;
  std::size_t least_;
};

// Whether the drive reads ahead up to a track's end only, whatever a segment holds.
void search_track_end(const Trials& trials, BufferRules& best, double track_sectors) {
  constexpr double clearly = 0.85;
  double least = clearly * trials.reads_percent(best);
  for (const ReadAheadUntil until : {ReadAheadUntil::track_end, ReadAheadUntil::next_track}) {
    BufferRules rules = best;
    rules.read_ahead_until = until;
    rules.segment_sectors = std::max(rules.segment_sectors, static_cast<std::uint32_t>(2 * track_sectors));
    const double here = trials.reads_percent(rules);
    if (here >= least) continue;
    least = here;
    best = rules;
  }
}

}  // namespace

void search_buffer(Findings& found, const FitOptions& options, const RequestLog& log) {
  if (!found.buffer.reads) return;
  constexpr int rounds = 3;
  const Trials trials(found, options, log);
  Search search(trials, found.buffer);
  for (int round = 0; round < rounds; ++round) {
    bool better = search.attempt(&BufferRules::keeps_requested, !search.best().keeps_requested);
    better |= search.attempt(&BufferRules::read_ahead_after, 3 - search.best().read_ahead_after);
    for (const std::uint32_t count : {1, 2, 3, 4, 6, 8, 12, 16, 24, 32})
      better |= search.attempt(&BufferRules::segments, count);
    if (found.seen.cached_write.found)
      better |= search.attempt(&BufferRules::read_hits_on_writes, !search.best().read_hits_on_writes);
    better |= search.attempt_sizes(&BufferRules::segment_sectors, round == 0 ? 1 : 0.25, 0.02);
    if (!better) break;
  }
  found.buffer = search.best();
  search_track_end(trials, found.buffer, found.zones.front().sectors_per_track);
  found.buffer.otherwise = trials.otherwise(found.buffer, &found.buffer.near_reads);
}

}  // namespace headway::fit
