// See sample.h.
#include "plots/sample.h"

namespace headway {

double Sample::mean() const { return estimate(values).mean; }

double Sample::half_interval() const {
  const Estimate of = estimate(values, looks);
  return of.has_interval() ? (of.high - of.low) / 2 : 0;
}

}  // namespace headway
