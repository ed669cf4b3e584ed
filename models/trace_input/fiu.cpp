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
    if (fields[5] != "R" && fields[5] != "W") fields.fail(5, "R or W");
    request.write = fields[5] == "W";
    const std::size_t device_end = static_cast<std::size_t>(fields[7].data() - fields[6].data()) + fields[7].size();
    request.device = std::string_view(fields[6].data(), device_end);
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
