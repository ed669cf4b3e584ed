// The few regular expressions that JSON Schemas of ours hold. <regex> costs a file seconds to compile.
#pragma once

#include <string_view>

namespace headway {

// Whether the text fits the pattern: literals, [a-z0-9] once or {m,n} times, (a|b), and $ at the end. It begins with ^.
bool fits_pattern(std::string_view pattern, std::string_view text);

}  // namespace headway
