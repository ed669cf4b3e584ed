#include "sim/sweep/sweep_spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/base/document_kind.h"
#include "core/base/error.h"
#include "core/base/fields.h"
#include "core/base/input_file.h"
#include "results/files/sweep_table.h"
#include "sim/sweep/sample.h"

namespace headway {

namespace {

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
      return no_step(steps[i], known);
    }
    here = here->is_object() ? &here->at(steps[i]) : &here->at(static_cast<std::size_t>(found - known.begin()));
  }
  return steps.empty() ? "the whole of it" : "";
}

bool overlap(const std::string& one, const std::string& other) {
  return (one + "/").starts_with(other + "/") || (other + "/").starts_with(one + "/");
}

struct RandomKeys {
  std::uint64_t samples = 0;
  std::uint64_t seed = 1;
};

// An axis, with what stands beside its name and pointer.
Fields<Axis> axis_fields() {
  return Fields<Axis>()
      .unread("name", Shape::name("a name that no other column of the table has").named("name"),
              "The column's; without it, the pointer.")
      .unread("pointer",  // check_leads_somewhere() says more of it
              Shape::pattern("^/", "").checked_by([](const JsonNode& node) { node.string(); }).named("pointer"),
              "A place in the scenario (RFC 6901), or a new key of an object there. Paths among the values are relative "
              "to the scenario.",
              true);
}

const Fields<RandomKeys>& random_fields() {
  static const auto drawn = axis_fields().unread("distribution", distribution_shape(), "", true);
  static const auto all =
      Fields<RandomKeys>()
          .required("samples", &RandomKeys::samples, json::whole(1, SweepSpec::max_cells, "samples"),
                    "Cells to draw.")
          .optional("seed", &RandomKeys::seed, json::whole(), "Another seed draws others.")
          .unread("axes", Shape::list(drawn.shape(), "axis", 1), "What is drawn.", true);
  return all;
}

const Fields<SweepSpec>& sweep_fields() {
  const Shape values = Shape::list(Shape::any(), "value", 1);
  static const auto list_fields =
      Fields<Factor>()
          .unread("axes", Shape::list(axis_fields().shape(), "axis", 1), "What varies together.", true)
          .unread("rows", Shape::list(values, "row", 1), "A value an axis each.", true);
  static const auto all =
      Fields<SweepSpec>()
          .unread("$schema", Shape::text(), "")
          .unread("schema_version", Shape::whole(SweepSpec::schema_version, SweepSpec::schema_version, ""), "", true)
          .required("name", &SweepSpec::name, json::name(), "")
          .optional("description", &SweepSpec::description, json::text(), "")
          .unread("scenario", Shape::text(), "The base scenario's file, relative to this one.", true)
          .unread("grid", Shape::list(axis_fields().unread("values", values, "Any JSON.", true).shape(), "axis", 1),
                  "Every combination of these axes' values.")
          .unread("list", list_fields.shape(),
                  "Values that belong together, such as a layout and the number of its drives: a cell a row.")
          .unread("random", random_fields().shape(), "A cell a sample, drawn from the axes' distributions.")
          .at_least_one({"grid", "list", "random"});
  return all;
}

class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : root_(JsonNode::read_file(file)) { spec_.file = file; }

  // `over`: instead of its own scenario.
  SweepSpec read(const std::vector<std::string>& set, const std::optional<std::filesystem::path>& over = {}) {
    expect_document(root_, document::sweep);
    sweep_fields().shape().check(root_);
    sweep_fields().fill(root_, spec_);
    spec_.scenario_file = over.value_or(spec_.file.parent_path() / root_.at("scenario").string());
    if (const auto why = why_unreadable(spec_.scenario_file); !why.empty())
      root_.at("scenario").fail("a scenario's file", fmt::format("{}: {}", spec_.scenario_file.string(), why));
    const auto [scenario, settings] = set_in(JsonNode::read_file(spec_.scenario_file), set);
    expect_document(scenario, document::scenario);
    spec_.scenario = scenario.json();
    spec_.scenario_called = scenario.file();
    spec_.set = settings;
    spec_.scenario.erase("published");
    if (const auto node = root_.find("grid")) grid(*node);
    if (const auto node = root_.find("list")) list(*node);
    if (const auto node = root_.find("random")) random(*node);
    return std::move(spec_);
  }

 private:
  void grid(const JsonNode& node) {
    for (const auto& item : node.items()) {
      Factor factor{{axis(item)}, {}};
      for (const auto& value : item.at("values").items()) factor.rows.push_back({value.json()});
      add(std::move(factor), item);
    }
  }

  void list(const JsonNode& node) {
    Factor factor;
    for (const auto& item : node.at("axes").items()) factor.axes.push_back(axis(item));
    for (const auto& item : node.at("rows").items()) {
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
    Factor factor;
    std::vector<Distribution> distributions;
    for (const auto& item : node.at("axes").items()) {
      factor.axes.push_back(axis(item));
      distributions.push_back(read_distribution(item.at("distribution")));
    }
    const RandomKeys keys = random_fields().read(node);
    factor.rows = draw_samples(distributions, keys.samples, keys.seed);
    add(std::move(factor), node);
  }

  void add(Factor factor, const JsonNode& node) {
    spec_.factors.push_back(std::move(factor));
    if (spec_.cells() > SweepSpec::max_cells) {
      node.fail(fmt::format("at most {} cells in all", SweepSpec::max_cells), "more with this");
    }
  }

  Axis axis(const JsonNode& node) {
    const JsonNode pointer = node.at("pointer");
    const auto named = node.find("name");
    Axis axis{named.value_or(pointer).string(), pointer.string()};
    check_leads_somewhere(pointer, axis.pointer);
    const auto taken = sweep_column_names();
    if (std::find(taken.begin(), taken.end(), axis.name) != taken.end()) {
      named->fail("a name that no other column of the table has");
    }
    for (const auto& other : axes_) {
      if (other.name == axis.name) named.value_or(pointer).fail("a name that no other axis has");
      if (overlap(other.pointer, axis.pointer))
        pointer.fail("a place that no other axis sets",
                     fmt::format("\"{}\" beside \"{}\"", axis.pointer, other.pointer));
    }
    for (const auto& setting : spec_.set) {
      if (overlap(setting.pointer, axis.pointer))
        throw InputError("--set", spec_.file.string(), "a place that no axis sets",
                         fmt::format("\"{}\" beside \"{}\"", setting.pointer, axis.pointer));
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
  const auto chosen = values(cell);
  for (std::size_t i = 0; i < places.size(); ++i) json[Json::json_pointer(places[i].pointer)] = chosen[i];
  return json;
}

std::string SweepSpec::label(std::size_t cell) const {
  std::vector<std::string> settings;
  const auto all = axes();
  const auto chosen = values(cell);
  for (std::size_t i = 0; i < all.size(); ++i)
    settings.push_back(fmt::format("{} = {}", all[i].name, axis_text(chosen[i])));
  return fmt::format("cell {} ({})", cell, fmt::join(settings, ", "));
}

std::string sweep_schema() {
  return sweep_fields().shape().schema_document(
      "headway sweep",
      "One scenario, varied: a run for every policy and seed of every cell. Of grid, list and random at least one; "
      "together they are combined, each with each.");
}

SweepSpec read_sweep(const std::filesystem::path& file, const std::vector<std::string>& set) {
  return Reader(file).read(set);
}

SweepSpec read_sweep_over(const std::filesystem::path& scenario, const std::filesystem::path& file) {
  return Reader(file).read({}, scenario);
}

std::string axis_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace headway
