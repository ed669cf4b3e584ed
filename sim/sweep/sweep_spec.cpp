#include "sim/sweep/sweep_spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/base/error.h"
#include "results/files/sweep_table.h"
#include "sim/sweep/sample.h"

namespace headway {

namespace {

// The keys of an object, or the numbers of an array's items.
std::vector<std::string> steps_from(const Json& value) {
  std::vector<std::string> steps;
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) steps.push_back(key);
  }
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) steps.push_back(std::to_string(i));
  }
  return steps;
}

// Follows the pointer as far as it leads; what is wrong with its first step that leads nowhere, empty when there is
// none. The last step may be a new key of an object, but not of the scenario itself: an axis needs something to vary.
std::string wrong_step(const Json::json_pointer& pointer, const Json& scenario) {
  std::vector<std::string> steps;
  for (auto rest = pointer; !rest.empty(); rest.pop_back()) steps.insert(steps.begin(), rest.back());
  const Json* here = &scenario;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto known = steps_from(*here);
    const auto found = std::find(known.begin(), known.end(), steps[i]);
    if (found == known.end()) {
      if (i > 0 && i + 1 == steps.size() && here->is_object()) return "";
      return known.empty() ? fmt::format("no \"{}\", for nothing is there", steps[i])
                           : fmt::format("no {}", unknown_name(steps[i], known));
    }
    here = here->is_object() ? &here->at(steps[i]) : &here->at(static_cast<std::size_t>(found - known.begin()));
  }
  return steps.empty() ? "the whole of it" : "";
}

class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : root_(JsonNode::read_file(file)) { spec_.file = file; }

  SweepSpec read() {
    root_.allow_only({"$schema", "schema_version", "name", "description", "scenario", "grid", "list", "random"});
    root_.at("schema_version").integer(SweepSpec::schema_version, SweepSpec::schema_version);
    spec_.name = root_.at("name").string();
    if (spec_.name.empty()) root_.at("name").fail("a name");
    if (const auto node = root_.find("description")) spec_.description = node->string();
    spec_.scenario_file = spec_.file.parent_path() / root_.at("scenario").string();
    spec_.scenario = JsonNode::read_file(spec_.scenario_file).json();
    if (const auto node = root_.find("grid")) grid(*node);
    if (const auto node = root_.find("list")) list(*node);
    if (const auto node = root_.find("random")) random(*node);
    if (spec_.factors.empty()) root_.fail("\"grid\", \"list\" or \"random\"", "none of them");
    return std::move(spec_);
  }

 private:
  void grid(const JsonNode& node) {
    for (const auto& item : node.items()) {
      item.allow_only({"name", "pointer", "values"});
      Factor factor{{axis(item)}, {}};
      for (const auto& value : some(item.at("values"), "value")) factor.rows.push_back({value.json()});
      add(std::move(factor), item);
    }
    some(node, "axis");
  }

  void list(const JsonNode& node) {
    node.allow_only({"axes", "rows"});
    Factor factor;
    for (const auto& item : some(node.at("axes"), "axis")) {
      item.allow_only({"name", "pointer"});
      factor.axes.push_back(axis(item));
    }
    for (const auto& item : some(node.at("rows"), "row")) {
      std::vector<Json> row;
      for (const auto& value : item.items()) row.push_back(value.json());
      if (row.size() != factor.axes.size()) {
        item.fail(fmt::format("{} values, one an axis", factor.axes.size()), fmt::format("{}", row.size()));
      }
      factor.rows.push_back(std::move(row));
    }
    add(std::move(factor), node);
  }

  void random(const JsonNode& node) {
    node.allow_only({"samples", "seed", "axes"});
    Factor factor;
    std::vector<Distribution> distributions;
    for (const auto& item : some(node.at("axes"), "axis")) {
      item.allow_only({"name", "pointer", "distribution"});
      factor.axes.push_back(axis(item));
      distributions.push_back(read_distribution(item.at("distribution")));
    }
    const std::uint64_t samples = node.at("samples").unsigned_integer(1, SweepSpec::max_cells, "samples");
    std::uint64_t seed = 1;
    if (const auto given = node.find("seed")) seed = given->unsigned_integer();
    factor.rows = draw_samples(distributions, samples, seed);
    add(std::move(factor), node);
  }

  static std::vector<JsonNode> some(const JsonNode& node, std::string_view what) {
    auto items = node.items();
    if (items.empty()) node.fail(fmt::format("at least one {}", what));
    return items;
  }

  void add(Factor factor, const JsonNode& node) {
    spec_.factors.push_back(std::move(factor));
    if (spec_.cells() > SweepSpec::max_cells) {
      node.fail(fmt::format("at most {} cells in all", SweepSpec::max_cells), "more with this");
    }
  }

  Axis axis(const JsonNode& node) {
    const JsonNode pointer = node.at("pointer");
    Axis axis{"", pointer.string()};
    check_leads_somewhere(pointer, axis.pointer);
    axis.name = axis.pointer;
    const auto named = node.find("name");
    if (named) axis.name = named->string();
    const auto taken = sweep_column_names();
    if (axis.name.empty() || std::find(taken.begin(), taken.end(), axis.name) != taken.end()) {
      named->fail("a name that no other column of the table has");
    }
    for (const auto& other : axes_) {
      if (other.name == axis.name) named.value_or(pointer).fail("a name that no other axis has");
      if ((other.pointer + "/").starts_with(axis.pointer + "/") ||
          (axis.pointer + "/").starts_with(other.pointer + "/"))
        pointer.fail("a place that no other axis sets",
                     fmt::format("\"{}\" beside \"{}\"", axis.pointer, other.pointer));
    }
    axes_.push_back(axis);
    return axis;
  }

  void check_leads_somewhere(const JsonNode& node, const std::string& text) const {
    std::string wrong;
    try {
      wrong = wrong_step(Json::json_pointer(text), spec_.scenario);
    } catch (const Json::parse_error&) {
      node.fail("a JSON pointer, such as /policies/reada-2011/max_in_flight");
    }
    if (wrong.empty()) return;
    node.fail(fmt::format("a place in {}, or a new key of an object there", spec_.scenario_file.string()),
              fmt::format("\"{}\": {}", text, wrong));
  }

  JsonNode root_;
  SweepSpec spec_;
  std::vector<Axis> axes_;
};

}  // namespace

std::size_t SweepSpec::cells() const {
  std::size_t product = 1;  // read_sweep() stops at max_cells, so that one more factor cannot overflow it
  for (const auto& factor : factors) product *= factor.rows.size();
  return product;
}

std::vector<Axis> SweepSpec::axes() const {
  std::vector<Axis> all;
  for (const auto& factor : factors) all.insert(all.end(), factor.axes.begin(), factor.axes.end());
  return all;
}

std::vector<Json> SweepSpec::values(std::size_t cell) const {
  std::vector<const std::vector<Json>*> rows(factors.size());
  for (std::size_t i = factors.size(); i-- > 0; cell /= factors[i].rows.size()) {
    rows[i] = &factors[i].rows[cell % factors[i].rows.size()];
  }
  std::vector<Json> all;
  for (const auto* row : rows) all.insert(all.end(), row->begin(), row->end());
  return all;
}

Json SweepSpec::scenario_of(std::size_t cell) const {
  Json json = scenario;
  const auto places = axes();
  const auto set = values(cell);
  for (std::size_t i = 0; i < places.size(); ++i) json[Json::json_pointer(places[i].pointer)] = set[i];
  return json;
}

std::string SweepSpec::label(std::size_t cell) const {
  std::vector<std::string> settings;
  const auto all = axes();
  const auto set = values(cell);
  for (std::size_t i = 0; i < all.size(); ++i)
    settings.push_back(fmt::format("{} = {}", all[i].name, axis_text(set[i])));
  return fmt::format("cell {} ({})", cell, fmt::join(settings, ", "));
}

SweepSpec read_sweep(const std::filesystem::path& file) { return Reader(file).read(); }

std::string axis_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace headway
