#include "sim/engine/disk_model.h"

#include <algorithm>

namespace headway {

DiskModel::DiskModel(std::vector<std::unique_ptr<Drive>> drives, CompletionSink& sink)
    : Model("headway disks"),
      drives_(std::move(drives)),
      sink_(sink),
      calendar_(static_cast<std::uint32_t>(drives_.size())) {}

double DiskModel::next_occurring_event(double now) {
  if (rest_ && halt_s_ == Calendar::never) {
    const double horizon_s = rest_->next_event_s(now);
    ahead_ = true;
    while (halt_s_ == Calendar::never && calendar_.earliest_date() < horizon_s) next_event();
    ahead_ = false;
  }
  const double date = std::min(calendar_.earliest_date(), halt_s_);
  return date == Calendar::never ? -1.0 : std::max(0.0, date - now);
}

void DiskModel::update_actions_state(double now, double /*delta*/) {
  const double due = just_after(now);
  while (calendar_.earliest_date() <= due) next_event();
  if (halt_s_ > due) return;
  halt_s_ = Calendar::never;
  reached_();
}

void DiskModel::next_event() {
  const std::uint32_t index = calendar_.earliest();
  Drive& drive = *drives_[index];
  DriveCompletion done;
  event_s_ = calendar_.earliest_date();
  const bool finished = drive.advance(event_s_, done);
  calendar_.set(index, drive.next_event_s());
  if (finished) sink_.completed(index, done);
}

}  // namespace headway
