// What a scenario file may say, part by part: the reader checks by these, the JSON Schema is made of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/fields.h"
#include "core/strategy.h"
#include "models/drive/queue_spec.h"

namespace headway {

// "layout": where it comes from.
struct LayoutKeys {
  std::vector<std::string> files;     // relative to the scenario; or
  std::optional<JsonNode> synthetic;  // what to grow (models/layout/grow/grow.h)
};
const Fields<LayoutKeys>& layout_fields();

// An entry of "devices": `count` drives alike.
struct DeviceKeys {
  std::string drive;
  std::uint16_t count = 1;
  QueueSpec queue;
  std::uint32_t max_sectors_kb = DeviceTraits{}.max_request_bytes >> 10;
};
const Fields<DeviceKeys>& device_fields();

// "cache".
struct CacheKeys {
  double warm_fraction = 0;
  std::uint64_t bytes = 0;  // 0: room for all
};
const Fields<CacheKeys>& cache_fields();

// "plugins": what has to be loaded before the rest can be checked.
const Value<std::vector<std::string>>& plugins_value();

// The whole file, with the policies that there are by now. It fills what needs neither the file's directory nor other
// keys.
struct Scenario;
const Fields<Scenario>& scenario_fields();
std::string scenario_schema();

}  // namespace headway
