#include "models/drive/fit/calibrate.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "models/drive/fit/drive_file.h"
#include "models/drive/fit/isotonic.h"
#include "models/drive/fit/trial_drive.h"

namespace headway::fit {

namespace {

constexpr double near_sectors = 1024;  // within them the heads may be elsewhere than where the last request ended
constexpr int rounds = 3;
// So many standard errors are no chance: fewer for the curve, which all of the parts are pressed into.
constexpr double curve_errors = 3;
constexpr double kind_errors = 3;

// By how much the drive of the log was slower than the one that was fitted, a request.
struct Slower {
  const Observed* one = nullptr;
  double s = 0;

  bool is_near() const { return std::abs(static_cast<double>(one->ahead())) < near_sectors; }
};

struct Mean {
  double value = 0;
  double error = 0;
  double count = 0;

  bool is_chance(double errors) const { return count < 30 || std::abs(value) < errors * error; }
};

Mean mean_of(const std::vector<Slower>& all, const auto& holds) {
  double sum = 0, squares = 0, count = 0;
  for (const Slower& one : all) {
    if (!holds(one)) continue;
    sum += one.s;
    squares += one.s * one.s;
    ++count;
  }
  if (count < 2) return {.error = INFINITY, .count = count};
  const double mean = sum / count;
  return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean) / count), count};
}

// Of requests for which both drives moved their heads; without retries and the like, which take turns. Ours is the mean
// over pauses longer by parts of a turn, which has hardly any chance of rotation in it.
std::vector<Slower> compare(const Findings& found, const FitOptions& options, const RequestLog& log) {
  constexpr double most_turns = 2.5;
  constexpr int parts = 4;
  const Json file = drive_file(found, options, log.file);
  std::vector<double> ours_s(log.requests.size());
  std::vector<bool> moved(log.requests.size(), true);
  RequestLog longer = log;
  for (int part = 0; part < parts; ++part) {
    const auto ours = run(file, longer);
    for (LoggedRequest& one : longer.requests) one.pause_s += found.heads.revolution_s.value / parts;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      ours_s[i] += ours[i].response_s() / parts;
      moved[i] = moved[i] && !by_buffer(ours[i]);
    }
  }
  std::vector<Slower> all;
  for (std::size_t i = 0; i < ours_s.size(); ++i) {
    const Observed& one = found.seen.all[i];
    if (one.first || one.request->waited || one.served == Served::buffer || !moved[i]) continue;
    const double off_s = one.latency_s() - ours_s[i];
    if (std::abs(off_s) < most_turns * found.heads.revolution_s.value) all.push_back({&one, off_s});
  }
  return all;
}

// The knot whose distance is nearest, over the roots.
std::size_t knot_of(const std::vector<CurveKnot>& curve, double tracks) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < curve.size(); ++k) {
    const auto off = [&](std::size_t i) { return std::abs(std::sqrt(curve[i].tracks) - std::sqrt(tracks)); };
    if (off(k) < off(best)) best = k;
  }
  return best;
}

// How far each knot is off beyond what all are, as far as that is more than chance.
std::vector<double> knot_shifts(const Findings& found, const std::vector<Slower>& far_reads) {
  const auto& curve = found.heads.curve;
  std::vector<std::size_t> knots;
  for (const Slower& one : far_reads)
    knots.push_back(knot_of(
        curve, std::abs(tracks_before(found.zones, one.one->sector) - tracks_before(found.zones, one.one->heads))));
  std::vector<Mean> means;
  double excess = 0, told = 0;
  for (std::size_t k = 0; k < curve.size(); ++k) {
    means.push_back(mean_of(far_reads, [&](const Slower& one) { return knots[&one - far_reads.data()] == k; }));
    if (means[k].count < 20) continue;
    excess += means[k].value * means[k].value - means[k].error * means[k].error;
    ++told;
  }
  const double variance = told < 3 ? 0 : std::max(0.0, excess / told);
  std::vector<double> shifts(curve.size());
  for (std::size_t k = 0; k < curve.size(); ++k) {
    if (means[k].count >= 20 && variance > 0)
      shifts[k] = means[k].value * variance / (variance + means[k].error * means[k].error);
  }
  return shifts;
}

void shift_curve(Findings& found, const std::vector<Slower>& all) {
  const double mean_track = static_cast<double>(found.sectors) / tracks_before(found.zones, found.sectors);
  std::vector<Slower> far_reads;
  for (const Slower& one : all) {
    if (!one.one->request->write && !one.one->after_write && !one.is_near()) far_reads.push_back(one);
  }
  const auto is_read = [](const Slower& one) { return !one.one->request->write; };
  const Mean near = mean_of(all, [&](const Slower& one) { return is_read(one) && one.is_near(); });
  const Mean far = mean_of(far_reads, [](const Slower&) { return true; });
  const double far_s = far.is_chance(curve_errors) ? 0 : far.value;
  for (Slower& one : far_reads) one.s -= far_s;
  const auto shifts = knot_shifts(found, far_reads);
  std::vector<double> values, weights;
  for (std::size_t k = 0; k < shifts.size(); ++k) {
    CurveKnot& knot = found.heads.curve[k];
    const bool is_near = knot.tracks * mean_track < near_sectors;
    knot.s.value += is_near ? (near.is_chance(curve_errors) ? 0 : near.value) : far_s + shifts[k];
    values.push_back(knot.s.value);
    weights.push_back(1 / std::max(1e-14, knot.s.error * knot.s.error));
  }
  const auto monotone = rising(values, weights);
  for (std::size_t k = 0; k < shifts.size(); ++k) found.heads.curve[k].s.value = monotone[k];
}

Mean mean_of_far(const std::vector<Slower>& all, bool write, bool after_write) {
  return mean_of(all, [=](const Slower& one) {
    return !one.is_near() && one.one->request->write == write && one.one->after_write == after_write;
  });
}

void shift_kinds(Findings& found, const std::vector<Slower>& all) {
  Positioning& heads = found.heads;
  const Mean read = mean_of_far(all, false, true);
  const Mean write = mean_of_far(all, true, false);
  const Mean later_write = mean_of_far(all, true, true);
  if (!read.is_chance(kind_errors)) heads.after_write_s.value += read.value;
  if (!write.is_chance(kind_errors)) heads.write_overhead_s.value += write.value;
  if (!later_write.is_chance(kind_errors))
    heads.write_after_write_s.value += later_write.value - (write.is_chance(kind_errors) ? 0 : write.value);
}

// What the edges say of requests after a write rests on a difference that a curve a little wrong makes as well: the
// means must bear it, or it is theirs. As much of it stays as drives usually have, beside how exactly the means can
// tell it.
void hold_to_usual(Known& after_write, bool write, const std::vector<Slower>& all) {
  const double usual_s = write ? 0.6e-3 : 0.2e-3;  // the library's drives: 0.2 to 2.5 ms, 0.05 to 0.2 ms
  const Mean behind_write = mean_of_far(all, write, true), others = mean_of_far(all, write, false);
  const double error = std::hypot(behind_write.error, others.error);
  const double off = behind_write.value - others.value;
  if (std::abs(off) > 2 * error) after_write.value += off;
  after_write.value *= usual_s * usual_s / (usual_s * usual_s + error * error);
}

}  // namespace

void calibrate(Findings& found, const FitOptions& options, const RequestLog& log) {
  const auto slower = compare(found, options, log);
  hold_to_usual(found.heads.after_write_s, false, slower);
  hold_to_usual(found.heads.write_after_write_s, true, slower);
  for (int round = 0; round < rounds; ++round) {
    shift_kinds(found, compare(found, options, log));
    shift_curve(found, compare(found, options, log));
  }
}

}  // namespace headway::fit
