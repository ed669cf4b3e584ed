// A class in Python as a policy of headway's.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>

#include "core/strategy.h"

namespace headway::python {

struct Declared {
  pybind11::object type;  // the class
  Policy policy;          // without its `make`
};

// Throws std::runtime_error for what a class lacks, and what Python throws.
Declared declare(const pybind11::object& type);

std::unique_ptr<Strategy> make_strategy(const Declared& declared, const Context& context, const Parameters& values);

}  // namespace headway::python
