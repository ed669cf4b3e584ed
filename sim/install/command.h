// The command line as data, of which manual pages and completions are made. Verb::described() (sim/cli/verb.h) reads it
// off what verbs have declared, which `--help` shows too: a new verb or option appears by itself.
#pragma once

#include <string>
#include <vector>

namespace headway {

struct CommandOption {
  std::vector<std::string> names;      // "-o", "--output"; one without a dash: a word of the command line
  std::string value;                   // TEXT, UINT, FLOAT; empty for a flag
  std::string range;                   // "2 to 10000"; empty where any will do
  std::string default_value;           // empty where there is none, or the sentence tells
  std::string sentence;                // its further lines are "NAME: SENTENCE", of what it takes
  std::vector<std::string> known;      // what it takes, as far as that has names
  bool takes_file = false;             // or the name of a file
  std::vector<std::string> excludes;   // options that may not stand beside it
  bool is_required = false;
  bool is_repeated = false;
};

struct Command {
  std::string path;  // as it is called: "headway layout import"
  std::string sentence;
  std::string footer;  // paragraphs; lines that begin with blanks are items
  std::vector<CommandOption> words;
  std::vector<CommandOption> options;
  std::vector<Command> verbs;

  std::string name() const { return path.substr(path.rfind(' ') + 1); }
};

}  // namespace headway
