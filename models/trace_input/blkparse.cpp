// The text of blkparse: "maj,min cpu seq sec.nsec pid action rwbs sector + n [comm]". What was queued (action Q) is
// replayed: what happened to it afterwards the drive of the simulation decides. Where a text has no Q, as it was traced
// or filtered for the drive alone, what was issued to the drive (D) can be: merged already, in the order of the
// scheduler of then, and twice what was put back and issued again (R).
#include <fmt/format.h>

#include <array>

#include "models/trace_input/blkparse_line.h"
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
    if (in_summary_) blkparse::refuse_another_trace(fields);
    in_summary_ = in_summary_ || blkparse::begins_summary(fields);
    if (in_summary_) return Line::nothing;
    blkparse::need_event(fields);
    const auto known = std::ranges::find(action_names, fields[5]);
    if (known == action_names.end()) {
      ++others_;
      return Line::nothing;
    }
    fields.need(7, blkparse::form);
    const blkparse::Data data = blkparse::data_of(fields);
    ++(data == blkparse::Data::none ? without_ : with_data_)[static_cast<std::size_t>(known - action_names.begin())];
    if (data == blkparse::Data::none || fields[5] != wanted_) return Line::nothing;
    request.device = fields[0];
    request.time_s = fields.real(3, "a time in seconds");
    request.offset_bytes = fields.sectors(7, "a sector");
    request.bytes = fields.sectors(9, "a number of sectors");
    request.write = data == blkparse::Data::written;
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
