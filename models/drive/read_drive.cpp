#include "models/drive/read_drive.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace headway {

namespace {

constexpr std::array<std::string_view, 6> origin_names{"maker",     "quoted",  "measured",
                                                       "estimated", "derived", "extracted"};

// "maker: product manual rev H, page 11": the word before the colon is one of origin_names.
void check_origin(const JsonNode& node) {
  const std::string text = node.string();
  const std::string word = text.substr(0, text.find(':'));
  if (std::ranges::find(origin_names, word) == origin_names.end())
    node.fail(fmt::format("\"ORIGIN: source\" with ORIGIN one of {}", fmt::join(origin_names, ", ")));
}

std::vector<SheetFigure> read_sheet(const JsonNode& node) {
  std::vector<SheetFigure> figures;
  for (const auto& [name, figure] : node.members()) {
    figure.allow_only({"value", "origin"});
    check_origin(figure.at("origin"));
    const std::string origin = figure.at("origin").string();
    figures.push_back({name, figure.at("value").positive(), origin.substr(0, origin.find(':'))});
  }
  return figures;
}

}  // namespace

std::vector<std::string> with_common_keys(std::vector<std::string> own) {
  for (const char* key : {"drive", "kind", "description", "source", "origins", "data_sheet", "$schema"})
    own.emplace_back(key);
  return own;
}

DriveModel read_drive(const JsonNode& node) {
  const auto kind = node.find("kind");
  const std::size_t place = kind ? place_of(kind->choice(names_of(DriveKinds::kinds)), DriveKinds::kinds, "kind") : 0;
  DriveModel drive{.kind = DriveKinds::with<DriveKinds::Variant>(
                       place, [&]<class Model>() -> DriveKinds::Variant { return Model::read(node); })};
  drive.name = node.at("drive").string();
  for (const char* key : {"description", "source"}) {
    if (const auto text = node.find(key); text && drive.description.empty()) drive.description = text->string();
  }
  if (const auto origins = node.find("origins")) {
    for (const auto& [parameter, origin] : origins->members()) {
      if (!node.has(parameter)) origin.fail("the origin of a key of this file", "\"" + parameter + "\"");
      check_origin(origin);
      drive.origins.push_back({parameter, origin.string()});
    }
  }
  if (const auto sheet = node.find("data_sheet")) drive.sheet = read_sheet(*sheet);
  return drive;
}

}  // namespace headway
