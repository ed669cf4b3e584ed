// Alibaba block traces (2020): device_id,opcode,offset,length,timestamp. Bytes, microseconds, opcode R or W.
#include "models/trace_input/formats.h"
#include "models/trace_input/line_parser.h"

namespace headway::trace_input {

namespace {

class Alibaba final : public LineParser {
 public:
  Line parse(std::string_view line, LineRequest& request) override {
    const Fields fields = Fields::by_comma(line);
    fields.need(5, "device_id,opcode,offset,length,timestamp");
    request.device = fields.name(0, "a device");
    request.write = fields.is_write(1, "r", "w", "R or W");
    request.offset_bytes = fields.whole(2, "an offset in bytes");
    request.bytes = fields.whole(3, "a length in bytes");
    request.time_s = static_cast<double>(fields.whole(4, "a timestamp in microseconds")) * 1e-6;
    return Line::request;
  }
};

}  // namespace

extern const TraceFormat trace_format_alibaba{
    .name = "alibaba",
    .sentence = "Alibaba block traces of 2020: device_id,opcode,offset,length,timestamp.",
    .headed = true,
    .make_parser = make_parser<Alibaba>};

}  // namespace headway::trace_input
