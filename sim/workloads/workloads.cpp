#include "sim/workloads/workloads.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "core/base/number_text.h"

namespace headway {

bool Workloads::read_blocks_beside(const PolicySpec& policy, const std::vector<WorkloadSpec>& specs) {
  return !policy.policy->is_search &&
         std::ranges::any_of(specs, [](const WorkloadSpec& spec) { return spec.plan->reads_blocks(); });
}

Workloads::Workloads(const std::vector<WorkloadSpec>& specs, Stage& stage)
    : specs_(specs), stage_(stage), parts_(specs.size()) {
  for (std::size_t i = 0; i < specs.size(); ++i) {
    for (const auto& range : specs[i].plan->ranges(stage.driver().layout()))
      stage.driver().need(range_in(stage.forest(), range));
    parts_[i].workload = specs[i].plan->make(i, stage);
    parts_[i].finished = stage.make_sleeper();
    unended_ += !specs[i].plan->endless();
    stage.start(specs[i].name, [this, i] { perform(i); });
  }
}

void Workloads::perform(std::size_t place) {
  const WorkloadSpec& spec = specs_[place];
  Part& part = parts_[place];
  if (spec.after) {
    const auto& first = parts_[*spec.after].finished;
    stage_.wait(*first);
    stage_.wake(first);  // others may wait for it as well
  }
  stage_.sleep(spec.start_s);
  part.begin_s = stage_.now_s();
  std::exception_ptr failure;
  try {
    part.end_s = part.workload->run();
    part.ended = true;
  } catch (...) {
    failure = std::current_exception();
  }
  over(place);  // not inside the handler: waking lets others run, who must not find an exception of ours being handled
  if (failure) std::rethrow_exception(failure);
}

void Workloads::over(std::size_t place) {
  stage_.wake(parts_[place].finished);
  if (specs_[place].plan->endless() || --unended_ > 0) return;
  double end_s = 0;
  for (const Part& other : parts_) end_s = std::max(end_s, other.end_s);
  for (const Part& other : parts_) other.workload->stop(end_s);
  stage_.driver().end();
}

std::string Workloads::reason(std::size_t unended, const std::string& failure) const {
  if (!failure.empty()) return failure;
  if (!stage_.failure().empty()) return stage_.failure();
  return fmt::format("workload \"{}\" waits for what will never happen ({} s simulated)\n{}", specs_[unended].name,
                     plain_text(stage_.now_s()), stage_.driver().strategy().dump());
}

RunResult Workloads::result(const std::string& failure) const {
  const Driver& driver = stage_.driver();
  RunResult result;
  result.policy = driver.policy().name;
  result.seed = driver.seed();
  const auto unended = std::ranges::find(parts_, false, &Part::ended);
  if (unended != parts_.end()) {
    result.status = "failed";
    result.message = reason(static_cast<std::size_t>(unended - parts_.begin()), failure);
    return result;
  }
  double elapsed_s = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    elapsed_s = std::max(elapsed_s, parts_[i].end_s);
    // An endless one that begins as all is over may begin the last bit of a double later than that.
    const double own_s = std::max(0.0, parts_[i].end_s - parts_[i].begin_s);
    result.workloads.push_back({specs_[i].name, parts_[i].workload->metrics(own_s)});
  }
  const RunMetrics metrics = driver.metrics(elapsed_s);
  result.metrics = metrics.run;
  if (metrics.run[MetricId::reads] > 0 && metrics.run[MetricId::errors] == metrics.run[MetricId::reads]) {
    result.status = "failed";
    result.message = fmt::format("no read has succeeded: all {:.0f} failed", metrics.run[MetricId::reads]);
  } else {
    result.missing_digest = metrics.missing_digest;
  }
  result.notes = driver.notes();
  const auto devices = driver.layout().volume.devices();
  for (std::size_t i = 0; i < metrics.devices.size(); ++i)
    result.devices.push_back({devices[i].devid, metrics.devices[i]});
  return result;
}

}  // namespace headway
