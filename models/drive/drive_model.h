// One drive: what a parameter file says, checked, and the list of all kinds of drives.
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/shape.h"
#include "models/drive/constant/constant_model.h"
#include "models/drive/kind_table.h"
#include "models/drive/mechanical/mechanical_model.h"
#include "models/drive/solid_state/solid_state_model.h"

namespace headway {

// What a kind of drive is: a model, its checked parameters, that says its name (`kind`) and the keys of its files,
// reads them from a node that fits those, says how many bytes they hold and in a word what it is (label()), and makes a
// drive of them behind a queue's scheduler. `phase`: the platters' angle at date 0, in revolutions.
template <class Model>
concept DriveKind = requires(const JsonNode& node, std::shared_ptr<const Model> model, const QueueSpec& queue) {
  { Model::kind } -> std::convertible_to<Kind>;
  { Model::keys() } -> std::same_as<ObjectShape>;
  { Model::read(node) } -> std::same_as<Model>;
  { Model::make(model, queue, 0.0) } -> std::same_as<std::unique_ptr<Drive>>;
  { model->total_bytes() } -> std::same_as<std::uint64_t>;
  { model->label() } -> std::same_as<std::string>;
};

template <DriveKind... Models>
using DriveKindTable = KindTable<Models...>;

// A new kind is a folder beside these and its line here; the first is what a file without "kind" describes.
using DriveKinds = DriveKindTable<MechanicalModel, SolidStateModel, ConstantModel>;

// A figure to hold the drive against, of its data sheet or of somebody's measurement.
struct SheetFigure {
  std::string name;  // "random_read_iops_depth_16", ...: measure.cpp lists what can be measured
  double value = 0;
  std::string origin;  // the word of an origin: "maker", "quoted", ... (read_drive.h)
  std::string source;  // what stands behind the word
};

// How far the drive is from the real one: root mean square distance of the two distributions of response times over the
// measured mean (C. Ruemmler, J. Wilkes, "An introduction to disk drive modeling", IEEE Computer 27(3), 1994), on a log
// that replays as it was measured.
struct MeasuredDemerit {
  double all_percent = 0;
  double reads_percent = NAN;  // NaN: there were none
  double writes_percent = NAN;
  std::string source;  // whose measurement
};

// Where a parameter comes from.
struct Origin {
  std::string parameter;
  std::string origin;  // as above, followed by ": " and the source
};

struct DriveModel {
  std::string name;
  std::string description;
  std::vector<Origin> origins;
  std::vector<std::string> completed;  // keys that the file's form has not and the library gave: see load_drive
  std::vector<SheetFigure> sheet;      // what its maker says of it
  std::vector<SheetFigure> measured;   // what others measured of one: often less than the sheet
  std::optional<MeasuredDemerit> demerit;
  std::optional<JsonNode> file;  // what it was read from, `completed` among it
  DriveKinds::Variant kind;
};

// What its figures are held to: "measured 2.1 %" (the demerit of all requests), "DiskSim" (extracted from a real drive
// and validated there), "data sheet", "measured" (figures, no demerit), "estimated".
std::string held_to(const DriveModel& model);

}  // namespace headway
