// scrub: reads what its devices hold and checks it, device extent by device extent, as btrfs scrub does (Linux
// fs/btrfs/scrub.c: v5.15 scrub_stripe, v6.4, v6.6 scrub_simple_mirror, scrub_raid56_parity_stripe).
//
// A thread a device, all at once, each in the order of its own addresses. For each device extent: the readahead brings
// the chunk's part of the extent and checksum trees into memory, both at once, while the scrub waits; then the data are
// read in order, and what is still missing of the trees is searched for when the data that it describes are reached,
// with data reads still in flight. Where the policy is a tree search there is no first step, and all searches come in
// between: what Linux does since v5.16, where the readahead is gone.
//
// How reads are handed over is the kernel's (scrub_kernel.h). Without "kernel" it is v5.16's stream, unmerged, of data
// alone; a named kernel scrubs nodes and superblocks too, and joins what is adjacent as far as it plugs.
//
// Parity profiles: a thread reads its device's data stripes; where its device holds a row's parity it reads that row's
// data from the other devices, and then the parity, with the data once more where the kernel does. So every device is
// read by every thread. Sectors that do not match their checksums ("corrupt") are had from elsewhere: all else of their
// row, or the other copy; nothing is written back (`btrfs scrub start -r`), so each thread that meets it does so again.
// Order "logical" is what was proposed in 2023 (Linux list, SCRUB_LOGICAL): one thread, each unit's copies and parities
// read together, nothing twice.
//
// All reads are in the metrics of the run and in its trace. The workload's own are those of its threads' own data and
// nodes, without parity checks and rebuilds (by logical address with the parities): its throughput_bytes_per_s is the
// rate that `btrfs scrub` reports. `wait_time_s`: waiting for trees, all devices together.
//
// Simplifications: layouts know no data extents, so
// - a data chunk counts as full, but for the stripes around superblocks. A half-empty one takes half the time for its
//   data, and no less for its trees.
// - the leaves of both trees belong to data chunks in key order, each chunk's share of them being its share of the
//   bytes, evenly spread over it. In real trees the extent tree's leaves about metadata stand apart (a few per cent).
// - parity is read by whole stripes; the kernel leaves out sectors below which no stripe of the row has anything: less
//   in rows of nodes on parity profiles.
// CPU time: `search_us` for each unit of 64 KiB (without a kernel, for each read), `checksum_bytes_per_s` of one core
// for the last unit of what is waited for, the others having been checked meanwhile; streams are not slowed by it. Both
// cost nothing unless given, which on drives faster than a core checks (some GB/s) makes scrub faster than it is.
// A rebuild waits for what its thread has under way; the kernel's workers begin it at once. Up to 6.3 they also read
// the bad blocks again one by one, which is left out.
#include <fmt/format.h>

#include <algorithm>

#include "sim/workloads/scrub_stretches.h"
#include "sim/workloads/scrub_thread.h"
#include "sim/workloads/workload.h"

namespace headway {

namespace {

const Fields<CorruptRange>& corrupt_fields() {
  static const auto all =
      Fields<CorruptRange>()
          .required("device", &CorruptRange::devid, json::whole(), "Its devid.")
          .optional("from_byte", &CorruptRange::from_byte, json::whole(), "The first byte that does not match.")
          .optional("to_byte", &CorruptRange::to_byte, json::whole(1),
                    "The byte after the last; the device's end by default.")
          .then([](const JsonNode& node, CorruptRange& range) {
            if (range.to_byte > range.from_byte) return;
            node.find("to_byte").value_or(node).fail("a byte after from_byte");
          });
  return all;
}

Value<const ScrubKernel*> kernel() {
  std::vector<std::pair<std::string, const ScrubKernel*>> known;
  for (const ScrubKernel& one : scrub_kernels) known.emplace_back(one.name, &one);
  return json::choice(std::move(known));
}

constexpr std::uint32_t sector_bytes = 4096;
constexpr double fastest_bytes_per_s = 1e15;

Value<double> limit() {
  Value<double> value = json::positive("bytes/s", fastest_bytes_per_s);
  value.shape = value.shape.checked_by([](const JsonNode& node) {
    if (node.number(-fastest_bytes_per_s, fastest_bytes_per_s, "bytes/s") <= 0)
      node.fail("a number of bytes/s above 0 (no limit: leave the key out)");
  });
  return value;
}

std::string kernels_sentence() {
  std::string all =
      "Reads as that Linux hands them over, nodes and superblocks among them; without it data alone, as "
      "5.16 did, unmerged.";
  for (const ScrubKernel& one : scrub_kernels) all += fmt::format(" {}: {}", one.name, one.sentence);
  return all;
}

const Fields<ScrubSpec>& fields() {
  static const auto all =
      Fields<ScrubSpec>()
          .optional("devices", &ScrubSpec::devices, devids(), "devids; all devices without it.")
          .optional(
              "kernel", [](ScrubSpec& spec, const ScrubKernel* one) { spec.kernel = *one, spec.named = true; },
              kernel(), kernels_sentence())
          .optional("request_bytes", &ScrubSpec::request_bytes, request_bytes(), "Of a data read.")
          .optional("depth", &ScrubSpec::depth, json::whole(1, 65536, "reads"), "Data reads in flight on each device.")
          .excludes("kernel", {"request_bytes", "depth"}, "nothing: the kernel says that")
          .then([](const JsonNode& /*node*/, ScrubSpec& spec) {
            if (spec.named) return;
            spec.kernel.request_bytes = spec.request_bytes;
            spec.kernel.depth = spec.depth;
          })
          .optional("order", &ScrubSpec::order,
                    json::choice<ScrubOrder>({{"device", ScrubOrder::device}, {"logical", ScrubOrder::logical}}),
                    "device: a thread a device, by its addresses. logical: one thread, each unit's copies and parities "
                    "together.")
          .optional("one_by_one", &ScrubSpec::one_by_one, json::flag(), "The next device when one is done.")
          .optional("background", &ScrubSpec::background, json::flag(), "Of the idle I/O class.")
          .optional("limit_bytes_per_s", &ScrubSpec::limit_bytes_per_s, limit(),
                    "Of each thread, as `btrfs scrub limit` sets it.")
          .optional(
              "parity_check",
              [](ScrubSpec& spec, ParityCheck how) { spec.kernel.checks_parity_again = how == ParityCheck::again; },
              json::choice<ParityCheck>({{"again", ParityCheck::again}, {"cached", ParityCheck::cached}}),
              "Whether a parity check reads its row's data once more; as the kernel does without it.")
          .optional("search_us", &ScrubSpec::search_us, json::not_negative("microseconds", 1e6),
                    "CPU time of the tree searches for 64 KiB of data.")
          .optional("checksum_bytes_per_s", &ScrubSpec::checksum_bytes_per_s,
                    json::number(1e3, fastest_bytes_per_s, "bytes/s"),
                    "How fast a core checks data; it takes no time without it.")
          .optional("corrupt", &ScrubSpec::corrupt, json::list(corrupt_fields().value(), "range"),
                    "What does not match its checksum.");
  return all;
}

class Scrub final : public Workload {
 public:
  Scrub(const ScrubSpec& spec, std::size_t place, Stage& stage)
      : work_{spec,
              stage,
              stream_of(place),
              ScrubTrees(stage.volume(), stage.forest()),
              chunk_contents(stage.volume(), stage.forest()),
              {}} {}

  double run() override {
    const Volume& volume = work_.stage.volume();
    if (work_.spec.order == ScrubOrder::logical) {
      threads_.push_back(std::make_unique<ScrubThread>(work_));
      threads_.back()->scrub_by_logical_address();
    } else {
      const auto done = work_.stage.make_sleeper();
      for (DeviceIndex device = 0; device < volume.devices().size(); ++device) {
        if (!names_device(work_.spec.devices, volume, device)) continue;
        threads_.push_back(std::make_unique<ScrubThread>(work_));
        if (work_.spec.one_by_one)
          threads_.back()->scrub_device(device);
        else
          start(*threads_.back(), device, done);
      }
      for (std::size_t i = 0; i < threads_.size() && !work_.spec.one_by_one; ++i) work_.stage.wait(*done);
    }
    double end_s = 0;
    for (const auto& thread : threads_) end_s = std::max(end_s, thread->end_s());
    return end_s;
  }

  MetricValues metrics(double elapsed_s) const override {
    MetricValues values = work_.counters.metrics(elapsed_s);
    values[MetricId::wait_time_s] = 0;
    for (const auto& thread : threads_) values[MetricId::wait_time_s] += thread->waited_s();
    return values;
  }

 private:
  void start(ScrubThread& thread, DeviceIndex device, const std::shared_ptr<Sleeper>& done) {
    work_.stage.start("scrub", [this, &thread, device, done] {
      thread.scrub_device(device);
      work_.stage.wake(done);
    });
  }

  ScrubWork work_;
  std::vector<std::unique_ptr<ScrubThread>> threads_;
};

class ScrubPlan final : public WorkloadPlan {
 public:
  explicit ScrubPlan(ScrubSpec spec) : spec_(std::move(spec)) {}

  std::unique_ptr<Workload> make(std::size_t place, Stage& stage) const override {
    return std::make_unique<Scrub>(spec_, place, stage);
  }
  void check(const LayoutCheck& check) const override {
    check.trees("kind", ranges(check.layout()), "a scrub");
    check.devices(spec_.devices);
    check.data("kind", spec_.devices, 1);
    for (std::size_t i = 0; i < spec_.corrupt.size(); ++i)
      check.devices({spec_.corrupt[i].devid}, fmt::format("corrupt/{}/device", i));
    for (const Chunk& chunk : check.layout().volume.chunks()) {
      const bool by_stripes = spec_.named || Volume::parity_of(chunk.profile) > 0;
      if (by_stripes && chunk.stripe_bytes % sector_bytes != 0)
        check.fail("kind",
                   fmt::format("stripes of whole sectors of {} bytes in {}", sector_bytes, check.layout().source),
                   fmt::format("{} bytes in the chunk at {}", chunk.stripe_bytes, chunk.logical));
    }
  }
  std::vector<TreeRange> ranges(const Layout& /*layout*/) const override {
    std::vector<TreeRange> all;
    for (const std::uint64_t tree : ScrubTrees::objectids) all.push_back({.tree = tree});
    return all;
  }
  std::uint64_t data_bytes(const Layout& layout) const override {
    return scrubbed_bytes(layout.volume, spec_.devices, spec_.kernel.checks_parity_again);
  }
  bool reads_blocks() const override { return true; }
  std::size_t searches(const Volume& volume) const override {
    return spec_.order == ScrubOrder::logical || spec_.one_by_one ? 1 : volume.devices().size();
  }
  std::vector<std::vector<ByteStretch>> stretches(const Layout& layout) const override {
    return scrub_stretches(spec_, layout.volume, layout.forest);
  }

 private:
  const ScrubSpec spec_;
};

const ObjectShape& keys() { return fields().object(); }

std::shared_ptr<WorkloadPlan> read(const JsonNode& node, const std::filesystem::path& /*directory*/) {
  ScrubSpec spec;
  fields().fill(node, spec);
  return std::make_shared<ScrubPlan>(std::move(spec));
}

}  // namespace

extern const WorkloadKind workload_scrub{
    "scrub", "Extent and checksum trees, then the data, chunk by chunk on each device.", keys, read};

}  // namespace headway
