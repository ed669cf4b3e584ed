// JSON Schema by a validator that is not ours. A library of its own, since the validator takes long to compile.
#pragma once

#include <string>

namespace headway::testing {

// Whether the schema takes the value, both as JSON text. Throws what the parsers throw for text that is neither.
bool schema_accepts(const std::string& schema, const std::string& value);

}  // namespace headway::testing
