// The reads of one scrub thread on their way to the devices, as its kernel hands them over (scrub_kernel.h).
#pragma once

#include <span>
#include <vector>

#include "sim/driver/plug.h"
#include "sim/workloads/reads_under_way.h"
#include "sim/workloads/scrub_spec.h"
#include "sim/workloads/scrub_throttle.h"

namespace headway {

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
