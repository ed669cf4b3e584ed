// The table of forms in which layouts come: what load_layout() reads. A new one is a file that defines its LayoutForm,
// and its line in forms.cpp.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "models/layout/layout.h"

namespace headway {

struct LayoutForm {
  std::string name;      // one of it, as messages say: "a btrfs-image stream"
  std::string sentence;  // what it is, for help
  bool several = false;  // whether several files may make up one file system
  // Whether a file is of this form. `begin` is its first 4096 bytes, unpacked where it is compressed; fewer only where
  // the file has no more.
  bool (*recognizes)(const std::filesystem::path& file, std::string_view begin);
  // Precondition: at least one file, one only unless `several`. Throws InputError.
  Layout (*read)(std::span<const std::filesystem::path> files, const LoadOptions& options);
};

// In the order in which they are asked; the first that recognizes a file has it.
std::span<const LayoutForm* const> layout_forms();
// Throws InputError for a file that cannot be read, and for one of no form.
const LayoutForm& layout_form_of(const std::filesystem::path& file);

// "a layout file, a btrfs-image stream or ...".
std::string layout_form_list();
// For help: a line a form, name and sentence.
std::string layout_form_help();

}  // namespace headway
