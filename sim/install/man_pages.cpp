#include "sim/install/man_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace headway {

namespace {

// Text as roff has it: nothing in it is a request, what stands in backticks is bold.
std::string roff(std::string_view text) {
  std::string out;
  bool bold = false;
  for (const char letter : text) {
    switch (letter) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '\'': out += "\\(aq"; break;
      case '"': out += "\\(dq"; break;
      case '~': out += "\\(ti"; break;
      case '^': out += "\\(ha"; break;
      case '`':
        bold = !bold;
        out += bold ? "\\fB" : "\\fR";
        break;
      default: out += letter;
    }
  }
  return out.starts_with('.') ? "\\&" + out : out;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// "NAME: SENTENCE", or "NAME   SENTENCE" as in a table.
std::string item(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  const auto colon = line.find(": "), blanks = line.find("  ");
  const auto end = std::min(colon, blanks);
  if (end == line.npos) return fmt::format(".TP\n{}\n", roff(line));
  const auto rest = line.find_first_not_of(": ", end);
  return fmt::format(".TP\n{}\n{}\n", bold(line.substr(0, end)), roff(line.substr(rest)));
}

// Lines that begin with blanks are items, others go on with the paragraph.
std::string paragraphs(const std::string& text) {
  std::string out;
  bool in_paragraph = false;
  for (const auto& line : lines_of(text)) {
    if (line.empty()) {
      in_paragraph = false;
    } else if (line.starts_with(' ')) {
      out += item(line);
      in_paragraph = false;
    } else {
      out += (in_paragraph ? "" : ".PP\n") + roff(line) + "\n";
      in_paragraph = true;
    }
  }
  return out;
}

bool is_word(const CommandOption& option) { return !option.names[0].starts_with('-'); }

// What follows the sentence: its range, its default, what may not stand beside it.
std::string particulars(const CommandOption& option) {
  std::string out;
  if (!option.range.empty()) out += fmt::format("From {}.\n", roff(option.range));
  if (!option.default_value.empty()) out += fmt::format("Default: {}.\n", bold(option.default_value));
  if (option.is_repeated && !is_word(option)) out += "May be given several times.\n";
  if (option.is_required && !is_word(option)) out += "Must be given.\n";
  if (option.excludes.empty()) return out;
  std::vector<std::string> others;
  for (const auto& other : option.excludes) others.push_back(bold(other));
  return out + fmt::format("Not beside {}.\n", fmt::join(others, ", "));
}

std::string described(const CommandOption& option) {
  std::vector<std::string> names;
  for (const auto& name : option.names) names.push_back(is_word(option) ? italic(name) : bold(name));
  std::string out = fmt::format(".TP\n{}", fmt::join(names, ", "));
  if (!is_word(option) && !option.value.empty()) out += " " + italic(option.value);
  const auto lines = lines_of(option.sentence);
  const std::string first = lines.empty() ? "" : lines[0];
  const bool ends = first.empty() || first.ends_with('.') || first.ends_with(':');
  out += fmt::format("\n{}{}\n", roff(first), ends ? "" : ".");
  if (lines.size() > 1) {
    out += ".RS\n";
    for (std::size_t i = 1; i < lines.size(); ++i) out += item(lines[i]);
    out += ".RE\n.IP\n";
    const std::string more = particulars(option);
    return more.empty() ? out.substr(0, out.size() - 4) : out + more;
  }
  return out + particulars(option);
}

std::string synopsis(const Command& command) {
  std::string out = bold(command.path);
  if (!command.options.empty()) out += " [" + italic("OPTION") + "...]";
  if (!command.verbs.empty()) out += " " + italic("VERB") + " ...";
  for (const auto& word : command.words) {
    const std::string name = italic(word.names[0]) + (word.is_repeated ? "..." : "");
    out += word.is_required ? " " + name : " [" + name + "]";
  }
  return out + "\n";
}

std::string options(const Command& command) {
  std::string out;
  for (const auto& word : command.words) out += described(word);
  for (const auto& option : command.options) out += described(option);
  return out;
}

// "headway-layout" of "headway layout".
std::string page_name(const Command& command) {
  std::string name = command.path;
  std::ranges::replace(name, ' ', '-');
  return name;
}

std::string upper(std::string text) {
  for (char& letter : text) letter = 'a' <= letter && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  return text;
}

// Without a date: the same program writes the same pages.
std::string head(const Command& command, std::string_view version) {
  const std::string name = page_name(command);
  return fmt::format(".TH {} 1 \"\" \"headway {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n{}",
                     upper(roff(name)), version, roff(name), roff(lines_of(command.sentence).at(0)), synopsis(command));
}

std::string reference(const std::string& page) { return bold(page) + "(1)"; }

// What no verb says of itself.
constexpr std::string_view rest_of_program = R"(.SH EXIT STATUS
.TP
.B 0
Done.
.TP
.B 1
An expectation or a check failed.
.TP
.B 2
Bad input or usage; nothing was written.
.TP
.B 3
A run failed.
.SH ENVIRONMENT
.TP
.B TMPDIR
Where compressed images are unpacked; without it
.IR /var/tmp .
.TP
.B NO_COLOR
Set to anything: tables have no colour. Nor have they where
.B TERM
is
.BR dumb .
.SH FILES
A run leaves
.IR results.json ,
.I timing.json
and, where asked for, traces and metrics over time as HDF5 in the directory that
.B \-\-output
names. What is installed lies under the prefix,
.I /usr
for Debian\(aqs package:
.TP
.I share/headway/scenarios
Experiments to start from, with the layouts that they read.
.TP
.I share/headway/drives
The drives that scenarios know by name, to copy from.
.TP
.I share/headway/schemas
JSON Schemas of the files that you write, for an editor to complete them.
.TP
.I include/headway
The headers that a policy of your own is built with.
.SH EXAMPLES
.EX
headway run /usr/share/headway/scenarios/first\-look.json \-o out \-\-trace
headway plot out \-\-kind offset\-time \-o out/offset\-time.pdf
.EE
)";

std::string program_page(const Command& program, std::string_view version) {
  std::string out = head(program, version) + ".SH DESCRIPTION\n";
  for (const auto& line : lines_of(program.sentence)) out += roff(line) + "\n";
  out += ".SH VERBS\n";
  for (const auto& verb : program.verbs)
    out += fmt::format(".TP\n{}\n{}.\n", reference(page_name(verb)), roff(verb.sentence));
  out += ".SH OPTIONS\n" + options(program);
  out += rest_of_program;
  std::vector<std::string> pages;
  for (const auto& verb : program.verbs) pages.push_back(reference(page_name(verb)));
  return out + fmt::format(".SH SEE ALSO\n{}\n", fmt::join(pages, ",\n"));
}

std::string verb_page(const Command& verb, std::string_view version) {
  std::string out = head(verb, version);
  for (const auto& inner : verb.verbs) out += ".br\n" + synopsis(inner);
  out += fmt::format(".SH DESCRIPTION\n{}.\n", roff(verb.sentence)) + paragraphs(verb.footer);
  out += ".SH OPTIONS\n" + options(verb);
  if (!verb.verbs.empty()) out += ".SH VERBS\n";
  for (const auto& inner : verb.verbs)
    out += fmt::format(".SS {}\n{}.\n", roff(inner.path), roff(inner.sentence)) + options(inner) +
           paragraphs(inner.footer);
  return out + ".SH EXIT STATUS\nAs of " + reference("headway") + ".\n.SH SEE ALSO\n" + reference("headway") + "\n";
}

}  // namespace

std::vector<ManPage> man_pages(const Command& program, std::string_view version) {
  std::vector<ManPage> pages{{page_name(program) + ".1", program_page(program, version)}};
  for (const auto& verb : program.verbs) pages.push_back({page_name(verb) + ".1", verb_page(verb, version)});
  return pages;
}

}  // namespace headway
