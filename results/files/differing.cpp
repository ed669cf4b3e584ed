// See differing.h.
#include "results/files/differing.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace headway {

namespace {

// A long value by its ends, so that a sentence stays one.
std::string value_text(const Json& json) {
  constexpr std::size_t most = 60;
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= most) return text;
  return json.is_array()    ? fmt::format("a list of {}", json.size())
         : json.is_object() ? fmt::format("an object of {} keys", json.size())
                            : "a text of " + std::to_string(text.size()) + " bytes";
}

class Differing {
 public:
  Differing(const NamedResults& first, const NamedResults& second, std::size_t most)
      : first_(first), second_(second), most_(most) {}

  std::vector<std::string> sentences() {
    program();
    const Results &one = first_.results, &two = second_.results;
    say("scenario", one.scenario_name, two.scenario_name);
    if (one.experiment.scenario && two.experiment.scenario) {
      documents("scenario", one.experiment.scenario->json(), two.experiment.scenario->json());
    } else if (one.scenario_sha256 != two.scenario_sha256) {
      say("SHA-256 of the scenario", one.scenario_sha256, two.scenario_sha256);
    }
    if (one.experiment.drives && two.experiment.drives)
      documents("drive", one.experiment.drives->json(), two.experiment.drives->json());
    inputs();
    only("policy", "policies", names([](const RunResult& run) { return run.policy; }, one),
         names([](const RunResult& run) { return run.policy; }, two));
    only("seed", "seeds", seeds(one), seeds(two));
    if (left_out_ > 0) sentences_.push_back(fmt::format("and {} more values of scenario and drives", left_out_));
    return std::move(sentences_);
  }

 private:
  void say(std::string_view what, const std::string& one, const std::string& two) {
    if (one == two) return;
    const auto shown = [](const std::string& text) { return text.empty() ? std::string("none") : text; };
    sentences_.push_back(
        fmt::format("{}: {} in {}, {} in {}", what, shown(one), first_.name, shown(two), second_.name));
  }

  void program() {
    const auto version = [](const Results& results) {
      return fmt::format("{} ({})", results.headway_version, results.headway_commit);
    };
    const auto how = [](const Results& results) -> std::string { return results.measured ? "measured" : "simulated"; };
    say("headway", version(first_.results), version(second_.results));
    say("how", how(first_.results), how(second_.results));
  }

  // Value by value, by JSON pointer.
  void documents(std::string_view what, const Json& one, const Json& two) {
    const Json patches = Json::diff(one, two);
    for (const Json& patch : patches) {
      const std::string place = patch["path"];
      const Json::json_pointer pointer(place);
      if (place.starts_with("/name") || place.starts_with("/description")) continue;
      if (shown_++ >= most_) {
        ++left_out_;
        continue;
      }
      const auto text = [&](const Json& json) { return json.contains(pointer) ? value_text(json[pointer]) : ""; };
      say(fmt::format("{} {}", what, place), text(one), text(two));
    }
  }

  void inputs() {
    const auto& ones = first_.results.experiment.inputs;
    const auto& twos = second_.results.experiment.inputs;
    for (const InputFile& one : ones) {
      const auto two = std::ranges::find(twos, one.file, &InputFile::file);
      if (two != twos.end() && !(two->digest == one.digest))
        sentences_.push_back(fmt::format("{} is another file in each", one.file));
    }
  }

  template <typename F>
  static std::set<std::string> names(const F& name, const Results& results) {
    std::set<std::string> all;
    for (const RunResult& run : results.runs) all.insert(name(run));
    return all;
  }

  static std::set<std::string> seeds(const Results& results) {
    return names([](const RunResult& run) { return std::to_string(run.seed); }, results);
  }

  void only(std::string_view noun, std::string_view nouns, const std::set<std::string>& one,
            const std::set<std::string>& two) {
    const auto side = [&](const std::set<std::string>& own, const std::set<std::string>& other, std::string_view name) {
      std::vector<std::string> alone;
      std::ranges::set_difference(own, other, std::back_inserter(alone));
      if (alone.empty()) return;
      std::string list;
      for (std::size_t i = 0; i < std::min<std::size_t>(alone.size(), 8); ++i) list += (i > 0 ? ", " : "") + alone[i];
      if (alone.size() > 8) list += fmt::format(" and {} more", alone.size() - 8);
      sentences_.push_back(fmt::format("{} only in {}: {}", alone.size() > 1 ? nouns : noun, name, list));
    };
    side(one, two, first_.name);
    side(two, one, second_.name);
  }

  const NamedResults &first_, &second_;
  std::size_t most_, shown_ = 0, left_out_ = 0;
  std::vector<std::string> sentences_;
};

// What the scenario has there; of a file its digest, whatever it is called.
Json part_of(const Results& results, std::string_view key) {
  const Json& scenario = results.experiment.scenario->json();
  const auto part = scenario.find(key);
  if (part == scenario.end()) return nullptr;
  if (!part->is_object() || !part->contains("file") || !(*part)["file"].is_string()) return *part;
  const auto& inputs = results.experiment.inputs;
  const auto input = std::ranges::find(inputs, (*part)["file"].get<std::string>(), &InputFile::file);
  if (input == inputs.end() || input->digest.sha256.empty()) return *part;
  Json with_digest = *part;
  with_digest["file"] = input->digest.sha256;
  return with_digest;
}

}  // namespace

std::string other_task(const Results& first, const Results& second) {
  if (!first.experiment.scenario || !second.experiment.scenario) return "";
  for (const std::string_view key : {"layout", "workload"}) {
    if (part_of(first, key) != part_of(second, key)) return fmt::format("the scenarios have another \"{}\"", key);
  }
  return "";
}

std::vector<std::string> differing(const NamedResults& first, const NamedResults& second, std::size_t most) {
  return Differing(first, second, most).sentences();
}

}  // namespace headway
