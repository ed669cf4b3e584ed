// The checked parameters of a drive without seeks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/drive/kind_table.h"

namespace headway {

class Drive;
class JsonNode;
struct ObjectShape;
struct QueueSpec;

struct ConstantModel {
  static constexpr Kind kind{"constant", "A constant latency, then a constant rate that all commands share.",
                             "SimGrid's stock disk"};

  std::uint64_t capacity_bytes = 0;
  double latency_s = 0;  // of each command
  double bytes_per_s = 0;

  static ObjectShape keys();
  static ConstantModel read(const JsonNode& node);
  static std::unique_ptr<Drive> make(std::shared_ptr<const ConstantModel> model, const QueueSpec& queue, double phase);
  std::uint64_t total_bytes() const { return capacity_bytes; }
  std::string label() const { return "constant"; }
};

}  // namespace headway
