// Logs of requests: each input is read in every form, for the first line tells most of them apart.
#include "models/fuzz/fuzz_support.h"
#include "models/request_log/request_log.h"

using namespace headway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const LogFormName& form : log_forms()) {
    fuzz::run([&] {
      const auto log = parse_request_log(text, "fuzz", {.form = std::string(form.name)});
      hold_within(log, std::uint64_t{1} << 40);
      need_pauses(log);
    });
  }
  return 0;
}
