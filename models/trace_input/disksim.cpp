// DiskSim's ASCII form: "time_ms device block blocks flags", blanks between. Milliseconds, blocks of 512 bytes; bit 0 of
// the flags, a hexadecimal number, says that it is a read (DiskSim 4.0, disksim_global.h: READ 1).
#include "models/trace_input/formats.h"
#include "models/trace_input/line_parser.h"

namespace headway::trace_input {

namespace {

class DiskSim final : public LineParser {
 public:
  Line parse(std::string_view line, LineRequest& request) override {
    const Fields fields = Fields::by_blank(line);
    fields.need(5, "time_ms device block blocks flags");
    request.time_s = fields.real(0, "an arrival time in milliseconds") * 1e-3;
    request.device = fields[1];
    request.offset_bytes = fields.sectors(2, "a block");
    request.bytes = fields.sectors(3, "a number of blocks");
    request.write = (fields.hexadecimal(4, "flags in hexadecimal") & 1) == 0;
    return Line::request;
  }
};

}  // namespace

extern const TraceFormat trace_format_disksim{
    .name = "disksim",
    .sentence = "DiskSim's ASCII form: time_ms device block blocks flags.",
    .make_parser = make_parser<DiskSim>};

}  // namespace headway::trace_input
