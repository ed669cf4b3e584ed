// headway live: a scenario's policies on real devices, and what the simulation says of the same.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/number_text.h"
#include "core/base/sha256.h"
#include "core/strategy.h"
#include "results/files/stopping.h"
#include "results/tables/side_by_side.h"
#include "results/tables/terminal.h"
#include "results/trace/intervals.h"
#include "results/trace/trace.h"
#include "sim/cli/output.h"
#include "sim/cli/plugin_option.h"
#include "sim/cli/scenario_run.h"
#include "sim/cli/verbs.h"
#include "sim/jobs/jobs.h"
#include "sim/jobs/shared.h"
#include "sim/live/host_facts.h"
#include "sim/live/live_run.h"
#include "sim/live/read_ring.h"
#include "sim/plugins/plugin.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

struct LiveWords {
  std::string scenario;
  std::vector<std::string> devices, set;
  std::vector<fs::path> layout;
  std::string out = "out";
  RunOptions options;
  OpenOptions open;
  std::uint64_t cool_mib = 256;
  bool measure_only = false;
  bool check_decisions = false;
};

// Seen by the processes of runs too.
volatile std::sig_atomic_t& interrupted() {
  static const Shared<std::sig_atomic_t> flag;
  return flag[0];
}

// While it lives, Ctrl-C asks the runs to end; a second one ends the program, as it does without.
class Interruptible {
 public:
  Interruptible() {
    interrupted() = 0;  // the flag is there before the handler is
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted() = 1; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, &action, &before_[0]);
    ::sigaction(SIGTERM, &action, &before_[1]);
  }
  ~Interruptible() {
    ::sigaction(SIGINT, &before_[0], nullptr);
    ::sigaction(SIGTERM, &before_[1], nullptr);
  }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  struct sigaction before_[2]{};
};

// The scenario over the file system of these devices, or over the layouts that the user names, instead of its own.
Scenario scenario_over(const LiveWords& words, const std::vector<NamedDevice>& devices) {
  Json json = JsonNode::read_file(words.scenario).json();
  Json files = Json::array();
  for (const auto& file : words.layout) files.push_back(fs::absolute(file).string());
  for (const auto& device : devices) {
    if (words.layout.empty()) files.push_back(fs::absolute(device.path).string());
  }
  if (json.is_object()) json["layout"] = {{"file", files}};
  SetDocument read = set_in(JsonNode::parse(json.dump(), words.scenario), words.set);
  Scenario scenario = read_scenario(read.document, words.scenario);
  scenario.set = std::move(read.set);
  scenario.sha256 = sha256_of_file(words.scenario);
  choose(scenario, words.options);
  check_live(scenario);
  return scenario;
}

// All runs on the devices, in the order in which results have them.
class Measurement {
 public:
  Measurement(const LiveWords& words, const Scenario& scenario, const Layout& layout, const LiveDevices& devices)
      : words_(words), scenario_(scenario), layout_(layout), devices_(devices), line_(stderr) {}

  // The policies take turns in who is first, a replicate each: what one leaves warm is not always for the same one.
  void run() {
    const Interruptible interruptible;
    const std::size_t policies = scenario_.policies.size();
    so_far_.until = scenario_.until;
    runs_.resize(policies * scenario_.replicates);
    for (std::size_t replicate = 0; replicate < scenario_.replicates; ++replicate) {
      for (std::size_t turn = 0; turn < policies; ++turn)
        run_one(scenario_.policies[(turn + replicate) % policies], replicate, (turn + replicate) % policies);
      if (enough_after(replicate)) break;
    }
    line_.clear();
  }

  const std::vector<LiveRun>& runs() const { return runs_; }
  bool stopped() const { return interrupted() != 0; }
  bool devices_failed() const { return std::ranges::any_of(runs_, &LiveRun::devices_failed); }

  // Whether the decisions of all runs follow from the ends of their reads; prints what comes of it.
  bool decisions_hold() {
    std::uint64_t events = 0, checked = 0;
    bool hold = true;
    for (const auto& policy : scenario_.policies) {
      for (const LiveRun& run : runs_) {
        if (run.result.policy != policy.name || run.result.failed()) continue;
        std::uint64_t same = 0;
        const std::string difference = difference_of(policy, run.result.seed, same);
        events += same;
        ++checked;
        if (difference.empty()) continue;
        hold = false;
        fmt::print("decisions of {}, seed {}, differ at {}\n", printable(policy.name), run.result.seed,
                   printable(difference));
      }
    }
    if (hold)
      fmt::print("decisions: {} events of {} runs follow from their reads' ends, as their twins have them\n",
                 figure_text(static_cast<double>(events), true), checked);
    return hold;
  }

 private:
  // Whether the replicates up to this one tell what was to be known, or nobody waits for more: the others are not made.
  bool enough_after(std::size_t replicate) {
    const std::size_t runs = (replicate + 1) * scenario_.policies.size();
    if (scenario_.until) {
      for (std::size_t i = so_far_.runs.size(); i < runs; ++i) so_far_.runs.push_back(runs_[i].result);
    }
    if (!stopped() && !(scenario_.until && replicate > 0 && enough(so_far_))) return false;
    if (scenario_.until) runs_.resize(runs);
    return true;
  }

  std::string difference_of(const PolicySpec& policy, std::uint64_t seed, std::uint64_t& same) const {
    const StdoutToStderr aside;  // for what a plug-in prints
    return decisions_differ(request(policy, seed), same);
  }

  LiveRequest request(const PolicySpec& policy, std::uint64_t seed) const {
    const fs::path directory = words_.out;
    std::optional<fs::path> trace;
    if (words_.options.trace) trace = directory / trace_file_name(policy.name, seed);
    return {.scenario = scenario_,
            .layout = layout_,
            .policy = policy,
            .seed = seed,
            .devices = devices_,
            .trace = trace,
            .intervals = directory / intervals_file_name(policy.name, seed),
            .stop = [] { return interrupted() != 0; },
            .progress = {}};
  }

  void run_one(const PolicySpec& policy, std::size_t replicate, std::size_t place) {
    LiveRun& run = runs_[replicate * scenario_.policies.size() + place];
    LiveRequest asked = request(policy, scenario_.seed + replicate);
    run.result = {.policy = policy.name, .seed = asked.seed, .status = "failed", .message = "stopped before it began"};
    run.timing = {.policy = policy.name, .seed = asked.seed};
    if (!stopped()) devices_.cool(words_.cool_mib << 20, asked.seed + done_);
    if (stopped()) return;
    if (plugin_of(*policy.policy).empty()) {
      asked.progress = [&](double, std::uint64_t, double share) { show(policy.name, share); };
      run = run_live(asked);
    } else {
      run = run_in_process_of_its_own(asked);
    }
    ++done_;
  }

  // A plug-in's policy: what it breaks is its row, and not what other runs have found.
  LiveRun run_in_process_of_its_own(LiveRequest& asked) {
    struct Outcome {
      double wall_s = 0, cpu_s = 0, reads_per_wall_s = 0;
      std::uint64_t peak_rss_bytes = 0;
      bool devices_failed = false;
    };
    const Shared<Outcome> outcome;
    asked.progress = [](double, std::uint64_t, double share) { progress_of_this_process().share = share; };
    const Job job{asked.policy.name, asked.seed, [&] {
                    const LiveRun run = run_live(asked);
                    outcome[0] = {run.timing.wall_s, run.timing.cpu_s, run.timing.reads_per_wall_s,
                                  run.timing.peak_rss_bytes, run.devices_failed};
                    return run.result;
                  }};
    const auto watch = [&](const ProgressState& state) { show(asked.policy.name, state.fraction); };
    JobResult done = run_jobs({job}, 1, watch).front();
    if (done.lost) return {.result = std::move(done.run), .timing = std::move(done.timing)};
    const auto& [wall_s, cpu_s, reads_per_wall_s, peak_rss_bytes, devices_failed] = outcome[0];
    return {.result = std::move(done.run),
            .timing = {asked.policy.name, asked.seed, wall_s, cpu_s, reads_per_wall_s, peak_rss_bytes},
            .devices_failed = devices_failed};
  }

  void show(const std::string& policy, double share) {
    const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    if (!line_.due(wall_s)) return;
    const double all = static_cast<double>(runs_.size());
    line_.show(share_line(fmt::format("measuring {}", printable(policy)),
                          (static_cast<double>(done_) + std::min(share, 1.0)) / all, wall_s),
               wall_s);
  }

  const LiveWords& words_;
  const Scenario& scenario_;
  const Layout& layout_;
  const LiveDevices& devices_;
  StatusLine line_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::vector<LiveRun> runs_;
  Results so_far_;  // where the scenario says until when
  std::uint64_t done_ = 0;
};

// What live figures do not tell by themselves.
std::vector<std::string> notes_on(const Scenario& scenario, const LiveDevices& devices) {
  std::string paths;
  for (const LiveDevice& device : devices.all()) paths += fmt::format(" {}", device.path.string());
  std::vector<std::string> notes{fmt::format("measured on real devices:{}", paths)};
  if (devices.buffered())
    notes.emplace_back("read through the page cache, which may have held what was read: memory was measured as well");
  if (scenario.cpu.workers > 0 || !scenario.buses.empty())
    notes.emplace_back("the scenario's cpu and buses are the simulation's; the measured machine has its own");
  return notes;
}

Results write_measured(const LiveWords& words, Results results, const Measurement& measurement,
                       const LiveDevices& devices) {
  std::vector<RunTiming> timing;
  for (const LiveRun& run : measurement.runs()) {
    results.runs.push_back(run.result);
    timing.push_back(run.timing);
  }
  write_results(words.out, results);
  write_timing(words.out, timing, host_facts(devices));
  return results;
}

void print_cost(const Measurement& measurement) {
  double cpu_s = 0, reads = 0;
  for (const LiveRun& run : measurement.runs()) {
    if (run.result.failed()) continue;
    cpu_s += run.timing.cpu_s;
    reads += run.result.metrics[MetricId::reads];
  }
  if (reads > 0)
    fmt::print("own cost: {} us of CPU time a read, system calls and checks of blocks included\n",
               figure_text(cpu_s / reads * 1e6, false));
}

// The runs, and what comes of them. `head`: results of runs to be, of the simulation.
ExitCode measure_and_predict(const LiveWords& words, const Scenario& scenario, const Results& head, Layout layout,
                             const LiveDevices& devices) {
  const std::vector<FileStamp> stamps(scenario.input_files.begin(), scenario.input_files.end());
  Results results = head;
  results.measured = true;
  for (auto& note : notes_on(scenario, devices)) results.notes.push_back(std::move(note));
  for (const auto& note : results.notes) say_note(note);
  Measurement measurement(words, scenario, layout, devices);
  measurement.run();
  results = write_measured(words, std::move(results), measurement, devices);
  fmt::print("measured: ");
  ExitCode code = report(scenario, results, words.out);
  print_cost(measurement);
  if (words.check_decisions && !measurement.decisions_hold()) code = std::max(code, exit_check_failed);
  if (measurement.devices_failed()) code = exit_run_failed;
  if (words.measure_only || measurement.stopped()) return code;
  const fs::path simulated = fs::path(words.out) / "simulated";
  Scenario same = scenario;  // as many replicates as were measured
  same.replicates = static_cast<std::uint32_t>(measurement.runs().size() / scenario.policies.size());
  same.until.reset();
  Results predicted = head;
  predicted.until.reset();
  const Results prediction = simulate(same, std::move(predicted), std::move(layout), stamps, words.options, simulated);
  fmt::print("\n{}", side_by_side_table({results, "measured"}, {prediction, "simulated"}));
  return code;
}

void live(LiveWords& words) {
  words.options.trace = words.options.trace || words.check_decisions;
  const auto named = named_devices(words.devices);
  const LiveDevices devices(named, words.open);
  const Scenario scenario = scenario_over(words, named);
  Layout layout = load_scenario_layout(scenario);
  devices.check(layout);
  static_cast<void>(ReadRing(devices.descriptors()));  // whether the kernel has it, before anything is written
  Results head = results_for(scenario, words.options.trace);
  head.notes = layout.left_out;
  make_output_directory(words.out);
  if (words.options.trace) keep_layout(kept_layout(words.out, head.experiment, scenario.seed), layout);
  ExitCode code = exit_run_failed;
  try {
    code = measure_and_predict(words, scenario, head, std::move(layout), devices);
  } catch (const InputError& error) {  // the input was sound: something went while it was read
    throw std::runtime_error(error.what());
  }
  if (code != exit_done) throw Exit{code};
}

}  // namespace

void add_live_verb(Verb& app) {
  Verb verb = app.verb("live", "Run a scenario's policies on real devices, read-only, beside the prediction");
  auto words = std::make_shared<LiveWords>();
  verb.option("SCENARIO", words->scenario, "a scenario file; its drives are those of the prediction").required();
  verb.option("--device", words->devices,
              "DEVID=PATH, a block device or an image file, for each of the file system's devices")
      .required();
  verb.option("-o,--output", words->out,
              "directory for results.json and the rest, as of run; the prediction's go to simulated/ in it")
      .shows_default();
  add_set_option(verb, words->set);
  verb.option("--layout", words->layout,
              "the file system's layout (default: imported from the devices, not as the scenario says)");
  verb.option("--policy", words->options.policies, "run only this policy of the scenario; may be given several times")
      .suggests(policy_names());
  const PluginOption plugins(verb);
  verb.option("--seed", words->options.seed,
              "use this seed (with replicates: from this one on) instead of the scenario's");
  verb.option("-j,--jobs", words->options.jobs, "runs of the prediction at a time (default: one a core)")
      .within(std::uint64_t{1}, 4096);
  verb.flag("--trace", words->options.trace, "write POLICY.SEED.trace.h5 as well, and the layout");
  verb.flag("--check-decisions", words->check_decisions,
            "go through each trace once more on a plain world, and exit with 1 if the decisions are not the same");
  verb.flag("--measure-only", words->measure_only, "do without the prediction");
  verb.option("--cool-mib", words->cool_mib, "MiB to read elsewhere on each device before each run, against its cache")
      .within(std::uint64_t{0}, std::uint64_t{1} << 20)
      .shows_default();
  verb.flag("--buffered", words->open.buffered, "read through the page cache, where O_DIRECT cannot be");
  verb.flag("--mounted-ok", words->open.mounted_ok, "also devices that are mounted or in use; nothing is ever written");
  verb.footer(
      "Devices are opened for reading alone. Ctrl-C ends the run, keeps those that had ended, and leaves with 3; so "
      "does "
      "a\ndevice that fails a read or holds blocks that are not the layout's. Seek and rotation, which a device does "
      "not "
      "tell,\nare empty. timing.json says on what it was measured.");
  verb.run([words, plugins] {
    plugins.load();
    live(*words);
  });
}

}  // namespace headway
