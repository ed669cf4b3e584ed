// no-memory: allocations of the policy fail.
#include "sim/faults/faults.h"

namespace headway {

namespace {

struct NoMemoryFault final : Fault {
  double rate = 0;

  std::optional<double> memory_error_rate() const override { return rate; }
};

const Fields<NoMemoryFault>& fields() {
  static const auto all = Fields<NoMemoryFault>().required("rate", &NoMemoryFault::rate, json::number(0, 1),
                                                           "The share of allocations that fail.");
  return all;
}

}  // namespace

extern const FaultKind fault_no_memory;
const FaultKind fault_no_memory{.name = "no-memory",
                                .sentence = "Allocations of the policy fail.",
                                .keys = fields().object(),
                                .read = [](const JsonNode& node) { return filled(fields(), node); }};

}  // namespace headway
