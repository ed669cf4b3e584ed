// The text of blkparse: "maj,min cpu seq sec.nsec pid action rwbs sector + n [comm]". What was queued (action Q) is
// replayed: what happened to it afterwards the drive of the simulation decides. The summary that begins with the first
// "CPU" or "Total" ends the trace.
//
// What a request does is told by the operation in rwbs, not by letters anywhere in it (blk_fill_rwbs() of Linux): after an
// F of its own for a flush that goes before come R, W, WZ (write zeroes: no data), ZA (zone append), D and DE (discards),
// F, N and the other Z (flushes and zones: no data); then flags.
#include "models/trace_input/formats.h"
#include "models/trace_input/line_parser.h"

namespace headway::trace_input {

namespace {

class Blkparse final : public LineParser {
 public:
  Line parse(std::string_view line, LineRequest& request) override {
    const Fields fields = Fields::by_blank(line);
    if (fields[0].starts_with("CPU") || fields[0] == "Total") return Line::end;
    fields.need(6, "maj,min cpu seq sec.nsec pid action rwbs sector + n [comm]");
    if (fields[0].find(',') == std::string_view::npos) fields.fail(0, "a device, maj,min");
    if (fields[5] != "Q") {
      issued_ += fields[5] == "D";
      ++others_;
      return Line::nothing;
    }
    fields.need(7, "maj,min cpu seq sec.nsec pid action rwbs sector + n [comm]");
    const std::string_view operation = operation_of(fields[6]);
    const bool read = operation.starts_with('R');
    const bool write = (operation.starts_with('W') && !operation.starts_with("WZ")) || operation.starts_with("ZA");
    if (!read && !write) return Line::nothing;
    if (fields.size() < 10 || fields[8] != "+") return Line::nothing;  // a flush, written as an empty write
    request.device = fields[0];
    request.time_s = fields.real(3, "a time in seconds");
    request.offset_bytes = fields.sectors(7, "a sector");
    request.bytes = fields.sectors(9, "a number of sectors");
    request.write = !read;
    return Line::request;
  }

  BadLine nothing_found() const override {
    return {"requests that were queued (action Q)",
            "none with data; " + std::to_string(others_) + " lines of other actions, " + std::to_string(issued_) +
                " of them D (issued)"};
  }

 private:
  static std::string_view operation_of(std::string_view rwbs) {
    const bool flush_before = rwbs.size() > 1 && rwbs[0] == 'F' && std::string_view("RWDNZ").find(rwbs[1]) < 5;
    return rwbs.substr(flush_before ? 1 : 0);
  }

  std::uint64_t issued_ = 0;
  std::uint64_t others_ = 0;
};

}  // namespace

extern const TraceFormat trace_format_blkparse{
    .name = "blkparse",
    .sentence = "The text of blkparse; what was queued (action Q) is replayed.",
    .make_parser = make_parser<Blkparse>};

}  // namespace headway::trace_input
