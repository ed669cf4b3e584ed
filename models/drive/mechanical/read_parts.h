// The parts of a mechanical drive's parameter file: the keys of each, and how they are read from a node that fits them.
#pragma once

#include <cstdint>

#include "core/base/fields.h"
#include "core/base/json_node.h"
#include "core/base/shape.h"
#include "models/drive/mechanical/geometry.h"
#include "models/drive/mechanical/mechanical_model.h"
#include "models/drive/mechanical/seek_curve.h"

namespace headway {

inline constexpr std::uint64_t max_cylinders = 4'000'000;

ObjectShape geometry_keys();
Geometry read_geometry(const JsonNode& node);

const Fields<InterfaceModel>& interface_fields();
const Fields<BufferModel>& buffer_fields();

ObjectShape seek_keys();
SeekCurve read_seek(const JsonNode& node, const Geometry& geometry);

}  // namespace headway
