// The command line as verbs declare it. Behind it stands CLI11, which is then compiled once instead of in every verb:
// it is the dearest header that the program has.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace headway {

struct Command;

// What the values of options are called, which CLI11 does not keep.
struct KnownValues {
  std::vector<std::string> names;
  bool or_file = false;
};
using KnownOptions = std::map<const CLI::Option*, KnownValues>;

// An option or a word that has been declared, for what else there is to say of it.
class Option {
 public:
  Option(CLI::Option* option, std::shared_ptr<KnownOptions> known) : option_(option), known_(std::move(known)) {}

  Option& required();
  Option& shows_default();  // in the help, as the target has it now
  Option& within(std::uint64_t low, std::uint64_t high);
  Option& within(double low, double high);
  Option& positive();
  // `noun`: what each of them is, "a metric". The help's sentence lists them.
  Option& out_of(const std::vector<std::string>& names, const std::string& noun);
  // What a shell offers there, though others will do: names, or files as well.
  Option& suggests(const std::vector<std::string>& names, bool or_file = false);
  Option& excludes(const Option& other);
  Option& one_word();  // each time it is given, though its target is a list

 private:
  CLI::Option* option_;
  std::shared_ptr<KnownOptions> known_;
};

class Verb {
 public:
  explicit Verb(CLI::App* app) : Verb(app, std::make_shared<KnownOptions>()) {}

  // A verb of this one, which then needs one of its verbs.
  Verb verb(const std::string& name, const std::string& sentence);
  // `names`: "-o,--output", or a bare word for what stands without a dash. `target` outlives the parsing. Of the types
  // that verb.cpp names at its end.
  template <class Target>
  Option option(const std::string& names, Target& target, const std::string& sentence);
  Option flag(const std::string& names, bool& target, const std::string& sentence);
  // A flag that prints a text and ends, whatever else the verb needs.
  Option answer(const std::string& names, const std::string& sentence, std::function<std::string()> text);
  void footer(const std::string& text);
  // What the verb does, once all words are read.
  void run(std::function<void()> action);
  // The verb with all that has been declared in it, for manual pages and completions.
  Command described() const;

 private:
  Verb(CLI::App* app, std::shared_ptr<KnownOptions> known) : app_(app), known_(std::move(known)) {}

  CLI::App* app_;
  std::shared_ptr<KnownOptions> known_;  // of all verbs
};

}  // namespace headway
