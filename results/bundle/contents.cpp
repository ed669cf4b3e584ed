// See contents.h.
#include "results/bundle/contents.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"

namespace headway {

namespace {

std::vector<std::string> texts(const JsonNode& node) {
  std::vector<std::string> all;
  for (const JsonNode& item : node.items()) all.push_back(item.string());
  return all;
}

std::string member_name(const JsonNode& node) {
  std::string name = node.string();
  if (!is_member_name(name)) node.fail("a relative name in files/ or results/, without \"..\"");
  return name;
}

BundledExperiment experiment_from(const JsonNode& json) {
  BundledExperiment experiment{.file = member_name(json.at("file")),
                               .set = texts(json.at("set")),
                               .trace = json.at("trace").boolean(),
                               .results = member_name(json.at("results")),
                               .figures = texts(json.at("figures"))};
  if (!experiment.results.starts_with("results/")) json.at("results").fail("a directory in results/");
  for (const JsonNode& figure : json.at("figures").items()) {
    if (figure.string().find('/') != std::string::npos) figure.fail("a kind of figure");
  }
  return experiment;
}

// No name is another's directory, either.
void hold_names_apart(const JsonNode& members, const std::vector<BundledMember>& all) {
  std::set<std::string> files;
  for (const auto& member : all) {
    if (!files.insert(member.file).second)
      members.fail("each member once", fmt::format("\"{}\" twice", member.file));
  }
  for (const auto& member : all) {
    for (std::size_t at = member.file.find('/'); at != std::string::npos; at = member.file.find('/', at + 1)) {
      if (files.contains(member.file.substr(0, at)))
        members.fail("files and directories", fmt::format("\"{}\", which is both", member.file.substr(0, at)));
    }
  }
}

}  // namespace

bool is_member_name(const std::string& name) {
  constexpr std::size_t most_bytes = 4000, most_part_bytes = 255;
  if (!name.starts_with("files/") && !name.starts_with("results/")) return false;
  if (name.size() > most_bytes || name.find('\0') != std::string::npos) return false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string part = name.substr(begin, end - begin);
    if (part.empty() || part == "." || part == ".." || part.size() > most_part_bytes) return false;
    begin = end + 1;
  }
  return true;
}

Json to_json(const BundleContents& contents) {
  const auto& by = contents.made_by;
  Json json = {{"bundle_version", BundleContents::version}};
  json["made_by"] = {
      {"headway", by.headway}, {"commit", by.commit}, {"simgrid", by.simgrid}, {"gnuplot", by.gnuplot}};
  json["experiments"] = Json::array();
  for (const auto& experiment : contents.experiments) {
    json["experiments"].push_back({{"file", experiment.file},
                                   {"set", experiment.set},
                                   {"trace", experiment.trace},
                                   {"results", experiment.results},
                                   {"figures", experiment.figures}});
  }
  json["members"] = Json::array();
  for (const auto& member : contents.members)
    json["members"].push_back({{"file", member.file}, {"bytes", member.bytes}, {"sha256", member.sha256}});
  return json;
}

BundleContents contents_from(const JsonNode& json) {
  json.at("bundle_version").unsigned_integer(BundleContents::version, BundleContents::version);
  const JsonNode by = json.at("made_by");
  BundleContents contents;
  contents.made_by = {.headway = by.at("headway").string(),
                      .commit = by.at("commit").string(),
                      .simgrid = by.at("simgrid").string(),
                      .gnuplot = by.at("gnuplot").string()};
  for (const JsonNode& member : json.at("members").items()) {
    contents.members.push_back({.file = member_name(member.at("file")),
                                .bytes = member.at("bytes").unsigned_integer(),
                                .sha256 = member.at("sha256").string()});
  }
  hold_names_apart(json.at("members"), contents.members);
  for (const JsonNode& experiment : json.at("experiments").items()) {
    contents.experiments.push_back(experiment_from(experiment));
    const auto& file = contents.experiments.back().file;
    if (std::ranges::find(contents.members, file, &BundledMember::file) == contents.members.end())
      experiment.at("file").fail("a member of the bundle");
  }
  return contents;
}

}  // namespace headway
