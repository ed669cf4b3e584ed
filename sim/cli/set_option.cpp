// --set, which all verbs that take scenarios have.
#include "sim/cli/verbs.h"

namespace headway {

void add_set_option(Verb& verb, std::vector<std::string>& words) {
  verb.option("--set", words,
              "PLACE=VALUE: run the scenario with that value there, /policies/walk/io_class=idle or devices.0.count=8; "
              "may be given several times")
      .one_word();
}

}  // namespace headway
