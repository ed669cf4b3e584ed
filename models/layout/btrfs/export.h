// Layouts for other programs: as the text of `btrfs inspect-internal dump-tree`, and as a table.
#pragma once

#include <functional>
#include <string_view>

#include "models/layout/layout.h"

namespace headway {

using TextSink = std::function<void(std::string_view)>;  // is called with one piece after another

// The first words of an exported text; what the layout was made from follows on the line.
inline constexpr std::string_view export_heading = "headway layout export of: ";

// In the form of btrfs-progs 6.2, reduced to headers, keys, devices and chunks. Importing it gives the same layout, to
// the byte of its layout file, if it has notes. Where the layout has no chunk tree whose leaves have room for just its
// devices and chunks, these stand under "device and chunk items"; a leaf that was never read has no items and free
// space on its line. Where it is known what files' data lie behind a leaf, lines "file data" follow it.
void export_dump_text(const Layout& layout, const TextSink& out);

// One row a block and tree, in key order within a level:
// tree,level,position,logical,generation,parent,key_objectid,key_type,key_offset,items,free_bytes,devid_1,physical_1,...
// with as many devid and physical columns as the volume has copies; empty where there is none or it is not known.
void export_csv(const Layout& layout, const TextSink& out);

}  // namespace headway
