// MSR Cambridge (SNIA IOTTA): Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime. Times are Windows file times,
// 100 ns each since 1601; offset and size are bytes. A device is a disk of a host.
#include "models/trace_input/formats.h"
#include "models/trace_input/line_parser.h"

namespace headway::trace_input {

namespace {

class Msr final : public LineParser {
 public:
  Line parse(std::string_view line, LineRequest& request) override {
    const Fields fields = Fields::by_comma(line);
    fields.need(6, "Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime");
    const std::uint64_t ticks = fields.whole(0, "a timestamp in units of 100 ns");
    if (!first_) first_ = ticks;  // in whole numbers: a double of seconds since 1601 keeps microseconds only
    const auto since = static_cast<std::int64_t>(ticks - *first_);
    request.time_s = static_cast<double>(since) * 1e-7;
    request.device = fields.through(fields.name(1, "a host's name"), fields.name(2, "a disk's number"));
    request.write = fields.is_write(3, "read", "write", "Read or Write");
    request.offset_bytes = fields.whole(4, "an offset in bytes");
    request.bytes = fields.whole(5, "a size in bytes");
    return Line::request;
  }

 private:
  std::optional<std::uint64_t> first_;
};

}  // namespace

extern const TraceFormat trace_format_msr{
    .name = "msr",
    .sentence = "MSR Cambridge (SNIA IOTTA): Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime.",
    .headed = true,
    .make_parser = make_parser<Msr>};

}  // namespace headway::trace_input
