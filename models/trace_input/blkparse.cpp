// The text of blkparse: "maj,min cpu seq sec.nsec pid action rwbs sector + n [comm]". What was queued (action Q) is
// replayed: what happened to it afterwards the drive of the simulation decides. Where a text has no Q, as it was traced
// or filtered for the drive alone, what was issued to the drive (D) can be: merged already, in the order of the
// scheduler of then, and twice what was put back and issued again (R). The summary that begins with the first "CPU" or
// "Total" ends the trace.
//
// What a request does is told by the operation in rwbs, not by letters anywhere in it (blk_fill_rwbs() of Linux): after
// an F of its own for a flush that goes before come R, W, WZ (write zeroes: no data), ZA (zone append), D and DE
// (discards), F, N and the other Z (flushes and zones: no data); then flags.
#include <fmt/format.h>

#include <array>

#include "models/trace_input/formats.h"
#include "models/trace_input/line_parser.h"

namespace headway::trace_input {

namespace {

struct Action {
  std::string_view name, meaning;
};
constexpr std::array<Action, 2> actions{{{"Q", "queued"}, {"D", "issued"}}};
constexpr std::array<std::string_view, 2> action_names{actions[0].name, actions[1].name};

class Blkparse final : public LineParser {
 public:
  explicit Blkparse(std::string_view action) : wanted_(action) {}

  Line parse(std::string_view line, LineRequest& request) override {
    const Fields fields = Fields::by_blank(line);
    if (in_summary_) return summary(fields);
    if (fields[0].starts_with("CPU") || fields[0] == "Total") {
      in_summary_ = true;
      return Line::nothing;
    }
    fields.need(6, form);
    if (fields[0].find(',') == std::string_view::npos) fields.fail(0, "a device, maj,min");
    const auto known = std::ranges::find(action_names, fields[5]);
    if (known == action_names.end()) {
      ++others_;
      return Line::nothing;
    }
    fields.need(7, form);
    const std::string_view operation = operation_of(fields[6]);
    const bool read = operation.starts_with('R');
    const bool write = (operation.starts_with('W') && !operation.starts_with("WZ")) || operation.starts_with("ZA");
    const bool data =
        (read || write) && fields.size() >= 10 && fields[8] == "+";  // not a flush, written as an empty write
    ++(data ? with_data_ : without_)[static_cast<std::size_t>(known - action_names.begin())];
    if (!data || fields[5] != wanted_) return Line::nothing;
    request.device = fields[0];
    request.time_s = fields.real(3, "a time in seconds");
    request.offset_bytes = fields.sectors(7, "a sector");
    request.bytes = fields.sectors(9, "a number of sectors");
    request.write = !read;
    return Line::request;
  }

  BadLine nothing_found() const override {
    std::string expected, found, instead;
    for (std::size_t i = 0; i < actions.size(); ++i) {
      const auto& [name, meaning] = actions[i];
      if (name == wanted_) expected = fmt::format("requests with data that were {} (action {})", meaning, name);
      if (name != wanted_ && with_data_[i] > 0) instead = fmt::format("; action {} takes what was {}", name, meaning);
      found += fmt::format("{} {} with data, {} without, ", with_data_[i], name, without_[i]);
    }
    return {expected, fmt::format("{}{} lines of other actions{}", found, others_, instead)};
  }

 private:
  static constexpr std::string_view form = "maj,min cpu seq sec.nsec pid action rwbs sector + n [comm]";

  // No line of a summary begins as those of requests do: "8,0", never "8,0)" or "(8,0):".
  static Line summary(const Fields& fields) {
    const std::string_view device = fields[0];
    const auto comma = device.find(',');
    const bool numbers = device.find_first_not_of("0123456789,") == std::string_view::npos;
    if (numbers && comma != std::string_view::npos && comma > 0 && comma + 1 < device.size() && fields.size() >= 6)
      throw another_trace();
    return Line::nothing;
  }

  static std::string_view operation_of(std::string_view rwbs) {
    const bool flush_before = rwbs.size() > 1 && rwbs[0] == 'F' && std::string_view("RWDNZ").find(rwbs[1]) < 5;
    return rwbs.substr(flush_before ? 1 : 0);
  }

  std::string_view wanted_;
  bool in_summary_ = false;
  std::array<std::uint64_t, actions.size()> with_data_{}, without_{};  // lines, by action
  std::uint64_t others_ = 0;
};

}  // namespace

extern const TraceFormat trace_format_blkparse{
    .name = "blkparse",
    .sentence = "The text of blkparse; what was queued is replayed, or with action D what was issued to the drive.",
    .actions = action_names,
    .make_parser = [](std::string_view action) -> std::unique_ptr<LineParser> {
      return std::make_unique<Blkparse>(*std::ranges::find(action_names, action));
    }};

}  // namespace headway::trace_input
