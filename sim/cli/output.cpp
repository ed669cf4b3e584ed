// See output.h.
#include "sim/cli/output.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <system_error>

#include "core/base/error.h"
#include "core/base/letters.h"
#include "core/base/whole_file.h"

namespace headway {

void write_output(const std::filesystem::path& target,
                  const std::function<void(const std::filesystem::path& beside)>& write) {
  std::string beside;
  try {
    write_whole(target, [&](const std::filesystem::path& part) {
      beside = printable(part.string());  // as errors show it
      write(part);
    });
  } catch (const InputError& error) {  // of the file beside, which nobody has named
    std::string text = error.what();
    const std::size_t at = beside.empty() ? std::string::npos : text.find(beside);
    if (at == std::string::npos) throw;
    throw InputError(text.replace(at, beside.size(), printable(target.string())));
  } catch (const std::system_error& error) {
    throw InputError(target.string(), "", "a file that can be written", error.code().message());
  }
}

void say_note(std::string_view sentence) {
  std::fputs(fmt::format("headway: note: {}\n", printable(sentence)).c_str(), stderr);
}

void write_output_text(const std::filesystem::path& target, std::string_view text) {
  write_output(target, [&](const std::filesystem::path& part) {
    OutputFile file(part, target);
    file.write(text);
    file.close();
  });
}

}  // namespace headway
