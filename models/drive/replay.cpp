#include "models/drive/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "core/base/error.h"
#include "models/drive/library.h"

namespace headway {

namespace {

constexpr std::size_t columns = 3;
const std::vector<std::string> column_names{"arrival_ms", "sector", "sectors"};

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const auto comma = line.find(',');
    cells.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

// The next line without its end; moves `text` past it.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

class Reader {
 public:
  Reader(const std::string& file, std::uint64_t drive_sectors) : file_(file), drive_sectors_(drive_sectors) {}

  void header(std::string_view line) {
    const auto cells = split(line);
    const std::vector<std::string> found(cells.begin(), cells.end());
    for (std::size_t i = 0; i < columns; ++i) {
      const auto at = std::find(found.begin(), found.end(), column_names[i]);
      if (at == found.end())
        throw InputError(file_, "line 1", fmt::format("a column \"{}\"", column_names[i]),
                         fmt::format("\"{}\"", line.substr(0, 80)));
      index_[i] = static_cast<std::size_t>(at - found.begin());
    }
    width_ = found.size();
  }

  ReplayRead row(std::string_view line, std::size_t number) const {
    const auto cells = split(line);
    const std::string place = fmt::format("line {}", number);
    if (cells.size() != width_)
      throw InputError(file_, place, fmt::format("{} columns", width_), fmt::format("{}", cells.size()));
    ReplayRead read;
    read.arrival_s = cell<double>(cells, 0, place) * 1e-3;
    read.sector = cell<std::uint64_t>(cells, 1, place);
    read.sectors = cell<std::uint32_t>(cells, 2, place);
    if (!std::isfinite(read.arrival_s) || read.arrival_s < 0)
      throw InputError(file_, place, "an arrival of 0 ms or later", fmt::format("{}", cells[index_[0]]));
    if (read.sectors == 0 || read.sectors > (1u << 22))
      throw InputError(file_, place, "1 to 4194304 sectors", cells[index_[2]]);
    if (read.sector >= drive_sectors_ || read.sectors > drive_sectors_ - read.sector)
      throw InputError(file_, place, fmt::format("a read within the drive's {} sectors", drive_sectors_),
                       fmt::format("{} sectors from {} on", read.sectors, read.sector));
    return read;
  }

 private:
  template <class Number>
  Number cell(const std::vector<std::string_view>& cells, std::size_t column, const std::string& place) const {
    const auto text = cells[index_[column]];
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
      throw InputError(file_, place, fmt::format("a number in \"{}\"", column_names[column]),
                       fmt::format("\"{}\"", text.substr(0, 40)));
    return value;
  }

  const std::string& file_;
  std::uint64_t drive_sectors_;
  std::size_t index_[columns] = {};
  std::size_t width_ = 0;
};

}  // namespace

std::vector<ReplayRead> parse_reads(std::string_view text, const std::string& file, std::uint64_t drive_sectors) {
  Reader reader(file, drive_sectors);
  reader.header(take_line(text));
  std::vector<ReplayRead> reads;
  for (std::size_t number = 2; !text.empty(); ++number) {
    const auto line = take_line(text);
    if (line.empty()) continue;
    reads.push_back(reader.row(line, number));
    if (reads.size() > 1 && reads.back().arrival_s < reads[reads.size() - 2].arrival_s)
      throw InputError(
          file, fmt::format("line {}", number), "arrivals that ascend",
          fmt::format("{} ms after {} ms", reads.back().arrival_s * 1e3, reads[reads.size() - 2].arrival_s * 1e3));
  }
  return reads;
}

std::vector<ReplayRead> load_reads(const std::filesystem::path& file, std::uint64_t drive_sectors) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error))
    throw InputError(file.string(), "", "a CSV file",
                     std::filesystem::exists(file, error) ? "something else than a file" : "no such file");
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw InputError(file.string(), "", "a readable file", "an error on reading it");
  return parse_reads(text.str(), file.string(), drive_sectors);
}

std::uint32_t sector_bytes(const DriveModel& model) {
  const auto* mechanical = std::get_if<MechanicalModel>(&model.kind);
  return mechanical ? mechanical->sector_bytes : 512;
}

std::vector<ReplayedRead> replay(std::shared_ptr<const DriveModel> model, const QueueSpec& queue, std::uint64_t seed,
                                 const std::vector<ReplayRead>& reads) {
  const std::uint32_t bytes = sector_bytes(*model);
  const auto drive = make_drive(std::move(model), queue, seed);
  std::vector<ReplayedRead> finished;
  finished.reserve(reads.size());
  std::size_t next = 0;
  while (finished.size() < reads.size()) {
    const double event_s = drive->next_event_s();
    if (next < reads.size() && reads[next].arrival_s <= event_s) {  // arrivals first: the drive may choose among them
      const ReplayRead& read = reads[next];
      drive->submit({.tag = next, .offset_bytes = read.sector * bytes, .bytes = read.sectors * bytes}, read.arrival_s);
      ++next;
      continue;
    }
    DriveCompletion done;
    while (drive->advance(event_s, done)) {
      const ReplayRead& read = reads[done.tag];
      finished.push_back({read, read.arrival_s + done.times.queue_s, done.end_s, done.times.seek_s,
                          done.times.rotation_s, done.times.transfer_s});
    }
  }
  return finished;
}

std::string to_csv(const std::vector<ReplayedRead>& reads) {
  fmt::memory_buffer text;
  fmt::format_to(std::back_inserter(text),
                 "arrival_ms,sector,sectors,seek_ms,rotation_ms,transfer_ms,service_ms,begin_ms,end_ms\n");
  for (const auto& one : reads) {
    fmt::format_to(std::back_inserter(text), "{:.6f},{},{},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f}\n",
                   one.read.arrival_s * 1e3, one.read.sector, one.read.sectors, one.seek_s * 1e3, one.rotation_s * 1e3,
                   one.transfer_s * 1e3, (one.end_s - one.begin_s) * 1e3, one.begin_s * 1e3, one.end_s * 1e3);
  }
  return fmt::to_string(text);
}

}  // namespace headway
