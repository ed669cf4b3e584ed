// What the buffer keeps, by trial: of drives that differ in their buffer alone, the one that serves those reads from it
// which the log's drive did. Each read is a yes or no, so that a few hundred of them tell more than their times do.
//
// One rule after the other is changed, the others held, in rounds until nothing gets better; a rule that is as good as
// another stays what it was. Rules that only differ together are not found.
#pragma once

#include "models/drive/fit/fit.h"

namespace headway::fit {

// Changes found.buffer, whose rules so far it begins with. `log`: what `found` was found in.
void search_buffer(Findings& found, const FitOptions& options, const RequestLog& log);

}  // namespace headway::fit
