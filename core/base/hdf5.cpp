// See hdf5.h.
#include "core/base/hdf5.h"

#include <fmt/format.h>

#include <algorithm>

namespace headway::h5 {

namespace {

herr_t innermost(unsigned /*depth*/, const H5E_error2_t* error, void* reason) {
  *static_cast<std::string*>(reason) = error->desc == nullptr ? "" : error->desc;
  return 0;
}

// HDF5 wraps the system's words in a line of numbers ("file write failed: ..., error message = 'No space left on
// device', buf = 0x7f...").
std::string system_words(const std::string& reason) {
  constexpr std::string_view mark = "error message = '";
  const std::size_t start = reason.find(mark);
  if (start == std::string::npos) return reason;
  const std::size_t from = start + mark.size();
  return reason.substr(from, reason.find('\'', from) - from);
}

}  // namespace

// Before HDF5's first call: at the program's end it would write again what it could not, and crash on a full disk.
void keep_quiet() {
  static const herr_t stay_closed = H5dont_atexit();
  static_cast<void>(stay_closed);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

std::string reason() {
  std::string words;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, innermost, &words);
  return system_words(words);
}

void fail(std::string_view doing) {
  const std::string words = reason();
  throw Error(words.empty() ? fmt::format("cannot {}", doing) : words);
}

Handle timeless(hid_t property_class) {
  Handle properties(H5Pcreate(property_class), H5Pclose, "create properties");
  check(H5Pset_obj_track_times(properties, false), "leave times out");
  return properties;
}

Handle text_type(std::size_t bytes, H5T_cset_t letters) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "describe text");
  check(H5Tset_size(type, std::max<std::size_t>(bytes, 1)), "size text");
  check(H5Tset_strpad(type, H5T_STR_NULLPAD), "pad text");
  check(H5Tset_cset(type, letters), "encode text");
  return type;
}

void set_attribute(hid_t object, const char* name, std::string_view text, H5T_cset_t letters) {
  const Handle type = text_type(text.size(), letters);
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "describe an attribute");
  const Handle attribute(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                         "create an attribute");
  check(H5Awrite(attribute, type, std::string(text).c_str()), "write an attribute");
}

}  // namespace headway::h5
