// Tencent CBS (SNIA IOTTA): Timestamp,Offset,Size,IOType,VolumeID. Seconds, sectors of 512 bytes, type 0 read, 1 write.
#include "models/trace_input/formats.h"
#include "models/trace_input/line_parser.h"

namespace headway::trace_input {

namespace {

class Tencent final : public LineParser {
 public:
  Line parse(std::string_view line, LineRequest& request) override {
    const Fields fields = Fields::by_comma(line);
    fields.need(5, "Timestamp,Offset,Size,IOType,VolumeID");
    request.time_s = fields.real(0, "a timestamp in seconds");
    request.offset_bytes = fields.sectors(1, "an offset in sectors");
    request.bytes = fields.sectors(2, "a size in sectors");
    request.write = fields.is_write(3, "0", "1", "0 (read) or 1 (write)");
    request.device = fields.name(4, "a volume");
    return Line::request;
  }
};

}  // namespace

extern const TraceFormat trace_format_tencent{
    .name = "tencent",
    .sentence = "Tencent CBS (SNIA IOTTA): Timestamp,Offset,Size,IOType,VolumeID.",
    .headed = true,
    .make_parser = make_parser<Tencent>};

}  // namespace headway::trace_input
