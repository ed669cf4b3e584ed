#include "models/drive/fit/positioning.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "models/drive/fit/edge_model.h"
#include "models/drive/fit/isotonic.h"

namespace headway::fit {

namespace {

constexpr std::size_t least_requests = 60;     // at the media, for any curve at all
constexpr std::size_t requests_per_knot = 40;  // with 40 an edge lies within a fortieth of a revolution
constexpr std::size_t most_knots = 18;
constexpr double step_turns = 1.0 / 6;  // that a step to the next track takes at most

// A request at the media as the edges have it.
struct Move {
  const Observed* one = nullptr;
  double tracks = 0;        // to go
  double turns_passed = 0;  // while its sectors pass, where the layout says so
};

double turn_per_sector(const std::vector<TrackZone>& zones, std::uint64_t sector) {
  auto zone = std::upper_bound(zones.begin(), zones.end(), sector,
                               [](std::uint64_t at, const TrackZone& next) { return at < next.first_sector; });
  if (zone != zones.begin()) --zone;
  return 1 / zone->sectors_per_track;
}

// Where the heads are when a request comes, as far as a log says: the drive may have read ahead.
class Heads {
 public:
  Heads(const Observations& seen, const std::vector<TrackZone>& zones, double revolution_s,
        std::uint32_t read_ahead_after)
      : seen_(seen), zones_(zones), revolution_s_(revolution_s), read_ahead_after_(read_ahead_after) {}

  bool read_ahead(const Observed& one) const {
    return seen_.hit.found && !one.after_write && (read_ahead_after_ == 1 || one.before_run > 0);
  }
  // Turns that they have passed since.
  double turns_ahead(const Observed& one) const {
    return read_ahead(one) ? std::max(0.0, one.idle_s) / revolution_s_ : 0;
  }
  // Of a read a little ahead of them, on their track and not yet in the buffer: how long until they would have read on
  // to its first sector.
  std::optional<double> comes_by_s(const Observed& one, const Observed& last) const {
    constexpr double margin_s = 0.05e-3;  // of the host's clock
    constexpr double most_tracks = 0.3;
    if (zones_.empty() || !read_ahead(one) || one.request->write || last.served == Served::buffer || one.ahead() <= 0)
      return std::nullopt;
    const double turns = static_cast<double>(one.ahead()) * turn_per_sector(zones_, one.sector);
    const double s = turns * revolution_s_ - one.request->pause_s;
    if (turns > most_tracks || s < seen_.hit.s + std::max(margin_s, 3 * seen_.hit.spread_s)) return std::nullopt;
    return s;
  }

 private:
  const Observations& seen_;
  const std::vector<TrackZone>& zones_;
  double revolution_s_;
  std::uint32_t read_ahead_after_;
};

Move move_of(const Observed& one, const std::vector<TrackZone>& zones) {
  if (zones.empty())  // in sectors until their number a track is known
    return {.one = &one, .tracks = std::abs(static_cast<double>(one.from_heads()))};
  return {.one = &one,
          .tracks = std::abs(tracks_before(zones, one.sector) - tracks_before(zones, one.heads)),
          .turns_passed = one.sectors * turn_per_sector(zones, one.sector)};
}

// Reads a little ahead of what the drive was reading ahead. Nothing where too few of them came just too late, or the
// drive does not lose a turn then, for it waits until its read-ahead is there: those do not tell its overhead.
std::vector<Move> just_ahead(const Observations& seen, const std::vector<TrackZone>& zones, const Heads& heads,
                             double revolution_s) {
  constexpr std::size_t enough = 40;
  constexpr std::size_t enough_late = 5;
  std::vector<Move> moves;
  std::size_t late = 0;
  for (std::size_t i = 1; i < seen.all.size(); ++i) {
    const Observed& one = seen.all[i];
    const auto comes_by_s = heads.comes_by_s(one, seen.all[i - 1]);
    if (!comes_by_s || one.request->waited) continue;
    moves.push_back(move_of(one, zones));
    late += one.latency_s() - *comes_by_s > revolution_s / 2;
  }
  return moves.size() >= enough && late >= enough_late ? moves : std::vector<Move>{};
}

// Of requests that the media served. `certain`: leaves those out of which the heads' place is not certain, too near for
// what comes next to tell how far the drive has read ahead.
std::vector<Move> all_moves(const Observations& seen, const std::vector<TrackZone>& zones, const Heads& heads,
                            bool certain) {
  constexpr std::int64_t near_sectors = 1024;
  std::vector<Move> moves;
  for (const Observed& one : seen.all) {
    if (one.first || one.served != Served::media) continue;
    if (certain && heads.read_ahead(one) && std::abs(one.from_heads()) < near_sectors) continue;
    moves.push_back(move_of(one, zones));
  }
  return moves;
}

std::vector<Move> moves_of(const Observations& seen, const std::vector<TrackZone>& zones, double stay_tracks,
                           double revolution_s, std::uint32_t read_ahead_after) {
  constexpr std::ptrdiff_t enough = 40;  // that stay
  const Heads heads(seen, zones, revolution_s, read_ahead_after);
  const auto ahead = just_ahead(seen, zones, heads, revolution_s);
  auto moves = all_moves(seen, zones, heads, true);
  if (!ahead.empty()) {
    constexpr double certain_tracks = 3;  // times what the heads can have passed meanwhile
    std::erase_if(moves, [&](Move& move) {
      if (!heads.read_ahead(*move.one)) return false;
      const double turns = heads.turns_ahead(*move.one);
      move.tracks = std::abs(move.one->from_heads() < 0 ? move.tracks + turns : move.tracks - turns);
      return move.tracks < certain_tracks * (1 + turns);
    });
    moves.insert(moves.end(), ahead.begin(), ahead.end());
    return moves;
  }
  const auto stays =
      std::count_if(moves.begin(), moves.end(), [&](const Move& move) { return move.tracks < stay_tracks; });
  return stays >= enough ? moves : all_moves(seen, zones, heads, false);
}

// Requests that seldom step over a track's end, where switches blur their edges: of the shorter ones as many as pass
// within an eighth of a turn, or half of all.
std::vector<Move> small_moves(const std::vector<Move>& moves) {
  constexpr double small_turn = 0.125;
  std::vector<std::uint32_t> sizes;
  for (const Move& move : moves) sizes.push_back(move.one->sectors);
  const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
  std::nth_element(sizes.begin(), middle, sizes.end());
  std::vector<Move> small;
  for (const Move& move : moves) {
    const bool passes = move.turns_passed > 0 && move.turns_passed <= small_turn;
    if (passes || move.one->sectors <= *middle) small.push_back(move);
  }
  return small;
}

// Where the knots are: at even numbers of requests, or even steps of the root of the distance where requests are many.
std::vector<double> knots_of(std::vector<double> roots) {
  std::sort(roots.begin(), roots.end());
  const std::size_t count = std::clamp<std::size_t>(roots.size() / requests_per_knot, 2, most_knots);
  const double least_step = roots.back() / static_cast<double>(most_knots);
  std::vector<double> knots{roots.front()};
  const std::size_t each = std::max<std::size_t>(requests_per_knot / 2, roots.size() / (2 * count));
  std::size_t since = 0;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    ++since;
    const bool step = knots.size() < 4 ? roots[i] > 1.6 * knots.back() : roots[i] - knots.back() >= least_step;
    if (since < each || !step) continue;
    knots.push_back(roots[i]);
    since = 0;
  }
  if (since < each / 2 && knots.size() > 2) knots.pop_back();
  if (knots.back() < roots.back()) knots.push_back(roots.back());
  return knots;
}

// Which requests may begin in the middle of their sectors, wherever the heads come down: they never take more than a
// revolution there.
struct AnyOrder {
  bool reads = false;
  bool writes = false;

  bool of(const Move& move) const { return move.one->request->write ? writes : reads; }
};

// What is tried rather than found by degrees.
struct Rules {
  AnyOrder any_order;
  BusRules bus;
};

// What is known before the rules are.
struct Ground {
  double revolution_s = 0;
  double bus_s = 0;  // a sector
  bool layout = false;
  double stay_tracks = 0;
};

// What a sector takes that neither the layout nor the rules say. To tell rules apart: nothing but steps over a track's
// end, which as many take as sectors pass; a time of each sector would hide the bus. Then: such a time, whatever it is.
enum class Rest { steps, of_each_sector };

// The edges of all moves, and which unknown is what.
class Fit {
 public:
  Fit(const std::vector<Move>& moves, const Ground& ground, const Rules& rules, Rest rest)
      : moves_(moves), edges_(times(moves)), ground_(ground), rules_(rules), rest_(rest) {
    const double turn_s = ground.revolution_s;
    edges_.set_revolution(turn_s);
    edges_.set_noise(turn_s / 60);
    stay_read_ = add_stay(false, turn_s);
    stay_write_ = add_stay(true, turn_s);
    add_positions(turn_s);
    add_kinds(turn_s);
    for (std::uint32_t i = 0; i < moves.size(); ++i) add_passing(i);
    add_sector(turn_s);
  }

  void settle(int rounds) {
    edges_.settle(rounds, [&](EdgeModel& edges) { make_monotone(edges); });
  }

  // The softness of the edges that explains most.
  void find_noise() {
    const double turn = edges_.revolution_s();
    double best = edges_.log_likelihood();
    double noise = edges_.noise_s();
    for (const double share : {1 / 3000.0, 1 / 1000.0, 1 / 400.0, 1 / 200.0, 1 / 100.0, 1 / 30.0}) {
      edges_.set_noise(share * turn);
      const double here = edges_.log_likelihood();
      if (here <= best) continue;
      best = here;
      noise = share * turn;
    }
    edges_.set_noise(noise);
  }

  double log_likelihood() const { return edges_.log_likelihood(); }
  Positioning result() const;

 private:
  static std::vector<double> times(const std::vector<Move>& moves) {
    std::vector<double> all;
    for (const Move& move : moves) all.push_back(move.one->latency_s());
    return all;
  }

  // Without a layout the time that a sector takes has the bus's, but for the last sector's.
  double untold_bus_s() const { return ground_.layout ? 0 : rules_.bus.s_per_sector; }
  void add_passing(std::uint32_t i);
  bool stays(const Move& move) const { return move.tracks < ground_.stay_tracks; }  // seldom over a track's end
  std::optional<std::size_t> add_stay(bool write, double revolution_s);
  void add_positions(double revolution_s);
  void add_kinds(double revolution_s);
  void tell_writes(Positioning& found) const;
  void add_sector(double revolution_s);
  void make_monotone(EdgeModel& edges);
  std::optional<std::size_t> add_where(double width, const auto& holds) {
    std::vector<EdgeModel::Slope> slopes;
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      if (holds(moves_[i])) slopes.push_back({static_cast<std::uint32_t>(i), 1, 1});
    }
    if (slopes.size() < 15 || slopes.size() == moves_.size()) return std::nullopt;
    return edges_.add(0, width, std::move(slopes));
  }
  Known known(std::optional<std::size_t> unknown) const {
    if (!unknown) return {};
    return {edges_.value(*unknown), edges_.error(*unknown), edges_.requests(*unknown)};
  }

  const std::vector<Move>& moves_;
  EdgeModel edges_;
  Ground ground_;
  Rules rules_;
  Rest rest_;
  std::optional<std::size_t> stay_read_;
  std::optional<std::size_t> stay_write_;
  std::vector<double> knots_;  // roots of tracks
  std::vector<std::size_t> levels_;
  std::optional<std::size_t> far_write_;
  std::optional<std::size_t> read_after_write_;
  std::optional<std::size_t> write_after_write_;
  std::optional<std::size_t> sector_;  // all that a sector takes
};

// Low quantile of the times about a knot, to begin with.
double low_time(const std::vector<Move>& moves, const std::vector<std::uint32_t>& members) {
  std::vector<double> times;
  for (const std::uint32_t i : members) times.push_back(moves[i].one->latency_s());
  const auto at = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 10);
  std::nth_element(times.begin(), at, times.end());
  return *at;
}

std::optional<std::size_t> Fit::add_stay(bool write, double revolution_s) {
  constexpr std::size_t enough = 20;
  constexpr double stay_share = 0.3;  // of a track is what stay_tracks_ stands for, be it in tracks or in sectors
  std::vector<EdgeModel::Slope> slopes;
  std::vector<std::uint32_t> members;
  for (std::uint32_t i = 0; i < moves_.size(); ++i) {
    if (!stays(moves_[i]) || moves_[i].one->request->write != write) continue;
    slopes.push_back({i, 1, 1});
    members.push_back(i);
    edges_.may_step(i, std::min(moves_[i].tracks / (ground_.stay_tracks / stay_share), 1.0), step_turns * revolution_s);
  }
  if (members.size() < enough) {
    for (const std::uint32_t i : members) edges_.displace(i, revolution_s * 100, revolution_s * 100);  // tell nothing
    return std::nullopt;
  }
  const double begin = std::max(0.0, low_time(moves_, members) - revolution_s / 10);
  return edges_.add(begin, revolution_s / 4, std::move(slopes));
}

void Fit::add_positions(double revolution_s) {
  const double width = revolution_s / 4;
  std::vector<std::pair<std::uint32_t, double>> go;
  std::vector<double> roots;
  for (std::uint32_t i = 0; i < moves_.size(); ++i) {
    if (stays(moves_[i])) continue;
    go.push_back({i, std::sqrt(moves_[i].tracks)});
    roots.push_back(go.back().second);
  }
  knots_ = knots_of(roots);
  std::vector<std::vector<EdgeModel::Slope>> slopes(knots_.size());
  std::vector<std::vector<std::uint32_t>> members(knots_.size());
  for (const auto& [i, root] : go) {
    const auto right = std::clamp<std::size_t>(
        static_cast<std::size_t>(std::upper_bound(knots_.begin(), knots_.end(), root) - knots_.begin()), 1,
        knots_.size() - 1);
    const double part = std::clamp((root - knots_[right - 1]) / (knots_[right] - knots_[right - 1]), 0.0, 1.0);
    if (part < 1) slopes[right - 1].push_back({i, 1 - part, 1 - part});
    if (part > 0) slopes[right].push_back({i, part, part});
    members[part < 0.5 ? right - 1 : right].push_back(i);
  }
  std::vector<double> begin;
  for (const auto& group : members)
    begin.push_back(group.empty() ? 0 : std::max(0.0, low_time(moves_, group) - revolution_s / 10));
  begin = rising(begin, std::vector<double>(begin.size(), 1));
  for (std::size_t k = 0; k < knots_.size(); ++k) levels_.push_back(edges_.add(begin[k], width, std::move(slopes[k])));
}

// Beyond what the curve says: of requests that seek. Those that stay have levels of their own, so that no unknown has
// to move another out of its way; but writes that stay mostly come behind a write, and have that in their level.
void Fit::add_kinds(double revolution_s) {
  const double width = revolution_s / 6;
  far_write_ = add_where(width, [&](const Move& move) { return !stays(move) && move.one->request->write; });
  const auto after_write = [this](bool write) {
    return [this, write](const Move& move) {
      return (write || !stays(move)) && move.one->after_write && move.one->request->write == write;
    };
  };
  read_after_write_ = add_where(width, after_write(false));
  write_after_write_ = add_where(width, after_write(true));
}

// What is known of how long its sectors pass, and the bus beyond that.
void Fit::add_passing(std::uint32_t i) {
  const Move& move = moves_[i];
  const Observed& one = *move.one;
  const double turn_s = ground_.revolution_s;
  const double passed_s = move.turns_passed * turn_s;
  const double sector_s = passed_s / one.sectors;
  const bool any_order = rules_.any_order.of(move);
  const double beyond_s = ground_.layout ? rules_.bus.beyond_media_s(one.request->write, one.sectors, sector_s) : 0;
  edges_.displace(i, passed_s + beyond_s, (any_order ? 0 : passed_s) + beyond_s);
  if (!stays(move) && (any_order || rest_ == Rest::steps))
    edges_.may_step(i, std::min(move.turns_passed, 1.0), step_turns * turn_s + (any_order ? passed_s : 0));
  // Heads that come down among the sectors asked for pass the whole track; the bus then owes some of the sectors.
  if (!any_order || !ground_.layout || passed_s >= turn_s) return;
  const double owed_s = rules_.bus.is_hidden(one.request->write) ? (one.sectors - 1) * rules_.bus.s_per_sector : 0;
  edges_.may_come_round(i, move.turns_passed, turn_s - passed_s, sector_s + owed_s);
}

// Without a layout it begins at a track of 200 sectors.
void Fit::add_sector(double revolution_s) {
  if (ground_.layout && rest_ == Rest::steps) return;
  std::vector<EdgeModel::Slope> slopes;
  for (std::uint32_t i = 0; i < moves_.size(); ++i) {
    const double sectors = moves_[i].one->sectors;
    slopes.push_back({i, sectors, !ground_.layout && rules_.any_order.of(moves_[i]) ? 0 : sectors});
  }
  if (ground_.layout)
    edges_.add(0, revolution_s / 300, std::move(slopes));
  else
    sector_ = edges_.add(revolution_s / 200, revolution_s / 200, std::move(slopes));
}

void Fit::make_monotone(EdgeModel& edges) {
  std::vector<double> values;
  std::vector<double> weights;
  for (const std::size_t level : levels_) {
    values.push_back(edges.value(level));
    weights.push_back(1 / std::max(1e-14, edges.error(level) * edges.error(level)));
  }
  const auto monotone = rising(values, weights);
  for (std::size_t k = 0; k < levels_.size(); ++k) edges.set_value(levels_[k], monotone[k]);
}

// Overhead and settle of a write apart, where both requests that stay and requests that seek tell of it.
void Fit::tell_writes(Positioning& found) const {
  const Known far = known(far_write_);
  found.write_overhead_s = far;
  if (!stay_write_ || !stay_read_ || !far_write_) return;
  const Known near = known(stay_write_);
  found.write_overhead_s = {near.value - found.overhead_s.value, std::hypot(near.error, found.overhead_s.error),
                            near.requests};
  found.write_settle_s = {far.value - found.write_overhead_s.value, std::hypot(far.error, found.write_overhead_s.error),
                          far.requests};
}

Positioning Fit::result() const {
  Positioning found;
  found.overhead_told = stay_read_.has_value();
  found.overhead_s = known(stay_read_);
  found.overhead_s.value -= untold_bus_s();
  for (std::size_t k = 0; k < knots_.size(); ++k) {
    found.curve.push_back({knots_[k] * knots_[k], known(levels_[k])});
    found.curve.back().s.value -= untold_bus_s();
  }
  found.after_write_s = known(read_after_write_);
  found.write_after_write_s = known(write_after_write_);
  tell_writes(found);
  found.sector_s = known(sector_);
  found.zero_latency = rules_.any_order.reads;
  found.zero_latency_writes = rules_.any_order.writes;
  found.bus = rules_.bus;
  found.requests = moves_.size();
  return found;
}

// Response times of heads over a turning platter spread over a revolution at least.
void need_turning(const std::vector<Move>& moves, double revolution_s, const std::string& name) {
  std::vector<double> times;
  for (const Move& move : moves) times.push_back(move.one->latency_s());
  std::sort(times.begin(), times.end());
  const double spread_s = times[times.size() * 95 / 100] - times[times.size() * 5 / 100];
  if (spread_s < revolution_s / 2)
    throw InputError(
        name, "", fmt::format("response times that spread over a revolution ({:.2f} ms)", revolution_s * 1e3),
        fmt::format("nine in ten within {:.3g} ms: another --rpm, or a drive without heads", spread_s * 1e3));
}

// Whether there are requests enough that seek, over distances of which one is twice another: to and fro between two
// places is one distance but for the requests' own length.
bool tells_curve(const std::vector<Move>& moves, double stay_tracks) {
  double least = INFINITY, most = 0;
  std::size_t seeks = 0;
  for (const Move& move : moves) {
    if (move.tracks < stay_tracks) continue;
    ++seeks;
    least = std::min(least, move.tracks);
    most = std::max(most, move.tracks);
  }
  return seeks >= requests_per_knot && 2 * least < most;
}

std::uint64_t last_sector(const Observations& seen) {
  std::uint64_t last = 0;
  for (const Observed& one : seen.all) last = std::max(last, one.sector);
  return last;
}

// How many requests seek, and over which of the distances that the log's addresses allow; `unit`: of those.
std::string seeks_by_distance(const std::vector<Move>& moves, double stay_tracks, double farthest,
                              std::string_view unit) {
  const auto count = [&](double from, double to) {
    return static_cast<std::size_t>(std::count_if(moves.begin(), moves.end(), [&](const Move& move) {
      return move.tracks >= std::max(from, stay_tracks) && move.tracks < to;
    }));
  };
  const std::size_t all = count(0, INFINITY);
  std::string text = all < requests_per_knot ? fmt::format("{}, {} are missing", all, requests_per_knot - all)
                                             : fmt::format("{} over one distance alone", all);
  for (double from = 0, to = 100; from < farthest; from = to, to *= 10)
    text += fmt::format("; {} over {:.0f} to {:.0f} {}", count(from, to), from, std::min(to, farthest), unit);
  return text;
}

Fit fitted(const std::vector<Move>& moves, const Ground& ground, const Rules& rules, Rest rest, int rounds) {
  Fit fit(moves, ground, rules, rest);
  fit.settle(rounds + 2);
  fit.find_noise();
  fit.settle(rounds);
  return fit;
}

// Of moves of one kind: the rules of all those tried under which their times are most likely; the first one where that
// is not much.
Rules likeliest(const std::vector<Move>& moves, const Ground& ground, const std::vector<Rules>& all) {
  constexpr double clearly = 5;  // in log likelihood
  constexpr int rounds = 3;
  std::optional<Rules> best;
  double most = 0;
  for (const Rules& rules : all) {
    const double here = fitted(moves, ground, rules, Rest::steps, rounds).log_likelihood();
    if (best && here <= most) continue;
    most = best ? here : here + clearly;
    best = rules;
  }
  return *best;
}

std::vector<Rules> with_any_order(std::vector<Rules> all, bool AnyOrder::*any_order) {
  const std::size_t count = all.size();
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(all[i]);
    all.back().any_order.*any_order = true;
  }
  return all;
}

// Reads and writes tell their rules apart from each other, each with a curve of its own.
Rules find_rules(const std::vector<Move>& moves, const Ground& ground) {
  constexpr std::size_t enough = 3000;
  std::vector<Move> reads, writes;
  for (const Move& move : moves) {
    auto& kind = move.one->request->write ? writes : reads;
    if (kind.size() < enough) kind.push_back(move);
  }
  const bool bus_told = ground.layout && ground.bus_s > 0;
  Rules rules{.bus = {.s_per_sector = ground.bus_s}};
  if (tells_curve(reads, ground.stay_tracks)) {
    std::vector<Rules> all{rules};
    rules.bus.reads = ReadBus::behind;
    if (bus_told) all.push_back(rules);
    rules = likeliest(reads, ground, with_any_order(std::move(all), &AnyOrder::reads));
  }
  if (tells_curve(writes, ground.stay_tracks)) {
    if (bus_told) rules.bus.writes = WriteBus::hidden;
    std::vector<Rules> all{rules};
    rules.bus.writes = WriteBus::before;
    if (bus_told) all.push_back(rules);
    rules = likeliest(writes, ground, with_any_order(std::move(all), &AnyOrder::writes));
  }
  return rules;
}

}  // namespace

double tracks_before(const std::vector<TrackZone>& zones, std::uint64_t sector) {
  double tracks = 0;
  for (std::size_t i = 0; i < zones.size() && zones[i].first_sector < sector; ++i) {
    const std::uint64_t end = i + 1 < zones.size() ? std::min(sector, zones[i + 1].first_sector) : sector;
    tracks += static_cast<double>(end - zones[i].first_sector) / zones[i].sectors_per_track;
  }
  return tracks;
}

Positioning find_positioning(const Observations& seen, const Layout* layout, std::optional<double> revolution_s,
                             std::uint32_t read_ahead_after, const std::string& name) {
  static const std::vector<TrackZone> none;
  const auto& zones = layout ? layout->zones : none;
  const bool told = !zones.empty();
  const double stay_tracks = told ? 0.3 : 40;
  const auto moves = moves_of(seen, zones, stay_tracks, revolution_s.value_or(near_spread_s(seen)), read_ahead_after);
  if (moves.size() < least_requests)
    throw InputError(name, "", fmt::format("at least {} requests that went to the media", least_requests),
                     fmt::format("{}: {} are missing", moves.size(), least_requests - moves.size()));
  if (!revolution_s)
    throw InputError(
        name, "", "a log that tells the rotation period, or --rpm",
        fmt::format("dates that show no platters' angle; times of near requests spread over about {:.1f} ms",
                    near_spread_s(seen) * 1e3));
  if (!tells_curve(moves, stay_tracks))
    throw InputError(
        name, "", fmt::format("at least {} requests that seek, over different distances", requests_per_knot),
        seeks_by_distance(moves, stay_tracks,
                          told ? tracks_before(zones, last_sector(seen)) : static_cast<double>(last_sector(seen)),
                          told ? "tracks" : "sectors"));
  const Known turn{.value = *revolution_s};
  need_turning(moves, turn.value, name);
  const Ground ground{.revolution_s = turn.value,
                      .bus_s = seen.hit.found ? seen.hit.s_per_sector : 0,
                      .layout = told,
                      .stay_tracks = stay_tracks};
  const Rules rules = find_rules(moves, ground);
  const auto small = small_moves(moves);
  const bool small_tell = tells_curve(small, stay_tracks);
  Positioning found = fitted(small_tell ? small : moves, ground, rules, Rest::of_each_sector, 6).result();
  found.revolution_s = turn;
  return found;
}

}  // namespace headway::fit
