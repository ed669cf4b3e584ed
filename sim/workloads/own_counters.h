// What a workload's own requests came to.
#pragma once

#include "results/metrics/device_counters.h"
#include "results/metrics/latency.h"
#include "sim/driver/own_request.h"

namespace headway {

class OwnCounters {
 public:
  void ended(const OwnRequest& request, const OwnCompletion& completion) {
    Side& side = request.write ? writes_ : reads_;
    ++side.tally.reads;
    side.tally.merged += request.merged;
    const double latency_s = completion.end_s - completion.issued_s;
    side.tally.in_flight_seconds += latency_s;
    if (completion.error == 0) {
      side.tally.bytes += request.read.bytes;
      side.tally.latency_s += latency_s;
      side.latency.record(latency_s);
    } else {
      ++side.tally.errors;
    }
  }

  // Those metrics that have a meaning for a workload.
  MetricValues metrics(double elapsed) const {
    using enum MetricId;
    MetricValues read = metrics_of(reads_.tally, elapsed, 1);
    MetricValues written = metrics_of(writes_.tally, elapsed, 1);
    add_latency(read, reads_.latency);
    add_latency(written, writes_.latency);
    MetricValues values;
    for (const Metric& each : headway::metrics()) {
      if (each.per_workload) values[each.id] = read[each.id];
    }
    values[errors] += written[errors];
    values[writes] = written[reads];
    values[bytes_written] = written[bytes_read];
    values[write_latency_s_mean] = written[latency_s_mean];
    values[write_latency_s_p99] = written[latency_s_p99];
    values[write_latency_s_max] = written[latency_s_max];
    return values;
  }

 private:
  struct Side {
    Tally tally;
    LatencyHistogram latency;
  };
  Side reads_, writes_;
};

}  // namespace headway
