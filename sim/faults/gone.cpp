// gone: the device is pulled out. What it holds then, and all that comes later, fails with ENODEV.
#include <algorithm>
#include <deque>
#include <limits>

#include "sim/faults/faults.h"

namespace headway {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

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

struct GoneFault final : Fault {
  double from_s = 0;

  std::unique_ptr<Drive> on_drive(std::unique_ptr<Drive> drive) const override {
    return std::make_unique<GoneDrive>(std::move(drive), from_s);
  }
  bool is_gone(double now_s) const override { return now_s >= from_s; }
};

const Fields<GoneFault>& fields() {
  static const auto all = Fields<GoneFault>()
                              .required("device", &GoneFault::devid, json::whole(), device_sentence)
                              .optional("from_s", &GoneFault::from_s, json::seconds(), "When it goes.");
  return all;
}

}  // namespace

extern const FaultKind fault_gone;
const FaultKind fault_gone{.name = "gone",
                           .sentence = "The device is pulled out: what it holds then, and all that comes later, fails.",
                           .keys = fields().object(),
                           .read = [](const JsonNode& node) { return filled(fields(), node); }};

}  // namespace headway
