// Columns of numbers as text that a page unpacks with what every browser has: little-endian, deflated, in base64.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_node.h"

namespace headway {

// {"type": "f64", "data": "..."}; the types are those of src/reads.js.
Json packed(std::string_view type, std::string_view bytes);

template <typename T>
Json packed(std::string_view type, const std::vector<T>& values) {
  return packed(type, std::string_view(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)));
}

}  // namespace headway
