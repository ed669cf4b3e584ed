// `--set PLACE=VALUE`: values of a scenario from the command line, laid over its document before anything reads it, so
// that every check, digest and record is of what ran.
//
// PLACE is a JSON pointer, /policies/mine/max_in_flight, or the same with dots, policies.mine.max_in_flight. Keys are
// those that the document has, the longest that fits, so that dots and equals signs in them need nothing (in a pointer
// ~ is ~0 and / is ~1). An element of a list is its number, or its "name"; "-" is the one behind the last. The last
// step may be a new key, and so may objects on the way to it (cache.warm_fraction=0.5 in a scenario without "cache"):
// whether a scenario has such keys its reader judges. Only a policy must be there.
//
// VALUE is JSON, or else a text as it stands: baseline=walk, description=what I tried.
#pragma once

#include <string>
#include <vector>

#include "core/base/json_node.h"

namespace headway {

// One of them, its names resolved.
struct Setting {
  std::string pointer;  // "/policies/mine/max_in_flight"
  std::string value;    // as JSON: "12"

  std::string word() const { return pointer + "=" + value; }  // what --set takes
};

std::vector<std::string> words_of(const std::vector<Setting>& set);

struct SetDocument {
  JsonNode document;  // in messages it is called "FILE with --set PLACE=VALUE"
  std::vector<Setting> set;
};

// The values take effect one after the other: a later one may lie inside an earlier one. Throws InputError, whose place
// is --set, for a word that leads nowhere, with the nearest name.
SetDocument set_in(const JsonNode& document, const std::vector<std::string>& words);

// The keys of an object, or the numbers of an array's items: where a step from there may lead.
std::vector<std::string> steps_from(const Json& value);
// "no "mien" (did you mean "mine"?)"
std::string no_step(const std::string& step, const std::vector<std::string>& known);

}  // namespace headway
