// slow: everything that the device does takes longer for a while.
#include <algorithm>
#include <limits>

#include "sim/faults/faults.h"

namespace headway {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

struct SlowFault final : Fault {
  double factor = 1;
  double from_s = 0;
  double to_s = never;

  std::unique_ptr<Drive> on_drive(std::unique_ptr<Drive> drive) const override;
};

const Fields<SlowFault>& fields() {
  static const auto all =
      Fields<SlowFault>()
          .required("device", &SlowFault::devid, json::whole(), device_sentence)
          .required("factor", &SlowFault::factor, json::number(1, 1e6, "times the time"),
                    "Seeks, rotation, transfer: all of it takes this many times as long.")
          .optional("from_s", &SlowFault::from_s, json::seconds(), "When it begins.")
          .optional("to_s", &SlowFault::to_s, json::some_seconds(), "When it is over; never by default.")
          .then([](const JsonNode& node, SlowFault& fault) {
            if (fault.to_s <= fault.from_s) node.at("to_s").fail("a date after from_s");
          });
  return all;
}

// A drive for which time passes more slowly between two dates: seeks, rotation, transfer, all of it.
class SlowDrive final : public Drive {
 public:
  SlowDrive(std::unique_ptr<Drive> drive, const SlowFault& fault) : drive_(std::move(drive)), fault_(fault) {}

  void submit(const DriveRequest& request, double now_s) override {
    own_s_ = std::max(own_s_, own(now_s));
    drive_->submit(request, own_s_);
  }
  double next_event_s() const override { return outer(drive_->next_event_s()); }
  bool advance(double now_s, DriveCompletion& done) override {
    if (next_event_s() > now_s) return false;
    own_s_ = std::max(own_s_, drive_->next_event_s());
    if (!drive_->advance(own_s_, done)) return false;
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
  const SlowFault fault_;
  double own_s_ = 0;  // the drive's own time so far: a date there and back may lose its last digit
};

std::unique_ptr<Drive> SlowFault::on_drive(std::unique_ptr<Drive> drive) const {
  return std::make_unique<SlowDrive>(std::move(drive), *this);
}

}  // namespace

extern const FaultKind fault_slow;
const FaultKind fault_slow{.name = "slow",
                           .sentence = "Everything that the device does takes longer for a while.",
                           .keys = fields().object(),
                           .read = [](const JsonNode& node) { return filled(fields(), node); }};

}  // namespace headway
