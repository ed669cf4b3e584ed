// foreground: reads and writes beside the readahead, by somebody who does not care for it: what the readahead costs the
// others.
//
// Three kinds of arrivals: a closed loop (each end is answered by the next request, `depth` are under way), Poisson
// arrivals, or a trace that is replayed at its own times. Requests go to devices as the block layer sees them: a write to
// one copy of a mirror is written once. They share drives, schedulers and buses with everything else, as a stream of
// their own; they stand in the workload's metrics and in none of the run's, nor in its trace. (A drive's `seeks` therefore
// count from where its last recorded read ended, wherever a foreground request has taken its heads meanwhile.)
//
// `requests`: ends when so many have ended. `duration_s`: ends then; what is under way then does not count. Neither: ends
// with the last workload that ends by itself; where there is none, a trace ends with its last request.
#include <algorithm>
#include <limits>

#include "models/trace_input/trace_input.h"
#include "sim/workloads/own_counters.h"
#include "sim/workloads/request_source.h"
#include "sim/workloads/workload.h"

namespace headway {

namespace {

class Foreground final : public Workload, public OwnRequestSink {
 public:
  Foreground(const ForegroundSpec& spec, std::size_t place, Stage& stage)
      : spec_(spec),
        stage_(stage),
        source_(spec, stage.volume(), stream_of(place), stage.seed()),
        woken_(simgrid::s4u::Semaphore::create(0)) {}

  double run() override {
    end_s_ = stage_.now_s();
    if (spec_.duration_s) deadline_s_ = stage_.now_s() + *spec_.duration_s;
    if (const auto* loop = std::get_if<ClosedLoop>(&spec_.arrivals)) begin(*loop);
    if (const auto* poisson = std::get_if<PoissonArrivals>(&spec_.arrivals)) arrive(*poisson);
    if (const auto* trace = std::get_if<ReplayedTrace>(&spec_.arrivals)) replay(*trace);
    while (!over_ && !done()) pause_until(deadline_s_);
    over_ = true;
    return end_s_;
  }

  void stop(double end_s) override {
    over_ = true;
    end_s_ = end_s;
    stage_.wake(woken_);
  }

  void ended(const OwnRequest& request, const OwnCompletion& completion) override {
    if (over_) return;
    counters_.ended(request, completion);
    --in_flight_;
    end_s_ = completion.end_s;
    if (spec_.endless() && stage_.stalled()) return stop(completion.end_s);
    if (in_loop_ && !all_submitted_) submit(source_.next());
    if (done()) stage_.wake(woken_);
  }

  MetricValues metrics(double elapsed_s) const override { return counters_.metrics(elapsed_s); }

 private:
  static constexpr double never = std::numeric_limits<double>::infinity();

  bool done() const { return all_submitted_ && in_flight_ == 0 && !spec_.endless(); }

  void begin(const ClosedLoop& loop) {
    in_loop_ = true;
    for (std::uint32_t i = 0; i < loop.depth && !all_submitted_; ++i) submit(source_.next());
  }

  void arrive(const PoissonArrivals& poisson) {
    double at_s = stage_.now_s();
    while (!all_submitted_ && pause_until(at_s += source_.exponential_s(poisson.rate_per_s))) submit(source_.next());
  }

  void replay(const ReplayedTrace& replayed) {
    const double begin_s = stage_.now_s();
    const auto trace = open_trace(replayed.file, *replayed.format, {.clamp_times = replayed.clamp_times});
    while (!all_submitted_) {
      const auto traced = trace->next();
      if (traced && !pause_until(begin_s + traced->time_s / replayed.speed)) return;
      if (traced) submit(source_.placed(*traced));
      all_submitted_ = all_submitted_ || !traced;
    }
  }

  void submit(const OwnRequest& request) {
    ++in_flight_;
    all_submitted_ = ++submitted_ == spec_.requests;
    stage_.submit(request, *this);
  }

  // Blocks. False when the foreground is over by then.
  bool pause_until(double date_s) {
    const double until_s = std::min(date_s, deadline_s_);
    if (until_s == never) {
      woken_->acquire();
      stage_.catch_up();
    } else if (until_s > stage_.now_s()) {
      const bool passed = woken_->acquire_timeout(until_s - stage_.now_s());
      stage_.catch_up();
      if (passed && until_s == deadline_s_) stop(deadline_s_);
    }
    if (!over_ && spec_.endless() && stage_.stalled()) stop(stage_.now_s());
    return !over_;
  }

  const ForegroundSpec& spec_;
  Stage& stage_;
  RequestSource source_;
  simgrid::s4u::SemaphorePtr woken_;
  OwnCounters counters_;
  double deadline_s_ = never;
  double end_s_ = 0;
  std::uint64_t submitted_ = 0;
  std::uint64_t in_flight_ = 0;
  bool in_loop_ = false;
  bool all_submitted_ = false;
  bool over_ = false;
};

}  // namespace

std::unique_ptr<Workload> make_foreground(const ForegroundSpec& spec, std::size_t place, Stage& stage) {
  return std::make_unique<Foreground>(spec, place, stage);
}

}  // namespace headway
