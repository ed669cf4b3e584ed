// For tests: whether this build has the address sanitizer.
#pragma once

namespace headway::testing {

#if defined(__SANITIZE_ADDRESS__)  // GCC's name for it
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer);  // Clang's
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace headway::testing
