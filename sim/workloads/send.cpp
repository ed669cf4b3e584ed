// send: a full `btrfs send` of a snapshot: visits its key range in key order (key_order.h), the readahead beside it,
// and at each leaf reads the file data behind it and then works: for each node and leaf, for each of the leaf's items,
// and for each byte, of the leaf and of file data, that goes into the stream and its checksum.
//
// File data are read where the layout knows their extents (models/layout/file_extents.h): as send does it, without
// holes and what is only reserved. Where `data_bytes_per_leaf` stands they are taken to be that many behind each leaf
// instead, and to lie in the data chunks in the order of the leaves (file_data.h): files written once, in the order of
// their inodes; on a file system that was changed much data are read with more seeks than so.
//
// Simplifications: a leaf's data are asked for when the reader comes to it, across files, and waited for (file_data.h);
// the kernel's page cache reads ahead file by file, with fewer reads in flight among small files. Of a leaf that is in
// the range in part, all data are read. What files of the snapshot share with each other is read for each of them,
// where send may name the first instead. Work is for the bytes that are read, so that of compressed files it is for
// what they take on disk and not for what they unpack to. The stream costs nothing but `think_s_per_byte`: whoever
// takes it is never slower.
//
// Its metrics `reads`, `latency_*` and so on are those of file data and of blocks that it had to read itself;
// `wait_time_s` is the time it stood waiting for blocks.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "sim/workloads/file_data.h"
#include "sim/workloads/file_stretches.h"
#include "sim/workloads/key_order.h"
#include "sim/workloads/leaves.h"

namespace headway {

namespace {

struct SendSpec {
  TreeRange range;
  double think_s = 0;
  double think_s_per_item = 0;
  double think_s_per_byte = 0;
  std::optional<std::uint64_t> data_bytes_per_leaf;  // none: what the layout knows
  std::uint64_t request_bytes = 131072;

  bool by_contents() const { return think_s_per_item > 0 || think_s_per_byte > 0; }
};

const Fields<SendSpec>& fields() {
  static const auto all =
      Fields<SendSpec>()
          .with(&SendSpec::range, range_fields())
          .optional("think_s", &SendSpec::think_s, json::seconds(), "Work at each node and leaf.")
          .optional("think_s_per_item", &SendSpec::think_s_per_item, json::seconds(), "Work at each item of a leaf.")
          .optional("think_s_per_byte", &SendSpec::think_s_per_byte, json::seconds(),
                    "Work at each byte in use in a leaf, and at each of file data.")
          .optional("data_bytes_per_leaf", &SendSpec::data_bytes_per_leaf,
                    json::whole(0, std::uint64_t{1} << 40, "bytes"),
                    "File data behind each leaf, which lie in the data chunks in key order; none: those whose extents "
                    "the layout knows, where they lie.")
          .optional("request_bytes", &SendSpec::request_bytes, request_bytes(), "Of a read of file data, at most.");
  return all;
}

std::uint64_t data_bytes_behind(const Layout& layout, BlockId leaf, const SendSpec& spec) {
  if (spec.data_bytes_per_leaf) return *spec.data_bytes_per_leaf;
  return layout.extents.knows(leaf) ? layout.extents.bytes_behind(leaf) : 0;
}

class Send final : public Workload {
 public:
  Send(const SendSpec& spec, std::size_t place, Stage& stage)
      : spec_(spec),
        stage_(stage),
        reader_(stage, stream_of(place)),
        data_(stage, stream_of(place), spec.request_bytes, reader_.demand().counters()) {}

  double run() override {
    reader_.visit(spec_.range, [this](BlockId block) {
      if (stage_.forest().level[block] == 0) read_data(block);
      stage_.sleep(work_s(block));
    });
    return stage_.now_s();
  }

  MetricValues metrics(double elapsed_s) const override { return reader_.demand().metrics(elapsed_s); }

 private:
  void read_data(BlockId leaf) {
    const FileExtents& extents = stage_.driver().layout().extents;
    if (spec_.data_bytes_per_leaf)
      data_.read(*spec_.data_bytes_per_leaf);
    else if (extents.knows(leaf))
      data_.read_behind(leaf, extents);
  }
  double work_s(BlockId block) const {
    const Layout& layout = stage_.driver().layout();
    if (layout.forest.level[block] > 0 || !spec_.by_contents()) return spec_.think_s;
    const LeafInRange leaf = leaf_of(layout, block);
    const auto bytes = static_cast<double>(leaf.used_bytes + data_bytes_behind(layout, block, spec_));
    return spec_.think_s + spec_.think_s_per_item * leaf.items + spec_.think_s_per_byte * bytes;
  }

  const SendSpec& spec_;
  Stage& stage_;
  KeyOrderReader reader_;
  FileData data_;
};

class SendPlan final : public WorkloadPlan {
 public:
  explicit SendPlan(const SendSpec& spec) : spec_(spec) {}

  std::unique_ptr<Workload> make(std::size_t place, Stage& stage) const override {
    return std::make_unique<Send>(spec_, place, stage);
  }
  void check(const LayoutCheck& check) const override {
    check.trees("tree", {&spec_.range, 1});
    const std::vector<LeafInRange> leaves = leaves_in(check.layout(), spec_.range);
    if (spec_.think_s_per_item > 0) check_known(check, "think_s_per_item", unknown(leaves, &LeafInRange::items));
    if (spec_.think_s_per_byte > 0) check_known(check, "think_s_per_byte", unknown(leaves, &LeafInRange::used_bytes));
    if (spec_.data_bytes_per_leaf)
      check_data(check, *spec_.data_bytes_per_leaf, leaves.size());
    else
      check_extents(check, leaves);
  }
  std::vector<TreeRange> ranges(const Layout& /*layout*/) const override { return {spec_.range}; }
  std::uint64_t data_bytes(const Layout& layout) const override {
    if (!spec_.data_bytes_per_leaf && layout.extents.empty()) return 0;
    std::uint64_t bytes = 0;
    for (const LeafInRange& leaf : leaves_in(layout, spec_.range))
      bytes += data_bytes_behind(layout, leaf.block, spec_);
    return bytes;
  }
  bool needs_notes() const override { return spec_.by_contents(); }
  bool needs_extents() const override { return !spec_.data_bytes_per_leaf; }
  std::vector<std::vector<ByteStretch>> stretches(const Layout& layout) const override {
    return file_stretches(layout.volume, data_extents(layout));
  }
  bool reads_blocks() const override { return true; }

 private:
  std::vector<FileExtent> data_extents(const Layout& layout) const {
    if (spec_.data_bytes_per_leaf) return FileData::first_bytes(layout.volume, data_bytes(layout));
    std::vector<FileExtent> all;
    if (layout.extents.empty()) return all;
    for (const LeafInRange& leaf : leaves_in(layout, spec_.range)) {
      if (!layout.extents.knows(leaf.block)) continue;
      for (std::uint32_t i = layout.extents.first[leaf.block]; i < layout.extents.first[leaf.block + 1]; ++i)
        all.push_back({layout.extents.logical[i], layout.extents.bytes[i]});
    }
    return all;
  }
  static void check_known(const LayoutCheck& check, std::string_view key, std::uint64_t unknown) {
    if (unknown == 0) return;
    check.fail(key, fmt::format("think_s alone, since {} does not say what leaves hold", check.layout().source),
               fmt::format("{} leaves of which that is not known", unknown));
  }
  static void check_data(const LayoutCheck& check, std::uint64_t bytes, std::uint64_t leaves) {
    if (bytes == 0) return check.note("it reads no file data (\"data_bytes_per_leaf\" is 0)");
    const std::uint64_t room = FileData::bytes_in(check.layout().volume);
    if (leaves > 0 && bytes > room / leaves)
      check.fail("data_bytes_per_leaf",
                 fmt::format("at most {} bytes, which the data chunks of {} have room for behind each of {} leaves",
                             room / leaves, check.layout().source, leaves),
                 fmt::format("{}", bytes));
    check.note("file data are taken to lie in the data chunks in key order (\"data_bytes_per_leaf\")");
  }
  static void check_extents(const LayoutCheck& check, const std::vector<LeafInRange>& leaves) {
    const auto knows = [&](const LeafInRange& leaf) { return check.layout().extents.knows(leaf.block); };
    const auto unknown = std::ranges::count_if(leaves, std::not_fn(knows));
    if (unknown == 0) return;
    check.note(fmt::format("the layout does not know the file extents of {} of {} leaves: it reads no file data behind "
                           "them (\"data_bytes_per_leaf\" says how much; layout import --extents finds those of images)",
                           unknown, leaves.size()));
  }

  const SendSpec spec_;
};

const ObjectShape& keys() { return fields().object(); }

std::shared_ptr<WorkloadPlan> read(const JsonNode& node, const std::filesystem::path& /*directory*/) {
  SendSpec spec;
  fields().fill(node, spec);
  return std::make_shared<SendPlan>(spec);
}

}  // namespace

extern const WorkloadKind workload_send{
    "send", "Visits a key range in key order and reads the file data behind each leaf, as btrfs send does.", keys,
    read};

}  // namespace headway
