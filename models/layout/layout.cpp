#include "models/layout/layout.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "models/layout/forms.h"
#include "models/layout/layout_file.h"

namespace headway {

Layout load_layout(std::span<const std::filesystem::path> files, const LoadOptions& options) {
  if (files.empty()) throw InputError("", "layout", "at least one file", "none");
  const LayoutForm& form = layout_form_of(files.front());
  for (const auto& path : files.subspan(1)) {
    const LayoutForm& other = layout_form_of(path);
    if (&other != &form)
      throw InputError(path.string(), "", fmt::format("{} as {} is", form.name, files.front().string()), other.name);
  }
  if (!form.several && files.size() > 1)
    throw InputError(files[1].string(), "", fmt::format("{} alone", form.name), fmt::format("{} of them", files.size()));
  return form.read(files, options);
}

Layout load_layout(const std::filesystem::path& file, const LoadOptions& options) {
  return load_layout(std::span(&file, 1), options);
}

void save_layout(const std::filesystem::path& path, const Layout& layout) { write_layout_file(path, layout); }

}  // namespace headway
