// SPC (Storage Performance Council trace format, UMass repository): ASU,LBA,Size,Opcode,Timestamp. An ASU is a device;
// the LBA counts blocks of 512 bytes, as in the published traces; the size is bytes; opcode R or W in either case.
#include "models/trace_input/formats.h"
#include "models/trace_input/line_parser.h"

namespace headway::trace_input {

namespace {

class Spc final : public LineParser {
 public:
  Line parse(std::string_view line, LineRequest& request) override {
    const Fields fields = Fields::by_comma(line);
    fields.need(5, "ASU,LBA,Size,Opcode,Timestamp");
    request.device = fields.name(0, "an ASU");
    request.offset_bytes = fields.sectors(1, "an LBA");
    request.bytes = fields.whole(2, "a size in bytes");
    request.write = fields.is_write(3, "r", "w", "R or W");
    request.time_s = fields.real(4, "a timestamp in seconds");
    return Line::request;
  }
};

}  // namespace

extern const TraceFormat trace_format_spc{
    .name = "spc",
    .sentence = "Storage Performance Council, as in the UMass repository: ASU,LBA,Size,Opcode,Timestamp.",
    .headed = true,
    .make_parser = make_parser<Spc>};

}  // namespace headway::trace_input
