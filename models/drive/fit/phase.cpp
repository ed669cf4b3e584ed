#include "models/drive/fit/phase.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>
#include <span>

#include "models/drive/fit/isotonic.h"

namespace headway::fit {

namespace {

struct Pair {
  double apart_s = 0;
  double sectors = 0;  // from the end of the one to that of the other
  std::uint64_t sector = 0;
};

// Pairs at most `reach` sectors apart, each request with a few neighbours, in the order of addresses.
std::vector<Pair> near_pairs(const std::vector<MediaEnd>& ends, std::uint64_t least, std::uint64_t reach) {
  constexpr std::size_t neighbours = 6;
  std::vector<MediaEnd> sorted = ends;
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.sector < b.sector; });
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    std::size_t found = 0;
    for (std::size_t j = i + 1; j < sorted.size() && found < neighbours; ++j) {
      const std::uint64_t apart = sorted[j].sector - sorted[i].sector;
      if (apart > reach) break;
      if (apart < least) continue;
      pairs.push_back({sorted[j].end_s - sorted[i].end_s, static_cast<double>(apart), sorted[i].sector});
      ++found;
    }
  }
  return pairs;
}

double wrapped(double turn) { return turn - std::round(turn); }

// Pairs so near that few step over a track's end, the nearest in time first.
struct ClockPairs {
  std::vector<Pair> pairs;
  std::uint64_t reach = 0;  // sectors, that they are apart at most
  std::size_t soon = 0;     // so many of them are less than a second apart
};

constexpr std::uint64_t most_reach = 96;

ClockPairs clock_pairs(const std::vector<MediaEnd>& ends, std::uint64_t reach) {
  ClockPairs found{.pairs = near_pairs(ends, 0, reach), .reach = reach};
  std::stable_sort(found.pairs.begin(), found.pairs.end(),
                   [](const Pair& a, const Pair& b) { return std::abs(a.apart_s) < std::abs(b.apart_s); });
  found.soon = static_cast<std::size_t>(std::count_if(found.pairs.begin(), found.pairs.end(),
                                                      [](const Pair& pair) { return std::abs(pair.apart_s) < 1; }));
  return found;
}

// As close as enough of them can be.
ClockPairs closest_pairs(const std::vector<MediaEnd>& ends) {
  constexpr std::size_t enough = 50;
  ClockPairs found;
  for (std::uint64_t reach = 6; reach <= most_reach; reach *= 2) {
    found = clock_pairs(ends, reach);
    if (found.soon >= enough) break;
  }
  return found;
}

constexpr double most_turn_per_sector = 0.05;  // tracks of 20 sectors

// Whatever the tracks' length.
int track_steps(std::uint64_t reach) {
  return static_cast<int>(std::ceil(most_turn_per_sector * static_cast<double>(reach) / 0.2)) + 1;
}

struct Peak {
  double turns_per_s = 0;
  double coherence = 0;
};

// Of each frequency the best coherence whatever the tracks' length. A pair's angle turns by as much from one frequency
// to the next, so that the scan takes one multiplication of complex numbers a pair.
std::vector<Peak> scan(const std::vector<Pair>& pairs, std::size_t count, std::uint64_t reach, double low, double high,
                       double step) {
  std::vector<Peak> at;
  for (double turns_per_s = low; turns_per_s <= high; turns_per_s += step) at.push_back({turns_per_s, 0});
  const int steps = track_steps(reach);
  std::vector<double> x(count), y(count), turn_x(count), turn_y(count);
  for (std::size_t k = 0; k < count; ++k) {
    const double by = 2 * std::numbers::pi * wrapped(pairs[k].apart_s * step);
    turn_x[k] = std::cos(by);
    turn_y[k] = std::sin(by);
  }
  for (int i = 0; i < steps; ++i) {
    const double turn_per_sector = i * most_turn_per_sector / (steps - 1);
    for (std::size_t k = 0; k < count; ++k) {
      const double angle = 2 * std::numbers::pi * wrapped(pairs[k].apart_s * low - pairs[k].sectors * turn_per_sector);
      x[k] = std::cos(angle);
      y[k] = std::sin(angle);
    }
    for (Peak& peak : at) {
      double sum_x = 0, sum_y = 0;
      for (std::size_t k = 0; k < count; ++k) {
        sum_x += x[k];
        sum_y += y[k];
        const double next_x = x[k] * turn_x[k] - y[k] * turn_y[k];
        y[k] = x[k] * turn_y[k] + y[k] * turn_x[k];
        x[k] = next_x;
      }
      peak.coherence = std::max(peak.coherence, std::hypot(sum_x, sum_y) / static_cast<double>(count));
    }
  }
  return at;
}

Peak highest(const std::vector<Peak>& peaks) {
  return *std::max_element(peaks.begin(), peaks.end(),
                           [](const Peak& a, const Peak& b) { return a.coherence < b.coherence; });
}

// Local maxima that are not far below the highest, the lowest frequency first.
std::vector<Peak> candidates(const std::vector<Peak>& scanned) {
  const double least = 0.6 * highest(scanned).coherence;
  std::vector<Peak> found;
  for (std::size_t i = 0; i < scanned.size(); ++i) {
    const double here = scanned[i].coherence;
    if (here < least || (i > 0 && scanned[i - 1].coherence > here)) continue;
    if (i + 1 < scanned.size() && scanned[i + 1].coherence >= here) continue;
    found.push_back(scanned[i]);
  }
  return found;
}

double apart_s(const std::vector<Pair>& pairs, std::size_t count) { return std::abs(pairs[count - 1].apart_s); }

constexpr double most_angles = 1e8;  // that a search may try

struct Clock {
  Peak peak;
  std::size_t count = 0;  // pairs, those nearest in time first, that hold to it
  double apart_s = 0;     // the farthest of them
  double square_s = 0;    // sum over them
};

// The frequency made finer by pairs farther and farther apart in time, as long as they agree; where those are too few,
// by less close ones too.
Clock refined(const std::vector<MediaEnd>& ends, ClockPairs all, Clock clock) {
  constexpr std::size_t wider = 40;  // pairs, at least, that a finer frequency is held to
  while (true) {
    const auto& pairs = all.pairs;
    const double narrow = apart_s(pairs, clock.count);
    std::size_t next = clock.count;
    while (next < pairs.size() && std::abs(pairs[next].apart_s) <= 3 * narrow) ++next;
    next = std::min(std::max(next, clock.count + wider), pairs.size());
    if (next - clock.count < wider / 2) {
      if (all.reach >= most_reach) break;
      all = clock_pairs(ends, 2 * all.reach);
      while (clock.count < all.pairs.size() && std::abs(all.pairs[clock.count].apart_s) <= narrow) ++clock.count;
      continue;
    }
    const std::vector<Pair> wide(pairs.begin() + static_cast<std::ptrdiff_t>(clock.count),
                                 pairs.begin() + static_cast<std::ptrdiff_t>(next));
    const double step = 0.1 / apart_s(pairs, next);
    const double tries = static_cast<double>(wide.size()) * track_steps(all.reach);
    if (0.3 / narrow / step * tries > most_angles) break;
    const auto around = [&](double at, double reach, double by) {
      return highest(scan(wide, wide.size(), all.reach, at - reach, at + reach, by));
    };
    const Peak rough = around(clock.peak.turns_per_s, 0.15 / narrow, step);
    if (rough.coherence < 0.6 * clock.peak.coherence) break;  // the spindle drifts, or the dates do
    clock.peak = around(rough.turns_per_s, step, step / 10);
    clock.count = next;
    clock.apart_s = apart_s(pairs, next);
    clock.square_s = 0;
    for (std::size_t i = 0; i < next; ++i) clock.square_s += pairs[i].apart_s * pairs[i].apart_s;
  }
  return clock;
}

constexpr std::size_t slice_pairs = 160;

// A slice's sectors a track, and by how much (of a turn) pairs on one track are off it.
struct Slice {
  double turn_per_sector = 0;  // 0: its pairs do not tell
  double slack = 0;
};

// How many pairs up to `reach` sectors agree on this turn a sector: each counts by how near it comes, none beyond
// `slack` turns. Others, those that step over the end of a track, do not pull the best value their way.
double agreement(std::span<const Pair> pairs, double turns_per_s, double turn_per_sector, double reach, double slack) {
  double sum = 0;
  for (const Pair& pair : pairs) {
    if (pair.sectors > reach) continue;
    const double off = wrapped(pair.apart_s * turns_per_s - pair.sectors * turn_per_sector) / slack;
    sum += std::max(0.0, 1 - off * off);
  }
  return sum;
}

double most_agreed(std::span<const Pair> pairs, double turns_per_s, double low, double high, double reach,
                   double slack) {
  const double step = 0.3 * slack / reach;
  double best = low;
  double most = -1;
  for (double at = std::max(low, 0.0); at <= high; at += step) {
    const double here = agreement(pairs, turns_per_s, at, reach, slack);
    if (here > most) {
      most = here;
      best = at;
    }
  }
  return best;
}

// First from close pairs, roughly, then from pairs up to half a track apart, with less and less slack.
Slice slice_of(std::span<const Pair> pairs, double turns_per_s) {
  constexpr double least_slack = 0.0015;  // of a turn: what dates of a microsecond carry
  double reach = 24;
  double slack = 0.03;
  double low = 0;
  double high = most_turn_per_sector;
  double at = 0;
  for (; reach * at < 0.45 && reach < 5000; reach *= 1.4) {
    at = most_agreed(pairs, turns_per_s, low, high, reach, slack);
    low = at - 2 * slack / reach;
    high = at + 2 * slack / reach;
  }
  std::vector<double> off;
  for (int round = 0; round < 4; ++round) {
    if (at < 1e-5) return {};
    reach = 0.5 / at;
    off.clear();
    for (const Pair& pair : pairs) {
      const double here = std::abs(wrapped(pair.apart_s * turns_per_s - pair.sectors * at));
      if (pair.sectors <= reach && here < slack) off.push_back(here);
    }
    if (off.size() < 8) return {};
    std::nth_element(off.begin(), off.begin() + static_cast<std::ptrdiff_t>(off.size() / 2), off.end());
    slack = std::max(least_slack, std::min(4 * off[off.size() / 2], 0.6 * slack));
    at = most_agreed(pairs, turns_per_s, at - 0.03 / reach, at + 0.03 / reach, reach, slack);
  }
  const auto close = std::count_if(pairs.begin(), pairs.end(), [&](const Pair& pair) { return pair.sectors <= reach; });
  if (agreement(pairs, turns_per_s, at, reach, slack) < 0.15 * static_cast<double>(close)) return {};
  return {at, slack};
}

// One pair's own word on the turn that a sector takes.
struct Word {
  std::uint64_t sector = 0;
  double turn_per_sector = 0;
  double weight = 0;
  double apart_s = 0;
  double sectors = 0;
  double level = 0;  // what its slice says
};

// Pairs that lie on one track by the word of their slice or of a neighbouring one; the others step over a track's end.
std::vector<Word> words(std::span<const Pair> pairs, const std::vector<Slice>& slices, double turns_per_s) {
  std::vector<Word> found;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const std::size_t own = std::min(i / slice_pairs, slices.size() - 1);
    const Pair& pair = pairs[i];
    std::optional<Word> word;
    double least = 1;
    for (std::size_t k = own > 0 ? own - 1 : 0; k <= std::min(own + 1, slices.size() - 1); ++k) {
      const Slice& slice = slices[k];
      if (slice.turn_per_sector <= 0 || pair.sectors * slice.turn_per_sector > 0.5) continue;
      const double off = wrapped(pair.apart_s * turns_per_s - pair.sectors * slice.turn_per_sector);
      if (std::abs(off) >= std::min(least, slice.slack)) continue;
      least = std::abs(off);
      word = {pair.sector,
              slice.turn_per_sector + off / pair.sectors,
              pair.sectors * pair.sectors,
              pair.apart_s,
              pair.sectors,
              slice.turn_per_sector};
    }
    if (word) found.push_back(*word);
  }
  return found;
}

std::vector<Slice> slices_of(std::span<const Pair> pairs, double turns_per_s) {
  std::vector<Slice> slices;
  for (std::size_t begin = 0; begin < pairs.size(); begin += slice_pairs)
    slices.push_back(slice_of(pairs.subspan(begin, std::min(slice_pairs, pairs.size() - begin)), turns_per_s));
  return slices;
}

struct Block {
  std::size_t begin = 0;
  std::size_t end = 0;
  double mean = 0;
  double weight = 0;
  double error = 0;
};

Block block_of(const std::vector<Word>& words, std::size_t begin, std::size_t end) {
  Block block{.begin = begin, .end = end};
  for (std::size_t i = begin; i < end; ++i) {
    block.weight += words[i].weight;
    block.mean += words[i].weight * words[i].turn_per_sector;
  }
  block.mean /= block.weight;
  double square = 0;
  for (std::size_t i = begin; i < end; ++i)
    square += words[i].weight * words[i].weight * std::pow(words[i].turn_per_sector - block.mean, 2);
  block.error = std::sqrt(square) / block.weight;
  return block;
}

// Neighbours that do not differ by more than they are sure of, or by less than a hundredth, are one.
bool alike(const Block& a, const Block& b) {
  const double apart = std::abs(a.mean - b.mean);
  return apart < 0.004 * a.mean || apart < 3 * std::hypot(a.error, b.error) ||
         std::min(a.end - a.begin, b.end - b.begin) < 8;
}

std::vector<Block> merged(const std::vector<Word>& words, std::vector<Block> blocks) {
  while (blocks.size() > 1) {
    std::size_t best = blocks.size();
    double least = 0;
    for (std::size_t i = 0; i + 1 < blocks.size(); ++i) {
      const double apart = std::abs(blocks[i].mean - blocks[i + 1].mean);
      if (!alike(blocks[i], blocks[i + 1]) || (best < blocks.size() && apart >= least)) continue;
      best = i;
      least = apart;
    }
    if (best == blocks.size()) return blocks;
    blocks[best] = block_of(words, blocks[best].begin, blocks[best + 1].end);
    blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
  return blocks;
}

std::vector<TrackZone> zones_of(const std::vector<Word>& said) {
  std::vector<double> values;
  std::vector<double> weights;
  for (const Word& word : said) {
    values.push_back(word.turn_per_sector);
    weights.push_back(word.weight);
  }
  const auto levels = rising(values, weights);
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < levels.size();) {
    std::size_t end = i;
    while (end < levels.size() && levels[end] == levels[i]) ++end;
    blocks.push_back(block_of(said, i, end));
    i = end;
  }
  std::vector<TrackZone> zones;
  for (const Block& block : merged(said, std::move(blocks))) {
    const std::uint64_t first = zones.empty() ? 0 : (said[block.begin - 1].sector + said[block.begin].sector) / 2;
    zones.push_back({first, 1 / block.mean, block.error / (block.mean * block.mean), block.end - block.begin});
  }
  return zones;
}

// Pairs on one track, hours apart, are off by what the revolution is off: least squares through the origin.
void refine(Revolution& revolution, const std::vector<Word>& said) {
  double product = 0;
  double square = 0;
  for (const Word& word : said) {
    const double off = wrapped(word.apart_s / revolution.s - word.sectors * word.level);
    product += off * word.apart_s;
    square += word.apart_s * word.apart_s;
  }
  revolution.s = 1 / (1 / revolution.s - product / square);
}

}  // namespace

std::optional<Revolution> find_revolution(const std::vector<MediaEnd>& ends, double about_s, double share) {
  const ClockPairs clocks = closest_pairs(ends);
  const auto& pairs = clocks.pairs;
  if (pairs.size() < 30) return std::nullopt;
  const std::size_t count = std::min(std::clamp<std::size_t>(clocks.soon, 50, 300), pairs.size());
  const double low = 1 / (about_s * (1 + share));
  const double high = 1 / (about_s * (1 - share));
  const double step = 0.1 / apart_s(pairs, count);
  if ((high - low) / step * static_cast<double>(count) * track_steps(clocks.reach) > most_angles) return std::nullopt;
  // By chance the best of so many frequencies is as good as this.
  const double steps = std::max(10.0, (high - low) / step * track_steps(clocks.reach));
  const double chance = std::sqrt(std::log(steps) / static_cast<double>(count));
  double square = 0;
  for (std::size_t i = 0; i < count; ++i) square += pairs[i].apart_s * pairs[i].apart_s;
  std::optional<Clock> best;
  for (const Peak& peak : candidates(scan(pairs, count, clocks.reach, low, high, step))) {
    if (peak.coherence < std::max(0.3, 2 * chance)) continue;
    const Clock clock = refined(ends, clocks, {peak, count, apart_s(pairs, count), square});
    // Twice the spindle's frequency brings the same pairs together, so the lower one of two as good.
    const bool wider = best && clock.count > best->count * 3 / 2;
    if (!best || wider || (clock.count >= best->count && clock.peak.coherence > 1.1 * best->peak.coherence))
      best = clock;
  }
  if (!best) return std::nullopt;
  const double coherent = std::min(best->peak.coherence, 0.99999);
  const double spread = std::sqrt(-2 * std::log(coherent)) / (2 * std::numbers::pi);
  Revolution found{.s = 1 / best->peak.turns_per_s, .coherence = best->peak.coherence, .pairs = best->count};
  found.error_s = found.s * found.s * std::max(spread / std::sqrt(best->square_s), 0.01 / best->apart_s);
  return found;
}

Layout find_layout(const std::vector<MediaEnd>& ends, Revolution revolution) {
  const auto pairs = near_pairs(ends, 4, 1000);
  Layout layout{.revolution = revolution};
  if (pairs.size() < 40) return layout;
  for (int round = 0; round < 2; ++round) {
    const double turns_per_s = 1 / layout.revolution.s;
    const auto said = words(pairs, slices_of(pairs, turns_per_s), turns_per_s);
    if (said.size() < 20) return layout;
    layout.zones = zones_of(said);
    refine(layout.revolution, said);
  }
  return layout;
}

}  // namespace headway::fit
