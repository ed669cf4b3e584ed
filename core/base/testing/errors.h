// For tests: what bad input is told.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace headway::testing {

// The message of the InputError that `act` ends with; empty when it ends well.
inline std::string error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace headway::testing
