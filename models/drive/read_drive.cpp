#include "models/drive/read_drive.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/document_kind.h"
#include "core/base/fields.h"
#include "models/drive/measure.h"

namespace headway {

namespace {

constexpr std::array<std::string_view, 6> origin_words{"maker",     "quoted",  "measured",
                                                       "estimated", "derived", "extracted"};

// "maker: product manual rev H, page 11": a word, and the source behind a colon.
Value<std::string> origin() {
  return json::pattern(fmt::format("^({})(:|$)", fmt::join(origin_words, "|")),
                       fmt::format("\"ORIGIN: source\" with ORIGIN one of {}", fmt::join(origin_words, ", ")))
      .named("origin");
}

Value<std::string> measurer() { return json::pattern("^measured: ", "\"measured: whose measurement\""); }

Value<SheetFigure> sheet_figure(const Value<std::string>& origin) {
  return Fields<SheetFigure>()
      .required("value", &SheetFigure::value, json::positive(), "")
      .required(
          "origin",
          [](SheetFigure& figure, const std::string& text) {
            figure.origin = text.substr(0, text.find(':'));
            figure.source = text.substr(std::min(text.size(), figure.origin.size() + 2));
          },
          origin, "")
      .value();
}

void check_figures(const JsonNode& node, const DriveModel& drive) {
  for (const auto& figure : drive.sheet) expect_figure(figure.name, node.at("data_sheet"));
  for (const auto& figure : drive.measured) expect_figure(figure.name, node.at("measured_figures"));
}

void describe(DriveModel& drive, const std::string& text) {
  if (drive.description.empty()) drive.description = text;
}

using NamedFigures = std::vector<std::pair<std::string, SheetFigure>>;

void add_figures(std::vector<SheetFigure>& to, NamedFigures figures) {
  for (auto& [name, figure] : figures) {
    figure.name = name;
    to.push_back(std::move(figure));
  }
}

void add_sheet(DriveModel& drive, NamedFigures figures) { add_figures(drive.sheet, std::move(figures)); }
void add_measured(DriveModel& drive, NamedFigures figures) { add_figures(drive.measured, std::move(figures)); }

Value<MeasuredDemerit> measured_demerit() {
  const auto percent = json::number(0, 10'000, "percent");
  return Fields<MeasuredDemerit>()
      .required("all_percent", &MeasuredDemerit::all_percent, percent, "")
      .optional("reads_percent", [](MeasuredDemerit& demerit, double reads) { demerit.reads_percent = reads; }, percent,
                "Where there were some.")
      .optional("writes_percent", [](MeasuredDemerit& demerit, double writes) { demerit.writes_percent = writes; },
                percent, "Where there were some.")
      .required("source", &MeasuredDemerit::source, json::name(), "Whose measurement.")
      .value();
}

void add_origins(DriveModel& drive, const std::vector<std::pair<std::string, std::string>>& origins) {
  for (const auto& [parameter, text] : origins) drive.origins.push_back({parameter, text});
}

void check_origins(const JsonNode& node, const DriveModel& drive) {
  for (const auto& [parameter, text] : drive.origins) {
    if (!node.has(parameter))
      node.at("origins").at(parameter).fail("the origin of a key of this file", "\"" + parameter + "\"");
  }
}

// The keys that every kind has.
const Fields<DriveModel>& common_fields() {
  static const Fields<DriveModel> fields =
      Fields<DriveModel>()
          .required("drive", &DriveModel::name, json::text(), "The drive's name.")
          .optional("description", describe, json::text(), "What it is, in a line.")
          .optional("source", describe, json::text(), "The description of an extracted drive.")
          .optional("origins", add_origins, json::map(origin()).named("origins"),
                    "Whose each parameter is: \"maker: manual, page 11\".")
          .optional("data_sheet", add_sheet, json::map(sheet_figure(origin())).named("data_sheet"),
                    "What its maker says of it, to hold it against: headway drive list --sheet.")
          .optional("measured_figures", add_measured, json::map(sheet_figure(measurer())).named("measured_figures"),
                    "The same of what others measured, often less than the data sheet says.")
          .optional("measured_demerit", &DriveModel::demerit, measured_demerit(),
                    "Of its response times against the real drive's: headway drive replay prints it.")
          .unread("$schema", json::text().shape, "")
          .then(check_origins)
          .then(check_figures);
  return fields;
}

// The tables' case of one kind.
template <class Model>
TaggedShape::Case as_case() {
  const std::string name(Model::kind.name);
  return {{name}, std::string(Model::kind.sentence), Model::keys(), name};
}

template <class... Models>
std::vector<TaggedShape::Case> cases_of(KindTable<Models...>) {
  return {as_case<Models>()...};
}

}  // namespace

Shape drive_shape() {
  static const Shape shape = Shape::tagged({.tag = "kind",
                                            .sentence = "What kind of drive it is.",
                                            .cases = cases_of(DriveKinds()),
                                            .default_name = std::string(DriveKinds::kinds.front().name),
                                            .common = common_fields().object()});
  return shape;
}

std::string drive_schema() {
  return drive_shape().schema_document("A drive's parameter file", "What headway knows of one drive.");
}

std::string held_to(const DriveModel& model) {
  if (model.demerit) return fmt::format("measured {:.1f} %", model.demerit->all_percent);
  const auto extracted = [](const Origin& origin) { return origin.origin.starts_with("extracted"); };
  if (std::any_of(model.origins.begin(), model.origins.end(), extracted)) return "DiskSim";
  if (!model.sheet.empty()) return "data sheet";
  return model.measured.empty() ? "estimated" : "measured";
}

DriveModel read_drive(const JsonNode& node) {
  expect_document(node, document::drive);
  drive_shape().check(node);
  const auto kind = node.find("kind");
  const std::size_t place = kind ? place_of(kind->string(), DriveKinds::kinds, "kind") : 0;
  DriveModel drive{.kind = DriveKinds::with<DriveKinds::Variant>(
                       place, [&]<class Model>() -> DriveKinds::Variant { return Model::read(node); })};
  common_fields().fill(node, drive);
  drive.file = node;
  return drive;
}

Json drive_in_full(const DriveModel& drive) { return drive_shape().filled(*drive.file); }

}  // namespace headway
