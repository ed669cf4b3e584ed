#include "sim/live/host_facts.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <nlohmann/json.hpp>

namespace headway {

Json host_facts(const LiveDevices& devices) {
  const auto text = [](const std::string& told) { return told.empty() ? Json(nullptr) : Json(told); };
  utsname system{};
  ::uname(&system);
  Json facts{{"host", system.nodename},
             {"kernel", fmt::format("{} {}", system.sysname, system.release)},
             {"buffered", devices.buffered()},
             {"devices", Json::array()}};
  for (const LiveDevice& device : devices.all()) {
    facts["devices"].push_back({{"device", device.devid},
                                {"path", device.path.string()},
                                {"model", text(device.model)},
                                {"bytes", device.bytes},
                                {"rotational", device.rotational},
                                {"scheduler", text(device.scheduler)},
                                {"nr_requests", device.nr_requests > 0 ? Json(device.nr_requests) : Json(nullptr)}});
  }
  return facts;
}

}  // namespace headway
