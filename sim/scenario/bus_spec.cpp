#include "sim/scenario/bus_spec.h"

namespace headway {

const Fields<BusSpec>& bus_fields() {
  static const auto all =
      Fields<BusSpec>()
          .required("name", &BusSpec::name, json::name(), "What it is called.")
          .required("bytes_per_s", &BusSpec::bytes_per_s, json::number(1e3, 1e15, "bytes per second"),
                    "What its drives share.")
          .optional("latency_s", &BusSpec::latency_s, json::number(0, 10, "seconds"), "Of a network.")
          .required("devices", &BusSpec::devices, json::list(json::whole(), "device", 1, true),
                    "Whose reads cross it, by devid; a device on several buses crosses them all.");
  return all;
}

}  // namespace headway
