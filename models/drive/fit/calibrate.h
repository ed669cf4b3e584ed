// A fitted drive brought to the means of its log: what the parts of a fit do not know of each other (switches within a
// request, a bus that is held, heads that read-ahead has moved on) shows when the log is put through the drive.
//
// The curve takes it, for short and for long ways apart, where the mean of the log is off by more than chance; along
// the long ways as much as the knots are off by more than chance altogether (empirical Bayes). Requests after a write,
// and writes, take what is left of theirs.
#pragma once

#include "models/drive/fit/fit.h"

namespace headway::fit {

// Changes found.heads. `log`: what `found` was found in.
void calibrate(Findings& found, const FitOptions& options, const RequestLog& log);

}  // namespace headway::fit
