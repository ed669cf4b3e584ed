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
Geometry read_geometry(const JsonNode& node);  // a zoning's skews are 0

// What the heads need between tracks that follow each other.
struct SkewTimes {
  double step_s = 0;  // to the next track of a band
  double head_switch_s = 0;
  double band_s = 0;  // to the next cylinder or band
  double revolution_s = 0;
};
// Where the file has zoning: the skews that it states, and those that follow from the times.
void set_skews(const JsonNode& node, const SkewTimes& times, Geometry& geometry);

const Fields<InterfaceModel>& interface_fields();
const Fields<BufferModel>& buffer_fields();

ObjectShape seek_keys();
SeekCurve read_seek(const JsonNode& node, const Geometry& geometry);

}  // namespace headway
