// Specifications of grown layouts: JSON that people write. Sizes are kept small by refusing long numbers.
#include <string_view>

#include "models/fuzz/fuzz_support.h"
#include "models/layout/grow/grow_spec.h"

using namespace headway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run([&] { read_grow_spec(JsonNode::parse({reinterpret_cast<const char*>(data), size}, "fuzz")); });
}
