// See sweep_run.h.
#include "sim/cli/sweep_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <thread>

#include "results/tables/terminal.h"
#include "sim/bound/bound.h"
#include "sim/cli/output.h"
#include "sim/engine/run.h"
#include "sim/jobs/jobs.h"

namespace headway {

Stock take_stock(const std::vector<SweepRun>& runs, const RunCache& cache) {
  Stock stock;
  std::map<std::string, bool> known;
  for (const auto& run : runs) {
    const auto [is_there, is_new] = known.try_emplace(run.id);
    if (is_new) is_there->second = cache.find(run.id).has_value();
    if (is_there->second) ++stock.there;
    if (is_new && !is_there->second) stock.missing.push_back(run);
  }
  return stock;
}

namespace {

// The bounds of experiments that several policies share: found here once, for each child to find.
class Bounds {
 public:
  explicit Bounds(const std::vector<SweepRun>& runs) {
    for (const auto& run : runs) ++users_[key(run)];
  }

  bool wants(const SweepRun& run) const { return users_.at(key(run)) > 1 && !known_.contains(key(run)); }
  void find(const SweepRun& run, const Scenario& scenario, const Layout& layout) {
    known_[key(run)] = bound_of(scenario, layout, run.seed);
  }
  Bound of(const SweepRun& run, const Scenario& scenario, const Layout& layout) const {
    const auto known = known_.find(key(run));
    return known != known_.end() ? known->second : bound_of(scenario, layout, run.seed);
  }

 private:
  using Key = std::pair<std::size_t, std::uint64_t>;
  static Key key(const SweepRun& run) { return {run.cell, run.seed}; }

  std::map<Key, std::size_t> users_;
  std::map<Key, Bound> known_;
};

// A layout that one run needs is loaded by its child, beside the others; one that several share is loaded here, once.
std::vector<Job> make_jobs(const SweepSpec& sweep, const std::vector<SweepRun>& runs, LayoutShelf& shelf,
                           const RunCache& cache, Bounds& bounds) {
  std::map<std::size_t, std::size_t> users;
  for (const auto& run : runs) ++users[run.layout];
  std::vector<Job> jobs;
  for (const auto& run : runs) {
    Job job{run.policy, run.seed, [&sweep, &run, &shelf, &cache, &bounds] {
              if (const auto other = cache.find(run.id)) return *other;  // another sweep was faster
              const Scenario scenario = scenario_of(sweep, run);
              const auto is_ours = [&](const PolicySpec& policy) { return policy.name == run.policy; };
              const auto policy = std::find_if(scenario.policies.begin(), scenario.policies.end(), is_ours);
              const auto layout = shelf.get(run.layout, scenario);
              RunResult result = run_once({scenario, *layout, *policy, run.seed, {}, {}});
              add_bound(result, bounds.of(run, scenario, *layout), *policy);
              return result;
            }};
    if (users[run.layout] > 1)
      job.before = [&sweep, &run, &shelf, &bounds] {
        if (shelf.has(run.layout) && !bounds.wants(run)) return;
        const Scenario scenario = scenario_of(sweep, run);
        const auto layout = shelf.get(run.layout, scenario);
        if (bounds.wants(run)) bounds.find(run, scenario, *layout);
      };
    job.after = [&run, &cache](const JobResult& result) {
      if (!result.lost && run.changed_input() == nullptr) cache.put(run.id, result.run);
    };
    jobs.push_back(std::move(job));
  }
  return jobs;
}

}  // namespace

Lost make_runs(const SweepSpec& sweep, const std::vector<SweepRun>& missing, const RunCache& cache,
               const RunLimits& limits) {
  const unsigned at_once = limits.jobs > 0 ? limits.jobs : std::max(1u, std::thread::hardware_concurrency());
  LayoutShelf shelf;
  for (const auto& note : check_layouts(sweep, missing, shelf)) say_note(note);
  Bounds bounds(missing);
  const auto jobs = make_jobs(sweep, missing, shelf, cache, bounds);
  Progress progress(stderr);
  std::size_t kept = 0;
  std::vector<JobResult> results;
  try {
    const auto watch = [&](const ProgressState& state) {
      kept = state.runs_done;
      progress.update(state);
    };
    results = run_jobs(jobs, at_once, watch, limits.timeout_s);
  } catch (const std::system_error& error) {
    throw std::runtime_error(fmt::format("{}; {} of {} runs are kept in {}, and the same command goes on from there",
                                         error.what(), kept, jobs.size(), cache.directory().string()));
  }
  Lost lost;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].lost) {
      lost[missing[i].id] = results[i].run.message;
    } else if (const FileStamp* changed = missing[i].changed_input()) {
      lost[missing[i].id] = fmt::format("{} changed while the sweep ran", changed->file.string());
    }
  }
  if (!lost.empty())
    fmt::print(stderr,
               "headway: {} of {} runs ended without a result; the others are kept in {}, and the same command "
               "tries these again\n",
               lost.size(), results.size(), cache.directory().string());
  return lost;
}

}  // namespace headway
