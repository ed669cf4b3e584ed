// See policy_check.h.
#include "sim/plugins/policy_check.h"

#include <fmt/format.h>

#include <chrono>
#include <sstream>

#include "core/base/letters.h"
#include "core/base/number_text.h"
#include "sim/plugins/apart.h"
#include "sim/plugins/plugin.h"

namespace headway {

namespace {

using testing::Case;

constexpr double patience_s = 10;          // with a case, which takes a millisecond
constexpr double shrinking_patience_s = 1;
constexpr double shrinking_s = 20;         // in all, for one property

Trial::LeavesOut leaves_out(const Policy& policy) {
  return plugin_of(policy).empty() ? Trial::LeavesOut::nothing : Trial::LeavesOut::what_it_says;
}

std::string line_of(const Failure& failure) {
  return fmt::format("{} {}\n", static_cast<int>(failure.id), printable(failure.what));
}

Failure failure_from(const std::string& line) {
  const std::size_t end = line.find(' ');
  return {static_cast<PropertyId>(std::stoi(line.substr(0, end))), line.substr(end + 1)};
}

// The checking process says a line a case: "held WHOLE BOUNDED DECISIONS", or the failure; before it, nothing.
void run_cases(const Policy& policy, const PolicyCases& options, const Say& say) {
  for (std::uint64_t i = 0; i < options.cases; ++i) {
    Trial trial(policy, testing::random_case(options.seed + static_cast<std::uint32_t>(i)), leaves_out(policy));
    const auto failure = trial.run();
    say(fmt::format("{} {} {} {}", trial.decisions(), trial.whole() ? 1 : 0, trial.bounded() ? 1 : 0,
                    failure ? line_of(*failure) : "\n"));
  }
}

// What a case comes to, in a process of its own.
std::optional<Failure> failure_of(const Policy& policy, const Case& c, double patience,
                                  std::vector<std::string>* story = nullptr) {
  const Apart apart = run_apart(
      [&](const Say& say) {
        Trial trial(policy, c, leaves_out(policy));
        const auto failure = trial.run([&](const std::string& line) { say("- " + printable(line) + "\n"); });
        if (failure) say(line_of(*failure));
      },
      patience);
  std::istringstream lines(apart.said);
  std::optional<Failure> failure;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("- "))
      failure = failure_from(line);
    else if (story != nullptr)
      story->push_back(line.substr(2));
  }
  if (!apart.done) failure = {PropertyId::returns, fmt::format("it was ended {}", apart.how_it_ended(patience))};
  return failure;
}

CounterExample counter_example(const Policy& policy, const Failure& failure, std::uint32_t seed) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  const auto fails = [&](const Case& c) {
    if (std::chrono::duration<double>(Clock::now() - begin).count() > shrinking_s) return false;
    const auto other = failure_of(policy, c, shrinking_patience_s);
    return other && other->id == failure.id;
  };
  CounterExample example{.id = failure.id, .seed = seed, .least = shrink(testing::random_case(seed), fails),
                         .what = failure.what, .story = {}};
  // What depends on chance may hold this time.
  const auto again = failure_of(policy, example.least, shrinking_patience_s, &example.story);
  if (again && again->id == failure.id) example.what = again->what;
  return example;
}

void count(PolicyCheck& check, bool whole, bool bounded) {
  for (const Property& each : properties()) {
    const bool of_whole = each.id == PropertyId::reads_once || each.id == PropertyId::brings_all ||
                          each.id == PropertyId::ends_in_time;
    if ((of_whole && !whole) || (each.id == PropertyId::lets_go && !bounded)) continue;
    ++check.tallies[static_cast<std::size_t>(each.id)].held;
  }
}

}  // namespace

PolicyCheck check_policy(const Policy& policy, const PolicyCases& options) {
  PolicyCheck check{.tallies = std::vector<PropertyTally>(properties().size())};
  const Apart apart = run_apart([&](const Say& say) { run_cases(policy, options, say); }, patience_s);
  std::vector<std::pair<Failure, std::uint32_t>> first;  // of each property that is broken, with its seed
  const auto broken = [&](const Failure& failure) {
    PropertyTally& tally = check.tallies[static_cast<std::size_t>(failure.id)];
    if (tally.broken++ == 0) first.emplace_back(failure, options.seed + static_cast<std::uint32_t>(check.cases));
  };
  std::istringstream lines(apart.said);
  std::uint64_t decisions = 0;
  for (int whole = 0, bounded = 0; lines >> decisions >> whole >> bounded; ++check.cases) {
    std::string rest;
    std::getline(lines, rest);
    check.decisions += decisions;
    if (rest.size() > 1)
      broken(failure_from(rest.substr(1)));
    else
      count(check, whole != 0, bounded != 0);
  }
  if (!apart.done) broken({PropertyId::returns, fmt::format("it was ended {}", apart.how_it_ended(patience_s))});
  for (const auto& [failure, seed] : first) check.counter_examples.push_back(counter_example(policy, failure, seed));
  return check;
}

std::string check_report(const Policy& policy, const PolicyCases& options, const PolicyCheck& check) {
  constexpr std::size_t most_lines = 60;
  const auto figure = [](std::uint64_t n) { return figure_text(static_cast<double>(n), true); };
  std::string text = fmt::format("{}: {} cases from seed {}, {} decisions\n  {:<15}{:>8}{:>8}\n", policy.name,
                                 figure(check.cases), options.seed, figure(check.decisions), "", "held", "broken");
  for (const Property& each : properties()) {
    const PropertyTally& tally = check.tallies[static_cast<std::size_t>(each.id)];
    text += fmt::format("  {:<15}{:>8}{:>8}  {}\n", each.name, figure(tally.held),
                        tally.broken == 0 ? "" : figure(tally.broken), each.sentence);
  }
  for (const CounterExample& example : check.counter_examples) {
    text += fmt::format("BROKEN  {} in case {}: {}\n", property(example.id).name, example.seed, example.what);
    text += fmt::format("  with less: {}\n", wrapped(describe(example.least), 13, 100));
    const std::size_t left_out = example.story.size() > most_lines ? example.story.size() - most_lines : 0;
    if (left_out > 0) text += fmt::format("    ({} lines before)\n", left_out);
    for (std::size_t i = left_out; i < example.story.size(); ++i) text += fmt::format("    {}\n", example.story[i]);
  }
  return text;
}

}  // namespace headway
