// What must hold of every run, whatever the scenario: random ones, of every kind that the tables have
// (random_scenario.h), go through `headway run` twice, one run at a time and two at once. They end; every file but the
// clock's is the same to the byte; and what a run's results and its trace say of it is one.
//
// HEADWAY_SCENARIOS sets how many, or HEADWAY_SECONDS for how long; HEADWAY_SEED is the seed of all, and
// HEADWAY_FIRST the place of the first. What fails is kept, and named, as a scenario that `headway run` takes, and so
// is the least that fails in the same way.
#include <doctest/doctest.h>
#include <fmt/ranges.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "core/base/testing/sanitized.h"
#include "sim/cli/verbs.h"
#include "sim/jobs/jobs.h"
#include "sim/testing/random_scenario.h"
#include "sim/testing/run_promises.h"

using namespace headway;
using namespace headway::testing;

namespace {

namespace fs = std::filesystem;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

// As the program does it. Throws what the verb throws.
void headway_run(const std::vector<std::string>& words) {
  CLI::App app;
  Verb root(&app);
  add_run_verb(root);
  app.parse(std::vector(words.rbegin(), words.rend()));
}

// Empty where both directories have the same files with the same bytes, but for what says how long it took.
std::string difference(const fs::path& a, const fs::path& b) {
  const auto names = [](const fs::path& directory) {
    std::set<std::string> all;
    for (const auto& entry : fs::directory_iterator(directory)) all.insert(entry.path().filename().string());
    all.erase("timing.json");
    return all;
  };
  if (names(a) != names(b)) return "the second time there are other files";
  for (const auto& name : names(a)) {
    if (bytes_of(a / name) != bytes_of(b / name)) return "with two runs at once another " + name;
  }
  return "";
}

// What is wrong with what `headway run` makes of the scenario; throws InputError where it is refused.
std::string wrong_with(const fs::path& scenario) {
  const fs::path one = scenario.parent_path() / "one", two = scenario.parent_path() / "two";
  for (const auto& [out, at_once] : {std::pair{one, "1"}, {two, "2"}}) {
    try {
      headway_run({"run", scenario.string(), "-o", out.string(), "-j", at_once, "--trace"});
    } catch (const Exit& exit) {
      if (exit.code != exit_check_failed && exit.code != exit_run_failed)
        return fmt::format("exit code {}", int{exit.code});
    } catch (const InputError&) {
      if (fs::exists(out)) return "refused, and yet there is output";
      throw;
    }
  }
  const std::string broken = broken_promise(scenario, one);
  return broken.empty() ? difference(one, two) : broken;
}

// How a scenario's trial ended, in the words that a job's result carries as its policy. A process that dies has the
// job's.
constexpr const char *sound = "sound", *refused = "refused", *wrong = "wrong";

RunResult as_result(const char* outcome, std::string message = "") {
  RunResult result;
  result.policy = outcome;
  result.message = std::move(message);
  return result;
}

// In a process that may do what it likes: its output goes to files beside the scenario, and it has no more than its
// share of time and memory.
RunResult tried(const fs::path& directory, const std::function<Json()>& make) {
  constexpr rlim_t cpu_s = sanitized ? 60 : 5;
  const rlimit time{cpu_s, cpu_s}, memory{rlim_t{4} << 30, rlim_t{4} << 30};
  ::setrlimit(RLIMIT_CPU, &time);
  if (!sanitized) ::setrlimit(RLIMIT_AS, &memory);
  if (!std::freopen((directory / "stdout").c_str(), "w", stdout)) return as_result(wrong, "no stdout");
  if (!std::freopen((directory / "stderr").c_str(), "w", stderr)) return as_result(wrong, "no stderr");
  try {
    write_bytes(directory / "scenario.json", make().dump(2));
    const std::string why = wrong_with(directory / "scenario.json");
    return as_result(why.empty() ? sound : wrong, why);
  } catch (const InputError& error) {
    return as_result(refused, error.what());
  } catch (const std::exception& error) {
    return as_result(wrong, fmt::format("thrown: {}", error.what()));
  }
}

// Leaves out one part of a failing scenario after the other, for as long as it fails and for a minute at most.
class Shrinker {
 public:
  explicit Shrinker(fs::path directory) : directory_(std::move(directory)) {}

  Json least(Json failing) {
    for (bool smaller = true; smaller && !late();) {
      smaller = false;
      std::vector<std::string> parts;
      const Json leaves = failing.flatten();
      for (const auto& [pointer, value] : leaves.items()) add_with_parents(pointer, parts);
      for (const auto& pointer : parts) {
        if (late()) break;
        if (!failing.contains(Json::json_pointer(pointer))) continue;
        Json candidate = failing;
        const Json::json_pointer place(pointer);
        Json& parent = candidate[place.parent_pointer()];
        if (parent.is_array())
          parent.erase(std::stoul(place.back()));
        else
          parent.erase(place.back());
        if (!fails(candidate)) continue;
        failing = std::move(candidate);
        smaller = true;
      }
    }
    return failing;
  }

 private:
  static void add_with_parents(const std::string& pointer, std::vector<std::string>& parts) {
    for (auto end = pointer.find('/', 1); end != pointer.npos; end = pointer.find('/', end + 1)) {
      const std::string part = pointer.substr(0, end);
      if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
    }
    parts.push_back(pointer);
  }

  bool late() const { return std::chrono::steady_clock::now() - begin_ > std::chrono::seconds(60); }

  bool fails(const Json& candidate) {
    fs::remove_all(directory_);
    fs::create_directories(directory_);
    const Job job{wrong, 0, [&] { return tried(directory_, [&] { return candidate; }); }};
    return run_jobs({job}, 1, [](const ProgressState&) {})[0].run.policy == wrong;
  }

  const fs::path directory_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

void add_words(const Json& json, std::set<std::string>& words) {
  if (json.is_string()) words.insert(json.get<std::string>());
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) words.insert(key);
  }
  if (json.is_structured()) {
    for (const Json& part : json) add_words(part, words);
  }
}

// The words that a schema offers for a value: names of kinds, policies, formats.
void add_offered(const Json& schema, std::set<std::string>& words) {
  if (!schema.is_structured()) return;
  for (const auto& [key, value] : schema.items()) {
    if (key == "enum" || key == "const") add_words(value, words);
    if (key != "metric" && key != "enum") add_offered(value, words);
  }
}

class Trials {
 public:
  // The scenarios from `first` on; true while none has failed.
  bool run(std::uint32_t first, std::uint32_t count) {
    std::vector<Job> jobs;
    for (std::uint32_t index = first; index < first + count; ++index) {
      const fs::path directory = kept_ / fmt::format("{}-{}", seed_, index);
      fs::remove_all(directory);
      fs::create_directories(directory);
      jobs.push_back({wrong,
                      index,
                      [this, index, directory] {
                        return tried(directory,
                                     [&] { return RandomScenario(supplies_, Dice(seed_, index), directory).make(); });
                      },
                      {},
                      [this, index, directory](const JobResult& result) { take(index, directory, result.run); }});
    }
    run_jobs(jobs, 2, [](const ProgressState&) {});
    return failed_ == 0;
  }

  void take(std::uint32_t index, const fs::path& directory, const RunResult& result) {
    ++tried_;
    if (fs::exists(directory / "scenario.json"))
      add_words(Json::parse(bytes_of(directory / "scenario.json"), nullptr, false), words_);
    if (result.policy == refused) refusals_.push_back(result.message);
    if (result.policy != wrong) {
      fs::remove_all(directory);
      return;
    }
    ++failed_;
    MESSAGE("seed ", seed_, ", scenario ", index, ", rerun by: headway run ", (directory / "scenario.json").string(),
            "\n", result.message, "\n", bytes_of(directory / "stderr").substr(0, 4000));
    if (failed_ > 1 || !fs::exists(directory / "scenario.json")) return;
    const Json least = Shrinker(directory / "least").least(Json::parse(bytes_of(directory / "scenario.json")));
    MESSAGE("fails as well: ", least.dump());
  }

  void report() const {
    MESSAGE(tried_, " scenarios, seed ", seed_, ": ", refusals_.size(), " refused, ", failed_, " failed");
    CHECK(failed_ == 0);
    if (failed_ == 0) fs::remove_all(kept_);
    CAPTURE(fmt::format("{}", fmt::join(refusals_, "\n")));
    CHECK(refusals_.size() * 20 <= tried_);  // one in twenty, or the test is hollow
    if (tried_ < 200) return;
    std::set<std::string> offered;
    add_offered(supplies_.scenario_schema, offered);
    const std::size_t all = offered.size();
    for (const auto& word : words_) offered.erase(word);
    CAPTURE(fmt::format("{}", fmt::join(offered, ", ")));
    CHECK(offered.size() * 12 <= all);  // nor much of what there is to draw, of which some asks for a rare layout
  }

 private:
  const fs::path kept_ = fs::temp_directory_path() / fmt::format("headway-random-scenarios-{}", ::getpid());
  const ScenarioSupplies supplies_{kept_ / "layouts"};
  const std::uint32_t seed_ = static_cast<std::uint32_t>(from_environment("HEADWAY_SEED", 1));
  std::set<std::string> words_;  // that stand in the scenarios
  std::vector<std::string> refusals_;
  std::uint32_t tried_ = 0, failed_ = 0;
};

}  // namespace

TEST_CASE("random scenarios: runs end, add up, and come out the same with any number of jobs") {
  const auto seconds = std::chrono::seconds(from_environment("HEADWAY_SECONDS", 0));
  const auto count = static_cast<std::uint32_t>(from_environment("HEADWAY_SCENARIOS", sanitized ? 100 : 60));
  const auto first = static_cast<std::uint32_t>(from_environment("HEADWAY_FIRST", 0));
  const auto begin = std::chrono::steady_clock::now();
  constexpr std::uint32_t batch = 100;
  Trials trials;
  const auto more = [&](std::uint32_t done) {
    return seconds.count() > 0 ? std::chrono::steady_clock::now() - begin < seconds : done < count;
  };
  for (std::uint32_t done = 0; more(done); done += batch) {
    const std::uint32_t next = seconds.count() > 0 ? batch : std::min(batch, count - done);
    if (!trials.run(first + done, next)) break;
  }
  trials.report();
}
