// send: a full `btrfs send` of a snapshot: visits its key range in key order (key_order.h), the readahead beside it,
// and at each leaf reads the file data behind it and then works: for each node and leaf, for each of the leaf's items,
// and for each byte, of the leaf and of file data, that goes into the stream and its checksum.
//
// Simplifications: layouts know no file extents. So each leaf has `data_bytes_per_leaf` behind it, and they lie in the
// data chunks in the order of the leaves (file_data.h): files written once, in the order of their inodes. On a file
// system that was changed much data are read with more seeks than here. A leaf's data are all asked for when the reader
// comes to it and waited for; the kernel's page cache reads ahead file by file. The stream costs nothing but
// `think_s_per_byte`: whoever takes it is never slower.
//
// Its metrics `reads`, `latency_*` and so on are those of file data and of blocks that it had to read itself;
// `wait_time_s` is the time it stood waiting for blocks.
#include <fmt/format.h>

#include "sim/workloads/file_data.h"
#include "sim/workloads/key_order.h"
#include "sim/workloads/leaves.h"

namespace headway {

namespace {

struct SendSpec {
  TreeRange range;
  double think_s = 0;
  double think_s_per_item = 0;
  double think_s_per_byte = 0;
  std::uint64_t data_bytes_per_leaf = 0;
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
                    "File data behind each leaf, which lie in the data chunks in key order.")
          .optional("request_bytes", &SendSpec::request_bytes, request_bytes(), "Of a read of file data, at most.");
  return all;
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
      if (stage_.forest().level[block] == 0) data_.read(spec_.data_bytes_per_leaf);
      stage_.sleep(work_s(block));
    });
    return stage_.now_s();
  }

  MetricValues metrics(double elapsed_s) const override { return reader_.demand().metrics(elapsed_s); }

 private:
  double work_s(BlockId block) const {
    const Layout& layout = stage_.driver().layout();
    if (layout.forest.level[block] > 0 || !spec_.by_contents()) return spec_.think_s;
    const LeafInRange leaf = leaf_of(layout, block);
    const auto bytes = static_cast<double>(leaf.used_bytes + spec_.data_bytes_per_leaf);
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
    check_data(check, leaves.size());
  }
  std::vector<TreeRange> ranges(const Layout& /*layout*/) const override { return {spec_.range}; }
  std::uint64_t data_bytes(const Layout& layout) const override {
    return spec_.data_bytes_per_leaf == 0 ? 0 : spec_.data_bytes_per_leaf * leaves_in(layout, spec_.range).size();
  }
  bool needs_notes() const override { return spec_.by_contents(); }
  std::string no_bound() const override {
    return spec_.data_bytes_per_leaf > 0 ? "the bound of file data is not known" : "";
  }
  bool reads_blocks() const override { return true; }

 private:
  static void check_known(const LayoutCheck& check, std::string_view key, std::uint64_t unknown) {
    if (unknown == 0) return;
    check.fail(key, fmt::format("think_s alone, since {} does not say what leaves hold", check.layout().source),
               fmt::format("{} leaves of which that is not known", unknown));
  }
  void check_data(const LayoutCheck& check, std::uint64_t leaves) const {
    if (spec_.data_bytes_per_leaf == 0)
      return check.note("layouts know no file extents: it reads no file data (\"data_bytes_per_leaf\" says how much)");
    const std::uint64_t room = FileData::bytes_in(check.layout().volume);
    if (leaves > 0 && spec_.data_bytes_per_leaf > room / leaves)
      check.fail("data_bytes_per_leaf",
                 fmt::format("at most {} bytes, which the data chunks of {} have room for behind each of {} leaves",
                             room / leaves, check.layout().source, leaves),
                 fmt::format("{}", spec_.data_bytes_per_leaf));
    check.note("layouts know no file extents: file data are taken to lie in the data chunks in key order");
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
