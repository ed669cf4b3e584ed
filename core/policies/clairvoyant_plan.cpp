#include "core/policies/clairvoyant_plan.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace headway::clairvoyant {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::size_t most_divisions = 4096;

// How long the nearest next ones take, one after the other, when `first` is read at `at_s`.
class Trial {
 public:
  Trial(const Reach& reach, DeviceIndex device, std::span<const Unit> units)
      : reach_(reach), device_(device), units_(units) {}

  double time_s(std::size_t first, std::uint64_t from, double at_s, std::size_t lookahead) {
    left_.clear();
    for (std::size_t i = 0; i < units_.size(); ++i) {
      if (i != first) left_.push_back(i);
    }
    double time_s = service_s(from, units_[first], at_s);
    from = units_[first].end;
    for (std::size_t step = 0; step < lookahead && !left_.empty(); ++step) {
      double least_s = infinite;
      std::size_t nearest = 0;
      for (std::size_t i = 0; i < left_.size(); ++i) {
        const double own_s = service_s(from, units_[left_[i]], at_s + time_s);
        if (own_s < least_s) least_s = own_s, nearest = i;
      }
      time_s += least_s;
      from = units_[left_[nearest]].end;
      left_.erase(left_.begin() + static_cast<std::ptrdiff_t>(nearest));
    }
    return time_s;
  }

 private:
  double service_s(std::uint64_t from, const Unit& unit, double at_s) const {
    return reach_.service_s(device_, from, unit.offset, unit.bytes(), at_s);
  }

  const Reach& reach_;
  DeviceIndex device_;
  std::span<const Unit> units_;
  std::vector<std::size_t> left_;
};

}  // namespace

std::size_t best_next(const Reach& reach, DeviceIndex device, std::uint64_t from, double at_s,
                      std::span<const Unit> units, std::size_t lookahead, std::size_t calls) {
  const std::size_t looked_at = std::min(units.size(), calls);
  std::vector<double> time_s(looked_at);
  std::vector<std::size_t> order(looked_at);
  for (std::size_t i = 0; i < looked_at; ++i)
    time_s[i] = reach.service_s(device, from, units[i].offset, units[i].bytes(), at_s);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return time_s[i]; });
  if (looked_at == 1 || lookahead == 0) return order[0];
  const std::size_t a_trial = lookahead * looked_at;
  const std::size_t trials = std::min(looked_at, calls / std::max<std::size_t>(a_trial, 1));
  if (trials < 2) return order[0];
  Trial trial(reach, device, units.first(looked_at));
  std::size_t best = order[0];
  double best_s = infinite;
  for (std::size_t i = 0; i < trials; ++i) {
    const double total_s = trial.time_s(order[i], from, at_s, lookahead);
    if (total_s < best_s) best_s = total_s, best = order[i];
  }
  return best;
}

namespace {

// Of one machine: the earliest end of each set of units, and by which order.
class Orders {
 public:
  Orders(const Reach& reach, const Start& start, std::uint32_t machine,
         const std::vector<std::vector<Choice>>& choices)
      : end_s_(std::size_t{1} << choices.size(), infinite) {
    for (std::size_t u = 0; u < choices.size(); ++u) {
      for (const Choice& choice : choices[u]) {
        if (choice.machine == machine) items_.push_back({u, choice.unit});
      }
    }
    end_s_[0] = 0;  // of a machine that does nothing
    if (start.heads)
      find(reach, start);
    else
      estimate(reach, start);
  }

  double end_s(std::size_t set) const { return end_s_[set]; }

  // The last first.
  std::vector<Unit> order(std::size_t set) const {
    std::vector<Unit> units;
    if (state_s_.empty()) {
      for (const Item& item : items_) {
        if ((set >> item.number & 1) == 0) continue;
        units.push_back(item.unit);
        set &= ~(std::size_t{1} << item.number);
      }
      std::ranges::sort(units, std::greater(), &Unit::offset);
      return units;
    }
    std::size_t last = items_.size();
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const double s = state_s_[set * items_.size() + i];
      if (s < infinite && (last == items_.size() || s < state_s_[set * items_.size() + last])) last = i;
    }
    while (set != 0) {
      units.push_back(items_[last].unit);
      const std::uint8_t before = before_[set * items_.size() + last];
      set &= ~(std::size_t{1} << items_[last].number);
      last = before;
    }
    return units;
  }

 private:
  struct Item {
    std::size_t number = 0;
    Unit unit;
  };

  void find(const Reach& reach, const Start& start) {
    const std::size_t items = items_.size();
    state_s_.assign(end_s_.size() * items, infinite);
    before_.assign(end_s_.size() * items, 0);
    const auto reached = [&](std::size_t set, std::size_t item, std::size_t before, std::uint64_t from, double at_s) {
      const Unit& unit = items_[item].unit;
      const double end_s = at_s + reach.service_s(start.device, from, unit.offset, unit.bytes(), at_s);
      if (end_s >= state_s_[set * items + item]) return;
      state_s_[set * items + item] = end_s;
      before_[set * items + item] = static_cast<std::uint8_t>(before);
      end_s_[set] = std::min(end_s_[set], end_s);
    };
    for (std::size_t i = 0; i < items; ++i)
      reached(std::size_t{1} << items_[i].number, i, 0, start.from, start.free_s);
    for (std::size_t set = 1; set < end_s_.size(); ++set) {
      for (std::size_t last = 0; last < items; ++last) {
        const double at_s = state_s_[set * items + last];
        if (at_s == infinite) continue;
        for (std::size_t next = 0; next < items; ++next) {
          const std::size_t with = set | std::size_t{1} << items_[next].number;
          if (with != set) reached(with, next, last, items_[last].unit.end, at_s);
        }
      }
    }
  }

  void estimate(const Reach& reach, const Start& start) {
    for (std::size_t set = 1; set < end_s_.size(); ++set) {
      double longest_s = 0, sum_s = 0;
      std::size_t found = 0;
      for (const Item& item : items_) {
        if ((set >> item.number & 1) == 0 || (found >> item.number & 1) != 0) continue;
        found |= std::size_t{1} << item.number;
        const double own_s = reach.service_s(start.device, 0, item.unit.offset, item.unit.bytes(), start.free_s);
        longest_s = std::max(longest_s, own_s);
        sum_s += own_s;
      }
      if (found == set)
        end_s_[set] = start.free_s + longest_s + (sum_s - longest_s) / reach.at_once(start.device);
    }
  }

  std::vector<Item> items_;
  std::vector<double> end_s_;         // by set
  std::vector<double> state_s_;       // by set and last item
  std::vector<std::uint8_t> before_;  // likewise: the item before the last
};

struct Division {
  double end_s = infinite, sum_s = infinite;
  std::vector<std::size_t> sets;  // by machine
};

class Divisions {
 public:
  Divisions(const std::vector<Orders>& orders, const std::vector<std::vector<Choice>>& choices)
      : orders_(orders), choices_(choices), sets_(orders.size()) {
    std::size_t all = 1;
    for (const auto& own : choices) all = std::min(most_divisions + 1, all * std::max<std::size_t>(own.size(), 1));
    first_only_ = all > most_divisions;
    divide(0);
  }
  const Division& best() const { return best_; }

 private:
  void divide(std::size_t unit) {
    if (unit == choices_.size()) {
      double end_s = 0, sum_s = 0;
      for (std::size_t m = 0; m < sets_.size(); ++m) {
        end_s = std::max(end_s, orders_[m].end_s(sets_[m]));
        sum_s += orders_[m].end_s(sets_[m]);
      }
      if (end_s < best_.end_s || (end_s == best_.end_s && sum_s < best_.sum_s)) best_ = {end_s, sum_s, sets_};
      return;
    }
    for (const Choice& choice : choices_[unit]) {
      sets_[choice.machine] ^= std::size_t{1} << unit;
      divide(unit + 1);
      sets_[choice.machine] ^= std::size_t{1} << unit;
      if (first_only_) return;
    }
  }

  const std::vector<Orders>& orders_;
  const std::vector<std::vector<Choice>>& choices_;
  std::vector<std::size_t> sets_;
  bool first_only_ = false;
  Division best_;
};

}  // namespace

std::vector<std::vector<Unit>> best_plans(const Reach& reach, std::span<const Start> starts,
                                          const std::vector<std::vector<Choice>>& choices) {
  std::vector<Orders> orders;
  for (std::uint32_t m = 0; m < starts.size(); ++m) orders.emplace_back(reach, starts[m], m, choices);
  const Division best = Divisions(orders, choices).best();
  std::vector<std::vector<Unit>> plans(starts.size());
  for (std::size_t m = 0; m < starts.size(); ++m) {
    if (!best.sets.empty()) plans[m] = orders[m].order(best.sets[m]);
  }
  return plans;
}

}  // namespace headway::clairvoyant
