// headway drive fit: a drive of one's own from a log of its response times.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "models/drive/fit/holdout.h"
#include "sim/cli/log_options.h"
#include "sim/cli/output.h"
#include "sim/cli/verbs.h"

namespace headway {

namespace {

struct Options {
  std::string log;
  std::string out;
  LogOptions form;
  std::string name;
  double rpm = 0;
  std::uint64_t capacity_bytes = 0;
  std::uint32_t surfaces = 0;  // not given
};

void fit_log(const Options& options) {
  const auto log = one_at_a_time(load_request_log(options.log, options.form));
  say_notes(log);
  if (!log.has_response_times) throw InputError(log.file, "", "measured response times", "none");
  if (options.capacity_bytes > 0) hold_within(log, options.capacity_bytes);
  fit::FitOptions given{
      .name = options.name.empty() ? std::filesystem::path(options.out).stem().string() : options.name,
      .sector_bytes = options.form.sector_bytes};
  if (options.surfaces > 0) given.surfaces = options.surfaces;
  if (options.rpm > 0) given.rpm = options.rpm;
  if (options.capacity_bytes > 0) given.capacity_bytes = options.capacity_bytes;
  if (!given.capacity_bytes)
    say_note("the log does not tell the capacity: the drive ends at its highest address; --capacity-bytes says it");
  const auto fitted = fit::fit_drive(log, given);
  write_output_text(options.out, fitted.file.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
  fmt::print(options.out == "-" ? stderr : stdout, "{}", fit::fit_report(fitted));
}

}  // namespace

void add_drive_fit_verb(Verb& drive) {
  Verb verb = drive.verb("fit", "Make a drive's parameter file from a log of its response times");
  auto options = std::make_shared<Options>();
  verb.option("LOG", options->log, "Requests with response times, best one at a time: as for replay").required();
  verb.option("-o,--output", options->out, "The parameter file to write; - is standard output").required();
  verb.option("--rpm", options->rpm, "Revolutions a minute, where the log's dates do not tell them")
      .within(100.0, 100000.0);
  verb.option("--capacity-bytes", options->capacity_bytes, "Of the drive (default: to the log's highest address)")
      .within(std::uint64_t{1} << 20, std::uint64_t{1} << 56);
  verb.option("--surfaces", options->surfaces, "Of the drive, which make cylinders of its tracks (default: the fewest)")
      .within(std::uint64_t{1}, 256);
  verb.option("--name", options->name, "Of the drive (default: that of the file)");
  verb.option("--sector-bytes", options->form.sector_bytes, "Of an address in a CSV log")
      .within(std::uint64_t{256}, 65536)
      .shows_default();
  add_log_options(verb, options->form);
  verb.run([options] { fit_log(*options); });
}

}  // namespace headway
