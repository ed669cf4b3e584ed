#include "models/drive/fit/edge_model.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace headway::fit {

namespace {

constexpr double outlier_share = 0.02;
constexpr double outlier_turns = 6;  // over which an outlier's time may be anywhere
constexpr int places = 25;           // of an unknown that are tried in a pass

double step(double x) { return x > 30 ? 1 : x < -30 ? 0 : 1 / (1 + std::exp(-x)); }

}  // namespace

EdgeModel::EdgeModel(std::vector<double> times_s)
    : times_s_(std::move(times_s)),
      low_s_(times_s_.size()),
      high_s_(times_s_.size()),
      steps_(times_s_.size()),
      rounds_(times_s_.size()) {}

std::size_t EdgeModel::add(double value, double width, std::vector<Slope> slopes) {
  unknowns_.push_back({.width = width, .slopes = std::move(slopes)});
  shift(unknowns_.back(), value);
  return unknowns_.size() - 1;
}

void EdgeModel::set_revolution(double revolution_s) { revolution_s_ = revolution_s; }

void EdgeModel::set_value(std::size_t unknown, double value) {
  shift(unknowns_[unknown], value - unknowns_[unknown].value);
}

void EdgeModel::shift(Unknown& unknown, double by) {
  unknown.value += by;
  for (const Slope& slope : unknown.slopes) {
    low_s_[slope.request] += by * slope.low;
    high_s_[slope.request] += by * slope.high;
  }
}

double EdgeModel::density(std::size_t request, double low_s, double high_s) const {
  const double time_s = times_s_[request];
  const auto even = [&](double from_s, double to_s) {
    const double inside = step((time_s - from_s) / noise_s_) - step((time_s - to_s) / noise_s_);
    return std::max(inside, 0.0) / std::max(to_s - from_s, noise_s_);
  };
  const Chance& steps = steps_[request];
  const auto stepping = [&](double from_s, double to_s) {
    if (steps.share <= 0) return even(from_s, to_s);
    return (1 - steps.share) * even(from_s, to_s) + steps.share * even(from_s, to_s + steps.over_s);
  };
  double inside = stepping(low_s, high_s);
  const Chance& round = rounds_[request];
  if (round.share > 0) {
    const double from_s = low_s + round.from_s;
    inside = (1 - round.share) * inside + round.share * stepping(from_s, from_s + round.over_s);
  }
  return (1 - outlier_share) * inside + outlier_share / (outlier_turns * revolution_s_);
}

void EdgeModel::improve(std::size_t unknown) {
  Unknown& one = unknowns_[unknown];
  if (one.slopes.empty()) return;
  std::array<double, places> likelihood{};
  const auto place = [&](int i) { return one.width * (2.0 * i / (places - 1) - 1); };
  for (const Slope& slope : one.slopes) {
    const double low_s = low_s_[slope.request];
    const double high_s = high_s_[slope.request] + revolution_s_;
    for (int i = 0; i < places; ++i)
      likelihood[i] += std::log(density(slope.request, low_s + place(i) * slope.low, high_s + place(i) * slope.high));
  }
  const double best = *std::max_element(likelihood.begin(), likelihood.end());
  double sum = 0;
  double mean = 0;
  double square = 0;
  for (int i = 0; i < places; ++i) {
    const double weight = std::exp(likelihood[i] - best);
    sum += weight;
    mean += weight * place(i);
    square += weight * place(i) * place(i);
  }
  mean /= sum;
  const double spacing = 2 * one.width / (places - 1);
  one.error = std::sqrt(std::max(square / sum - mean * mean, spacing * spacing / 12));
  shift(one, mean);
  one.width = std::clamp(4 * one.error + std::abs(mean), one.width / 8, one.width * 2);
}

double EdgeModel::log_likelihood() const {
  double sum = 0;
  for (std::size_t i = 0; i < times_s_.size(); ++i) sum += std::log(density(i, low_s_[i], high_s_[i] + revolution_s_));
  return sum;
}

}  // namespace headway::fit
