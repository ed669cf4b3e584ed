// The command line as verbs declare it. Behind it stands CLI11, which is then compiled once instead of in every verb: it
// is the dearest header that the program has.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace headway {

// An option or a word that has been declared, for what else there is to say of it.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option& required();
  Option& shows_default();  // in the help, as the target has it now
  Option& within(std::uint64_t low, std::uint64_t high);
  Option& within(double low, double high);
  Option& positive();
  // `noun`: what each of them is, "a metric". The help's sentence lists them.
  Option& out_of(const std::vector<std::string>& names, const std::string& noun);
  Option& excludes(const Option& other);

 private:
  CLI::Option* option_;
};

class Verb {
 public:
  explicit Verb(CLI::App* app) : app_(app) {}

  // A verb of this one, which then needs one of its verbs.
  Verb verb(const std::string& name, const std::string& sentence);
  // `names`: "-o,--output", or a bare word for what stands without a dash. `target` outlives the parsing. Of the types
  // that verb.cpp names at its end.
  template <class Target>
  Option option(const std::string& names, Target& target, const std::string& sentence);
  Option flag(const std::string& names, bool& target, const std::string& sentence);
  void footer(const std::string& text);
  // What the verb does, once all words are read.
  void run(std::function<void()> action);

 private:
  CLI::App* app_;
};

}  // namespace headway
