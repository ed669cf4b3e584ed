#include "models/layout/layout_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/hdf5_reader.h"
#include "core/base/hdf5_writer.h"
#include "models/layout/forms.h"
#include "models/layout/key_text.h"
#include "models/layout/trees.h"

namespace headway {

namespace {

constexpr const char* format_name = "headway layout";
constexpr std::uint8_t last_profile = static_cast<std::uint8_t>(Profile::raid6);

void write_volume(h5::Writer& file, const Volume& volume) {
  std::vector<std::uint64_t> devid, device_bytes, logical, bytes, stripe_devid, physical;
  std::vector<std::uint8_t> use, profile;
  std::vector<std::uint32_t> stripe_bytes, first_stripe;
  std::vector<std::uint16_t> sub_stripes;
  for (const auto& device : volume.devices()) {
    devid.push_back(device.devid);
    device_bytes.push_back(device.bytes);
  }
  for (const auto& chunk : volume.chunks()) {
    logical.push_back(chunk.logical);
    bytes.push_back(chunk.bytes);
    use.push_back(chunk.use);
    profile.push_back(static_cast<std::uint8_t>(chunk.profile));
    stripe_bytes.push_back(chunk.stripe_bytes);
    sub_stripes.push_back(chunk.sub_stripes);
    first_stripe.push_back(static_cast<std::uint32_t>(stripe_devid.size()));
    for (const auto& stripe : chunk.stripes) {
      stripe_devid.push_back(devid[stripe.device]);
      physical.push_back(stripe.physical);
    }
  }
  first_stripe.push_back(static_cast<std::uint32_t>(stripe_devid.size()));
  file.group("devices");
  file.column("devices/devid", devid);
  file.column("devices/bytes", device_bytes);
  file.group("chunks");
  file.column("chunks/logical", logical);
  file.column("chunks/bytes", bytes);
  file.column("chunks/use", use);
  file.column("chunks/profile", profile);
  file.column("chunks/stripe_bytes", stripe_bytes);
  file.column("chunks/sub_stripes", sub_stripes);
  file.column("chunks/first_stripe", first_stripe);
  file.group("stripes");
  file.column("stripes/devid", stripe_devid);
  file.column("stripes/physical", physical);
}

Volume read_volume(const h5::Reader& file, const std::string& name) {
  const auto devid = file.column<std::uint64_t>("devices/devid");
  const auto device_bytes = file.column<std::uint64_t>("devices/bytes", devid.size());
  const auto logical = file.column<std::uint64_t>("chunks/logical");
  const std::size_t count = logical.size();
  const auto bytes = file.column<std::uint64_t>("chunks/bytes", count);
  const auto use = file.column<std::uint8_t>("chunks/use", count);
  const auto profile = file.column<std::uint8_t>("chunks/profile", count);
  const auto stripe_bytes = file.column<std::uint32_t>("chunks/stripe_bytes", count);
  const auto sub_stripes = file.column<std::uint16_t>("chunks/sub_stripes", count);
  const auto first_stripe = file.column<std::uint32_t>("chunks/first_stripe", count + 1);
  const auto stripe_devid = file.column<std::uint64_t>("stripes/devid");
  const auto physical = file.column<std::uint64_t>("stripes/physical", stripe_devid.size());

  if (devid.size() > UINT16_MAX) file.fail("devices/devid", "at most 65535 devices", fmt::format("{}", devid.size()));
  if (!std::is_sorted(devid.begin(), devid.end())) file.fail("devices/devid", "ascending devids", "another order");
  if (first_stripe.front() != 0 || first_stripe.back() != stripe_devid.size() ||
      !std::is_sorted(first_stripe.begin(), first_stripe.end()))
    file.fail("chunks/first_stripe", "values that rise from 0 to the number of stripes", "others");
  std::vector<Device> devices;
  for (std::size_t i = 0; i < devid.size(); ++i) devices.push_back({devid[i], device_bytes[i]});
  std::vector<Chunk> chunks;
  for (std::size_t i = 0; i < count; ++i) {
    if (profile[i] > last_profile) file.fail("chunks/profile", "0 to 8", fmt::format("{}", profile[i]));
    Chunk chunk{logical[i], bytes[i], use[i], Profile{profile[i]}, stripe_bytes[i], sub_stripes[i], {}};
    for (std::uint32_t s = first_stripe[i]; s < first_stripe[i + 1]; ++s) {
      const auto device = std::lower_bound(devid.begin(), devid.end(), stripe_devid[s]);
      if (device == devid.end() || *device != stripe_devid[s])
        file.fail("stripes/devid", "devids of devices/devid", fmt::format("{}", stripe_devid[s]));
      chunk.stripes.push_back({static_cast<DeviceIndex>(device - devid.begin()), physical[s]});
    }
    chunks.push_back(std::move(chunk));
  }
  return Volume(name, std::move(devices), std::move(chunks));
}

Forest read_forest(const h5::Reader& file, const LoadOptions& options) {
  Forest forest;
  const auto progress = [&](double share) {
    if (options.progress) options.progress(share);
  };
  forest.node_bytes = static_cast<std::uint32_t>(file.number_attribute("node_bytes", UINT32_MAX));
  forest.logical = file.column<std::uint64_t>("blocks/logical");
  const std::size_t blocks = forest.logical.size();
  forest.generation = file.column<std::uint64_t>("blocks/generation", blocks);
  forest.level = file.column<std::uint8_t>("blocks/level", blocks);
  forest.first_pointer = file.column<std::uint32_t>("blocks/first_pointer", blocks + 1);
  progress(0.4);
  forest.key_objectid = file.column<std::uint64_t>("pointers/key_objectid");
  const std::size_t pointers = forest.key_objectid.size();
  forest.key_type = file.column<std::uint8_t>("pointers/key_type", pointers);
  forest.key_offset = file.column<std::uint64_t>("pointers/key_offset", pointers);
  progress(0.8);
  forest.child = file.column<std::uint32_t>("pointers/child", pointers);
  forest.child_generation = file.column<std::uint64_t>("pointers/child_generation", pointers);
  progress(0.95);
  const auto objectid = file.column<std::uint64_t>("trees/objectid");
  const auto root = file.column<std::uint32_t>("trees/root", objectid.size());
  for (std::size_t i = 0; i < objectid.size(); ++i) {
    const auto wanted = std::find(options.trees.begin(), options.trees.end(), objectid[i]);
    if (options.trees.empty() || wanted != options.trees.end()) forest.trees.push_back({objectid[i], root[i]});
  }
  return forest;
}

FileExtents read_extents(const h5::Reader& file, std::size_t blocks) {
  FileExtents extents;
  extents.known = file.column<std::uint8_t>("blocks/extents_known", blocks);
  extents.first = file.column<std::uint32_t>("blocks/first_extent", blocks + 1);
  extents.logical = file.column<std::uint64_t>("extents/logical");
  extents.bytes = file.column<std::uint64_t>("extents/bytes", extents.logical.size());
  return extents;
}

void write_to(const std::filesystem::path& path, const Layout& layout) {
  const Forest& forest = layout.forest;
  h5::Writer file(path, h5::Writer::Form::packed);
  file.attribute("format", format_name);
  file.attribute("version", layout_file_version);
  file.attribute("node_bytes", forest.node_bytes);
  file.attribute("source", layout.source);
  write_volume(file, layout.volume);

  std::vector<std::uint64_t> objectid;
  std::vector<std::uint32_t> root;
  for (const auto& tree : forest.trees) {
    objectid.push_back(tree.objectid);
    root.push_back(tree.root);
  }
  file.group("trees");
  file.column("trees/objectid", objectid);
  file.column("trees/root", root);
  file.group("blocks");
  file.column("blocks/logical", forest.logical);
  file.column("blocks/generation", forest.generation);
  file.column("blocks/level", forest.level);
  file.column("blocks/first_pointer", forest.first_pointer);
  if (!layout.notes.empty()) {
    file.column("blocks/owner", layout.notes.owner);
    file.column("blocks/items", layout.notes.items);
    file.column("blocks/free_bytes", layout.notes.free_bytes);
  }
  if (!layout.extents.empty()) {
    file.column("blocks/extents_known", layout.extents.known);
    file.column("blocks/first_extent", layout.extents.first);
  }
  file.group("pointers");
  file.column("pointers/key_objectid", forest.key_objectid);
  file.column("pointers/key_type", forest.key_type);
  file.column("pointers/key_offset", forest.key_offset);
  file.column("pointers/child", forest.child);
  file.column("pointers/child_generation", forest.child_generation);
  if (!layout.extents.empty()) {
    file.group("extents");
    file.column("extents/logical", layout.extents.logical);
    file.column("extents/bytes", layout.extents.bytes);
  }
  file.close();
}

}  // namespace

void write_layout_file(const std::filesystem::path& path, const Layout& layout) {
  try {
    write_to(path, layout);
  } catch (const h5::Error& error) {
    throw InputError(path.string(), "", "a file that can be written", error.what());
  }
}

Layout read_layout_file(const std::filesystem::path& path, const LoadOptions& options) {
  constexpr int oldest_superblock = 2;  // the first with checksums
  const h5::Reader file(path, "a layout file", oldest_superblock);
  file.expect(format_name, "version", layout_file_version);
  Layout layout;
  layout.source = file.text_attribute("source");
  layout.volume = read_volume(file, path.string());
  layout.forest = read_forest(file, options);
  if (options.notes && file.has("blocks/owner")) {
    const std::size_t blocks = layout.forest.blocks();
    layout.notes.owner = file.column<std::uint64_t>("blocks/owner", blocks);
    layout.notes.items = file.column<std::uint32_t>("blocks/items", blocks);
    layout.notes.free_bytes = file.column<std::uint32_t>("blocks/free_bytes", blocks);
  }
  check_and_index(path.string(), layout.volume, layout.forest);
  if (options.extents != LoadOptions::Extents::none && file.has("blocks/extents_known")) {
    layout.extents = read_extents(file, layout.forest.blocks());
    check_file_extents(path.string(), layout.volume, layout.forest, layout.extents);
  }
  for (const std::uint64_t wanted : options.trees) {
    if (!layout.forest.find_tree(wanted))
      throw InputError(path.string(), "trees", fmt::format("the tree {}", tree_name(wanted)),
                       tree_list(file.column<std::uint64_t>("trees/objectid")));
  }
  return layout;
}

extern const LayoutForm layout_form_file{
    .name = "a layout file",
    .sentence = "headway's own form, HDF5 (*.layout.h5).",
    .recognizes = [](const std::filesystem::path&,
                     std::string_view begin) { return begin.starts_with("\x89HDF\r\n\x1a\n"); },
    .read = [](std::span<const std::filesystem::path> files,
               const LoadOptions& options) { return read_layout_file(files.front(), options); }};

}  // namespace headway
