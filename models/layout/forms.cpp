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
  throw InputError(file.string(), "byte 0", layout_form_list(), begin.empty() ? "an empty file" : "none of them");
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
