// A mechanical drive's seek curve, from its parameter file: measured points, a data sheet's three numbers, or the two
// pieces of C. Ruemmler and J. Wilkes, "An introduction to disk drive modeling", IEEE Computer 27(3), 1994.
#include <fmt/format.h>

#include "core/base/fields.h"
#include "models/drive/mechanical/read_parts.h"
#include "models/drive/units.h"

namespace headway {

namespace {

using Points = std::vector<std::pair<std::uint32_t, double>>;  // cylinders, seconds

struct SeekSheet {
  double track_to_track_s = 0;
  std::optional<double> settle_s;
  double average_s = 0;
  double full_stroke_s = 0;
};

struct TwoPieces {
  double a_s = 0;
  double b_s = 0;
  double c_s = 0;
  double e_s = 0;
  std::uint32_t boundary_cylinders = 0;
};

struct SeekKeys {
  std::optional<Points> points;
  std::optional<SeekSheet> sheet;
  std::optional<TwoPieces> pieces;
};

Value<std::pair<std::uint32_t, double>> point_value() {
  const auto distance = json::whole(1, max_cylinders, "cylinders");
  const auto time = milliseconds(json::positive("milliseconds", longest_part_ms));
  return {Shape::tuple({distance.shape, time.shape}, "[cylinders, milliseconds]"), [=](const JsonNode& node) {
            const auto pair = node.items();
            return std::pair(static_cast<std::uint32_t>(distance.take(pair[0])), time.take(pair[1]));
          }};
}

Value<SeekSheet> sheet_value() {
  const auto time = milliseconds(json::positive("milliseconds", longest_part_ms));
  return Fields<SeekSheet>()
      .required("track_to_track", &SeekSheet::track_to_track_s, time, "")
      .optional("settle", &SeekSheet::settle_s, time,
                "The least that a seek beyond the next track takes; missing: as track_to_track.")
      .required("average", &SeekSheet::average_s, time, "")
      .required("full_stroke", &SeekSheet::full_stroke_s, time, "")
      .value();
}

Value<TwoPieces> pieces_value() {
  const auto time = milliseconds(json::not_negative("milliseconds", longest_part_ms));
  return Fields<TwoPieces>()
      .required("a_ms", &TwoPieces::a_s, time, "")
      .required("b_ms", &TwoPieces::b_s, time, "")
      .required("c_ms", &TwoPieces::c_s, time, "")
      .required("e_ms", &TwoPieces::e_s, time, "")
      .required("boundary_cylinders", &TwoPieces::boundary_cylinders, json::whole(1, max_cylinders, "cylinders"), "")
      .value();
}

const Fields<SeekKeys>& seek_fields() {
  static const Fields<SeekKeys> fields =
      Fields<SeekKeys>()
          .optional("seek_curve_ms", &SeekKeys::points, json::list(point_value(), "point", 2),
                    "[cylinders, milliseconds], distances ascending.")
          .optional("seek_ms", &SeekKeys::sheet, sheet_value(),
                    "The data sheet's three numbers, met exactly, the average over random reads; and the settle.")
          .optional("seek_two_piece", &SeekKeys::pieces, pieces_value(),
                    "a + b sqrt(d) below the boundary, c + e d from there on.")
          .exactly_one({"seek_curve_ms", "seek_ms", "seek_two_piece"});
  return fields;
}

SeekCurve from_points(const JsonNode& node, const Points& points, std::uint32_t cylinders) {
  const auto items = node.items();
  std::size_t dips = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const auto [before, before_s] = points[i - 1];
    const auto [distance, time_s] = points[i];
    if (distance <= before) items[i].items()[0].fail(fmt::format("a distance beyond the one before ({})", before));
    // Measured curves have outliers; a curve that falls by a tenth more often than at one point in thirty is none.
    if (time_s < 0.9 * before_s && ++dips > points.size() / 30)
      items[i].items()[1].fail(fmt::format("a time not far below the one before ({:.6g} ms)", before_s / 1e-3));
  }
  return SeekCurve(points, cylinders);
}

SeekCurve from_sheet(const JsonNode& node, const SeekSheet& sheet, const Geometry& geometry) {
  if (sheet.average_s < sheet.track_to_track_s || sheet.average_s > sheet.full_stroke_s)
    node.at("average").fail("a number of milliseconds from track_to_track to full_stroke");
  const double settle_s = sheet.settle_s.value_or(sheet.track_to_track_s);
  if (settle_s < sheet.track_to_track_s || settle_s > sheet.average_s)
    node.at("settle").fail("a number of milliseconds from track_to_track to average");
  const auto curve =
      seek_from_data_sheet(sheet.track_to_track_s, settle_s, sheet.average_s, sheet.full_stroke_s, geometry);
  if (curve.empty()) node.fail("an average that a rising curve from track to track to full stroke can have");
  return curve;
}

SeekCurve from_pieces(const JsonNode& node, const TwoPieces& pieces, std::uint32_t cylinders) {
  node.at("boundary_cylinders").unsigned_integer(1, cylinders, "cylinders");
  const auto curve =
      seek_from_two_pieces(pieces.a_s, pieces.b_s, pieces.c_s, pieces.e_s, pieces.boundary_cylinders, cylinders);
  for (std::uint32_t d = 1; d < curve.size(); ++d) {
    if (curve[d] <= 0 || curve[d] < curve[d - 1] / 2) node.fail("a rising curve of times above 0");
  }
  return curve;
}

}  // namespace

ObjectShape seek_keys() { return seek_fields().object(); }

SeekCurve read_seek(const JsonNode& node, const Geometry& geometry) {
  SeekKeys keys;
  seek_fields().fill(node, keys);
  const std::uint32_t cylinders = geometry.cylinders();
  if (keys.points) return from_points(node.at("seek_curve_ms"), *keys.points, cylinders);
  if (keys.sheet) return from_sheet(node.at("seek_ms"), *keys.sheet, geometry);
  return from_pieces(node.at("seek_two_piece"), *keys.pieces, cylinders);
}

}  // namespace headway
