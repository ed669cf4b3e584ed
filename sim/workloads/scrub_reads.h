// The reads of one scrub thread on their way to the devices, as its kernel hands them over (scrub_kernel.h).
#pragma once

#include <span>
#include <vector>

#include "sim/driver/plug.h"
#include "sim/workloads/own_counters.h"
#include "sim/workloads/scrub_spec.h"
#include "sim/workloads/scrub_throttle.h"

namespace headway {

// Reads under way, and the thread that waits for them.
class ReadsUnderWay final : public OwnRequestSink {
 public:
  // `counters`: what the scrub reports, or none.
  ReadsUnderWay(Stage& stage, OwnCounters* counters)
      : stage_(stage), counters_(counters), woken_(stage.make_sleeper()) {}

  std::int64_t count() const { return count_; }
  void begun() { ++count_; }
  void over(std::int64_t reads) {
    count_ -= reads;
    if (count_ > wake_at_) return;
    wake_at_ = never;
    stage_.wake(woken_);
  }
  void ended(const OwnRequest& request, const OwnCompletion& completion) override {
    if (counters_ != nullptr) counters_->ended(request, completion);
    over(1 + request.merged);
  }
  void wait_until(std::int64_t most) {
    if (count_ <= most) return;
    wake_at_ = most;
    stage_.wait(*woken_);
  }

 private:
  static constexpr std::int64_t never = -1;

  Stage& stage_;
  OwnCounters* counters_;
  std::shared_ptr<Sleeper> woken_;
  std::int64_t count_ = 0;
  std::int64_t wake_at_ = never;
};

// All of these block as the kernel's thread does.
class ScrubReads {
 public:
  ScrubReads(const ScrubSpec& spec, Stage& stage, std::uint16_t stream, OwnCounters& counters);

  // What the scrub reads in its own order, at most a unit at a time: reads that belong to one unit together.
  void unit(std::span<const Read> reads);
  // One read, sent as it is, in a stream.
  void send(const Read& read) { send(read, own_); }
  void send(const Read& read, OwnRequestSink& sink);
  // CPU time that the thread takes before it next sends anything.
  void work(double seconds) { owed_s_ += seconds; }
  // Reads beside that order, unplugged: sent together and waited for.
  void beside(std::span<const Read> reads);
  // The same, but after all that is under way now.
  void beside_later(std::span<const Read> reads);
  // The thread will sleep.
  void pull_plug() { plug_.pull(); }
  // Until all that came before has ended.
  void drain();

  // Reads of its own that are under way; parity rows count theirs in it (scrub_parity.h).
  ReadsUnderWay& own() { return own_; }
  OwnRequest request(const Read& read) const {
    return {.read = read, .background = spec_.background, .stream = stream_};
  }

 private:
  static constexpr std::size_t most_put_off = 128;

  void stream(Read read);
  void send_rest_of_stream();
  void send_group();
  void submit(const Read& read, OwnRequestSink& sink);
  void throttle(std::uint64_t bytes);
  void pay();

  const ScrubSpec& spec_;
  Stage& stage_;
  const std::uint16_t stream_;
  ReadsUnderWay own_, beside_;
  Plug plug_;
  ScrubThrottle throttle_;
  double owed_s_ = 0;

  Read growing_;             // of a stream: what the next unit may still join; no bytes: none
  std::vector<Read> group_;  // units that wait for their group
  std::uint32_t units_ = 0;
  std::uint32_t groups_ = 0;  // sent since it last waited for all

  std::vector<Read> put_off_;
  std::vector<std::size_t> put_off_ends_;
};

}  // namespace headway
