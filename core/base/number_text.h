// Numbers and people: the one place that decides to how many figures a value is shown, in tables, figures, checks and
// reports, and how one that they type as a share is read. (Units are chosen where quantities are known:
// results/metrics/units.h.)
//
// - Alone, a value has three to four figures. With an interval both end at the same digit, the second of the interval.
// - No exponents (but beyond 10^15), no "nan", no "-0": what has no value is "-". Thousands are apart by commas.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headway {

// Three to four figures. `whole`: a count, of which only a small mean has a fraction.
std::string figure_text(double value, bool whole);
// The value and how far its interval reaches, "2.690 ±0.038"; alone where there is no interval, or one without width.
// Of an interval so narrow that the value would need more than seven figures, the last of these, rounded up.
std::string figure_text(double value, double half_interval, bool whole);
// With its sign, to the digit that an interval of that half width calls for; 0: none.
std::string signed_text(double value, double half_interval = 0);
// At most so many figures and no zeros at the end, as for what is held against a number in a file: "0.0531286".
std::string plain_text(double value, int figures = 6);

// What somebody typed: "1%" is 0.01 and a share, "0.01" is not. Nothing where anything else stands.
struct TypedNumber {
  double value = 0;
  bool is_percent = false;
};
std::optional<TypedNumber> typed_number(std::string_view text);

}  // namespace headway
