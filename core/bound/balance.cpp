#include "core/bound/balance.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headway {

namespace {

constexpr std::size_t most_few_blocks = 10;
constexpr std::size_t most_choices = 20'000;

class Prices {
 public:
  Prices(std::span<const Way> ways, std::size_t ways_each, std::span<const double> opening_s)
      : ways_(ways), each_(ways_each), opening_s_(opening_s.begin(), opening_s.end()), load_s_(opening_s.size()) {
    std::vector<bool> forced(opening_s.size());
    std::vector<double> forced_s(opening_s.size());
    for (std::size_t first = 0; first < ways.size(); first += each_) add_if_forced(first, forced, forced_s);
    for (std::size_t m = 0; m < opening_s.size(); ++m) {
      if (!forced[m]) opening_s_[m] = std::min(0.0, opening_s_[m]);
      most_forced_s_ = std::max(most_forced_s_, forced_s[m] + opening_s_[m]);
    }
  }

  // What the machine that must do most takes: a price on it alone.
  double most_forced_s() const { return most_forced_s_; }

  // The bound that the prices prove; leaves in load_s() what the cheapest ways load.
  double bound_s(const std::vector<double>& price) {
    double sum_s = 0;
    std::ranges::copy(opening_s_, load_s_.begin());
    for (std::size_t m = 0; m < price.size(); ++m) sum_s += price[m] * opening_s_[m];
    for (std::size_t first = 0; first < ways_.size(); first += each_) {
      const Way* cheapest = nullptr;
      double least_s = std::numeric_limits<double>::infinity();
      for (std::size_t i = first; i < first + each_ && ways_[i].machine != no_machine; ++i) {
        const double cost_s = price[ways_[i].machine] * static_cast<double>(ways_[i].cost_s);
        if (cost_s >= least_s) continue;
        least_s = cost_s;
        cheapest = &ways_[i];
      }
      if (cheapest == nullptr) continue;
      sum_s += least_s;
      load_s_[cheapest->machine] += static_cast<double>(cheapest->cost_s);
    }
    return sum_s;
  }
  const std::vector<double>& load_s() const { return load_s_; }

 private:
  // A block with one machine, whichever way.
  void add_if_forced(std::size_t first, std::vector<bool>& forced, std::vector<double>& forced_s) const {
    const std::uint32_t machine = ways_[first].machine;
    if (machine == no_machine) return;
    float least_s = ways_[first].cost_s;
    for (std::size_t i = first + 1; i < first + each_ && ways_[i].machine != no_machine; ++i) {
      if (ways_[i].machine != machine) return;
      least_s = std::min(least_s, ways_[i].cost_s);
    }
    forced[machine] = true;
    forced_s[machine] += static_cast<double>(least_s);
  }

  std::span<const Way> ways_;
  std::size_t each_;
  std::vector<double> opening_s_;
  std::vector<double> load_s_;
  double most_forced_s_ = 0;
};

void to_one(std::vector<double>& price) {
  double sum = 0;
  for (const double one : price) sum += one;
  for (double& one : price) one /= sum;
}

}  // namespace

double least_makespan(std::span<const Way> ways, std::size_t ways_each, std::span<const double> opening_s) {
  if (ways.empty()) return 0;
  Prices prices(ways, ways_each, opening_s);
  double best_s = prices.most_forced_s();
  if (opening_s.size() == 1) return best_s;
  constexpr std::size_t work = 4'000'000;
  const std::size_t rounds = std::clamp<std::size_t>(work / ways.size(), 12, 400);
  std::vector<double> price(opening_s.size(), 1.0);
  for (std::size_t round = 0; round < rounds; ++round) {
    to_one(price);
    best_s = std::max(best_s, prices.bound_s(price));
    const double mean_s = std::max(1e-12, best_s);
    const double step = 1 / std::sqrt(1.0 + static_cast<double>(round));
    for (std::size_t m = 0; m < price.size(); ++m)
      price[m] *= std::exp(step * std::clamp(prices.load_s()[m] / mean_s - 1, -1.0, 1.0));
  }
  return best_s;
}

bool few_enough(std::span<const Way> ways, std::size_t ways_each) {
  if (ways.size() > most_few_blocks * ways_each) return false;
  std::size_t choices = 1;
  for (std::size_t first = 0; first < ways.size() && choices <= most_choices; first += ways_each) {
    std::size_t own = 0;
    while (own < ways_each && ways[first + own].machine != no_machine) ++own;
    choices *= std::max<std::size_t>(own, 1);
  }
  return choices <= most_choices;
}

namespace {

double try_all(std::span<const Way> ways, std::size_t ways_each, const std::vector<std::vector<double>>& set_s,
               std::vector<std::uint32_t>& sets, std::size_t block) {
  if (block * ways_each == ways.size()) {
    double makespan_s = 0;
    for (std::size_t m = 0; m < sets.size(); ++m) makespan_s = std::max(makespan_s, set_s[m][sets[m]]);
    return makespan_s;
  }
  double least_s = std::numeric_limits<double>::infinity();
  for (std::size_t i = block * ways_each; i < (block + 1) * ways_each && ways[i].machine != no_machine; ++i) {
    sets[ways[i].machine] ^= 1u << block;
    least_s = std::min(least_s, try_all(ways, ways_each, set_s, sets, block + 1));
    sets[ways[i].machine] ^= 1u << block;
  }
  return least_s;
}

}  // namespace

double least_makespan_of_few(std::span<const Way> ways, std::size_t ways_each,
                             const std::vector<std::vector<double>>& set_s) {
  std::vector<std::uint32_t> sets(set_s.size());
  return try_all(ways, ways_each, set_s, sets, 0);
}

float rounded_down(double value) {
  const auto rounded = static_cast<float>(value);
  return static_cast<double>(rounded) > value ? std::nextafter(rounded, -INFINITY) : rounded;
}

}  // namespace headway
