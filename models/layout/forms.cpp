#include "models/layout/forms.h"

#include <fmt/format.h>

#include <array>

#include "core/base/byte_source.h"
#include "core/base/error.h"

namespace headway {

extern const LayoutForm layout_form_dump_text;
extern const LayoutForm layout_form_file;
extern const LayoutForm layout_form_image;
extern const LayoutForm layout_form_image_stream;

namespace {

using namespace std::literals;

// What is often given, and holds a file system that one of the forms could: how to get at it.
struct Wrapping {
  std::size_t at;
  std::string_view bytes, name, remedy;
};
constexpr std::array<Wrapping, 7> wrappings{{
    {0, "QFI\xfb"sv, "a qcow2 image", "qemu-img convert -O raw makes a device image of it"},
    {0, "KDMV"sv, "a VMDK image", "qemu-img convert -O raw makes a device image of it"},
    {64, "\x7f\x10\xda\xbe"sv, "a VDI image", "qemu-img convert -O raw makes a device image of it"},
    {0, "vhdxfile"sv, "a VHDX image", "qemu-img convert -O raw makes a device image of it"},
    {0, "partclone-image"sv, "a partclone image", "partclone.restore makes a device image of it"},
    {0, "LUKS\xba\xbe"sv, "an encrypted device (LUKS)", "cryptsetup open shows the device inside"},
    {512, "EFI PART"sv, "a whole disk with a partition table", "losetup -P shows its partitions as devices"},
}};

std::string what_else(std::string_view begin) {
  if (begin.empty()) return "an empty file";
  for (const Wrapping& wrapping : wrappings) {
    if (begin.size() > wrapping.at && begin.substr(wrapping.at).starts_with(wrapping.bytes))
      return fmt::format("{}; {}", wrapping.name, wrapping.remedy);
  }
  return "none of them";
}

}  // namespace

// A text is whatever has no zero bytes: it comes last.
std::span<const LayoutForm* const> layout_forms() {
  static constexpr const LayoutForm* all[] = {
      &layout_form_file,
      &layout_form_image_stream,
      &layout_form_image,
      &layout_form_dump_text,
  };
  return all;
}

const LayoutForm& layout_form_of(const std::filesystem::path& file) {
  std::array<char, 4096> head{};
  const std::size_t got = open_bytes(file)->read(std::as_writable_bytes(std::span(head)));
  const std::string_view begin(head.data(), got);
  for (const LayoutForm* form : layout_forms()) {
    if (form->recognizes(file, begin)) return *form;
  }
  throw InputError(file.string(), "byte 0", layout_form_list(), what_else(begin));
}

std::string layout_form_list() {
  const auto all = layout_forms();
  std::string list;
  for (std::size_t i = 0; i < all.size(); ++i)
    list += fmt::format("{}{}", i == 0 ? "" : i + 1 < all.size() ? ", " : " or ", all[i]->name);
  return list;
}

std::string layout_form_help() {
  std::string lines;
  for (const LayoutForm* form : layout_forms()) lines += fmt::format("  {}: {}\n", form->name, form->sentence);
  return lines;
}

}  // namespace headway
