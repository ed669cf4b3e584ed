// Keys in units that people write, members in seconds.
#pragma once

#include "core/base/fields.h"

namespace headway {

inline Value<double> milliseconds(const Value<double>& written) {
  return written.as([](double ms) { return ms * 1e-3; }, [](double s) { return s / 1e-3; });
}

inline Value<double> microseconds(const Value<double>& written) {
  return written.as([](double us) { return us * 1e-6; }, [](double s) { return s / 1e-6; });
}

}  // namespace headway
