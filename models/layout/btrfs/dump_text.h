// Reads the text of `btrfs inspect-internal dump-tree`, btrfs-progs 3.14 to 6.x.
//
// What counts are the header lines of blocks, the key lines of nodes, and three kinds of items: devices and chunks in
// the chunk tree, roots in the root tree. All else may be missing; nesting and order of blocks mean nothing, since
// versions and options (--follow, --dfs) differ in them.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "core/base/byte_source.h"
#include "models/layout/layout.h"

namespace headway {

// One text; the name stands for it in messages.
struct DumpText {
  std::string name;
  std::unique_ptr<ByteSource> bytes;
};

// The file system that the texts describe together. A text must hold the chunk tree. Without a root tree, a tree's root
// is the first block under its heading, or a block that no pointer leads to. A tree that is being deleted ("refs 0") is
// left out, as its blocks may be gone. Devices whose size is not in the text end with their last chunk. Throws InputError
// with file and line.
Layout read_dump_texts(std::span<DumpText> texts, const LoadOptions& options);

}  // namespace headway
