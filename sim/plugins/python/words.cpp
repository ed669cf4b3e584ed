// See words.h.
#include "sim/plugins/python/words.h"

#include <fmt/format.h>

#include <vector>

namespace headway::python {

namespace {

namespace py = pybind11;

struct Place {
  std::string file, function;
  int line = 0;
};

// Outermost first, as Python keeps them.
std::vector<Place> places_of(py::object trace) {
  std::vector<Place> places;
  for (; trace && !trace.is_none(); trace = trace.attr("tb_next")) {
    const py::object code = trace.attr("tb_frame").attr("f_code");
    std::string file = py::str(code.attr("co_filename"));
    places.push_back(
        {file.substr(file.rfind('/') + 1), py::str(code.attr("co_name")), trace.attr("tb_lineno").cast<int>()});
  }
  return places;
}

}  // namespace

std::string in_one_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!is_space) line += c;
    if (is_space && !line.empty() && line.back() != ' ') line += ' ';
  }
  constexpr std::string_view place = " at 0x";
  for (std::size_t at = line.find(place); at != line.npos; at = line.find(place, at))
    line.erase(at, line.find_first_not_of("0123456789abcdef", at + place.size()) - at);
  return line;
}

std::string words_of(const py::error_already_set& error) {
  constexpr std::size_t most_places = 8, most_letters = 400;
  std::string text = py::str(error.type().attr("__name__"));
  try {
    const std::string said = in_one_line(py::str(error.value()));
    if (!said.empty()) text += ": " + said;
  } catch (py::error_already_set&) {  // a __str__ that throws itself
    text += " (which cannot say more)";
  }
  if (text.size() > most_letters) text = text.substr(0, most_letters) + "...";
  const std::vector<Place> places = places_of(error.trace());
  std::string file;
  for (std::size_t i = 0; i < places.size() && i < most_places; ++i) {
    const Place& place = places[places.size() - 1 - i];
    text += fmt::format("{} {}:{} in {}", i == 0 ? ", at" : ", from", place.file == file ? "" : place.file, place.line,
                        place.function);
    file = place.file;
  }
  if (error.matches(PyExc_ModuleNotFoundError)) text += " (a policy is one file: modules beside it are not found)";
  return text;
}

}  // namespace headway::python
