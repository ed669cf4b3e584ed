// For tests: a plug-in that calls what nobody has.
#include "core/plugin.h"

using namespace headway;

std::unique_ptr<Strategy> nobody_has_this(const Context&, const Parameters&);

const Policy undefined{
    .name = "undefined", .sentence = "For tests.", .source = "", .parameters = {}, .make = nobody_has_this};
HEADWAY_PLUGIN(undefined);
