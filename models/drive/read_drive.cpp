#include "models/drive/read_drive.h"

#include <algorithm>

namespace headway {

namespace {

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> names{"mechanical", "solid-state", "constant"};
  return names;
}

const std::vector<std::string>& origin_names() {
  static const std::vector<std::string> names{"maker", "quoted", "measured", "estimated", "derived", "extracted"};
  return names;
}

// "maker: product manual rev H, page 11": the word before the colon is one of origin_names().
void check_origin(const JsonNode& node) {
  const std::string text = node.string();
  const std::string word = text.substr(0, text.find(':'));
  const auto& names = origin_names();
  if (std::find(names.begin(), names.end(), word) == names.end())
    node.fail("\"ORIGIN: source\" with ORIGIN one of maker, quoted, measured, estimated, derived, extracted");
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
  const std::string kind_name = kind ? kind->choice(kinds()) : "mechanical";
  const auto model = [&]() -> decltype(DriveModel::kind) {
    if (kind_name == "solid-state") return read_solid_state(node);
    if (kind_name == "constant") return read_constant(node);
    return read_mechanical(node);
  };
  DriveModel drive{.kind = model()};
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
