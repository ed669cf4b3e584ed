// The kinds of JSON files that headway reads and writes, to call one by its name that was handed over for another.
#pragma once

#include <string_view>

#include "core/base/json_node.h"

namespace headway {

// Of the table in document_kind.cpp.
namespace document {
inline constexpr std::string_view scenario = "a scenario", sweep = "a sweep", drive = "a drive's parameters",
                                  grow = "a layout to grow", results = "results";
}  // namespace document

// Throws InputError when a whole document has none of the keys by which `kind` is known, and some of another's.
void expect_document(const JsonNode& root, std::string_view kind);

}  // namespace headway
