#include "models/drive/solid_state/solid_state_device.h"

namespace headway {

void SolidStateDevice::accept(const HostRequest& host, double now_s) {
  assert(has_room());
  const double begin_s = std::max(now_s, controller_free_s_);
  controller_free_s_ = begin_s + model_.pipeline_s;
  const double ready_s = begin_s + model_.command_s;
  const bool read_ahead = continues(host.request) && !host.request.write;
  const double own_link_s = host.request.bytes / model_.host_bytes_per_s;
  Finished finished;
  finished.host = host;
  finished.dispatched_s = now_s;
  finished.done.tag = host.request.tag;
  finished.done.end_s = pages_end_s(host.request, ready_s, read_ahead);
  finished.done.times.queue_s = begin_s - host.submitted_s;
  finished.done.times.transfer_s = own_link_s;
  assert(finished.done.times.queue_s >= 0 && finished.done.end_s >= ready_s);
  under_way_.push_back(finished);
  std::push_heap(under_way_.begin(), under_way_.end(), later);
}

// Eight streams are told apart, as controllers do.
bool SolidStateDevice::continues(const DriveRequest& request) {
  const std::uint64_t end = request.offset_bytes + request.bytes;
  for (auto& stream : stream_ends_) {
    if (stream == request.offset_bytes && request.offset_bytes != 0) {
      stream = end;
      return true;
    }
  }
  stream_ends_[oldest_stream_] = end;
  oldest_stream_ = (oldest_stream_ + 1) % stream_ends_.size();
  return false;
}

double SolidStateDevice::pages_end_s(const DriveRequest& request, double ready_s, bool read_ahead) {
  const double array_s = request.write ? model_.page_program_s : model_.page_read_s;
  double end_s = ready_s;
  std::uint64_t at = request.offset_bytes;
  std::uint64_t left = std::max<std::uint64_t>(request.bytes, 1);
  while (left > 0) {
    const std::uint64_t page = at / model_.page_bytes;
    const std::uint64_t bytes = std::min<std::uint64_t>(left, model_.page_bytes - at % model_.page_bytes);
    const std::uint64_t channel = page % model_.channels;
    double& die = dies_[channel * model_.dies_per_channel + page / model_.channels % model_.dies_per_channel];
    double data_s = ready_s;
    if (!read_ahead) {
      die = std::max(die, ready_s) + array_s;
      data_s = die;
    }
    const double moved = static_cast<double>(bytes);
    const double out_s = grant(channels_[channel], data_s, moved / model_.channel_bytes_per_s);
    end_s = std::max(end_s, grant(link_, out_s, moved / model_.host_bytes_per_s));
    at += bytes;
    left -= bytes;
  }
  return end_s;
}

}  // namespace headway
