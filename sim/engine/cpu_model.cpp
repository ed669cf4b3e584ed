#include "sim/engine/cpu_model.h"

#include <algorithm>

namespace headway {

CpuModel::CpuModel(const CpuSpec& spec, Driver& driver)
    : Model("headway cpus"),
      spec_(spec),
      forest_(driver.layout().forest),
      driver_(driver),
      strategy_(driver.strategy()),
      calendar_(spec.workers),
      workers_(spec.workers) {
  strategy_.set_stepped();
}

void CpuModel::arrived(const Read& read, int error, double now_s) {
  arrived_.push_back({read, error});
  dispatch(now_s);
}

void CpuModel::dispatch(double now_s) {
  for (std::uint32_t worker = 0; worker < workers_.size(); ++worker) {
    if (workers_[worker].doing == Doing::nothing && !give_task(worker, now_s)) return;
  }
}

double CpuModel::items_s(const Read& read) const {
  const PointerId items = forest_.first_pointer[read.block + read.blocks] - forest_.first_pointer[read.block];
  return (spec_.hook_us * read.blocks + spec_.hook_us_per_item * items) * 1e-6;
}

// False when there is nothing to do.
bool CpuModel::give_task(std::uint32_t number, double now_s) {
  Worker& worker = workers_[number];
  if (!arrived_.empty()) {
    worker = {.doing = Doing::looking_through, .read = arrived_.front().read, .error = arrived_.front().error};
    arrived_.pop_front();
    calendar_.set(number, now_s + items_s(worker.read));
    return true;
  }
  if (!strategy_.start_work(worker.work)) return false;
  worker.doing = Doing::working;
  step(number, now_s);
  return true;
}

void CpuModel::step(std::uint32_t number, double now_s) {
  Worker& worker = workers_[number];
  StepCost cost;
  if (!strategy_.step_work(worker.work, cost)) {
    worker.doing = Doing::nothing;
    calendar_.set(number, Calendar::never);
    return;
  }
  const double cost_us = cost.starts * spec_.issue_us + cost.hooks * spec_.hook_us +
                         static_cast<double>(cost.hook_items) * spec_.hook_us_per_item;
  calendar_.set(number, now_s + cost_us * 1e-6);
}

// The worker's time is over: it goes on with its work, or what it has looked through reaches the strategy.
void CpuModel::wake(std::uint32_t number, double now_s) {
  Worker& worker = workers_[number];
  calendar_.set(number, Calendar::never);
  if (worker.doing == Doing::working) return step(number, now_s);
  const bool reports = worker.doing == Doing::looking_through;
  worker.doing = Doing::nothing;
  if (!reports) return;
  const std::uint64_t before = driver_.issues();
  strategy_.complete(worker.read, worker.error);
  const auto issued = static_cast<double>(driver_.issues() - before);
  if (issued == 0 || spec_.issue_us == 0) return;
  worker.doing = Doing::paying;
  calendar_.set(number, now_s + issued * spec_.issue_us * 1e-6);
}

double CpuModel::next_occurring_event(double now) {
  const double date = calendar_.earliest_date();
  return date == Calendar::never || driver_.over() ? -1.0 : std::max(0.0, date - now);
}

void CpuModel::update_actions_state(double now, double /*delta*/) {
  const double due = just_after(now);
  while (calendar_.earliest_date() <= due && !driver_.over()) {
    const double date = calendar_.earliest_date();
    driver_.advance_to(date);
    wake(calendar_.earliest(), date);
    dispatch(date);
  }
}

}  // namespace headway
