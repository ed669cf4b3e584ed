// Python's exceptions as C++ has them: in words, with the lines that they came through.
#pragma once

#include <pybind11/pybind11.h>

#include <stdexcept>
#include <string>

namespace headway::python {

// What Python has to say in one line, without the addresses of objects, which are others each time.
std::string in_one_line(const std::string& text);

// "KeyError: 7, at elevator.py:41 in complete, from :60 in want", innermost first; all in one line.
std::string words_of(const pybind11::error_already_set& error);

// What `work` throws of Python's comes out as std::runtime_error.
template <class Work>
auto in_words(Work&& work) {
  try {
    return work();
  } catch (const pybind11::error_already_set& error) {
    throw std::runtime_error(words_of(error));
  }
}

}  // namespace headway::python
