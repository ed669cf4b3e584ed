// Keys in units that people write, members in seconds.
#pragma once

#include "core/base/fields.h"

namespace headway {

// A second for any part of a command is more than a drive takes, and few enough that the clock keeps its digits; a
// byte's time may be neither nothing nor for ever.
inline constexpr double longest_part_ms = 1000;
inline Value<double> data_rate() { return json::number(1e3, 1e12, "bytes/s"); }

inline Value<double> milliseconds(const Value<double>& written) {
  return written.as([](double ms) { return ms * 1e-3; }, [](double s) { return s / 1e-3; });
}

inline Value<double> microseconds(const Value<double>& written) {
  return written.as([](double us) { return us * 1e-6; }, [](double s) { return s / 1e-6; });
}

}  // namespace headway
