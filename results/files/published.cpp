// See published.h.
#include "results/files/published.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "results/files/summary.h"
#include "results/files/work.h"
#include "results/metrics/units.h"

namespace headway {

namespace {

const Fields<PublishedRange>& range_fields() {
  static const auto all =
      Fields<PublishedRange>()
          .required("sweep", &PublishedRange::sweep, json::name("a sweep file"),
                    "The sweep whose axes, laid over this scenario, give the range; relative to the scenario.")
          .required("least", &PublishedRange::least, json::finite(), "Over its cells.")
          .required("most", &PublishedRange::most, json::finite(), "Over its cells.")
          .then([](const JsonNode& node, PublishedRange& range) {
            if (range.least > range.most) node.fail("a least that is not above the most");
          });
  return all;
}

bool is_relative_to_itself(const Figure& figure) {
  const Figure other = figure.divisor();
  return figure.is_ratio() && other.metric == figure.metric && other.policy == figure.policy &&
         other.workload == figure.workload;
}

Standing standing_of(const Published& published, const Estimate& here) {
  constexpr double equal_share = 0.005;  // three figures, as most are published
  const double low = published.value, high = published.to.value_or(published.value);
  if (!std::isfinite(here.mean)) return Standing::unknown;
  if (here.has_interval() && !published.to && here.may_be(published.value)) return Standing::interval;
  const double reach = published.to ? 0 : std::abs(low) * equal_share;
  const double least = published.to && here.has_interval() ? here.low : here.mean;
  const double most = published.to && here.has_interval() ? here.high : here.mean;
  if (low - reach <= least && most <= high + reach) return Standing::equal;
  const auto& range = published.range;
  return range && range->least <= high && low <= range->most ? Standing::range : Standing::outside;
}

Beside beside(const Published& published, const Results& results, const OtherResults& others) {
  Figure own = published.figure;
  if (published.relative_to_scenario) own.relative_to.reset();
  Beside made{.published = published, .here = {}, .caveat = caveat_of(own, results)};
  const Results* other = nullptr;
  if (published.relative_to_scenario) {
    if (others) other = others(results, *published.relative_to_scenario);
    if (other == nullptr) return made;
    const std::string undone = left_undone(*other, published.figure.divisor().policy);
    if (made.caveat.empty() && !undone.empty()) made.caveat = fmt::format("below the line {}", undone);
  }
  made.here = estimate_of(published.figure, results, other);
  made.standing = standing_of(published, made.here);
  return made;
}

const char* name_of(Standing standing) {
  switch (standing) {
    case Standing::interval:
      return "inside the interval";
    case Standing::equal:
      return "equal";
    case Standing::range:
      return "inside the range";
    case Standing::outside:
      return "outside";
    case Standing::unknown:
      break;
  }
  return "no value";
}

// What stands beside each other, in one unit.
struct Cells {
  std::string published, here, range;
};

std::string span(const std::string& low, const std::string& high) { return fmt::format("{} to {}", low, high); }

Cells cells_of(const Beside& beside) {
  const Published& published = beside.published;
  const std::array values{published.value,
                          published.to.value_or(published.value),
                          beside.here.mean,
                          beside.here.low,
                          beside.here.high,
                          published.range ? published.range->least : 0,
                          published.range ? published.range->most : 0};
  std::vector<std::string> texts;
  std::string unit;
  if (published.is_ratio()) {
    for (const double value : values) texts.push_back(figure_text(value, false));
  } else {
    std::vector<Estimate> estimates;
    for (const double value : values) estimates.push_back({.count = 1, .mean = value});
    const FigureColumn column = figure_column(published.figure.metric, estimates);
    texts = column.cells;
    if (!column.unit.empty()) unit = " " + column.unit;
  }
  Cells cells{published.to ? span(texts[0], texts[1]) : texts[0], texts[2], ""};
  if (beside.here.has_interval()) cells.here += fmt::format(" ({})", span(texts[3], texts[4]));
  if (published.range) cells.range = span(texts[5], texts[6]) + unit;
  cells.published += unit;
  cells.here += std::isfinite(beside.here.mean) ? unit : "";
  return cells;
}

// "inside the range (0.3 to 0.5); but 12 of 9,580 reads failed".
std::string verdict_of(const Beside& beside, const Cells& cells) {
  std::string text;
  if (beside.standing == Standing::outside && !cells.range.empty()) text = fmt::format("outside ({})", cells.range);
  if (text.empty()) {
    text = beside.verdict();
    if (beside.standing == Standing::range) text += fmt::format(" ({})", cells.range);
  } else {
    text += beside.verdict().substr(std::string_view("outside").size());
  }
  return beside.caveat.empty() ? text : fmt::format("{}; but {}", text, beside.caveat);
}

}  // namespace

const Fields<Published>& published_fields() {
  static const auto all =
      Fields<Published>()
          .required("what", &Published::what, json::name("words"), "Who published what, and when.")
          .required("value", &Published::value, json::finite(),
                    "As a ratio, or in the metric's base unit (s, bytes, bytes/s).")
          .optional("to", &Published::to, json::finite(), "The upper end, where a span was published.")
          .with(&Published::figure, figure_fields())
          .optional(
              "relative_to_scenario", &Published::relative_to_scenario, json::name("a scenario file"),
              "Another scenario: the figure is then the ratio to its. `headway published table` of both tells it.")
          .required("source", &Published::source, json::name("words"), "Where it stands: a Message-ID, a commit.")
          .optional("range", &Published::range, range_fields().value(),
                    "What a sweep found plausible; `headway published ranges` measures it.")
          .optional("outside", &Published::outside, json::text(),
                    "Why it does not come out, and what would have to be true.")
          .then([](const JsonNode& node, Published& published) {
            published.path = node.path();
            if (published.to && *published.to < published.value) node.at("to").fail("a number not below the value");
            if (!published.relative_to_scenario && is_relative_to_itself(published.figure))
              node.fail("another figure for it to be relative to", "itself");
          });
  return all;
}

std::string Beside::verdict() const {
  if (standing == Standing::unknown && published.relative_to_scenario && !std::isfinite(here.mean))
    return "to be had of both results, where both have a value, by `headway published table`";
  if (standing == Standing::equal && published.to) return "inside what was published";
  if (standing != Standing::outside) return name_of(standing);
  return "outside: " + (published.outside.empty() ? "no reason given" : published.outside);
}

BesideTexts texts_of(const Beside& beside) {
  const Cells cells = cells_of(beside);
  return {cells.published, cells.here, verdict_of(beside, cells)};
}

std::vector<Beside> beside_published(const Results& results, const OtherResults& others) {
  std::vector<Beside> all;
  if (!results.experiment.scenario) return all;
  const auto list = results.experiment.scenario->find("published");
  if (!list) return all;
  for (const JsonNode& node : list->items()) all.push_back(beside(published_fields().read(node), results, others));
  return all;
}

Json published_as_json(const Results& results) {
  Json json = Json::array();
  for (const Beside& each : beside_published(results)) {
    const Published& published = each.published;
    Json entry = {{"what", published.what}, {"value", published.value}};
    entry["to"] = published.to ? Json(*published.to) : Json(nullptr);
    entry["figure"] = name_of(published.figure);
    entry["relative_to_scenario"] =
        published.relative_to_scenario ? Json(*published.relative_to_scenario) : Json(nullptr);
    entry["source"] = published.source;
    entry["here"] = to_json(each.here);
    entry["range"] = nullptr;
    if (published.range) entry["range"] = {{"least", published.range->least}, {"most", published.range->most}};
    entry["verdict"] = each.verdict();
    entry["but"] = each.caveat;
    json.push_back(std::move(entry));
  }
  return json;
}

}  // namespace headway
