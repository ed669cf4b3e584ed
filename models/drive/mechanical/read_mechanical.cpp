// A mechanical drive from its parameter file: the form in which drives extracted with DIXtrac and distributed with
// DiskSim 4.0 are given here, and keys that a data sheet can fill.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/fields.h"
#include "models/drive/mechanical/mechanical_model.h"
#include "models/drive/mechanical/read_parts.h"
#include "models/drive/units.h"

namespace headway {

namespace {

struct ShingleKeys {
  std::uint64_t band_bytes = 0;
  std::uint64_t media_cache_bytes = 0;
};

Value<ShingleKeys> shingle_value() {
  const auto bytes = json::whole(1 << 20, std::uint64_t{1} << 60, "bytes");
  return Fields<ShingleKeys>()
      .required("band_bytes", &ShingleKeys::band_bytes, bytes, "")
      .required("media_cache_bytes", &ShingleKeys::media_cache_bytes, bytes, "")
      .value();
}

void set_physical_sectors(const JsonNode& node, MechanicalModel& model) {
  const auto given = node.find("physical_sector_bytes");
  if (!given) return;
  const auto bytes = static_cast<std::uint32_t>(given->unsigned_integer(model.sector_bytes, 65536, "bytes"));
  if (bytes % model.sector_bytes != 0) given->fail(fmt::format("a multiple of {} bytes", model.sector_bytes));
  model.physical_sectors = bytes / model.sector_bytes;
}

void set_shingle(MechanicalModel& model, const ShingleKeys& keys) {
  model.shingle.band_sectors = keys.band_bytes / model.sector_bytes;
  model.shingle.cache_sectors = keys.media_cache_bytes / model.sector_bytes;
}

void check_shingle(const JsonNode& node, MechanicalModel& model) {
  if (model.shingle.cache_sectors >= model.geometry.sectors())
    node.at("shingle").at("media_cache_bytes").fail("less than the drive holds");
}

void set_bus_rate(MechanicalModel& model, double bytes_per_s) {
  model.interface.read_bus_s_per_sector = model.sector_bytes / bytes_per_s;
}

// What segments cannot be without, and what a write-back cache takes from the rest.
void check_buffer(const JsonNode& node, MechanicalModel& model) {
  const BufferModel& buffer = model.buffer;
  if (buffer.own_write_segment && buffer.segments < 1)
    node.at("own_write_segment").fail("\"buffer_segments\" of 1 or more beside it", "none");
  if (buffer.write_segments > buffer.segments)
    node.at("write_segments").fail(fmt::format("at most the buffer's {} segments", buffer.segments));
  if (!buffer.write_back) return;
  if (buffer.write_segments == 0) node.at("write_back").fail("\"write_segments\" of 1 or more beside it", "none");
  if (!model.interface.write_bus_s_per_sector)
    model.interface.write_bus_s_per_sector = model.interface.read_bus_s_per_sector;
}

// Beyond that a drive would rather wait for nearly a whole turn than not, and with a turn it would know all again.
void check_margin(const JsonNode& node, MechanicalModel& model) {
  if (model.interface.positioning_margin_s <= model.revolution_s / 2) return;
  node.at("positioning_margin_ms").fail(fmt::format("at most half a revolution ({:.4g} ms)", model.revolution_s * 500));
}

// Of the media and the heads, but for where sectors lie and how long a seek takes.
void add_mechanics(Fields<MechanicalModel>& fields) {
  using Model = MechanicalModel;
  fields
      .required(
          "rpm", [](Model& model, double rpm) { model.revolution_s = 60 / rpm; },
          json::number(100, 100'000, "revolutions per minute"), "")
      .required("sector_bytes", &Model::sector_bytes, json::whole(256, 65536, "bytes"), "Of an address.")
      .unread("physical_sector_bytes", json::whole(256, 65536, "bytes").shape, "On the media.")
      .then(set_physical_sectors)
      .required("head_switch_ms", &Model::head_switch_s, milliseconds(json::number(0, 100, "milliseconds")), "")
      .optional("write_settle_ms", &Model::write_settle_s, milliseconds(json::number(-100, 100, "milliseconds")),
                "Added to a write's seek; extracted drives can have less time for writes.")
      .optional("zero_latency", &Model::zero_latency, json::flag(),
                "Whether a read may begin in the middle of its sectors on a track.")
      .optional("zero_latency_writes", &Model::zero_latency_writes, json::flag(), "And whether a write may.")
      .optional("actuators", &Model::actuators, json::whole(1, 8), "Each with its own part of the addresses.")
      .optional("shingle", set_shingle, shingle_value(), "Shingled tracks: writes that do not append go to a log.")
      .then(check_shingle);
}

const Fields<MechanicalModel>& fields() {
  static const Fields<MechanicalModel> all = [] {
    Fields<MechanicalModel> made;
    add_mechanics(made);
    made.with(&MechanicalModel::interface, interface_fields())
        .optional("bus_bytes_per_s", set_bus_rate, data_rate(), "To the host.")
        .at_most_one({"bus_ms_per_sector", "bus_bytes_per_s"})
        .with(&MechanicalModel::buffer, buffer_fields())
        .then(check_buffer)
        .then(check_margin);
    return made;
  }();
  return all;
}

// A step is given the time in which a seek settles, beyond the data sheet's shortest: as much as real drives give it.
SkewTimes skew_times(const MechanicalModel& model) {
  const auto seek_s = [&](std::uint32_t tracks) { return model.seek_s[std::min(tracks, model.seek_s.size() - 1)]; };
  return {.step_s = seek_s(2),
          .head_switch_s = model.head_switch_s,
          .band_s = std::max(seek_s(model.geometry.band_step()), model.head_switch_s),
          .revolution_s = model.revolution_s};
}

}  // namespace

ObjectShape MechanicalModel::keys() { return geometry_keys().add(seek_keys()).add(fields().object()); }

MechanicalModel MechanicalModel::read(const JsonNode& node) {
  MechanicalModel model;
  model.geometry = read_geometry(node);
  model.seek_s = read_seek(node, model.geometry);
  fields().fill(node, model);
  set_skews(node, skew_times(model), model.geometry);
  return model;
}

}  // namespace headway
