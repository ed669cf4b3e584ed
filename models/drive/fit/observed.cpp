#include "models/drive/fit/observed.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace headway::fit {

namespace {

// Beyond this a request is not where the one before it was.
constexpr std::int64_t near_sectors = 4096;

// What the buffer serves takes nearly the same time each time, but for the bus: where response times crowd.
struct Crowd {
  double from_s = 0;
  double s_per_sector = 0;
  std::size_t requests = 0;
};

Crowd densest(const std::vector<Observed*>& group, double window_s) {
  Crowd best;
  std::vector<double> rest(group.size());
  for (int i = 0; i <= 40; ++i) {
    const double s_per_sector = i * 5e-6;
    for (std::size_t k = 0; k < group.size(); ++k) rest[k] = group[k]->latency_s() - group[k]->sectors * s_per_sector;
    std::sort(rest.begin(), rest.end());
    std::size_t begin = 0;
    for (std::size_t end = 0; end < rest.size(); ++end) {
      while (rest[end] - rest[begin] > window_s) ++begin;
      if (end + 1 - begin > best.requests) best = {rest[begin], s_per_sector, end + 1 - begin};
    }
  }
  return best;
}

double median_of(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Least squares of response times on 1, sectors and whether the case is the other one; again and again without much
// weight for what is far off (Tukey's bisquare).
BufferTime regress(const std::vector<Observed*>& group) {
  constexpr int rounds = 20;
  BufferTime time{.found = true, .requests = group.size()};
  const auto count = static_cast<Eigen::Index>(group.size());
  const bool sizes =
      std::any_of(group.begin(), group.end(), [&](auto* one) { return one->sectors != group[0]->sectors; });
  const auto others = std::count_if(group.begin(), group.end(), [](auto* one) { return one->other_case(); });
  const bool kinds = others >= 10 && count - others >= 10;
  Eigen::MatrixXd x = Eigen::MatrixXd::Ones(count, 1 + sizes + kinds);
  Eigen::VectorXd y(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const Observed& one = *group[static_cast<std::size_t>(i)];
    if (sizes) x(i, 1) = one.sectors;
    if (kinds) x(i, 1 + sizes) = one.other_case();
    y(i) = one.latency_s();
  }
  Eigen::VectorXd weight = Eigen::VectorXd::Ones(count);
  Eigen::VectorXd c;
  Eigen::MatrixXd inverse;
  double spread = 0;
  for (int round = 0; round < rounds; ++round) {
    const Eigen::MatrixXd square = x.transpose() * weight.asDiagonal() * x;
    inverse = square.completeOrthogonalDecomposition().pseudoInverse();
    c = inverse * (x.transpose() * weight.asDiagonal() * y);
    const Eigen::VectorXd off = (y - x * c).cwiseAbs();
    spread = std::max(1.48 * median_of({off.begin(), off.end()}), 1e-7);
    weight = off.unaryExpr([&](double each) {
      const double far = each / (4.685 * spread);
      return far < 1 ? (1 - far * far) * (1 - far * far) : 0;
    });
  }
  const auto error = [&](Eigen::Index i) { return spread * std::sqrt(std::max(0.0, inverse(i, i))); };
  time.s = c(0);
  time.error_s = error(0);
  time.spread_s = spread;
  if (sizes) time.s_per_sector = std::max(0.0, c(1));
  if (sizes) time.error_s_per_sector = error(1);
  if (kinds) time.other_case_s = c(1 + sizes);
  return time;
}

double median_s(const std::vector<Observed*>& group) {
  std::vector<double> all;
  for (const Observed* one : group) all.push_back(one->latency_s());
  return median_of(std::move(all));
}

// Times of what the buffer serves, if a crowd of them stands out from what a turning platter spreads evenly over a
// revolution of `spread_s` or so: at least `share` of all.
BufferTime buffer_time(const std::vector<Observed*>& group, double window_s, double spread_s, double share) {
  if (group.size() < 30) return {};
  const Crowd crowd = densest(group, window_s);
  const double even = static_cast<double>(group.size()) * window_s / spread_s;
  if (static_cast<double>(crowd.requests) < std::max({15.0, 3 * even, share * static_cast<double>(group.size())}))
    return {};
  std::vector<Observed*> served;
  for (Observed* one : group) {
    const double rest_s = one->latency_s() - one->sectors * crowd.s_per_sector - crowd.from_s;
    if (rest_s > -window_s && rest_s < 2 * window_s) served.push_back(one);
  }
  return regress(served);
}

double expected_s(const BufferTime& time, const Observed& one) {
  return time.s + one.sectors * time.s_per_sector + (one.other_case() ? time.other_case_s : 0);
}

void mark(std::vector<Observed*>& group, const BufferTime& time, double below_s, double above_s) {
  for (Observed* one : group) {
    const double off = one->latency_s() - expected_s(time, *one);
    if (off > -below_s && off < above_s) one->served = Served::buffer;
  }
}

// The two cases each by the middle one of their times: where a drive answers some of a case in another time, for
// reasons that the log does not show, most of them count.
void settle_cases(const std::vector<Observed*>& reads, BufferTime& time) {
  constexpr std::size_t enough = 10;
  std::vector<double> usual, other;
  for (const Observed* one : reads) {
    if (one->served != Served::buffer) continue;
    (one->other_case() ? other : usual).push_back(one->latency_s() - one->sectors * time.s_per_sector);
  }
  time.requests = usual.size() + other.size();
  const double usual_s = median_of(usual.size() < enough ? other : usual);
  time.other_case_s = usual.size() < enough || other.size() < enough ? 0 : median_of(other) - usual_s;
  time.s = usual_s;
}

// Reads that the buffer served: where their times crowd, in up to two places (of those that go on where a read ended
// and of others, or for reasons of the drive's own).
BufferTime find_hits(std::vector<Observed*>& near, std::vector<Observed*>& far, double media_s) {
  constexpr double two_places_s = 0.5e-3;
  const auto crowd = [&](const std::vector<Observed*>& reads) {
    const BufferTime time = buffer_time(reads, 0.15e-3, 6e-3, 0.02);
    return time.found && time.s > 0.7 * media_s ? BufferTime{} : time;
  };
  const auto mark_all = [&](const BufferTime& time) {
    // No more than what the buffer serves: a sector that happens to come by at once takes little longer.
    const double window_s = std::clamp(8 * time.spread_s, 0.01e-3, 0.4e-3);
    mark(near, time, window_s, window_s);
    mark(far, time, window_s, window_s);  // another segment has them: no seek is that quick
  };
  BufferTime hit = crowd(near);
  if (!hit.found) return hit;
  mark_all(hit);
  std::vector<Observed*> rest;
  for (Observed* one : near) {
    if (one->served == Served::media) rest.push_back(one);
  }
  const BufferTime second = crowd(rest);
  if (second.found && std::abs(second.s - hit.s) < two_places_s) mark_all(second);
  settle_cases(near, hit);
  for (Observed* one : near) {
    if (one->served == Served::media && one->ahead() >= 0) one->served = Served::unclear;
  }
  return hit;
}

// A read that the buffer served leaves the heads where they were, unless it is what they were reading ahead.
void place_heads(std::vector<Observed>& all) {
  constexpr std::int64_t most_ahead = 1 << 14;  // sectors, that a segment has
  for (std::size_t i = 1; i < all.size(); ++i) {
    const Observed& last = all[i - 1];
    const bool followed = last.from_heads() >= 0 && last.from_heads() < most_ahead;
    const bool stayed = !last.first && !last.request->write && last.served == Served::buffer && !followed;
    all[i].heads = stayed ? last.heads : all[i].before;
    all[i].idle_s = (stayed ? last.idle_s + last.latency_s() : 0) + all[i].request->pause_s;
  }
}

}  // namespace

Observations observe(std::span<const LoggedRequest> requests, std::uint32_t sector_bytes) {
  Observations seen;
  seen.all.reserve(requests.size());
  for (const LoggedRequest& request : requests) {
    Observed one{.request = &request,
                 .sector = request.offset_bytes / sector_bytes,
                 .sectors = (request.bytes + sector_bytes - 1) / sector_bytes};
    if (!seen.all.empty()) {
      const Observed& last = seen.all.back();
      one.first = false;
      one.before = last.sector + last.sectors;
      one.after_write = last.request->write;
      one.before_run = last.run;
      one.run = one.sector == one.before && request.write == one.after_write ? last.run + 1 : 0;
    }
    seen.all.push_back(one);
  }
  std::vector<Observed*> near_reads;
  std::vector<Observed*> far_reads;
  std::vector<Observed*> writes;
  for (Observed& one : seen.all) {
    if (one.request->waited) one.served = Served::unclear;
    if (one.request->waited) continue;
    if (one.request->write)
      writes.push_back(&one);
    else
      (!one.first && std::abs(one.ahead()) < near_sectors ? near_reads : far_reads).push_back(&one);
  }
  const double read_s = median_s(far_reads.empty() ? near_reads : far_reads);
  seen.hit = find_hits(near_reads, far_reads, read_s);
  seen.cached_write = buffer_time(writes, 0.5e-3, 6e-3, 0.4);
  if (seen.cached_write.found && seen.cached_write.s > 0.5 * read_s) seen.cached_write = {};
  if (seen.cached_write.found) mark(writes, seen.cached_write, 1, 1);
  place_heads(seen.all);
  return seen;
}

double near_spread_s(const Observations& seen) {
  std::vector<const Observed*> near;
  for (const Observed& one : seen.all) {
    if (!one.first && one.served == Served::media) near.push_back(&one);
  }
  if (near.empty()) return 0;
  std::stable_sort(near.begin(), near.end(),
                   [](auto* a, auto* b) { return std::abs(a->ahead()) < std::abs(b->ahead()); });
  near.resize(std::max<std::size_t>(near.size() / 20, std::min<std::size_t>(near.size(), 30)));
  std::vector<double> times;
  for (const Observed* one : near) times.push_back(one->latency_s());
  std::sort(times.begin(), times.end());
  return (times[times.size() * 95 / 100] - times[times.size() * 5 / 100]) / 0.9;
}

}  // namespace headway::fit
