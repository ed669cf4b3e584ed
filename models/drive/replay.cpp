#include "models/drive/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "models/drive/library.h"

namespace headway {

namespace {

struct Group {
  std::string_view name;
  bool reads, writes;
};
constexpr std::array<Group, 3> groups{{{"all", true, true}, {"reads", true, false}, {"writes", false, true}}};

// Response times of a group, sorted.
struct Times {
  std::vector<double> ours_s, measured_s;

  Times(std::span<const Replayed> all, const Group& group) {
    for (const Replayed& one : all) {
      if (!(one.request.write ? group.writes : group.reads)) continue;
      ours_s.push_back(one.response_s());
      measured_s.push_back(one.request.measured_s);
    }
    std::sort(ours_s.begin(), ours_s.end());
    std::sort(measured_s.begin(), measured_s.end());
  }

  static double mean_ms(const std::vector<double>& sorted_s) {
    double sum = 0;
    for (const double s : sorted_s) sum += s;
    return sum / static_cast<double>(sorted_s.size()) * 1e3;
  }
  static double percentile_ms(const std::vector<double>& sorted_s, double percent) {
    const double rank = std::ceil(percent / 100 * static_cast<double>(sorted_s.size()));
    return sorted_s[static_cast<std::size_t>(std::max(1.0, rank)) - 1] * 1e3;
  }
};

// For print: what rounds to nothing has no sign.
double off_percent(double ours, double measured) {
  const double off = (ours / measured - 1) * 100;
  return std::abs(off) < 0.05 ? 0 : off;
}

double demerit_percent(std::span<const Replayed> all, const Group& group) {
  Times times(all, group);
  if (times.ours_s.empty()) return NAN;
  return demerit(std::move(times.ours_s), std::move(times.measured_s)) * 100;
}

}  // namespace

std::uint32_t sector_bytes(const DriveModel& model) {
  const auto* mechanical = std::get_if<MechanicalModel>(&model.kind);
  return mechanical ? mechanical->sector_bytes : 512;
}

std::vector<Replayed> replay(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, std::uint64_t seed,
                             const RequestLog& log, Arrivals arrivals) {
  const auto drive = make_drive(std::move(model), queue, seed);
  const auto& requests = log.requests;
  std::vector<double> arrival_s;  // at the simulated drive, of those that have come
  arrival_s.reserve(requests.size());
  std::vector<Replayed> finished;
  finished.reserve(requests.size());
  const auto next_arrival_s = [&]() -> double {
    const LoggedRequest& next = requests[arrival_s.size()];
    if (arrivals == Arrivals::open || arrival_s.empty()) return next.arrival_s;
    return finished.size() < arrival_s.size() ? INFINITY : finished.back().end_s + next.pause_s;
  };
  while (finished.size() < requests.size()) {
    const double event_s = drive->next_event_s();
    const double arrives_s = arrival_s.size() < requests.size() ? next_arrival_s() : INFINITY;
    if (arrives_s < INFINITY && arrives_s <= event_s) {  // arrivals first: the drive may choose among them
      const LoggedRequest& next = requests[arrival_s.size()];
      drive->submit(
          {.tag = arrival_s.size(), .offset_bytes = next.offset_bytes, .bytes = next.bytes, .write = next.write},
          arrives_s);
      arrival_s.push_back(arrives_s);
      continue;
    }
    DriveCompletion done;
    while (drive->advance(event_s, done)) {
      LoggedRequest request = requests[done.tag];
      request.arrival_s = arrival_s[done.tag];
      finished.push_back({request, request.arrival_s + done.times.queue_s, done.end_s, done.times.seek_s,
                          done.times.rotation_s, done.times.transfer_s});
    }
  }
  return finished;
}

std::string to_csv(const std::vector<Replayed>& all, std::uint32_t sector_bytes, bool measured) {
  fmt::memory_buffer text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "arrival_ms,sector,sectors,seek_ms,rotation_ms,transfer_ms,service_ms,begin_ms,end_ms,write{}\n",
                 measured ? ",measured_ms" : "");
  for (const Replayed& one : all) {
    const std::uint64_t end = one.request.offset_bytes + one.request.bytes + sector_bytes - 1;
    const std::uint64_t first = one.request.offset_bytes / sector_bytes;
    fmt::format_to(out, "{:.6f},{},{},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{}", one.request.arrival_s * 1e3, first,
                   end / sector_bytes - first, one.seek_s * 1e3, one.rotation_s * 1e3, one.transfer_s * 1e3,
                   (one.end_s - one.begin_s) * 1e3, one.begin_s * 1e3, one.end_s * 1e3, one.request.write ? 1 : 0);
    if (measured) fmt::format_to(out, ",{:.6f}", one.request.measured_s * 1e3);
    fmt::format_to(out, "\n");
  }
  return fmt::to_string(text);
}

double demerit(std::vector<double> ours, std::vector<double> measured) {
  std::sort(ours.begin(), ours.end());
  std::sort(measured.begin(), measured.end());
  double squares = 0, sum = 0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    squares += (ours[i] - measured[i]) * (ours[i] - measured[i]);
    sum += measured[i];
  }
  const auto count = static_cast<double>(measured.size());
  return std::sqrt(squares / count) / (sum / count);
}

MeasuredDemerit measured_demerit(std::span<const Replayed> all) {
  return {.all_percent = demerit_percent(all, groups[0]),
          .reads_percent = demerit_percent(all, groups[1]),
          .writes_percent = demerit_percent(all, groups[2])};
}

std::string comparison_table(std::span<const Replayed> all) {
  std::string text = fmt::format("{:<8} {:>9} {:>12} {:>9} {:>8} {:>10}\n", "", "requests", "measured_ms", "ours_ms",
                                 "off", "demerit");
  std::vector<std::pair<std::string_view, Times>> shown;
  for (const Group& group : groups) {
    Times times(all, group);
    if (times.ours_s.empty()) continue;
    const double measured_ms = Times::mean_ms(times.measured_s), ours_ms = Times::mean_ms(times.ours_s);
    text += fmt::format("{:<8} {:>9} {:>12.3f} {:>9.3f} {:>+6.1f} % {:>8.2f} %\n", group.name, times.ours_s.size(),
                        measured_ms, ours_ms, off_percent(ours_ms, measured_ms),
                        demerit(times.ours_s, times.measured_s) * 100);
    shown.emplace_back(group.name, std::move(times));
  }
  text += fmt::format("\n{:<10}", "percentile");
  for (const auto& [name, times] : shown)
    text += fmt::format(" {:>16} {:>9}", fmt::format("{} measured", name), "ours");
  text += "\n";
  for (const double percent : {1.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 100.0}) {
    text += fmt::format("{:<10}", percent);
    for (const auto& [name, times] : shown)
      text += fmt::format(" {:>16.3f} {:>9.3f}", Times::percentile_ms(times.measured_s, percent),
                          Times::percentile_ms(times.ours_s, percent));
    text += "\n";
  }
  return text;
}

}  // namespace headway
