// What all formats share: lines, devices by name, times that start at 0 and go forward.
#include "models/trace_input/trace_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <map>

#include "core/base/error.h"
#include "core/base/fields.h"
#include "core/base/line_reader.h"
#include "models/trace_input/line_parser.h"

namespace headway {

namespace {

using namespace trace_input;

class LineTrace final : public TraceInput {
 public:
  LineTrace(std::unique_ptr<ByteSource> bytes, std::string name, const TraceFormat& format, const TraceOptions& options)
      : bytes_(std::move(bytes)),
        lines_(*bytes_),
        name_(std::move(name)),
        headed_(format.headed),
        parser_(format.make_parser(action_of(format, options))),
        options_(options) {}

  std::optional<TraceRequest> next() override {
    while (const auto line = next_line()) {
      LineRequest found;
      try {
        parse(*line, found);
        if (found.bytes > 0) return checked(found);
      } catch (const BadLine& bad) {
        throw InputError(name_, fmt::format("line {}", lines_.number()), bad.expected, bad.found);
      }
    }
    if (!first_s_) {
      const BadLine missing = parser_->nothing_found();
      throw InputError(name_, "", missing.expected, missing.found);
    }
    return std::nullopt;
  }

 private:
  // The next line that is not blank, without what editors put before the first.
  std::optional<std::string_view> next_line() {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    while (auto line = lines_.next()) {
      if (lines_.number() == 1 && line->starts_with(byte_order_mark)) line->remove_prefix(byte_order_mark.size());
      if (line->find_first_not_of(" \t\r") != std::string_view::npos) return line;
    }
    return std::nullopt;
  }

  // Leaves a request of no bytes where the line has none.
  void parse(std::string_view line, LineRequest& found) {
    const bool heading =
        headed_ && line.find_first_of("0123456789") == std::string_view::npos;  // all requests have one
    if (heading && any_line_) throw another_trace();
    any_line_ = true;
    if (heading || parser_->parse(line, found) != Line::request) found.bytes = 0;
  }

  static std::string_view action_of(const TraceFormat& format, const TraceOptions& options) {
    assert(options.action.empty() || std::ranges::find(format.actions, options.action) != format.actions.end());
    if (!options.action.empty() || format.actions.empty()) return options.action;
    return format.actions.front();
  }

  static constexpr std::size_t most_devices = 65536;  // a trace of more names none: its columns are other ones

  TraceRequest checked(const LineRequest& found) {
    if (found.bytes > std::numeric_limits<std::int32_t>::max())
      throw BadLine{"a request of less than 2 GiB", fmt::format("{} bytes", found.bytes)};
    if (found.offset_bytes > UINT64_MAX - found.bytes)
      throw BadLine{"a request that ends below 2^64 bytes", fmt::format("one at {}", found.offset_bytes)};
    if (!first_s_) first_s_ = last_s_ = found.time_s;
    if (found.time_s < last_s_ && !options_.clamp_times)
      throw BadLine{fmt::format("a time that is not before that of the last request, {} s", last_s_),
                    fmt::format("{} s", found.time_s)};
    if (found.time_s - *first_s_ > json::longest_s)
      throw BadLine{fmt::format("a time within {:.0f} s of the first request's, {} s", json::longest_s, *first_s_),
                    fmt::format("{} s", found.time_s)};
    last_s_ = std::max(last_s_, found.time_s);
    return {.time_s = last_s_ - *first_s_,
            .device = device(found.device),
            .offset_bytes = found.offset_bytes,
            .bytes = static_cast<std::uint32_t>(found.bytes),
            .write = found.write};
  }

  std::uint32_t device(std::string_view name) {
    const auto known = devices_.find(name);
    if (known != devices_.end()) return known->second;
    if (devices_.size() == most_devices)
      throw BadLine{fmt::format("at most {} devices", most_devices), fmt::format("one more, \"{}\"", name.substr(0, 40))};
    const auto number = static_cast<std::uint32_t>(devices_.size());
    devices_.emplace(name, number);
    return number;
  }

  std::unique_ptr<ByteSource> bytes_;
  LineReader lines_;
  std::string name_;
  bool headed_;
  bool any_line_ = false;
  std::unique_ptr<LineParser> parser_;
  TraceOptions options_;
  std::map<std::string, std::uint32_t, std::less<>> devices_;
  std::optional<double> first_s_;
  double last_s_ = 0;
};

}  // namespace

void check_trace_action(const TraceFormat& format, const std::string& action, std::string_view place) {
  if (action.empty() || std::ranges::find(format.actions, action) != format.actions.end()) return;
  const std::vector<std::string> known(format.actions.begin(), format.actions.end());
  throw InputError("", place, known.empty() ? fmt::format("no action: {} has none", format.name) : "an action",
                   known.empty() ? fmt::format("\"{}\"", action) : unknown_name(action, known));
}

std::unique_ptr<TraceInput> open_trace(const std::filesystem::path& file, const TraceFormat& format,
                                       const TraceOptions& options) {
  return std::make_unique<LineTrace>(open_bytes(file), file.string(), format, options);
}

std::unique_ptr<TraceInput> open_trace(std::string_view text, std::string name, const TraceFormat& format,
                                       const TraceOptions& options) {
  auto bytes = open_bytes(std::as_bytes(std::span(text)), name);
  return std::make_unique<LineTrace>(std::move(bytes), std::move(name), format, options);
}

}  // namespace headway
