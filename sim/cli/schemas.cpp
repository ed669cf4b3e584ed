#include "sim/cli/schemas.h"

#include "models/drive/read_drive.h"
#include "models/layout/grow/grow_spec.h"
#include "sim/scenario/scenario_shape.h"
#include "sim/sweep/sweep_spec.h"

namespace headway {

std::span<const SchemaEntry> schemas() {
  static constexpr SchemaEntry all[] = {
      {"scenario", "scenarios/scenario.schema.json", "An experiment, as `headway run` takes it", scenario_schema},
      {"drive", "models/drive/drive.schema.json", "A drive's parameters, as a scenario's devices name their file",
       drive_schema},
      {"grow", "scenarios/grow.schema.json", "A layout to grow, as `headway layout grow` takes it", grow_schema},
      {"sweep", "scenarios/sweep.schema.json", "A varied experiment, as `headway sweep` takes it", sweep_schema},
  };
  return all;
}

}  // namespace headway
