#include "sim/workloads/scrub_reads.h"

#include <algorithm>

namespace headway {

ScrubReads::ScrubReads(const ScrubSpec& spec, Stage& stage, std::uint16_t stream, OwnCounters& counters)
    : spec_(spec),
      stage_(stage),
      stream_(stream),
      own_(stage, &counters),
      beside_(stage, nullptr),
      plug_(stage),
      throttle_(spec.limit_bytes_per_s) {}

void ScrubReads::unit(std::span<const Read> reads) {
  if (spec_.kernel.streams()) {
    for (const Read& read : reads) stream(read);
    return;
  }
  group_.insert(group_.end(), reads.begin(), reads.end());
  if (++units_ < spec_.kernel.group_units) return;
  send_group();
  if (++groups_ == spec_.kernel.groups) drain();
}

// A bio takes what lies behind it on the device and in the address space (scrub_add_sector_to_rd_bio).
void ScrubReads::stream(Read read) {
  while (read.bytes > 0) {
    const bool joins = growing_.bytes > 0 && growing_.bytes < spec_.kernel.request_bytes &&
                       growing_.device == read.device && growing_.physical + growing_.bytes == read.physical &&
                       growing_.logical + growing_.bytes == read.logical;
    if (!joins) {
      send_rest_of_stream();
      growing_ = read;
      growing_.bytes = 0;
    }
    const std::uint32_t bytes = std::min(read.bytes, spec_.kernel.request_bytes - growing_.bytes);
    growing_.bytes += bytes;
    read.physical += bytes;
    read.logical += bytes;
    read.bytes -= bytes;
  }
}

void ScrubReads::send_rest_of_stream() {
  if (growing_.bytes > 0) send(growing_);
  growing_.bytes = 0;
}

void ScrubReads::send(const Read& read, OwnRequestSink& sink) {
  if (&sink != &own_) send_rest_of_stream();  // it is another's turn
  pay();
  const std::int64_t most = static_cast<std::int64_t>(spec_.kernel.depth) - 1;
  if (own_.count() > most) {
    plug_.pull();
    own_.wait_until(most);
  }
  throttle(read.bytes);
  own_.begun();
  submit(read, sink);
}

void ScrubReads::submit(const Read& read, OwnRequestSink& sink) {
  if (spec_.kernel.plugged)
    plug_.add(request(read), sink);
  else
    stage_.submit(request(read), sink);
}

void ScrubReads::send_group() {
  if (group_.empty()) return;
  pay();
  throttle(std::uint64_t{units_} * spec_.kernel.request_bytes);
  for (const Read& read : group_) {
    own_.begun();
    submit(read, own_);
  }
  plug_.pull();
  group_.clear();
  units_ = 0;
}

void ScrubReads::beside(std::span<const Read> reads) {
  if (reads.empty()) return;
  pay();
  plug_.pull();
  for (const Read& read : reads) {
    beside_.begun();
    stage_.submit(request(read), beside_);
  }
  beside_.wait_until(0);
}

void ScrubReads::beside_later(std::span<const Read> reads) {
  if (reads.empty()) return;
  put_off_.insert(put_off_.end(), reads.begin(), reads.end());
  put_off_ends_.push_back(put_off_.size());
  if (put_off_ends_.size() >= most_put_off) drain();
}

void ScrubReads::drain() {
  if (spec_.kernel.streams())
    send_rest_of_stream();
  else
    send_group();
  pay();
  plug_.pull();
  const bool waited = own_.count() > 0;
  own_.wait_until(0);
  groups_ = 0;
  // Each unit is checked by a worker of its own, so the last one's time is left. (A stream goes on meanwhile.)
  if (waited && !spec_.kernel.streams() && spec_.checksum_bytes_per_s)
    stage_.sleep(spec_.kernel.request_bytes / *spec_.checksum_bytes_per_s);
  std::size_t begin = 0;
  for (const std::size_t end : put_off_ends_) {
    beside(std::span(put_off_).subspan(begin, end - begin));
    begin = end;
  }
  put_off_.clear();
  put_off_ends_.clear();
}

void ScrubReads::throttle(std::uint64_t bytes) {
  const double wait_s = throttle_.wait_s(stage_.now_s(), bytes);
  if (wait_s <= 0) return;
  plug_.pull();
  stage_.sleep(wait_s);
}

void ScrubReads::pay() {
  if (owed_s_ <= 0) return;
  stage_.sleep(owed_s_);
  owed_s_ = 0;
}

}  // namespace headway
