// Any file: its form is told, compressed or not, and an image that is compressed as a whole is unpacked and read. What
// the other readers do with their forms is theirs to fuzz.
#include <vector>

#include "models/fuzz/fuzz_support.h"
#include "models/layout/forms.h"

using namespace headway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::InputFile file;
  file.write(0, fuzz::bytes_of(data, size));
  const std::vector<std::filesystem::path> files{file.path()};
  return fuzz::run([&] {
    const LayoutForm& form = layout_form_of(files.front());
    if (form.name == "a btrfs device image") form.read(files, {});
  });
}
