#include "sim/scenario/expectation_spec.h"

#include <cmath>

namespace headway {

namespace {

// "equals" comes first: the tolerance is a fraction of it.
void set_equals(Expectation& expectation, double value) { expectation.least = expectation.most = value; }
void set_tolerance(Expectation& expectation, double share) {
  const double reach = std::abs(*expectation.least) * share;
  *expectation.least -= reach;
  *expectation.most += reach;
}

}  // namespace

const Fields<Expectation>& expectation_fields() {
  static const auto all =
      Fields<Expectation>()
          .with(&Expectation::figure, figure_fields())
          .optional("min", &Expectation::least, json::finite(), "")
          .optional("max", &Expectation::most, json::finite(), "")
          .optional("equals", set_equals, json::finite(), "")
          .optional("tolerance", set_tolerance, json::number(0, 1),
                    "A fraction of \"equals\": 0.05 is 5 %; 0 by default.")
          .optional("by", &Expectation::by_confidence, json::choice<bool>({{"mean", false}, {"confidence", true}}),
                    "confidence: the whole 95 % interval over the replicates must lie within the bounds.")
          .at_least_one({"min", "max", "equals"}, "\"min\", \"max\" or both, or \"equals\"")
          .at_most_one({"min", "equals"}, "either bounds or \"equals\"")
          .at_most_one({"max", "equals"}, "either bounds or \"equals\"")
          .needs("tolerance", "equals")
          .then([](const JsonNode& node, Expectation& expectation) {
            if (expectation.least && expectation.most && *expectation.least > *expectation.most)
              node.fail("a min that is not above the max");
          });
  return all;
}

}  // namespace headway
