// A check as JSON: everything that was compared, same or not, in the metrics' own units.
#include <nlohmann/json.hpp>

#include "results/check/formats.h"
#include "results/files/summary.h"

namespace headway {

std::string check_as_json(const Check& check) {
  Json json = {{"schema_version", check_schema_version},
               {"scenario", check.scenario}, {"baseline", check.baseline_file},
               {"red", check.red()}, {"notes", check.notes}, {"failed_runs", check.failed_runs},
               {"confidence", confidence}, {"other_work", check.other_work}, {"changes", Json::array()}};
  for (const Change& change : check.changes) {
    json["changes"].push_back({{"policy", change.policy},
                               {"workload", change.workload.empty() ? Json(nullptr) : Json(change.workload)},
                               {"metric", metric(change.metric).name},
                               {"unit", metric(change.metric).unit},
                               {"kind", kind_name(change.kind)},
                               {"red", change.red},
                               {"tolerance", {{"share", change.tolerance.share}, {"amount", change.tolerance.amount}}},
                               {"seeds", change.after.count},
                               {"old", to_json(change.before)},
                               {"new", to_json(change.after)},
                               {"difference", to_json(change.versus.difference)},
                               {"ratio", to_json(change.versus.ratio)}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";  // of a path that is no UTF-8
}

}  // namespace headway
