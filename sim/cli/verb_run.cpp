// headway run: scenarios in, results, traces and the comparison out.
#include <algorithm>
#include <filesystem>

#include "core/base/error.h"
#include "core/strategy.h"
#include "sim/cli/plugin_option.h"
#include "sim/cli/scenario_run.h"
#include "sim/cli/verbs.h"
#include "sim/scenario/replicates_spec.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

struct RunWords {
  std::vector<std::string> scenarios;
  std::string out = "out", until;
  std::optional<std::uint64_t> at_most;
  std::vector<std::string> set;
  RunOptions options;
};

void run(RunWords& words) {
  if (!words.until.empty()) {
    words.options.until = stopping_rule_from(words.until);
    if (words.at_most) words.options.until->at_most = static_cast<std::uint32_t>(*words.at_most);
  } else if (words.at_most) {
    throw InputError("--at-most", "", "--until beside it", "none");
  }
  ExitCode worst = exit_done;
  for (const auto& name : words.scenarios) {
    const fs::path file = name;
    // Several scenarios get a directory each, under the one given.
    const fs::path directory = words.scenarios.size() == 1 ? fs::path(words.out) : words.out / file.stem();
    Scenario scenario = read_scenario(file, words.set);
    choose(scenario, words.options);
    worst = std::max(worst, report(scenario, run_scenario(scenario, words.options, directory), directory));
  }
  if (worst != exit_done) throw Exit{worst};
}

}  // namespace

void add_run_verb(Verb& app) {
  Verb verb = app.verb("run", "Run scenarios: every policy on the same layout and drives, side by side");
  auto words = std::make_shared<RunWords>();
  verb.option("SCENARIO", words->scenarios, "scenario files").required();
  verb.option("-o,--output", words->out,
              "directory for results.json, timing.json, metrics over time and "
              "traces; with several "
              "scenarios each gets one of its own in it")
      .shows_default();
  add_set_option(verb, words->set);
  verb.option("--policy", words->options.policies, "run only this policy of the scenario; may be given several times")
      .suggests(policy_names());
  const PluginOption plugins(verb);
  verb.option("--seed", words->options.seed,
              "use this seed (with replicates: from this one on) instead of the scenario's");
  verb.option("--until", words->until,
              "METRIC=HALF-WIDTH, such as elapsed_s=1%: instead of the scenario's replicates, as many as it takes "
              "until each policy's difference from the baseline's is known to so much of the baseline's mean");
  verb.option("--at-most", words->at_most, "runs a policy with --until (default: 100)")
      .within(std::uint64_t{2}, 10'000);
  verb.option("-j,--jobs", words->options.jobs, "runs at a time (default: one a core)").within(std::uint64_t{1}, 4096);
  verb.option("--timeout", words->options.timeout_s,
              "seconds by the wall clock after which a run is ended, and failed (default: none)")
      .positive();
  verb.flag("--trace", words->options.trace,
            "write POLICY.SEED.trace.h5 as well, every event of every run, and the layout that they read");
  verb.run([words, plugins] {
    plugins.load();
    run(*words);
  });
}

}  // namespace headway
