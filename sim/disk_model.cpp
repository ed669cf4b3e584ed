#include "sim/disk_model.h"

#include <algorithm>

namespace headway {

DiskModel::DiskModel(std::vector<std::unique_ptr<Drive>> drives, CompletionSink& sink)
    : Model("headway disks"),
      drives_(std::move(drives)),
      sink_(sink),
      calendar_(static_cast<std::uint32_t>(drives_.size())) {}

double DiskModel::next_occurring_event(double now) {
  const double date = calendar_.earliest_date();
  return date == Calendar::never ? -1.0 : std::max(0.0, date - now);
}

void DiskModel::update_actions_state(double now, double /*delta*/) {
  const double due = just_after(now);
  while (calendar_.earliest_date() <= due) {
    const std::uint32_t index = calendar_.earliest();
    Drive& drive = *drives_[index];
    const double date = calendar_.earliest_date();
    DriveCompletion done;
    const bool finished = drive.advance(date, done);
    calendar_.set(index, drive.next_event_s());
    if (finished) sink_.completed(index, done);
  }
}

}  // namespace headway
