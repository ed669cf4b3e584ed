// See experiment.h.
#include "results/files/experiment.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/sha256.h"
#include "results/files/results_file.h"

namespace headway {

namespace fs = std::filesystem;

namespace {

std::string digest_of_ends(const fs::path& file, std::uint64_t& bytes) {
  constexpr std::uint64_t end_bytes = 1u << 20;
  std::ifstream in(file, std::ios::binary);
  const auto fail = [&] { throw InputError(file.string(), "", "a readable file", "none that can be read"); };
  if (!in.seekg(0, std::ios::end)) fail();
  bytes = static_cast<std::uint64_t>(in.tellg());  // of a block device too
  std::string ends(2 * std::min(bytes / 2, end_bytes), '\0');
  const auto half = static_cast<std::streamsize>(ends.size() / 2);
  if (!in.seekg(0) || !in.read(ends.data(), half)) fail();
  if (!in.seekg(-half, std::ios::end) || !in.read(ends.data() + half, half)) fail();
  return sha256_of(ends);
}

// Why the file is not the one that it was; empty where it is.
std::string difference(const fs::path& file, const FileDigest& then) {
  std::error_code error;
  if (!fs::exists(file, error)) return "is not there any more";
  try {
    if (digest_of_file(file) != then) return "has changed since";
  } catch (const InputError&) {
    return "cannot be read any more";
  }
  return "";
}

}  // namespace

FileDigest digest_of_file(const fs::path& file) {
  constexpr std::uint64_t most_whole_bytes = 256u << 20;
  FileDigest digest;
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (status.type() == fs::file_type::regular) digest.bytes = fs::file_size(file, error);
  digest.of_ends = status.type() == fs::file_type::block || digest.bytes > most_whole_bytes;
  if (digest.of_ends) {
    digest.sha256 = digest_of_ends(file, digest.bytes);
  } else if (status.type() != fs::file_type::fifo && status.type() != fs::file_type::character) {
    digest.sha256 = sha256_of_file(file);
  }
  return digest;
}

void add_experiment(Json& json, const Experiment& experiment) {
  if (!experiment.scenario) return;
  json["scenario"]["in_full"] = experiment.scenario->json();
  json["inputs"] = Json::array();
  for (const auto& [file, digest] : experiment.inputs) {
    json["inputs"].push_back({{"file", file},
                              {"bytes", digest.bytes},
                              {"sha256", digest.sha256.empty() ? Json(nullptr) : Json(digest.sha256)},
                              {"digest_of", digest.of_ends ? "ends" : "whole"}});
  }
  json["drives"] = experiment.drives->json();
  json["traced"] = experiment.traced;
}

Experiment experiment_from(const JsonNode& results) {
  Experiment experiment;
  experiment.scenario = results.at("scenario").find("in_full");
  if (!experiment.scenario) return experiment;
  experiment.scenario->members();  // an object
  for (const JsonNode& input : results.at("inputs").items()) {
    const JsonNode sha256 = input.at("sha256");
    experiment.inputs.push_back({input.at("file").string(),
                                 {.bytes = input.at("bytes").unsigned_integer(),
                                  .sha256 = sha256.json().is_null() ? "" : sha256.string(),
                                  .of_ends = input.at("digest_of").choice({"whole", "ends"}) == "ends"}});
  }
  experiment.drives = results.at("drives");
  experiment.drives->members();
  experiment.traced = results.at("traced").boolean();
  return experiment;
}

fs::path kept_layout(const fs::path& directory, const Experiment& experiment, std::uint64_t seed) {
  const bool grown = experiment.scenario && experiment.scenario->at("layout").has("synthetic");
  return directory / (grown ? fmt::format("{}.layout.h5", seed) : "layout.h5");
}

std::vector<std::string> changed_files(const Results& results, const fs::path& directory) {
  std::vector<std::string> sentences;
  const auto look = [&](const fs::path& file, const FileDigest& then) {
    const std::string how = difference(directory / file, then);
    if (!how.empty()) sentences.push_back(fmt::format("{}, which these results are of, {}", file.string(), how));
  };
  const auto look_at_text = [&](const fs::path& file, const std::string& sha256) {
    std::error_code error;
    if (!sha256.empty()) look(file, {.bytes = fs::file_size(directory / file, error), .sha256 = sha256});
  };
  const fs::path scenario = results.scenario_file;
  look_at_text(results.sweep_file, results.sweep_sha256);
  look_at_text(scenario, results.scenario_sha256);
  for (const InputFile& input : results.experiment.inputs) look(scenario.parent_path() / input.file, input.digest);
  return sentences;
}

}  // namespace headway
