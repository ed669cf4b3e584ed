// A policy as a run has it: one column of a comparison.
#pragma once

#include <string>

#include "core/strategy.h"

namespace headway {

struct PolicySpec {
  std::string name;  // of the column
  const Policy* policy = nullptr;
  Parameters parameters{{}};
};

}  // namespace headway
