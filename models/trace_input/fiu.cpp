// FIU (SNIA IOTTA): "ts_ns pid process lba size W|R major minor md5", blanks between. Nanoseconds; lba and size in
// blocks of 512 bytes. A process name holds no blank.
#include "models/trace_input/formats.h"
#include "models/trace_input/line_parser.h"

namespace headway::trace_input {

namespace {

class Fiu final : public LineParser {
 public:
  Line parse(std::string_view line, LineRequest& request) override {
    const Fields fields = Fields::by_blank(line);
    fields.need(8, "ts_ns pid process lba size W|R major minor md5");
    const std::uint64_t at_ns = fields.whole(0, "a timestamp in nanoseconds");
    if (!first_ns_) first_ns_ = at_ns;
    request.time_s = static_cast<double>(static_cast<std::int64_t>(at_ns - *first_ns_)) * 1e-9;
    request.offset_bytes = fields.sectors(3, "an lba");
    request.bytes = fields.sectors(4, "a size in blocks");
    request.write = fields.is_write(5, "r", "w", "R or W");
    request.device = fields.through(fields[6], fields[7]);
    return Line::request;
  }

 private:
  std::optional<std::uint64_t> first_ns_;
};

}  // namespace

extern const TraceFormat trace_format_fiu{
    .name = "fiu",
    .sentence = "FIU (SNIA IOTTA): ts_ns pid process lba size W|R major minor md5.",
    .make_parser = make_parser<Fiu>};

}  // namespace headway::trace_input
