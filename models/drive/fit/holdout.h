// A drive fitted to the first half of a log, held against the second half, which it has not seen.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/json_node.h"
#include "models/drive/fit/fit.h"
#include "models/drive/replay.h"

namespace headway::fit {

struct FittedDrive {
  Json file;                        // of all of the log, with the demerit below
  Findings found;                   // of all of the log
  std::vector<Replayed> predicted;  // the second half of the log by the drive of the first one
  MeasuredDemerit demerit;          // of that
  MeasuredDemerit between_halves;   // of the two halves' measured times, as they are
};

// `log`: of one_at_a_time(). Throws InputError where it, or its first half, does not tell enough.
FittedDrive fit_drive(const RequestLog& log, const FitOptions& options);

// What came out, for people: the parameters with their origins, the prediction, and what the log does not tell.
std::string fit_report(const FittedDrive& fitted);

}  // namespace headway::fit
