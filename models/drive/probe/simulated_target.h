// For tests: a modelled drive as what a probe reads, on a clock that only its reads and pauses move, with a machine
// that adds a little to each.
#pragma once

#include <memory>
#include <random>
#include <vector>

#include "models/drive/drive.h"
#include "models/drive/probe/probe.h"

namespace headway::probe::testing {

class SimulatedTarget final : public Target {
 public:
  // `late_s`: the mean of what the machine adds to a read's answer.
  SimulatedTarget(std::unique_ptr<Drive> drive, double late_s) : drive_(std::move(drive)), late_s_(late_s) {}

  std::uint64_t bytes() const override { return drive_->capacity_bytes(); }
  std::uint32_t block_bytes() const override { return 4096; }
  double now_s() const override { return now_s_; }
  void wait_until(double date_s) override { now_s_ = std::max(now_s_, date_s); }

  void read(std::uint64_t offset_bytes, std::uint32_t bytes) override {
    submit(offset_bytes, bytes);
    wait_for_one();
    now_s_ += late_s_ * 2 * static_cast<double>(random_() % 1000) / 1000;
  }

  void read_all(std::span<const std::uint64_t> offsets_bytes, std::uint32_t depth) override {
    std::uint32_t under_way = 0;
    for (const auto offset : offsets_bytes) {
      if (under_way == depth) {
        wait_for_one();
        --under_way;
      }
      submit(offset, block_bytes());
      ++under_way;
    }
    while (under_way-- > 0) wait_for_one();
  }

 private:
  void submit(std::uint64_t offset_bytes, std::uint32_t bytes) {
    DriveCompletion done;
    while (drive_->next_event_s() <= now_s_) drive_->advance(drive_->next_event_s(), done);
    drive_->submit({.offset_bytes = offset_bytes, .bytes = bytes}, now_s_);
  }
  void wait_for_one() {
    DriveCompletion done;
    for (bool ended = false; !ended;) {
      now_s_ = std::max(now_s_, drive_->next_event_s());
      ended = drive_->advance(now_s_, done);
    }
  }

  std::unique_ptr<Drive> drive_;
  double late_s_;
  double now_s_ = 0;
  std::mt19937_64 random_{1};
};

}  // namespace headway::probe::testing
