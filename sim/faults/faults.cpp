#include "sim/faults/faults.h"

#include <algorithm>
#include <cerrno>
#include <deque>

namespace headway {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

// A drive for which time passes more slowly between two dates: seeks, rotation, transfer, all of it.
class SlowDrive final : public Drive {
 public:
  SlowDrive(std::unique_ptr<Drive> drive, const FaultSpec& fault) : drive_(std::move(drive)), fault_(fault) {}

  void submit(const DriveRequest& request, double now_s) override { drive_->submit(request, own(now_s)); }
  double next_event_s() const override { return outer(drive_->next_event_s()); }
  bool advance(double now_s, DriveCompletion& done) override {
    if (next_event_s() > now_s) return false;
    if (!drive_->advance(drive_->next_event_s(), done)) return false;
    ServiceTimes& times = done.times;
    const double service_s = times.seek_s + times.rotation_s + times.transfer_s;
    const double begin_s = done.end_s - service_s;
    const double stretch = service_s > 0 ? (outer(done.end_s) - outer(begin_s)) / service_s : 1;
    times.queue_s = outer(begin_s) - outer(begin_s - times.queue_s);
    times.seek_s *= stretch;
    times.rotation_s *= stretch;
    times.transfer_s *= stretch;
    done.end_s = outer(done.end_s);
    return true;
  }
  std::uint64_t capacity_bytes() const override { return drive_->capacity_bytes(); }
  bool rotational() const override { return drive_->rotational(); }

 private:
  // The drive's own time at a date, and back.
  double own(double date_s) const {
    if (date_s <= fault_.from_s) return date_s;
    return fault_.from_s + (std::min(date_s, fault_.to_s) - fault_.from_s) / fault_.factor +
           std::max(0.0, date_s - fault_.to_s);
  }
  double outer(double own_s) const {
    if (own_s <= fault_.from_s || own_s == never) return own_s;
    const double own_end_s = fault_.from_s + (fault_.to_s - fault_.from_s) / fault_.factor;
    if (own_s <= own_end_s) return fault_.from_s + (own_s - fault_.from_s) * fault_.factor;
    return fault_.to_s + (own_s - own_end_s);
  }

  std::unique_ptr<Drive> drive_;
  const FaultSpec fault_;
};

// A drive that is pulled out: what it holds then, and all that comes later, ends at once.
class GoneDrive final : public Drive {
 public:
  GoneDrive(std::unique_ptr<Drive> drive, double from_s) : drive_(std::move(drive)), from_s_(from_s) {}

  void submit(const DriveRequest& request, double now_s) override {
    held_.push_back({request.tag, std::max(now_s, from_s_)});
    if (now_s < from_s_) drive_->submit(request, now_s);
  }
  double next_event_s() const override {
    const double end_s = held_.empty() ? never : held_.front().end_s;
    const double own_s = drive_->next_event_s();
    return own_s < from_s_ ? own_s : end_s;
  }
  bool advance(double now_s, DriveCompletion& done) override {
    if (next_event_s() > now_s) return false;
    if (drive_->next_event_s() < from_s_) {
      if (!drive_->advance(now_s, done)) return false;
      std::erase_if(held_, [&](const Held& held) { return held.tag == done.tag; });
      return true;
    }
    done = {.tag = held_.front().tag, .end_s = held_.front().end_s, .times = {}};
    held_.pop_front();
    return true;
  }
  std::uint64_t capacity_bytes() const override { return drive_->capacity_bytes(); }
  bool rotational() const override { return drive_->rotational(); }

 private:
  struct Held {
    std::uint64_t tag = 0;
    double end_s = 0;  // if the drive does not finish it before it goes
  };

  std::unique_ptr<Drive> drive_;
  const double from_s_;
  std::deque<Held> held_;
};

void read_window(const JsonNode& node, FaultSpec& fault) {
  if (const auto from = node.find("from_s")) fault.from_s = from->not_negative("seconds");
  const auto to = node.find("to_s");
  if (to) fault.to_s = to->positive("seconds");
  if (to && fault.to_s <= fault.from_s) to->fail("a date after from_s");
}

}  // namespace

FaultSpec read_fault(const JsonNode& node) {
  FaultSpec fault;
  const std::string kind = node.at("kind").choice({"read-error", "slow", "gone", "no-memory"});
  if (kind != "no-memory") fault.devid = node.at("device").unsigned_integer();
  if (kind == "read-error") {
    node.allow_only({"device", "kind", "from_byte", "to_byte", "rate"});
    fault.kind = FaultKind::read_error;
    if (const auto from = node.find("from_byte")) fault.from_byte = from->unsigned_integer();
    const auto to = node.find("to_byte");
    if (to) fault.to_byte = to->unsigned_integer();
    if (fault.to_byte <= fault.from_byte) (to ? *to : node).fail("a byte after from_byte");
    if (const auto rate = node.find("rate")) fault.rate = rate->number(0, 1);
  } else if (kind == "slow") {
    node.allow_only({"device", "kind", "factor", "from_s", "to_s"});
    fault.kind = FaultKind::slow;
    fault.factor = node.at("factor").number(1, 1e6, "times the time");
    read_window(node, fault);
  } else if (kind == "gone") {
    node.allow_only({"device", "kind", "from_s"});
    fault.kind = FaultKind::gone;
    read_window(node, fault);
  } else {
    node.allow_only({"kind", "rate"});
    fault.kind = FaultKind::no_memory;
    fault.rate = node.at("rate").number(0, 1);
  }
  return fault;
}

std::unique_ptr<Drive> with_faults(std::unique_ptr<Drive> drive, std::uint64_t devid,
                                   const std::vector<FaultSpec>& faults) {
  for (const auto& fault : faults) {
    if (fault.devid != devid) continue;
    if (fault.kind == FaultKind::slow) drive = std::make_unique<SlowDrive>(std::move(drive), fault);
    if (fault.kind == FaultKind::gone) drive = std::make_unique<GoneDrive>(std::move(drive), fault.from_s);
  }
  return drive;
}

int ReadErrors::error_of_write(std::uint64_t devid, double end_s) const {
  const bool gone = std::any_of(faults_.begin(), faults_.end(), [&](const FaultSpec& fault) {
    return fault.kind == FaultKind::gone && fault.devid == devid && end_s >= fault.from_s;
  });
  return gone ? ENODEV : 0;
}

int ReadErrors::error_of(std::uint64_t devid, const Read& read, double end_s) {
  int error = error_of_write(devid, end_s);
  for (const auto& fault : faults_) {
    if (fault.devid != devid || fault.kind != FaultKind::read_error) continue;
    if (read.physical >= fault.to_byte || read.physical + read.bytes <= fault.from_byte) continue;
    const double lot = static_cast<double>(draw_() >> 11) * 0x1p-53;
    if (lot < fault.rate && error == 0) error = EIO;
  }
  return error;
}

}  // namespace headway
