#include "models/drive/fit/holdout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "models/drive/fit/buffer_search.h"
#include "models/drive/fit/calibrate.h"
#include "models/drive/fit/drive_file.h"
#include "models/drive/fit/trial_drive.h"

namespace headway::fit {

namespace {

// Where a write-back cache fills up, writes wait for the media: of a few sizes the least under which they wait as the
// drive's do.
void find_write_segments(Findings& found, const FitOptions& options, const RequestLog& log) {
  if (!found.seen.cached_write.found) return;
  std::uint32_t best = 1;
  double least = INFINITY;
  for (const std::uint32_t count : {1, 2, 4, 8, 16}) {
    found.buffer.write_segments = count;
    const double writes = measured_demerit(alone(run(drive_file(found, options, log.file), log))).writes_percent;
    if (writes > 0.98 * least) continue;
    least = writes;
    best = count;
  }
  found.buffer.write_segments = best;
}

Json drive_of(const RequestLog& log, const FitOptions& options, Findings& found) {
  found = find_all(log, options);
  search_buffer(found, options, log);
  calibrate(found, options, log);
  find_write_segments(found, options, log);
  return drive_file(found, options, log.file);
}

// At as many percentiles as the smaller half has requests.
double apart_percent(const RequestLog& a, const RequestLog& b, bool reads, bool writes) {
  const auto sorted = [&](const RequestLog& log) {
    std::vector<double> times;
    for (const LoggedRequest& one : log.requests) {
      if (!one.waited && (one.write ? writes : reads)) times.push_back(one.measured_s);
    }
    std::sort(times.begin(), times.end());
    return times;
  };
  const auto first = sorted(a);
  const auto second = sorted(b);
  const std::size_t count = std::min(first.size(), second.size());
  if (count == 0) return NAN;
  const auto thinned = [&](const std::vector<double>& times) {
    std::vector<double> some;
    for (std::size_t i = 0; i < count; ++i) some.push_back(times[(2 * i + 1) * times.size() / (2 * count)]);
    return some;
  };
  return headway::demerit(thinned(first), thinned(second)) * 100;
}

double two_digits(double percent) { return std::round(percent * 100) / 100; }

// Without a figure for what the log has none of.
Json as_json(const MeasuredDemerit& demerit, const std::string& source) {
  Json json = {{"all_percent", two_digits(demerit.all_percent)}};
  if (!std::isnan(demerit.reads_percent)) json["reads_percent"] = two_digits(demerit.reads_percent);
  if (!std::isnan(demerit.writes_percent)) json["writes_percent"] = two_digits(demerit.writes_percent);
  json["source"] = source;
  return json;
}

std::string percent(double value) { return std::isnan(value) ? "-" : fmt::format("{:.1f} %", value); }

// Beyond each of these many tracks, how many requests tell the seek curve.
std::string thin_distances(const Findings& found) {
  constexpr std::size_t enough = 40;
  const double stroke = tracks_before(found.zones, found.sectors);
  std::string text;
  for (double from = 1; from < stroke; from *= 10) {
    const double to = std::min(from * 10, stroke);
    std::size_t count = 0;
    for (const Observed& one : found.seen.all) {
      if (one.first || one.served != Served::media) continue;
      const double tracks = std::abs(tracks_before(found.zones, one.sector) - tracks_before(found.zones, one.heads));
      count += tracks >= from && tracks < to;
    }
    if (count < enough)
      text += fmt::format("- seeks of {:.0f} to {:.0f} tracks: {} requests, {} more would tell them\n", from, to, count,
                          enough - count);
  }
  return text;
}

// A key's value in few letters.
std::string brief(const Json& value) {
  if (value.is_array()) return fmt::format("{} entries", value.size());
  if (value.is_number_float()) return fmt::format("{:.8g}", value.get<double>());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

FittedDrive fit_drive(const RequestLog& log, const FitOptions& options) {
  const std::size_t middle = log.requests.size() / 2;
  const RequestLog first = part_of(log, 0, middle);
  const RequestLog second = part_of(log, middle, log.requests.size());
  FitOptions whole = options;
  if (!whole.capacity_bytes) {  // of all of the log, so that the drive of the first half holds the second
    std::uint64_t reach = 0;
    for (const LoggedRequest& one : log.requests) reach = std::max(reach, one.offset_bytes + one.bytes);
    whole.reach_bytes = reach;
  }
  FittedDrive fitted;
  fitted.predicted = alone(run(drive_of(first, whole, fitted.found), second));
  fitted.demerit = measured_demerit(fitted.predicted);
  fitted.between_halves = {.all_percent = apart_percent(first, second, true, true),
                           .reads_percent = apart_percent(first, second, true, false),
                           .writes_percent = apart_percent(first, second, false, true)};
  fitted.file = drive_of(log, whole, fitted.found);
  fitted.file["measured_demerit"] =
      as_json(fitted.demerit,
              fmt::format("{}: its second half ({} requests) by the drive of its first; the halves differ by {}",
                          log.file, second.requests.size(), percent(fitted.between_halves.all_percent)));
  return fitted;
}

std::string fit_report(const FittedDrive& fitted) {
  const Findings& found = fitted.found;
  std::string text = fmt::format("{}\n\n", fitted.file.at("description").get<std::string>());
  for (const auto& [key, origin] : fitted.file.at("origins").items())
    text += fmt::format("{:<34} {:>12}  {}\n", key, brief(fitted.file.at(key)), origin.get<std::string>());
  text += fmt::format("\nThe second half of the log, predicted by the drive of the first half:\n\n{}",
                      comparison_table(fitted.predicted));
  text += fmt::format(
      "\nThe two halves themselves differ by {} (reads {}, writes {}); the prediction knows the second "
      "one's addresses.\n",
      percent(fitted.between_halves.all_percent), percent(fitted.between_halves.reads_percent),
      percent(fitted.between_halves.writes_percent));
  std::string untold = thin_distances(found);
  if (!found.angle)
    untold += "- the platters' angle: its dates are not the drive's, or too coarse; the rotation is as --rpm says\n";
  if (fitted.file.at("origins").at("surfaces").get<std::string>().starts_with("estimated"))
    untold += "- which tracks make a cylinder: the seek curve counts tracks; --surfaces says it\n";
  if (!found.zones_told && found.heads.bus.s_per_sector > 0)
    untold += "- whether the bus is hidden behind the media: taken to be, for want of track lengths by zone\n";
  if (!found.zones_told) untold += "- track lengths by zone: one mean length stands for all\n";
  if (!found.heads.overhead_told)
    untold += "- the overhead of a read apart from its seek: no request stays on its track\n";
  if (found.buffer.reads && !found.buffer.after_told)
    untold += "- after how many sequential reads it reads ahead: too few of them\n";
  if (found.buffer.reads && found.buffer.segments_requests == 0)
    untold += "- how many segments the buffer has: too few reads of what was read before\n";
  if (!untold.empty()) text += "\nWhat the log does not tell:\n" + untold;
  return text;
}

}  // namespace headway::fit
