// Layout files. What the HDF5 library itself makes of damage is part of what is tried.
#include "models/fuzz/fuzz_support.h"
#include "models/layout/info.h"
#include "models/layout/layout_file.h"

using namespace headway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::InputFile file(fuzz::InputFile::on_disk);
  file.write(0, fuzz::bytes_of(data, size));
  return fuzz::run([&] { layout_info(read_layout_file(file.path(), {}), {}); });
}
