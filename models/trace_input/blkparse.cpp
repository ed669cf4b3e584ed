// The text of blkparse: "maj,min cpu seq sec.nsec pid action rwbs sector + n [comm]". What was queued (action Q) is
// replayed: what happened to it afterwards the drive of the simulation decides. The summary that begins with the first
// "CPU" or "Total" ends the trace.
#include "models/trace_input/formats.h"
#include "models/trace_input/line_parser.h"

namespace headway::trace_input {

namespace {

class Blkparse final : public LineParser {
 public:
  Line parse(std::string_view line, LineRequest& request) override {
    const Fields fields = Fields::by_blank(line);
    if (fields.size() == 0) return Line::nothing;
    if (fields[0].starts_with("CPU") || fields[0] == "Total") return Line::end;
    fields.need(6, "maj,min cpu seq sec.nsec pid action rwbs sector + n [comm]");
    if (fields[0].find(',') == std::string_view::npos) fields.fail(0, "a device, maj,min");
    if (fields[5] != "Q") return Line::nothing;
    fields.need(7, "maj,min cpu seq sec.nsec pid action rwbs sector + n [comm]");
    const std::string_view kind = fields[6];
    const bool read = kind.find('R') != std::string_view::npos;
    const bool carries_data = kind.find('D') == std::string_view::npos && fields.size() >= 10 && fields[8] == "+";
    if (!carries_data || (!read && kind.find('W') == std::string_view::npos)) return Line::nothing;  // discard, flush
    request.device = fields[0];
    request.time_s = fields.real(3, "a time in seconds");
    request.offset_bytes = fields.sectors(7, "a sector");
    request.bytes = fields.sectors(9, "a number of sectors");
    request.write = !read;
    return Line::request;
  }
};

}  // namespace

extern const TraceFormat trace_format_blkparse{
    .name = "blkparse",
    .sentence = "The text of blkparse; what was queued (action Q) is replayed.",
    .make_parser = make_parser<Blkparse>};

}  // namespace headway::trace_input
