// See markup.h.
#include "core/base/markup.h"

#include "core/base/letters.h"

namespace headway {

namespace {

bool is_one_of(char c, std::string_view letters) { return letters.find(c) != std::string_view::npos; }

// Without what steers a terminal or turns the direction of writing.
std::string on_one_line(std::string_view text) {
  std::string out = printable_lines(text);
  for (char& c : out) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return out;
}

std::string_view latex_letter(char c) {
  switch (c) {
    case '\\':
      return "\\textbackslash{}";
    case '^':
      return "\\textasciicircum{}";
    case '~':
      return "\\textasciitilde{}";
    case '<':
      return "\\textless{}";
    case '>':
      return "\\textgreater{}";
    case '|':
      return "\\textbar{}";
    case '"':
      return "\\char34{}";  // a command of T1 alone otherwise
    case '\'':
      return "\\textquotesingle{}";
    case '`':
      return "\\textasciigrave{}";
    default:
      return "";
  }
}

}  // namespace

std::string csv_text(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string markdown_text(std::string_view text) {
  std::string out;
  for (const char c : on_one_line(text)) {
    if (is_one_of(c, "\\`*_[]<>|~&:#@")) out += '\\';
    out += c;
  }
  return out;
}

std::string latex_text(std::string_view text) {
  std::string out;
  for (const char c : on_one_line(text)) {
    if (const std::string_view letter = latex_letter(c); !letter.empty()) {
      out += letter;
      continue;
    }
    if (is_one_of(c, "{}$&#_%")) out += '\\';
    if (c == '-' && out.ends_with('-')) out += "{}";  // two of them are no dash
    out += c;
  }
  return out;
}

}  // namespace headway
