#include "models/layout/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "core/base/byte_source.h"
#include "core/base/error.h"
#include "models/layout/btrfs/dump_text.h"
#include "models/layout/btrfs/image.h"
#include "models/layout/btrfs/image_set.h"
#include "models/layout/btrfs/image_stream.h"
#include "models/layout/layout_file.h"

namespace headway {

namespace {

enum class Form { layout_file, image, stream, text };

std::string_view to_string(Form form) {
  switch (form) {
    case Form::layout_file:
      return "a layout file";
    case Form::image:
      return "a device image";
    case Form::stream:
      return "a btrfs-image stream";
    case Form::text:
      return "the text of a dump";
  }
  return "";
}

Form form_of(const std::filesystem::path& path) {
  static constexpr std::string_view hdf5_magic = "\x89HDF\r\n\x1a\n";
  std::array<char, 4096> head{};
  const auto bytes = open_bytes(path);
  const std::size_t got = bytes->read(std::as_writable_bytes(std::span(head)));
  const std::string_view begin(head.data(), got);
  if (begin.starts_with(hdf5_magic)) return Form::layout_file;
  if (got >= 8 && disk::little_endian(std::as_bytes(std::span(head)), 0, 8) == image_stream_magic) return Form::stream;
  if (ImageSet::is_image(path)) return Form::image;
  if (begin.find('\0') != begin.npos || begin.empty())
    throw InputError(path.string(), "byte 0",
                     "a layout file, btrfs device images, a btrfs-image stream, or the text of btrfs inspect-internal "
                     "dump-tree",
                     begin.empty() ? "an empty file" : "none of them");
  return Form::text;
}

}  // namespace

Layout load_layout(std::span<const std::filesystem::path> files, const LoadOptions& options) {
  if (files.empty()) throw InputError("", "layout", "at least one file", "none");
  const Form form = form_of(files.front());
  for (const auto& path : files) {
    if (form_of(path) != form)
      throw InputError(path.string(), "", fmt::format("{} as {} is", to_string(form), files.front().string()),
                       fmt::format("{}", to_string(form_of(path))));
  }
  if (form != Form::image && form != Form::text && files.size() > 1)
    throw InputError(files[1].string(), "", fmt::format("{} alone", to_string(form)),
                     fmt::format("{} of them", files.size()));
  if (form == Form::layout_file) return read_layout_file(files.front(), options);
  if (form == Form::image) return read_images(files, options);
  if (form == Form::stream) return read_image_stream(files.front().string(), open_bytes(files.front()), options);
  std::vector<DumpText> texts;
  for (const auto& path : files) texts.push_back({path.string(), open_bytes(path)});
  return read_dump_texts(texts, options);
}

Layout load_layout(const std::filesystem::path& file, const LoadOptions& options) {
  return load_layout(std::span(&file, 1), options);
}

void save_layout(const std::filesystem::path& path, const Layout& layout) { write_layout_file(path, layout); }

}  // namespace headway
