// CPU time: the workers that look through arrived blocks and run the policy's works, as a second resource model.
//
// A scenario that names "cpu" pays issue_us for each read that a work asks for, and hook_us + hook_us_per_item x
// pointers for each block that is looked through. Arrived blocks go before works. A step's decisions are made when it
// begins and the worker is busy for as long as they cost; of an arrived block the decisions come when its time is over.
// Simplifications: all workers are one pool (the kernel has one for ended metadata reads and one for readahead), and
// they never wait for locks; both make CPU time a little cheaper than it is.
#pragma once

#include <deque>
#include <simgrid/kernel/resource/Model.hpp>
#include <vector>

#include "sim/driver/driver.h"
#include "sim/engine/calendar.h"
#include "sim/scenario/cpu_spec.h"

namespace headway {

class CpuModel final : public simgrid::kernel::resource::Model, public CpuPort {
 public:
  CpuModel(const CpuSpec& spec, Driver& driver);

  void arrived(const Read& read, int error, double now_s) override;
  void dispatch(double now_s) override;
  bool idle() const override { return calendar_.earliest_date() == Calendar::never; }

  double next_occurring_event(double now) override;
  void update_actions_state(double now, double delta) override;

 private:
  enum class Doing : std::uint8_t { nothing, looking_through, paying, working };
  struct Worker {
    Doing doing = Doing::nothing;
    Read read;
    int error = 0;
    std::uint32_t work = 0;
  };
  struct Arrived {
    Read read;
    int error = 0;
  };

  bool give_task(std::uint32_t worker, double now_s);
  void wake(std::uint32_t worker, double now_s);
  void step(std::uint32_t worker, double now_s);
  double items_s(const Read& read) const;

  const CpuSpec spec_;
  const Forest& forest_;
  Driver& driver_;  // is told the date that the model is about to act at
  Strategy& strategy_;
  Calendar calendar_;
  std::vector<Worker> workers_;
  std::deque<Arrived> arrived_;
};

}  // namespace headway
