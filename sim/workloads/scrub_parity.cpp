#include "sim/workloads/scrub_parity.h"

namespace headway {

Read row_read(const Chunk& chunk, std::uint64_t row, std::uint32_t place) {
  const std::uint32_t data = Volume::data_stripes_of(chunk);
  const Stripe& stripe = chunk.stripes[Volume::stripe_in_row(chunk, place, row)];
  const std::uint64_t logical = row * data + (place < data ? place : 0);
  return {.device = stripe.device,
          .mirror = 1,
          .bytes = chunk.stripe_bytes,
          .logical = chunk.logical + logical * chunk.stripe_bytes,
          .physical = stripe.physical + row * chunk.stripe_bytes};
}

void append_row(const Chunk& chunk, std::uint64_t row, std::uint32_t first, std::uint32_t last,
                std::vector<Read>& reads) {
  for (std::uint32_t place = first; place < last; ++place) reads.push_back(row_read(chunk, row, place));
}

void append_rebuild(const Chunk& chunk, std::uint64_t row, std::uint32_t place, const CorruptSectors& corrupt,
                    std::vector<Read>& reads) {
  append_row(chunk, row, 0, place, reads);
  corrupt.append_sectors(row_read(chunk, row, place), false, reads);
  append_row(chunk, row, place + 1, stripes_of_row(chunk), reads);
}

class ParityStream::Row final : public OwnRequestSink {
 public:
  explicit Row(ParityStream& stream) : stream_(stream) {}

  void begin(const Chunk& chunk, std::uint64_t row) {
    chunk_ = &chunk;
    row_ = row;
    next_place_ = 0;
    step_ = Step::data;
    left_ = Volume::data_stripes_of(chunk);
  }

  void ended(const OwnRequest& request, const OwnCompletion& /*completion*/) override {
    const std::uint32_t reads = 1u + request.merged;
    if (step_ == Step::data) stream_.reads_.own().over(reads);
    left_ -= reads;
    if (left_ == 0) next();
  }

 private:
  enum class Step : std::uint8_t { data, rebuild, check };

  void next() {
    if (step_ == Step::check) return end();
    std::vector<Read>& reads = stream_.scratch_;
    reads.clear();
    const std::uint32_t data = Volume::data_stripes_of(*chunk_);
    while (next_place_ < data && !stream_.corrupt_.any_in(row_read(*chunk_, row_, next_place_))) ++next_place_;
    step_ = next_place_ < data ? Step::rebuild : Step::check;
    if (step_ == Step::rebuild) {
      append_rebuild(*chunk_, row_, next_place_++, stream_.corrupt_, reads);
    } else {
      const std::uint32_t first = first_checked(*chunk_, stream_.spec_.kernel.checks_parity_again);
      append_row(*chunk_, row_, first, stripes_of_row(*chunk_), reads);
    }
    left_ = static_cast<std::uint32_t>(reads.size());
    for (const Read& read : reads) stream_.stage_.submit(stream_.reads_.request(read), *this);
  }

  void end() {
    stream_.idle_.push_back(this);
    stream_.under_way_.over(1);
  }

  ParityStream& stream_;
  const Chunk* chunk_ = nullptr;
  std::uint64_t row_ = 0;
  std::uint32_t next_place_ = 0;  // of a data stripe that may be corrupt
  std::uint32_t left_ = 0;        // reads of this step
  Step step_ = Step::data;
};

ParityStream::ParityStream(const ScrubSpec& spec, Stage& stage, const CorruptSectors& corrupt, ScrubReads& reads)
    : spec_(spec), stage_(stage), corrupt_(corrupt), reads_(reads), under_way_(stage, nullptr) {}

ParityStream::~ParityStream() = default;

void ParityStream::begin(const Chunk& chunk, std::uint64_t row) {
  if (idle_.empty()) {
    rows_.push_back(std::make_unique<Row>(*this));
    idle_.push_back(rows_.back().get());
  }
  Row& one = *idle_.back();
  idle_.pop_back();
  under_way_.begun();
  one.begin(chunk, row);
  for (std::uint32_t place = 0; place < Volume::data_stripes_of(chunk); ++place)
    reads_.send(row_read(chunk, row, place), one);
}

}  // namespace headway
