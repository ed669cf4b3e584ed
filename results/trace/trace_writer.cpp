// Writes traces fast enough to leave them on.
//
// The simulation copies each row (88 bytes) into a batch. A thread of ours takes a full batch, turns it into columns
// and writes each as one HDF5 chunk past HDF5's filter pipeline (H5Dwrite_chunk). What is cheap to squeeze is squeezed:
// a chunk that is empty throughout is not written at all (HDF5 reads its fill value); whole numbers are shuffled into
// planes as HDF5's filter does, and compressed where most planes are long runs, as the upper bytes of small numbers
// are; times are noise and stay as they are. The trade: files some three times as long as zlib's best, at a tenth of
// the time. `h5repack -f SHUF -f GZIP=6` makes small ones for keeping.
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstring>
#include <exception>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/base/hdf5_writer.h"
#include "core/base/whole_file.h"
#include "results/trace/trace.h"
#include "results/trace/trace_columns.h"

namespace headway {

namespace {

constexpr std::size_t rows_a_chunk = 16384;

// The bytes of the values regrouped: all first bytes, then all second ones, ... (HDF5's shuffle filter).
template <std::size_t size>
void shuffle(const unsigned char* values, unsigned char* planes) {
  for (std::size_t plane = 0; plane < size; ++plane) {
    unsigned char* out = planes + plane * rows_a_chunk;
    for (std::size_t i = 0; i < rows_a_chunk; ++i) out[i] = values[i * size + plane];
  }
}

// zlib, one stream a chunk.
class Deflater {
 public:
  Deflater() {
    if (deflateInit2(&stream_, 1, Z_DEFLATED, MAX_WBITS, 9, Z_RLE) != Z_OK) throw std::bad_alloc();
    packed_.resize(deflateBound(&stream_, rows_a_chunk * sizeof(double)) + 1024);
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  // zlib's checksum alone costs more than writing a plane: it is asked only where it removes most of them.
  static bool pays(const unsigned char* planes, std::size_t plane_count) {
    std::size_t squeezed_planes = 0;
    for (std::size_t plane = 0; plane < plane_count; ++plane) {
      squeezed_planes += squeezes(planes + plane * rows_a_chunk) ? 1 : 0;
    }
    return squeezed_planes * 4 >= plane_count * 3;
  }

  // The result is good until the next call.
  std::span<const unsigned char> deflate_planes(unsigned char* planes, std::size_t plane_count) {
    deflateReset(&stream_);
    stream_.next_out = packed_.data();
    stream_.avail_out = static_cast<uInt>(packed_.size());
    for (std::size_t plane = 0; plane < plane_count; ++plane) {
      unsigned char* bytes = planes + plane * rows_a_chunk;
      stream_.avail_in = 0;  // deflateParams() is to flush what came before, not to eat what comes next
      deflateParams(&stream_, squeezes(bytes) ? 1 : 0, Z_RLE);
      stream_.next_in = bytes;
      stream_.avail_in = rows_a_chunk;
      deflate(&stream_, plane + 1 == plane_count ? Z_FINISH : Z_NO_FLUSH);
    }
    return {packed_.data(), packed_.size() - stream_.avail_out};
  }

 private:
  // Few changes from byte to byte make long runs, which are cheap to find and to write.
  static bool squeezes(const unsigned char* plane) {
    std::size_t changes = 0;
    for (std::size_t i = 1; i < rows_a_chunk; ++i) changes += plane[i] != plane[i - 1] ? 1 : 0;
    return changes < rows_a_chunk / 64;
  }

  z_stream stream_{};
  std::vector<unsigned char> packed_;
};

template <typename T>
constexpr bool squeezed = !std::is_floating_point_v<T>;

h5::Handle create_column(hid_t file, const auto& column) {
  using T = typename std::decay_t<decltype(column)>::Value;
  const hsize_t none = 0, unlimited = H5S_UNLIMITED, chunk = rows_a_chunk;
  const h5::Handle type = trace_type<T>();
  const h5::Handle space(H5Screate_simple(1, &none, &unlimited), H5Sclose, "describe a column");
  const h5::Handle properties = h5::timeless(H5P_DATASET_CREATE);
  const T empty = TraceRow{}.*column.member;
  h5::check(H5Pset_chunk(properties, 1, &chunk), "set chunks");
  if constexpr (squeezed<T>) {
    h5::check(H5Pset_shuffle(properties), "set shuffling");
    h5::check(H5Pset_deflate(properties, 1), "set compression");
  }
  h5::check(H5Pset_fill_value(properties, type, &empty), "set the fill value");
  h5::Handle set(H5Dcreate2(file, column.name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT), H5Dclose,
                 "create a column");
  h5::set_attribute(set, "unit", column.unit);
  h5::set_attribute(set, "meaning", column.meaning);
  return set;
}

}  // namespace

// The side that HDF5 is on. The simulation's side holds one batch, the thread's the other; they are swapped under the
// lock, so that neither waits unless the other is a whole batch behind.
struct TraceWriter::Worker {
  Worker(const std::filesystem::path& target_path, const TraceHeader& header)
      : part(target_path), filling(rows_a_chunk), draining(rows_a_chunk) {
    try {
      create(header);
    } catch (const h5::Error& error) {
      file.reset();
      fail(error.what());
    }
    thread = std::thread([this] { run(); });
  }

  ~Worker() {
    stop();
    release();
  }

  [[noreturn]] void fail(const std::string& reason) const {
    throw std::runtime_error(fmt::format("cannot write {}: {}", part.target().string(), reason));
  }

  void create(const TraceHeader& header) {
    file.emplace(part.path(), h5::Writer::Form::plain);
    file->attribute("format", trace_format);
    file->attribute("schema_version", trace_schema_version);
    file->attribute("scenario", header.scenario);
    file->attribute("policy", header.policy);
    file->attribute("seed", header.seed);
    std::vector<std::uint64_t> devids, bytes;
    for (const Device& device : header.devices) {
      devids.push_back(device.devid);
      bytes.push_back(device.bytes);
    }
    file->group("devices");
    file->column("devices/devid", devids);
    file->column("devices/bytes", bytes);
    for_each_trace_column(
        [&](const auto& column, std::size_t place) { sets[place] = create_column(file->id(), column); });
  }

  // Gives `filling`, of which `rows` are used, to the thread, and takes the other batch in exchange.
  void hand_over(std::size_t rows) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return pending == 0; });
    if (failure) std::rethrow_exception(failure);
    std::swap(filling, draining);
    pending = rows;
    changed.notify_all();
  }

  void stop() {
    if (!thread.joinable()) return;
    {
      const std::unique_lock lock(mutex);
      stopping = true;
      changed.notify_all();
    }
    thread.join();
  }

  void run() {
    h5::keep_quiet();  // a thread-safe HDF5 keeps this by thread
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [&] { return pending > 0 || stopping; });
      if (pending == 0) return;
      lock.unlock();
      std::exception_ptr error;
      try {
        write_batch();
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      if (error && !failure) failure = error;
      pending = 0;
      changed.notify_all();
    }
  }

  void write_batch() {
    split();
    for_each_trace_column([&](const auto& column, std::size_t place) { write_column(column, place); });
    rows_written += pending;
  }

  // Rows into columns, few enough rows at a time that they stay in the cache for all columns.
  void split() {
    constexpr std::size_t rows_a_time = 256;
    std::fill(draining.begin() + static_cast<std::ptrdiff_t>(pending), draining.end(), TraceRow{});
    for (std::size_t first = 0; first < rows_a_chunk; first += rows_a_time) {
      for_each_trace_column([&](const auto& column, std::size_t place) {
        auto* values = values_of(column, place);
        for (std::size_t i = first; i < first + rows_a_time; ++i) values[i] = draining[i].*column.member;
      });
    }
  }

  template <typename Column>
  typename Column::Value* values_of(const Column&, std::size_t place) {
    return reinterpret_cast<typename Column::Value*>(columns[place].data());
  }

  void write_column(const auto& column, std::size_t place) {
    using T = typename std::decay_t<decltype(column)>::Value;
    const hsize_t offset = rows_written, size = rows_written + pending;
    h5::check(H5Dset_extent(sets[place], &size), "extend a column");

    const T empty = TraceRow{}.*column.member;
    const T* values = values_of(column, place);
    bool any = false;
    for (std::size_t i = 0; i < rows_a_chunk && !any; ++i) any = std::memcmp(&values[i], &empty, sizeof(T)) != 0;
    if (!any) return;

    constexpr std::uint32_t second_filter = 2;  // the bit by which a chunk says that it is not compressed
    std::uint32_t skipped = 0;
    std::span<const unsigned char> bytes(columns[place].data(), rows_a_chunk * sizeof(T));
    if constexpr (squeezed<T>) {
      shuffle<sizeof(T)>(bytes.data(), planes.data());
      if (Deflater::pays(planes.data(), sizeof(T))) {
        bytes = deflater.deflate_planes(planes.data(), sizeof(T));
      } else {
        bytes = {planes.data(), bytes.size()};
        skipped = second_filter;
      }
    }
    h5::check(H5Dwrite_chunk(sets[place], H5P_DEFAULT, skipped, &offset, bytes.size(), bytes.data()), "write a column");
  }

  void release() {
    for (auto& set : sets) set.reset();
    file.reset();
  }

  void close() {
    for (auto& set : sets) set.close("close a column");
    file->close();
    part.place();
  }

  PartFile part;  // outlives the file that is open in it
  std::optional<h5::Writer> file;
  std::array<h5::Handle, trace_column_count> sets;
  std::uint64_t rows_written = 0;

  // The thread's own room.
  struct alignas(8) ColumnBytes : std::array<unsigned char, rows_a_chunk * 8> {};
  std::array<ColumnBytes, trace_column_count> columns;
  ColumnBytes planes;
  Deflater deflater;

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<TraceRow> filling;   // the simulation's
  std::vector<TraceRow> draining;  // the thread's while pending > 0
  std::size_t pending = 0;
  bool stopping = false;
  std::exception_ptr failure;
  std::thread thread;
};

TraceWriter::TraceWriter(const std::filesystem::path& path, const TraceHeader& header)
    : worker_(std::make_unique<Worker>(path, header)) {
  next_ = worker_->filling.data();
  end_ = next_ + rows_a_chunk;
}

TraceWriter::~TraceWriter() = default;

void TraceWriter::hand_over() {
  const auto rows = static_cast<std::size_t>(next_ - worker_->filling.data());
  try {
    if (rows > 0) worker_->hand_over(rows);
  } catch (const h5::Error& error) {
    worker_->fail(error.what());
  }
  next_ = worker_->filling.data();
  end_ = next_ + rows_a_chunk;
}

void TraceWriter::close() {
  hand_over();
  worker_->stop();
  try {
    if (worker_->failure) std::rethrow_exception(worker_->failure);
    worker_->close();
  } catch (const h5::Error& error) {
    worker_->fail(error.what());
  }
}

}  // namespace headway
