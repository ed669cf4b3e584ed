// Layout files that are sound HDF5 with unsound contents, which bytes changed at random never become: a grown layout's
// columns, changed as the input says. Of the input, 12 bytes are one change.
#include <algorithm>
#include <cstring>
#include <vector>

#include "core/base/hdf5_reader.h"
#include "core/base/hdf5_writer.h"
#include "core/base/json_node.h"
#include "models/fuzz/fuzz_support.h"
#include "models/layout/grow/grow.h"
#include "models/layout/info.h"
#include "models/layout/layout_file.h"

using namespace headway;

namespace {

struct Column {
  const char* name;
  int value_bytes;
  std::vector<std::uint64_t> values{};
};

// Calls `use` with a zero of the unsigned type of that many bytes.
template <typename Use>
void with_type(int value_bytes, const Use& use) {
  if (value_bytes == 1) use(std::uint8_t{});
  if (value_bytes == 2) use(std::uint16_t{});
  if (value_bytes == 4) use(std::uint32_t{});
  if (value_bytes == 8) use(std::uint64_t{});
}

// One behind each leaf.
void add_extents(Layout& layout) {
  const auto data = std::ranges::find_if(layout.volume.chunks(), [](const Chunk& c) { return c.use & Chunk::data; });
  for (const std::uint8_t level : layout.forest.level) {
    layout.extents.first.push_back(static_cast<std::uint32_t>(layout.extents.size()));
    layout.extents.known.push_back(level == 0);
    if (level == 0) append_extent(layout.extents, layout.extents.size(), {data->logical, 4096}, layout.volume);
  }
  layout.extents.first.push_back(static_cast<std::uint32_t>(layout.extents.size()));
}

std::vector<Column> sound_columns() {
  const fuzz::InputFile file(fuzz::InputFile::on_disk);
  const char* const spec = R"({"devices": [{"count": 3, "bytes": 10737418240}], "node_bytes": 4096,
      "data_bytes_per_file": 65536, "trees": [{"tree": "fs"}, {"tree": "extent"}],
      "rounds": [{"commits": 3, "creates": 60, "deletes": 9}]})";
  Layout layout = grow_layout(JsonNode::parse(spec, "spec"), 1);
  add_extents(layout);
  write_layout_file(file.path(), layout);
  const h5::Reader reader(file.path(), "a layout file");
  std::vector<Column> columns{
      {"devices/devid", 8}, {"devices/bytes", 8}, {"chunks/logical", 8}, {"chunks/bytes", 8}, {"chunks/use", 1},
      {"chunks/profile", 1}, {"chunks/stripe_bytes", 4}, {"chunks/sub_stripes", 2}, {"chunks/first_stripe", 4},
      {"stripes/devid", 8}, {"stripes/physical", 8}, {"trees/objectid", 8}, {"trees/root", 4}, {"blocks/logical", 8},
      {"blocks/generation", 8}, {"blocks/level", 1}, {"blocks/first_pointer", 4}, {"blocks/owner", 8},
      {"blocks/items", 4}, {"blocks/free_bytes", 4}, {"pointers/key_objectid", 8}, {"pointers/key_type", 1},
      {"pointers/key_offset", 8}, {"pointers/child", 4}, {"pointers/child_generation", 8},
      {"blocks/extents_known", 1}, {"blocks/first_extent", 4}, {"extents/logical", 8}, {"extents/bytes", 8}};
  for (Column& column : columns) {
    with_type(column.value_bytes, [&](auto type) {
      const auto values = reader.column<decltype(type)>(column.name);
      column.values.assign(values.begin(), values.end());
    });
  }
  return columns;
}

// Byte 0: the column; 1: what to do; 2 and 3: the row or the new length; 4 to 11: the value.
void change(std::vector<Column>& columns, const std::uint8_t* bytes, std::uint32_t& node_bytes) {
  Column& column = columns[bytes[0] % columns.size()];
  std::uint16_t row = 0;
  std::uint64_t value = 0;
  std::memcpy(&row, bytes + 2, sizeof row);
  std::memcpy(&value, bytes + 4, sizeof value);
  switch (bytes[1] % 8) {
    case 0: column.values.resize(row, value); break;
    case 1: column.value_bytes = 1 << value % 4; break;
    case 2: node_bytes = static_cast<std::uint32_t>(value); break;
    case 3:  // one more than another's: lengths that fit together, values that do not
      column.values = columns[row % columns.size()].values;
      column.values.push_back(value);
      break;
    case 4: column.values = columns[row % columns.size()].values; break;
    default:
      if (!column.values.empty()) column.values[row % column.values.size()] = value;
  }
}

void write(const std::filesystem::path& path, const std::vector<Column>& columns, std::uint32_t node_bytes) {
  h5::Writer file(path, h5::Writer::Form::packed);
  file.attribute("format", "headway layout");
  file.attribute("version", layout_file_version);
  file.attribute("node_bytes", node_bytes);
  file.attribute("source", "fuzz");
  for (const char* group : {"devices", "chunks", "stripes", "trees", "blocks", "pointers", "extents"})
    file.group(group);
  for (const Column& column : columns) {
    with_type(column.value_bytes, [&](auto type) {
      file.column(column.name, std::vector<decltype(type)>(column.values.begin(), column.values.end()));
    });
  }
  file.close();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t change_bytes = 12, changes_most = 40;
  static const std::vector<Column> sound = sound_columns();
  std::vector<Column> columns = sound;
  std::uint32_t node_bytes = 4096;
  for (std::size_t at = 0; at + change_bytes <= size && at < changes_most * change_bytes; at += change_bytes)
    change(columns, data + at, node_bytes);
  const fuzz::InputFile file(fuzz::InputFile::on_disk);
  write(file.path(), columns, node_bytes);
  return fuzz::run([&] { layout_info(read_layout_file(file.path(), {}), {}); });
}
