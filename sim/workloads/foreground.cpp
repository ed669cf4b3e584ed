// foreground: reads and writes beside the readahead, by somebody who does not care for it: what the readahead costs the
// others.
//
// Three kinds of arrivals: a closed loop (each end is answered by the next request, `depth` are under way), Poisson
// arrivals, or a trace that is replayed at its own times. Requests go to devices as the block layer sees them: a write to
// one copy of a mirror is written once. They share drives, schedulers and buses with everything else, as a stream of
// their own; they stand in the workload's metrics and in none of the run's, nor in its trace. (A drive's `seeks` therefore
// count from where its last recorded read ended, wherever a foreground request has taken its heads meanwhile.)
//
// `jobs` are so many closed loops (fio's numjobs), all from the region's begin where they go in sequence; to a
// scheduler they are one stream. A loop that reads and writes in sequence keeps a place for either, as fio's does.
//
// `requests`: ends when so many have ended. `duration_s`: ends then; what is under way then does not count. Neither: ends
// with the last workload that ends by itself; where there is none, a trace ends with its last request. Poisson arrivals
// without an end that drives cannot keep up with would starve the others for ever, where their requests are of the idle
// class or come last: the run fails once 100,000 wait.
//
// Simplification: a device that is gone fails a request in no time. A closed loop, which would ask again at the same date
// for ever, asks again a millisecond later: on such a device it comes to `depth` failed requests a millisecond.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

#include "core/base/error.h"
#include "models/trace_input/trace_input.h"
#include "sim/driver/stage.h"
#include "sim/workloads/data_extents.h"
#include "sim/workloads/own_counters.h"
#include "sim/workloads/request_source.h"
#include "sim/workloads/workload.h"

namespace headway {

namespace {

class Foreground final : public Workload {
 public:
  Foreground(const ForegroundSpec& spec, std::size_t place, Stage& stage)
      : spec_(spec),
        stage_(stage),
        source_(spec, stage.volume(), stream_of(place), stage.seed()),
        jobs_(spec.jobs, Job(*this, source_.begin())),
        woken_(stage.make_sleeper()) {}

  double run() override {
    end_s_ = stage_.now_s();
    if (spec_.duration_s) deadline_s_ = stage_.now_s() + *spec_.duration_s;
    if (const auto* loop = std::get_if<ClosedLoop>(&spec_.arrivals)) begin(*loop);
    if (const auto* poisson = std::get_if<PoissonArrivals>(&spec_.arrivals)) arrive(*poisson);
    if (const auto* trace = std::get_if<ReplayedTrace>(&spec_.arrivals)) replay(*trace);
    while (!over_ && !done()) {
      pause_until(retry_s_);
      if (stage_.now_s() >= retry_s_) retry();
    }
    over_ = true;
    return end_s_;
  }

  void stop(double end_s) override {
    over_ = true;
    end_s_ = end_s;
    stage_.wake(woken_);
  }

  MetricValues metrics(double elapsed_s) const override { return counters_.metrics(elapsed_s); }

 private:
  // One closed loop, or all other arrivals.
  struct Job final : OwnRequestSink {
    Job(Foreground& all, RequestSource::Place begin) : foreground(all), place(std::move(begin)) {}
    void ended(const OwnRequest& request, const OwnCompletion& completion) override {
      foreground.ended(*this, request, completion);
    }

    Foreground& foreground;
    RequestSource::Place place;
    std::uint32_t failed_in_no_time = 0;  // of its requests
  };

  static constexpr double never = std::numeric_limits<double>::infinity();
  static constexpr std::uint64_t waiting_most = 100'000;  // more than any host's queues hold

  void ended(Job& job, const OwnRequest& request, const OwnCompletion& completion) {
    if (over_) return;
    counters_.ended(request, completion);
    --in_flight_;
    end_s_ = completion.end_s;
    if (spec_.endless() && stage_.stalled()) return stop(completion.end_s);
    const bool no_time = completion.error != 0 && completion.end_s <= completion.issued_s;
    if (in_loop_ && !all_submitted_) {
      if (no_time)
        retry_later(job);
      else
        go_on(job);
    }
    if (done()) stage_.wake(woken_);
  }

  bool done() const { return all_submitted_ && in_flight_ == 0 && !spec_.endless(); }

  void begin(const ClosedLoop& loop) {
    in_loop_ = true;
    for (Job& job : jobs_) {
      for (std::uint32_t i = 0; i < loop.depth && !all_submitted_; ++i) go_on(job);
    }
  }

  void retry_later(Job& job) {
    ++job.failed_in_no_time;
    if (retry_s_ != never) return;
    retry_s_ = stage_.now_s() + 1e-3;
    stage_.wake(woken_);
  }

  void retry() {
    retry_s_ = never;
    for (Job& job : jobs_) {
      for (std::uint32_t left = std::exchange(job.failed_in_no_time, 0); !over_ && left > 0 && !all_submitted_; --left)
        go_on(job);
    }
  }

  void arrive(const PoissonArrivals& poisson) {
    double at_s = stage_.now_s();
    while (!all_submitted_ && pause_until(at_s += source_.exponential_s(poisson.rate_per_s))) {
      go_on(jobs_[0]);
      if (spec_.endless() && in_flight_ > waiting_most)
        throw std::runtime_error(fmt::format("the drives fall behind its {} requests a second, of which {} wait, and "
                                             "neither \"requests\" nor \"duration_s\" ends it",
                                             poisson.rate_per_s, in_flight_));
    }
  }

  void replay(const ReplayedTrace& replayed) {
    const double begin_s = stage_.now_s();
    const auto trace = replayed.open();
    while (!all_submitted_) {
      const auto traced = trace->next();
      if (traced && !pause_until(begin_s + traced->time_s / replayed.speed)) return;
      if (traced) submit(source_.placed(*traced), jobs_[0]);
      all_submitted_ = all_submitted_ || !traced;
    }
  }

  void go_on(Job& job) { submit(source_.next(job.place), job); }

  void submit(const OwnRequest& request, Job& job) {
    ++in_flight_;
    all_submitted_ = ++submitted_ == spec_.requests;
    stage_.submit(request, job);
  }

  // Blocks. False when the foreground is over by then.
  bool pause_until(double date_s) {
    const double until_s = std::min(date_s, deadline_s_);
    if (until_s == never) {
      stage_.wait(*woken_);
    } else if (until_s > stage_.now_s()) {
      const bool passed = stage_.wait_for(*woken_, until_s - stage_.now_s());
      if (passed && until_s == deadline_s_) stop(deadline_s_);
    }
    if (!over_ && spec_.endless() && stage_.stalled()) stop(stage_.now_s());
    return !over_;
  }

  const ForegroundSpec& spec_;
  Stage& stage_;
  RequestSource source_;
  std::vector<Job> jobs_;
  std::shared_ptr<Sleeper> woken_;
  OwnCounters counters_;
  double deadline_s_ = never;
  double end_s_ = 0;
  double retry_s_ = never;  // when jobs go on for those of their requests that failed in no time
  std::uint64_t submitted_ = 0;
  std::uint64_t in_flight_ = 0;
  bool in_loop_ = false;
  bool all_submitted_ = false;
  bool over_ = false;
};

// Requests of a trace that lie where a scenario has no place for them; RequestSource::placed() folds them.
struct Folded {
  std::uint64_t devices = 0;  // of a device beyond those that there are
  std::uint64_t wrapped = 0;  // that begin beyond their device's end
  std::uint64_t clipped = 0;  // that end beyond it

  void see(const TraceRequest& request, const std::vector<std::uint64_t>& device_bytes) {
    if (request.device >= device_bytes.size()) ++devices;
    const std::uint64_t bytes = device_bytes[request.device % device_bytes.size()];
    if (request.offset_bytes >= bytes)
      ++wrapped;
    else if (request.offset_bytes + request.bytes > bytes)
      ++clipped;
  }
  bool any() const { return devices + wrapped + clipped > 0; }
  std::string sentence(std::uint64_t of) const {
    return fmt::format(
        "of {} requests of the trace {} were of devices beyond those of the file system, {} began beyond a device's end, "
        "and {} were cut at it",
        of, devices, wrapped, clipped);
  }
};

class ForegroundPlan final : public WorkloadPlan {
 public:
  explicit ForegroundPlan(ForegroundSpec spec) : spec_(std::move(spec)) {}

  std::unique_ptr<Workload> make(std::size_t place, Stage& stage) const override {
    return std::make_unique<Foreground>(spec_, place, stage);
  }
  void check(const LayoutCheck& check) const override {
    check.devices(spec_.devices);
    if (const auto* replayed = trace()) return check_trace(*replayed, check);
    if (spec_.region == ForegroundSpec::Region::data) return check.data("region", spec_.devices, spec_.request_bytes);
    for (const auto& device : check.layout().volume.devices()) {
      if (device.bytes < spec_.request_bytes)
        check.fail("request_bytes", fmt::format("at most the {} bytes of device {}", device.bytes, device.devid),
                   fmt::format("{}", spec_.request_bytes));
    }
  }
  std::string no_bound(const Layout& /*layout*/) const override {
    return "other people's requests take the drives' time";
  }
  bool writes() const override { return trace() ? trace_writes(*trace()) : spec_.read_share < 1; }
  bool endless() const override { return spec_.endless(); }
  void end_by_itself() override { spec_.whole_trace = trace() != nullptr; }
  std::optional<std::filesystem::path> input_file() const override {
    return trace() ? std::optional(trace()->file) : std::nullopt;
  }

 private:
  const ReplayedTrace* trace() const { return std::get_if<ReplayedTrace>(&spec_.arrivals); }

  static bool trace_writes(const ReplayedTrace& replayed) {
    const auto trace = replayed.open();
    while (const auto request = trace->next()) {
      if (request->write) return true;
    }
    return false;
  }

  // Reads every line that will be replayed.
  void check_trace(const ReplayedTrace& replayed, const LayoutCheck& check) const {
    const auto trace = replayed.open();
    std::vector<std::uint64_t> device_bytes;
    const Volume& volume = check.layout().volume;
    for (DeviceIndex device = 0; device < volume.devices().size(); ++device) {
      if (names_device(spec_.devices, volume, device)) device_bytes.push_back(volume.devices()[device].bytes);
    }
    Folded folded;
    std::uint64_t count = 0;
    for (; !spec_.requests || count < *spec_.requests; ++count) {
      const auto request = trace->next();
      if (!request || (spec_.duration_s && request->time_s / replayed.speed > *spec_.duration_s)) break;
      if (request->time_s / replayed.speed > json::longest_s)
        check.fail("trace/speed", fmt::format("a speed at which the trace takes at most {:.0f} s", json::longest_s),
                   fmt::format("{}, and its request {} comes at {} s", replayed.speed, count + 1,
                               request->time_s / replayed.speed));
      folded.see(*request, device_bytes);
      if (!replayed.wrap && folded.any())
        throw InputError(replayed.file.string(), fmt::format("request {}", count + 1),
                         fmt::format("a request on the {} devices of {} (or \"fit\": \"wrap\")", device_bytes.size(),
                                     check.layout().source),
                         folded.devices > 0 ? fmt::format("one of another device, the trace's number {}", request->device + 1)
                                            : fmt::format("bytes {} to {} of a device of {}", request->offset_bytes,
                                                          request->offset_bytes + request->bytes,
                                                          device_bytes[request->device]));
    }
    if (count == 0) throw InputError(replayed.file.string(), "", "a trace with a request", "none");
    if (folded.any()) check.note(folded.sentence(count));
  }

  ForegroundSpec spec_;
};

const Fields<ReplayedTrace>& trace_fields() {
  static const auto all =
      Fields<ReplayedTrace>()
          .required("file", &ReplayedTrace::file, json::text(), "Relative to the scenario; also packed.")
          .required("format", &ReplayedTrace::format, json::choice(trace_format_names()).as(trace_format),
                    "Whose columns it has.")
          .optional("action", &ReplayedTrace::action, json::choice(trace_action_names()),
                    "Of blkparse: what was queued (Q, without this key), or what was issued to the drive (D).")
          .optional("speed", &ReplayedTrace::speed, json::number(1e-6, 1e6, "times as fast"), "2: in half the time.")
          .optional("times_back", &ReplayedTrace::clamp_times, json::choice<bool>({{"error", false}, {"clamp", true}}),
                    "What becomes of a request whose time is before that of the one before it.")
          .optional("fit", &ReplayedTrace::wrap, json::choice<bool>({{"error", false}, {"wrap", true}}),
                    "What becomes of a request beyond a device's end, or of more devices than there are: an error, or "
                    "folded onto them, and counted.")
          .then([](const JsonNode& node, ReplayedTrace& trace) {
            const auto action = node.find("action");
            if (action && trace.format->actions.empty())
              action->fail(fmt::format("no action: {} tells of each request once", trace.format->name));
          });
  return all;
}

constexpr std::uint32_t most_under_way = 65536;  // of all jobs together

const Fields<ForegroundSpec>& fields() {
  using Region = ForegroundSpec::Region;
  using Pattern = ForegroundSpec::Pattern;
  static const auto all =
      Fields<ForegroundSpec>()
          .optional(
              "depth",
              [](ForegroundSpec& spec, std::uint64_t depth) {
                spec.arrivals = ClosedLoop{static_cast<std::uint32_t>(depth)};
              },
              json::whole(1, most_under_way, "requests"), "A closed loop with so many requests under way.")
          .optional("jobs", &ForegroundSpec::jobs, json::whole(1, 1024, "jobs"),
                    "So many closed loops beside each other, each from the region's begin where it goes in sequence.")
          .optional(
              "rate_per_s", [](ForegroundSpec& spec, double rate) { spec.arrivals = PoissonArrivals{rate}; },
              json::number(1e-6, 1e7, "requests a second"), "Poisson arrivals.")
          .optional(
              "trace", [](ForegroundSpec& spec, const ReplayedTrace& trace) { spec.arrivals = trace; },
              trace_fields().value(), "A block trace to replay.")
          .optional("read_share", &ForegroundSpec::read_share, json::number(0, 1), "The others are writes.")
          .optional("request_bytes", &ForegroundSpec::request_bytes, request_bytes(), "Of each request.")
          .optional("align_bytes", &ForegroundSpec::align_bytes, request_bytes(),
                    "Random places are at multiples of it, from the region's begin; of request_bytes without it.")
          .optional("region", &ForegroundSpec::region,
                    json::choice<Region>({{"device", Region::device}, {"data", Region::data}}),
                    "All of each device, or its data chunks.")
          .optional("pattern", &ForegroundSpec::pattern,
                    json::choice<Pattern>({{"random", Pattern::random}, {"sequential", Pattern::sequential}}),
                    "Which place of the region comes next.")
          .optional("devices", &ForegroundSpec::devices, devids(), "devids; all devices without it.")
          .optional("requests", &ForegroundSpec::requests, json::whole(1, 10'000'000'000, "requests"),
                    "Ends when so many have ended.")
          .optional("duration_s", &ForegroundSpec::duration_s, json::some_seconds(), "Ends then.")
          .exactly_one({"depth", "rate_per_s", "trace"},
                       "one of \"depth\" (a closed loop), \"rate_per_s\" (Poisson arrivals) and \"trace\"")
          .excludes("trace", {"read_share", "request_bytes", "region", "pattern", "align_bytes"},
                    "nothing: the trace says that")
          .needs("jobs", "depth")
          .then([](const JsonNode& node, ForegroundSpec& spec) {
            if (spec.align_bytes && spec.pattern == Pattern::sequential)
              node.at("align_bytes").fail("no align_bytes: a sequential request begins where the one before ended");
            const auto* loop = std::get_if<ClosedLoop>(&spec.arrivals);
            if (loop != nullptr && loop->depth > most_under_way / spec.jobs)
              node.at("jobs").fail(
                  fmt::format("at most {} jobs of depth {}", most_under_way / loop->depth, loop->depth));
          });
  return all;
}

const ObjectShape& keys() { return fields().object(); }

std::shared_ptr<WorkloadPlan> read(const JsonNode& node, const std::filesystem::path& directory) {
  ForegroundSpec spec;
  fields().fill(node, spec);
  if (auto* trace = std::get_if<ReplayedTrace>(&spec.arrivals)) trace->file = directory / trace->file;
  return std::make_shared<ForegroundPlan>(std::move(spec));
}

}  // namespace

extern const WorkloadKind workload_foreground{
    "foreground",
    "Reads and writes of others. Without requests and duration_s it ends with the workloads that end by themselves.",
    keys, read};

}  // namespace headway
