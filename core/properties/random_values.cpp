// See random_values.h.
#include "core/properties/random_values.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/testing/world.h"

namespace headway {

namespace {

using testing::Dice;

// So that memory is full with 3 to 400 blocks.
void fill_memory(Parameters& values, Dice& dice) {
  values.set("ram_bytes", std::int64_t{1} << 20);
  values.set("entry_bytes", std::int64_t{128} << dice(8));
  values.set("soft_limit_percent", std::int64_t{dice.between(1, 100)});
  values.set("in_flight_bytes", std::int64_t{1} << dice.between(0, 24));
  values.set("extent_gap_bytes", std::int64_t{1} << dice.between(0, 22));
  values.set("read_gap_bytes", std::int64_t{1} << dice.between(0, 18));
}

// Of any magnitude, up to four times the default: what small layouts come to.
void set_integer(Parameters& values, const Parameter& parameter, Dice& dice) {
  const std::int64_t usual = std::get<std::int64_t>(parameter.default_value);
  const std::int64_t most = std::min(parameter.high, std::max({parameter.low, usual, std::int64_t{4}}) * 4);
  const double step = dice.log_uniform(1, static_cast<double>(most - parameter.low) + 1);
  values.set(parameter.name, std::min(most, parameter.low + static_cast<std::int64_t>(step) - 1));
}

constexpr std::array known_bounds{std::pair("start_leaves", 8), std::pair("group_leaves", 20),
                                  std::pair("groups_ahead", 2), std::pair("lead_leaves", 12),
                                  std::pair("buffer_blocks", 8), std::pair("leaves_ahead", 16),
                                  std::pair("nodes_ahead", 2)};

}  // namespace

bool of_reada_family(const Policy& policy) { return policy.name == "reada-2011" || policy.name == "reada-5.16"; }

Parameters random_values(const Policy& policy, Dice dice) {
  Parameters values(policy.parameters);
  if (of_reada_family(policy)) return values;
  for (const Parameter& parameter : policy.parameters) {
    if (std::holds_alternative<bool>(parameter.default_value)) values.set(parameter.name, dice.percent(50));
    if (std::holds_alternative<std::int64_t>(parameter.default_value) && dice.percent(50))
      set_integer(values, parameter, dice);
    if (!parameter.choices.empty())
      values.set(parameter.name, parameter.choices[dice(static_cast<std::uint32_t>(parameter.choices.size()))]);
  }
  if (values.find("pid")) values.set("pid", std::int64_t{dice(5)});
  if (values.find("ram_bytes") && dice.percent(60)) fill_memory(values, dice);
  for (const auto& [name, most] : known_bounds) {
    if (values.find(name) && dice.percent(80)) values.set(name, std::int64_t{dice.between(1, most)});
  }
  if (policy.name == "e2fsck") values.set("window_bytes", std::int64_t{testing::node_bytes} * dice(20));
  return values;
}

}  // namespace headway
