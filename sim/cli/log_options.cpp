#include "sim/cli/log_options.h"

#include <fmt/format.h>

#include <vector>

#include "sim/cli/output.h"

namespace headway {

void add_log_options(Verb& verb, LogOptions& options) {
  std::vector<std::string> forms;
  for (const auto& form : log_forms()) forms.emplace_back(form.name);
  verb.option("--form", options.form, "Of the log; default: as its first line shows").out_of(forms, "a form");
  verb.option("--device", options.device, "Whose requests, of a blkparse log of several devices: maj,min");
}

void say_notes(const RequestLog& log) {
  for (const auto& note : log.notes) say_note(fmt::format("{}: {}", log.file, note));
}

}  // namespace headway
