// For tests: whether this build has the address sanitizer.
#pragma once

namespace headway::testing {

#ifdef __SANITIZE_ADDRESS__
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace headway::testing
