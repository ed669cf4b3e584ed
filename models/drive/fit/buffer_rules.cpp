#include "models/drive/fit/buffer_rules.h"

#include <algorithm>
#include <vector>

namespace headway::fit {

namespace {

constexpr std::size_t enough = 15;  // requests that tell a rule

// A yes or no by how far along a scale it lies.
struct Trial {
  std::uint64_t at = 0;
  bool yes = false;
};

// The bound up to which yes is the rule and beyond which no: fewest exceptions.
std::uint64_t bound(std::vector<Trial> trials) {
  std::stable_sort(trials.begin(), trials.end(), [](const Trial& a, const Trial& b) { return a.at < b.at; });
  std::int64_t score = 0;
  std::int64_t best = 0;
  std::uint64_t found = 0;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    score += trials[i].yes ? 1 : -1;
    const bool last_here = i + 1 == trials.size() || trials[i + 1].at != trials[i].at;
    if (last_here && score >= best) {
      best = score;
      found = trials[i].at;
    }
  }
  return found;
}

void find_read_ahead(const Observations& seen, BufferRules& rules) {
  for (const Observed& one : seen.all) {
    if (one.request->write || one.run == 0) continue;
    Share& share = one.run == 1 ? rules.first_sequential : rules.later_sequential;
    ++share.of;
    share.yes += one.served == Served::buffer;
  }
  rules.after_told = rules.first_sequential.of >= enough && rules.later_sequential.of >= enough;
  rules.read_ahead_after =
      rules.after_told && rules.first_sequential.value() < 0.4 * rules.later_sequential.value() ? 2 : 1;
}

// How far behind a read from the media the buffer has what is asked for next, once the drive had the time.
void find_segment(const Observations& seen, BufferRules& rules) {
  constexpr double long_pause_s = 0.015;
  constexpr std::int64_t farthest = 1 << 14;
  std::vector<Trial> trials;
  for (std::size_t i = 1; i < seen.all.size(); ++i) {
    const Observed& one = seen.all[i];
    const Observed& last = seen.all[i - 1];
    if (one.request->write || last.request->write || last.served == Served::buffer) continue;
    if (rules.read_ahead_after == 2 && last.run == 0) continue;
    if (one.ahead() < 0 || one.ahead() > farthest || one.request->pause_s < long_pause_s) continue;
    trials.push_back(
        {static_cast<std::uint64_t>(one.ahead()) + one.sectors + last.sectors, one.served == Served::buffer});
  }
  rules.segment_requests = trials.size();
  rules.segment_sectors = static_cast<std::uint32_t>(bound(std::move(trials)));
}

// How many reads from the media may come between, and a read of the same is still served.
void find_segments(const Observations& seen, BufferRules& rules) {
  constexpr std::size_t farthest = 64;
  std::vector<Trial> trials;
  for (std::size_t i = 0; i < seen.all.size(); ++i) {
    const Observed& one = seen.all[i];
    if (one.request->write) continue;
    std::size_t between = 0;  // segments taken anew since
    for (std::size_t k = i; k-- > 0 && between < farthest;) {
      const Observed& earlier = seen.all[k];
      if (earlier.request->write) continue;
      const bool same = earlier.sector <= one.sector && one.sector + one.sectors <= earlier.sector + earlier.sectors;
      if (same) {
        trials.push_back({between, one.served == Served::buffer});
        break;
      }
      between += earlier.served != Served::buffer;
    }
  }
  rules.segments_requests = trials.size() >= enough ? trials.size() : 0;
  rules.segments = rules.segments_requests > 0 ? static_cast<std::uint32_t>(bound(std::move(trials)) + 1) : 1;
}

}  // namespace

BufferRules find_buffer_rules(const Observations& seen) {
  BufferRules rules{.reads = seen.hit.found, .write_segments = seen.cached_write.found ? 1u : 0u};
  if (!rules.reads) return rules;
  find_read_ahead(seen, rules);
  find_segment(seen, rules);
  find_segments(seen, rules);
  return rules;
}

}  // namespace headway::fit
