#include "models/layout/btrfs/dump_text.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <charconv>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/base/line_reader.h"
#include "models/layout/btrfs/constants.h"
#include "models/layout/btrfs/export.h"
#include "models/layout/btrfs/file_extent_item.h"
#include "models/layout/btrfs/name_lines.h"
#include "models/layout/btrfs/volume_parts.h"
#include "models/layout/forest_builder.h"
#include "models/layout/forms.h"
#include "models/layout/key_text.h"

namespace headway {

namespace {

using namespace btrfs;

// The words of a line, one after another.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  std::string_view next() {
    const auto begin = rest_.find_first_not_of(" \t\r");
    if (begin == rest_.npos) return rest_ = {};
    rest_.remove_prefix(begin);
    const auto word = rest_.substr(0, rest_.find_first_of(" \t\r"));
    rest_.remove_prefix(word.size());
    return word;
  }
  bool skip(std::string_view word) {
    const auto before = rest_;
    if (next() == word) return true;
    rest_ = before;
    return false;
  }
  std::optional<std::uint64_t> number() {
    const auto before = rest_;
    const auto word = next();
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (!word.empty() && error == std::errc{} && end == word.data() + word.size()) return value;
    rest_ = before;
    return std::nullopt;
  }
  std::optional<std::uint64_t> number_after(std::string_view word) {
    if (!skip(word)) return {};
    return number();
  }
  // What stands in the next parentheses, when they come next.
  std::optional<std::string_view> parenthesis() {
    const auto begin = rest_.find_first_not_of(' ');
    if (begin == rest_.npos || rest_[begin] != '(') return std::nullopt;
    const auto end = rest_.find(')', begin);
    if (end == rest_.npos) return std::nullopt;
    const auto inside = rest_.substr(begin + 1, end - begin - 1);
    rest_.remove_prefix(end + 1);
    return inside;
  }

 private:
  std::string_view rest_;
};

std::optional<std::uint64_t> parse_chunk_type(std::string_view text) {
  struct Bit {
    std::string_view name;
    std::uint64_t bit;
  };
  static constexpr std::array<Bit, 12> bits{{{"DATA", 1},
                                             {"SYSTEM", 2},
                                             {"METADATA", 4},
                                             {"single", 0},
                                             {"RAID0", VolumeParts::raid0},
                                             {"RAID1", VolumeParts::raid1},
                                             {"DUP", VolumeParts::dup},
                                             {"RAID10", VolumeParts::raid10},
                                             {"RAID5", VolumeParts::raid5},
                                             {"RAID6", VolumeParts::raid6},
                                             {"RAID1C3", VolumeParts::raid1c3},
                                             {"RAID1C4", VolumeParts::raid1c4}}};
  if (const auto number = Words(text).number()) return number;  // before 3.12
  std::uint64_t type = 0;
  while (!text.empty()) {
    const auto name = text.substr(0, text.find('|'));
    text.remove_prefix(std::min(text.size(), name.size() + 1));
    const auto* const bit = std::find_if(bits.begin(), bits.end(), [&](const Bit& b) { return b.name == name; });
    if (bit == bits.end()) return std::nullopt;
    type |= bit->bit;
  }
  return type;
}

std::string shortened(std::string_view line) {
  std::string text(line.substr(0, 60));
  for (char& c : text) c = c == '\t' ? ' ' : c < ' ' || c == 127 ? '?' : c;
  return '"' + text + (line.size() > 60 ? "...\"" : "\"");
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Without "Nov 27 10:20:24 host kernel: " (syslog) and "[   12.345678] " (dmesg).
std::string_view without_log_prefix(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  const bool dated = text.size() > 16 && text[3] == ' ' && text[6] == ' ' && text[9] == ':' && text[12] == ':' &&
                     digit(7) && digit(14);
  if (dated) {
    const auto at = text.find(": ", 15);
    if (at != text.npos) text = without_blanks(text.substr(at + 2));
  }
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end != text.npos && text.substr(1, end - 1).find_first_not_of("0123456789. ") == text.npos)
      text = without_blanks(text.substr(end + 1));
  }
  return text;
}

// What a line says without what mailers, web pages and logs put before it: quotes, blanks, dates.
std::string_view bare(std::string_view text) {
  text = without_log_prefix(without_blanks(text));
  while (text.starts_with('>')) text = without_blanks(text.substr(1));
  return text;
}

// "node 155516928 ...", "leaf 155516928 ..."
bool is_block_header(std::string_view text) {
  const bool block = text.starts_with("node ") || text.starts_with("leaf ");
  return block && text.size() > 5 && text[5] >= '0' && text[5] <= '9';
}

class DumpReader {
 public:
  explicit DumpReader(const LoadOptions& options) : options_(options), builder_("line") {}

  void read(DumpText& text, std::size_t index, std::size_t count);
  Layout finish();

 private:
  // The item of a leaf whose details are being read.
  struct Item {
    Key key;
    InputPlace place;
    std::uint64_t bytes = 0, devid = 0, level = 0, generation = 0, bytenr = 0, stripes = 0;
    bool has_bytes = false, has_level = false, has_bytenr = false, unreferenced = false;
    ChunkItem chunk;
    FileExtentItem file;
    bool has_disk = false, has_offset = false, has_compression = false, on_no_disk = false;
  };

  void whole_line(std::string_view text);
  void line(std::string_view text);
  void bare_line(std::string_view text);
  bool matters(std::string_view text) const;
  void block_header(std::string_view text, bool leaf);
  void heading(std::string_view text);
  void pointer(Words words, std::string_view text);
  void item(Words words, std::string_view text);
  void detail(std::string_view text);
  void device_detail(Words words);
  void chunk_detail(Words words, std::string_view text);
  void root_detail(Words words);
  void file_detail(Words words);
  void exported_extents(Words words, std::string_view text);
  void end_file_item(const Item& item);
  void end_item();
  void end_block();
  void add_extents();
  void node_size(std::uint64_t bytes_used);
  void roots_of_headings();
  [[noreturn]] void fail(std::string_view expected, std::string_view found) const {
    builder_.fail(place_, expected, found);
  }

  const LoadOptions& options_;
  ForestBuilder builder_;
  VolumeParts parts_;
  InputPlace place_;
  std::uint32_t node_bytes_ = 0;
  std::string source_;  // as an export tells it
  std::uint64_t blocks_in_text_ = 0;
  struct TreeOfHeading {
    std::uint64_t tree = 0, offset = 0;
  };
  std::optional<TreeOfHeading> heading_;  // the tree whose first block comes next
  struct Heading {
    std::uint64_t tree, offset;
    std::uint64_t first_block;
    InputPlace place;
  };
  std::vector<Heading> headings_;
  std::vector<std::uint64_t> roots_being_deleted_;  // addresses

  // The block that is being read.
  bool in_block_ = false;
  bool loose_items_ = false;  // items that stand in no block
  FoundBlock block_;
  InputPlace block_place_;
  std::uint64_t block_items_ = 0;
  std::uint64_t lines_in_block_ = 0;  // pointers of a node, items of a leaf
  std::optional<Item> item_;
  // Behind a leaf of files, as far as its items say it, or as an export does, which says how many they are.
  std::vector<FileExtent> extents_;
  bool all_extents_ = false;
  std::optional<std::uint64_t> exported_extents_;

  // Whether a text still has its tabs, which tell names and details from what counts; without them lines are known by
  // their first words.
  enum class Indentation : std::uint8_t { unknown, tabs, lost };
  Indentation indentation_ = Indentation::unknown;  // of this text
  std::string carried_;  // a chunk's line that a mailer broke after "type"
};

void DumpReader::read(DumpText& text, std::size_t index, std::size_t count) {
  place_ = {builder_.add_file(text.name), 0};
  blocks_in_text_ = 0;
  heading_.reset();
  indentation_ = Indentation::unknown;
  LineReader lines(*text.bytes);
  NameLines names([this](std::string_view line, std::uint64_t number) {
    place_.at = number;
    whole_line(line);
  });
  while (const auto next = lines.next()) {
    place_.at = lines.number();
    if (!lines.ended() && matters(*next)) fail("a line that ends", "the file's end: it is truncated");
    if (!lines.ended()) all_extents_ = false;
    names.push(*next, lines.number());
    if (options_.progress && lines.number() % (1 << 16) == 0)
      options_.progress((static_cast<double>(index) + text.bytes->progress()) / static_cast<double>(count));
  }
  names.end();
  if (!carried_.empty()) fail("a chunk's type", "the file's end: it is truncated");
  end_block();
  if (blocks_in_text_ == 0) {
    place_.at = std::max<std::uint64_t>(1, place_.at);
    fail("text of btrfs inspect-internal dump-tree (lines \"node ...\" and \"leaf ...\")", "none of it in the file");
  }
}

// Whether a line that may have been cut short could say something else than it says. In the leaves of most trees lines
// say nothing that is kept.
bool DumpReader::matters(std::string_view text) const {
  return !in_block_ || block_.level > 0 || (item_ && item_->key.type != extent_data) || exported_extents_ ||
         block_.owner == root_tree || block_.owner == chunk_tree ||
         bare(text).starts_with("node") || bare(text).starts_with("leaf");
}

// Joins what a mailer broke where it matters most: a chunk without a type would be a chunk of no use.
void DumpReader::whole_line(std::string_view text) {
  if (!carried_.empty()) {
    const std::string joined = std::exchange(carried_, {}) + ' ' + std::string(bare(text));
    return line(joined);
  }
  if (item_ && item_->key.type == chunk_item && bare(text).ends_with(" type")) {
    carried_ = text;
    return;
  }
  line(text);
}

void DumpReader::line(std::string_view text) {
  if (indentation_ == Indentation::unknown && (in_block_ || loose_items_)) {
    const std::string_view said = bare(text);
    if (said.starts_with("key (") || said.starts_with("item "))
      indentation_ = text.front() == '\t' ? Indentation::tabs : Indentation::lost;
  }
  if (indentation_ != Indentation::tabs) return bare_line(bare(text));
  if (text.empty()) return;
  if (text.front() != '\t') {
    if (text.starts_with("node "))
      block_header(text, false);
    else if (text.starts_with("leaf "))
      block_header(text, true);
    else
      heading(text);
    return;
  }
  if (!in_block_ && !loose_items_) return;
  if (text.size() > 1 && text[1] == '\t') {
    if (item_) detail(text);
    return;
  }
  Words words(text);
  if (in_block_ && block_.level > 0 && words.skip("key")) return pointer(words, text);
  if ((loose_items_ || block_.level == 0) && words.skip("item")) return item(words, text);
  if (in_block_ && block_.level == 0 && words.skip("file")) return exported_extents(words, text);
}

void DumpReader::bare_line(std::string_view text) {
  if (is_block_header(text)) return block_header(text, text.starts_with("leaf "));
  const bool of_headings = text.starts_with("root tree") || text.starts_with("chunk tree") ||
                           text.starts_with("log root tree") || text.find(" tree key (") != text.npos;
  if (of_headings || (!in_block_ && !loose_items_)) return heading(text);
  Words words(text);
  if (in_block_ && block_.level > 0 && words.skip("key")) return pointer(words, text);
  if ((loose_items_ || block_.level == 0) && words.skip("item")) return item(words, text);
  if (in_block_ && block_.level == 0 && words.skip("file")) return exported_extents(words, text);
  if (item_) detail(text);
}

// "node 155516928 level 2 items 2 free space 491 generation 164 owner EXTENT_TREE", "leaf ..." without a level.
void DumpReader::block_header(std::string_view text, bool leaf) {
  Words words(text);
  words.next();
  const auto logical = words.number();
  if (words.skip("flags")) return;  // "node 23920640 flags 0x1(WRITTEN) backref revision 1"
  const auto level = leaf ? std::optional(std::uint64_t{0}) : words.number_after("level");
  // A leaf that was never read has neither items nor free space in our own exports.
  const bool has_items = !leaf || words.skip("items");
  const auto items = leaf ? has_items ? words.number() : std::optional(std::uint64_t{0}) : words.number_after("items");
  std::optional<std::uint64_t> free;
  if (words.skip("free")) {
    words.skip("space");
    free = words.number();
    // A damaged leaf has less than no room; btrfs-progs prints that as it is.
    if (!free) fail("the free space of this block as a number from 0 on", shortened(text));
  }
  const auto generation = words.number_after("generation");
  const auto owner = words.skip("owner") ? parse_objectid(words.next()) : std::nullopt;
  if (!logical || !level || !items || !generation || !owner)
    fail("\"node ADDRESS level L items N free space N generation G owner TREE\"", shortened(text));
  if (!leaf && (*level == 0 || *level > 7)) fail("a node of level 1 to 7", fmt::format("level {}", *level));
  if (*items > 65536 || free.value_or(0) > 65536) fail("items and free space of one block", shortened(text));
  end_block();

  const std::uint64_t free_bytes = free ? *free * (leaf ? 1 : pointer_bytes) : BlockNotes::unknown_count;
  block_ = {*logical, *generation, static_cast<std::uint8_t>(*level), *owner,
            has_items ? static_cast<std::uint32_t>(*items) : BlockNotes::unknown_count,
            static_cast<std::uint32_t>(free_bytes)};
  block_place_ = place_;
  block_items_ = *items;
  lines_in_block_ = 0;
  extents_.clear();
  exported_extents_.reset();
  all_extents_ = leaf && has_items && source_.empty() && is_tree_of_files(*owner) &&
                 options_.extents != LoadOptions::Extents::none;
  in_block_ = true;
  ++blocks_in_text_;
  builder_.add_block(block_, place_);
  if (!leaf && free) node_size(header_bytes + (*items + *free) * pointer_bytes);
  if (heading_) headings_.push_back({heading_->tree, heading_->offset, *logical, place_});
  heading_.reset();
}

// The smallest size that holds `bytes_used`, the whole block but what is smaller than a pointer.
void DumpReader::node_size(std::uint64_t bytes_used) {
  const std::uint64_t bytes = std::bit_ceil(bytes_used);
  if (bytes < 512 || bytes > 65536 || bytes - bytes_used >= pointer_bytes)
    fail("items and free space that make up a node of 512 to 65536 bytes", fmt::format("{} bytes", bytes_used));
  if (node_bytes_ != 0 && node_bytes_ != bytes)
    fail(fmt::format("nodes of {} bytes as before", node_bytes_), fmt::format("one of {} bytes", bytes));
  node_bytes_ = static_cast<std::uint32_t>(bytes);
}

// "root tree", "extent tree key (EXTENT_TREE ROOT_ITEM 0)", "file tree key (256 ROOT_ITEM 13)"; and of our own exports
// what they were made from, and items that stand in no leaf.
void DumpReader::heading(std::string_view text) {
  if (place_.at == 1 && text.starts_with(export_heading)) source_ = text.substr(export_heading.size());
  if (text == "device and chunk items") {
    end_block();
    loose_items_ = true;
    lines_in_block_ = 0;
    return;
  }
  if (text.starts_with("root tree")) heading_ = {root_tree};
  if (text.starts_with("chunk tree")) heading_ = {chunk_tree};
  if (text.starts_with("log root tree")) heading_ = {tree_log};
  const auto at = text.find(" key (");
  if (at == text.npos) return;
  Words words(text.substr(at + 4));
  const auto inside = words.parenthesis();
  const auto key = inside ? parse_key(*inside) : std::nullopt;
  // Each subvolume has a log tree of its own under one object id: none of them is the tree of that name.
  if (key && key->type == root_item && key->objectid != tree_log) heading_ = {key->objectid, key->offset};
}

// "\tkey (256 INODE_ITEM 0) block 133627904 gen 162"; before 4.19 "block 133627904 (8156) gen 162".
void DumpReader::pointer(Words words, std::string_view text) {
  const auto inside = words.parenthesis();
  const auto key = inside ? parse_key(*inside) : std::nullopt;
  if (!key) fail("a key: (OBJECTID TYPE OFFSET)", shortened(text));
  const auto child = words.number_after("block");
  if (child) words.parenthesis();
  const auto generation = words.number_after("gen");
  if (!child || !generation) fail("\"key (...) block ADDRESS gen G\"", shortened(text));
  if (++lines_in_block_ > block_items_)
    fail(fmt::format("the {} keys of the node at line {}", block_items_, block_place_.at), "one more");
  builder_.add_pointer(*key, *child, *generation, place_);
}

// "\titem 0 key (FIRST_CHUNK_TREE CHUNK_ITEM 38797312) itemoff 15459 itemsize 176"
void DumpReader::item(Words words, std::string_view text) {
  end_item();
  const bool of_chunks = loose_items_ || block_.owner == chunk_tree;
  const bool matters = of_chunks || block_.owner == root_tree;
  const std::uint64_t before = lines_in_block_++;
  // The second as the kernel's log prints it, whose keys are not read.
  const bool of_files = !matters && all_extents_ &&
                        (text.find(" EXTENT_DATA ") != text.npos || text.find(" 108 ") != text.npos);
  if (!matters && !of_files && before > 0) return;
  const auto number = words.number();
  const auto inside = words.skip("key") ? words.parenthesis() : std::nullopt;
  const auto offset = words.number_after("itemoff");
  const auto size = words.number_after("itemsize");
  if (number == 0 && offset && size && *offset <= 65536 && *size <= 65536) node_size(header_bytes + *offset + *size);
  if (!matters && !of_files) return;
  const auto key = inside ? parse_key(*inside) : std::nullopt;
  if (of_files && !key) {
    all_extents_ = false;
    return;
  }
  if (!number || !key) fail("\"item N key (OBJECTID TYPE OFFSET)\"", shortened(text));
  if (matters && *number != before) fail(fmt::format("item {}", before), fmt::format("item {}", *number));
  const bool wanted = of_chunks  ? key->type == dev_item || key->type == chunk_item
                      : of_files ? key->type == extent_data
                                 : key->type == root_item;
  if (wanted) item_ = Item{.key = *key, .place = place_};
}

void DumpReader::detail(std::string_view text) {
  if (item_->key.type == dev_item) device_detail(Words(text));
  if (item_->key.type == chunk_item) chunk_detail(Words(text), text);
  if (item_->key.type == root_item) root_detail(Words(text));
  if (item_->key.type == extent_data) file_detail(Words(text));
}

// "devid 1 total_bytes 322122547200 bytes_used 95848235008"; 3.14: "dev item devid 1 total_bytes ..."
void DumpReader::device_detail(Words words) {
  for (auto word = words.next(); !word.empty(); word = words.next()) {
    if (word != "total_bytes") continue;
    const auto bytes = words.number();
    if (!bytes) fail("the device's total_bytes as a number", "none");
    item_->bytes = *bytes;
  }
}

// "length 536870912 owner 2 stripe_len 65536 type METADATA|RAID10", "num_stripes 4 sub_stripes 2",
// "stripe 0 devid 1 offset 30408704"; 3.14: "chunk length ... owner ... type ... num_stripes ..."
void DumpReader::chunk_detail(Words words, std::string_view text) {
  auto word = words.next();
  if (word == "stripe") {
    const auto number = words.number();
    const auto devid = words.number_after("devid");
    const auto offset = words.number_after("offset");
    if (!number || !devid || !offset) fail("\"stripe N devid D offset O\"", shortened(text));
    if (*number != item_->chunk.stripes.size())
      fail(fmt::format("stripe {}", item_->chunk.stripes.size()), fmt::format("stripe {}", *number));
    item_->chunk.stripes.push_back({*devid, *offset});
    return;
  }
  for (; !word.empty(); word = words.next()) {
    if (word == "type") {
      const auto name = words.next();
      const auto type = parse_chunk_type(name);
      if (!type) fail("a chunk type like METADATA|RAID1", shortened(name));
      item_->chunk.type = *type;
      continue;
    }
    if (word != "length" && word != "stripe_len" && word != "num_stripes" && word != "sub_stripes") continue;
    const auto number = words.number();
    if (!number) fail(fmt::format("{} and a number", word), shortened(text));
    if (word == "length") item_->chunk.bytes = *number;
    if (word == "stripe_len") item_->chunk.stripe_bytes = *number;
    if (word == "num_stripes") item_->stripes = *number;
    if (word == "sub_stripes") {
      if (*number > UINT16_MAX) fail("sub_stripes up to 65535", fmt::format("{}", *number));
      item_->chunk.sub_stripes = static_cast<std::uint16_t>(*number);
    }
  }
}

// "generation 163 root_dirid 0 bytenr 96337920 ...", "level 2 generation_v2 163"; before 4.16 "root data bytenr
// 96337920 level 2 dirid 0 refs 1 gen 163 ..."
void DumpReader::root_detail(Words words) {
  for (auto word = words.next(); !word.empty(); word = words.next()) {
    if (word == "bytenr" && !item_->has_bytenr) {
      const auto number = words.number();
      if (number) item_->bytenr = *number;
      item_->has_bytenr = number.has_value();
    }
    if (word == "level" && !item_->has_level) {
      const auto number = words.number();
      if (number) item_->level = *number;
      item_->has_level = number.has_value();
    }
    if (word == "refs") item_->unreferenced = words.number() == 0;
    if ((word == "generation" || word == "gen") && item_->generation == 0) item_->generation = words.number().value_or(0);
  }
}

// "extent data disk byte 13631488 nr 8192", "extent data offset 0 nr 4096 ram 8192", "extent compression 0 (none)"; or
// "inline extent data size 5 ...", "prealloc data disk byte ...".
void DumpReader::file_detail(Words words) {
  Item& item = *item_;
  if (words.skip("inline") || words.skip("prealloc")) item.on_no_disk = true;
  if (item.on_no_disk || !words.skip("extent")) return;
  if (words.skip("compression")) {
    const auto number = words.number();
    item.file.compressed = number.value_or(0) != 0;
    item.has_compression = number.has_value();
  }
  if (!words.skip("data")) return;
  const bool disk = words.skip("disk") && words.skip("byte");
  const auto at = disk ? words.number() : words.number_after("offset"), bytes = words.number_after("nr");
  if (!at || !bytes) return;
  (disk ? item.file.disk_at : item.file.offset) = *at;
  (disk ? item.file.disk_bytes : item.file.bytes) = *bytes;
  (disk ? item.has_disk : item.has_offset) = true;
}

// Of our own exports: "file data extents 2", "file data at 13631488 bytes 4096".
void DumpReader::exported_extents(Words words, std::string_view text) {
  if (!words.skip("data") || options_.extents == LoadOptions::Extents::none) return;
  if (const auto count = words.number_after("extents")) {
    exported_extents_ = *count;
    return;
  }
  const auto at = words.number_after("at"), bytes = words.number_after("bytes");
  if (!at || !bytes) fail("\"file data at ADDRESS bytes N\"", shortened(text));
  if (extents_.size() >= exported_extents_.value_or(0))
    fail(fmt::format("{} extents behind this leaf", exported_extents_.value_or(0)), "one more");
  extents_.push_back({*at, *bytes});
}

void DumpReader::end_file_item(const Item& item) {
  if (item.on_no_disk) return;
  if (!item.has_disk || !item.has_offset || !item.has_compression) {
    all_extents_ = false;
    return;
  }
  if (item.file.is_hole()) return;
  if (!item.file.fits()) {
    all_extents_ = false;
    return builder_.leave_extents_out(FileExtentItem::expected, item.file.text());
  }
  extents_.push_back(item.file.read());
}

void DumpReader::end_item() {
  if (!item_) return;
  const Item item = std::move(*item_);
  item_.reset();
  if (item.key.type == extent_data) end_file_item(item);
  if (item.key.type == dev_item) parts_.add_device(item.key.offset, item.bytes);
  if (item.key.type == chunk_item) {
    ChunkItem chunk = item.chunk;
    chunk.logical = item.key.offset;
    if (chunk.bytes == 0 || chunk.stripes.empty() || chunk.stripes.size() != item.stripes)
      builder_.fail(item.place, "a chunk with its length and all its stripes",
                    fmt::format("{} of {} stripes", chunk.stripes.size(), item.stripes));
    if (!parts_.add_chunk(chunk))
      builder_.fail(item.place, fmt::format("chunk {} as it was before", chunk.logical), "another");
  }
  if (item.key.type == root_item && (item.has_bytenr || item.has_level)) {
    if (!item.has_bytenr || !item.has_level || item.level > 7)
      builder_.fail(item.place, "a root with its bytenr and a level up to 7", "a part of it");
    if (item.unreferenced && means_deletion(item.key.objectid)) {
      roots_being_deleted_.push_back(item.bytenr);
      builder_.leave_out(item.key.objectid, LeftOut::being_deleted);
    } else {
      builder_.add_root({item.key.objectid, item.bytenr, item.generation, static_cast<std::uint8_t>(item.level),
                         item.place, item.key.offset});
    }
  }
}

void DumpReader::end_block() {
  end_item();
  loose_items_ = false;
  if (!in_block_) return;
  in_block_ = false;
  if (block_.level > 0 && lines_in_block_ != block_items_)
    builder_.fail(block_place_, fmt::format("{} key lines after this node", block_items_),
                  fmt::format("{}: the text is truncated or reduced too far", lines_in_block_));
  const bool items_matter = block_.owner == root_tree || block_.owner == chunk_tree;
  if (block_.level == 0 && items_matter && lines_in_block_ > 0 && lines_in_block_ != block_items_)
    builder_.fail(block_place_, fmt::format("{} items in this leaf", block_items_),
                  fmt::format("{}: the text is truncated", lines_in_block_));
  add_extents();
  builder_.end_block();
}

// A text that leaves out some of a leaf's items does not say what lies behind it.
void DumpReader::add_extents() {
  if (exported_extents_ && *exported_extents_ != extents_.size())
    builder_.fail(block_place_, fmt::format("{} extents behind this leaf", *exported_extents_),
                  fmt::format("{}: the text is truncated", extents_.size()));
  if (exported_extents_ || (all_extents_ && lines_in_block_ == block_items_)) builder_.add_extents(extents_);
}

// Roots that no root item named: those of the chunk and root trees, and all when there is no root tree.
void DumpReader::roots_of_headings() {
  const auto being_deleted = [this](std::uint64_t logical) {
    return std::find(roots_being_deleted_.begin(), roots_being_deleted_.end(), logical) !=
           roots_being_deleted_.end();
  };
  for (const auto& heading : headings_) {
    if (heading.tree == tree_log) {  // as in images
      builder_.leave_out(tree_log, LeftOut::log);
      continue;
    }
    if (being_deleted(heading.first_block)) continue;
    const FoundBlock block = builder_.block_at(heading.first_block);
    const FoundRoot* const known = builder_.find_root(heading.tree, heading.offset);
    if (known != nullptr && known->logical != block.logical)
      builder_.fail(heading.place, fmt::format("block {}, the root of {} by the root tree", known->logical,
                                               tree_text(heading.tree)),
                    fmt::format("block {}: dumps of different moments do not fit together", block.logical));
    builder_.add_root({heading.tree, block.logical, block.generation, block.level, heading.place, heading.offset});
  }
  for (const auto& block : builder_.unpointed()) {
    if (block.owner != tree_log && builder_.find_root(block.owner) == nullptr && !builder_.is_root(block.logical) &&
        !being_deleted(block.logical))
      builder_.add_root({block.owner, block.logical, block.generation, block.level, place_});
  }
}

Layout DumpReader::finish() {
  const std::string names = builder_.file_names();
  if (parts_.empty())
    throw InputError(names, "", "a text with the chunk tree among them (dump-tree -t chunk)", "no chunk in any");
  if (node_bytes_ == 0) throw InputError(names, "", "a node or a leaf's items, which tell the node size", "neither");
  roots_of_headings();
  Layout layout = builder_.finish(parts_.make(names), node_bytes_, options_);
  if (!source_.empty()) layout.source = source_;
  return layout;
}

}  // namespace

Layout read_dump_texts(std::span<DumpText> texts, const LoadOptions& options) {
  DumpReader reader(options);
  for (std::size_t i = 0; i < texts.size(); ++i) reader.read(texts[i], i, texts.size());
  return reader.finish();
}

extern const LayoutForm layout_form_dump_text{
    .name = "the text of btrfs inspect-internal dump-tree",
    .sentence = "btrfs-progs 3.14 to 6.x, also as " + std::string(compressed_endings) +
                "; several where trees were dumped one by one.",
    .several = true,
    .recognizes = [](const std::filesystem::path&,
                     std::string_view begin) { return !begin.empty() && begin.find('\0') == begin.npos; },
    .read =
        [](std::span<const std::filesystem::path> files, const LoadOptions& options) {
          std::vector<DumpText> texts;
          for (const auto& file : files) texts.push_back({file.string(), open_bytes(file)});
          return read_dump_texts(texts, options);
        }};

}  // namespace headway
