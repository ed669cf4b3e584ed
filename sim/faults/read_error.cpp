// read-error: reads of some bytes of a device fail with EIO, all of them or a share.
#include "sim/faults/faults.h"

namespace headway {

namespace {

struct ReadErrorFault final : Fault {
  std::uint64_t from_byte = 0;
  std::uint64_t to_byte = UINT64_MAX;  // exclusive
  double rate = 1;

  std::optional<double> read_error_rate(const Read& read) const override {
    if (read.physical >= to_byte || read.physical + read.bytes <= from_byte) return std::nullopt;
    return rate;
  }
};

const Fields<ReadErrorFault>& fields() {
  static const auto all =
      Fields<ReadErrorFault>()
          .required("device", &ReadErrorFault::devid, json::whole(), device_sentence)
          .optional("from_byte", &ReadErrorFault::from_byte, json::whole(), "The first byte on the device that is bad.")
          .optional("to_byte", &ReadErrorFault::to_byte, json::whole(1),
                    "The byte after the last; the device's end by default.")
          .optional("rate", &ReadErrorFault::rate, json::number(0, 1), "The share of reads there that fail.")
          .then([](const JsonNode& node, ReadErrorFault& fault) {
            if (fault.to_byte > fault.from_byte) return;
            node.find("to_byte").value_or(node).fail("a byte after from_byte");
          });
  return all;
}

}  // namespace

extern const FaultKind fault_read_error;
const FaultKind fault_read_error{.name = "read-error",
                                 .sentence = "Reads of some bytes of the device fail, all of them or a share.",
                                 .keys = fields().object(),
                                 .read = [](const JsonNode& node) { return filled(fields(), node); }};

}  // namespace headway
