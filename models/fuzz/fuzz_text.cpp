// Texts of dump-tree, plain and compressed; what comes out must survive an export and import.
#include <cstdlib>

#include "models/fuzz/fuzz_support.h"
#include "models/layout/btrfs/dump_text.h"
#include "models/layout/btrfs/export.h"
#include "models/layout/info.h"

using namespace headway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run([&] {
    DumpText text{"fuzz", open_bytes(fuzz::bytes_of(data, size), "fuzz")};
    const Layout layout = read_dump_texts(std::span(&text, 1), {});
    layout_info(layout, {});
    std::string exported;
    export_dump_text(layout, [&](std::string_view part) { exported += part; });
    DumpText again{"again", open_bytes(std::as_bytes(std::span(exported)), "again")};
    const Layout same = read_dump_texts(std::span(&again, 1), {});
    if (same.forest.logical != layout.forest.logical || same.forest.child != layout.forest.child ||
        same.extents.logical != layout.extents.logical || same.extents.first != layout.extents.first)
      std::abort();
  });
}
