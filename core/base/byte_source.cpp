#include "core/base/byte_source.h"

#include <bzlib.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <lzma.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/input_file.h"

namespace headway {

namespace {

constexpr std::size_t input_bytes = 256 << 10;
constexpr std::uint64_t bomb_bytes_min = 64 << 20;
constexpr std::uint64_t bomb_ratio = 4096;

// Where compressed bytes come from; keeps the file's name and place for messages.
class Input {
 public:
  virtual ~Input() = default;
  virtual std::size_t read(std::span<std::byte> to) = 0;
  virtual std::uint64_t bytes() const = 0;

  const std::string& name() const { return name_; }
  std::uint64_t offset() const { return offset_; }
  double progress() const {
    return bytes() == 0 ? 0 : std::min(1.0, static_cast<double>(offset_) / static_cast<double>(bytes()));
  }
  [[noreturn]] void fail(std::string_view expected, std::string_view found) const {
    throw InputError(name_, fmt::format("byte {}", offset_), expected, found);
  }

 protected:
  explicit Input(std::string name) : name_(std::move(name)) {}
  std::string name_;
  std::uint64_t offset_ = 0;
};

class FileInput : public Input {
 public:
  explicit FileInput(const std::filesystem::path& path) : Input(path.string()) {
    const auto why = why_unreadable(path);
    if (!why.empty()) throw InputError(name_, "", "a file that can be read", why);
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) throw InputError(name_, "", "a file that can be read", std::strerror(errno));
    struct stat status {};
    if (::fstat(descriptor_, &status) == 0) bytes_ = static_cast<std::uint64_t>(status.st_size);
  }
  FileInput(const FileInput&) = delete;
  FileInput& operator=(const FileInput&) = delete;
  ~FileInput() override { ::close(descriptor_); }

  std::size_t read(std::span<std::byte> to) override {
    std::size_t got = 0;
    while (got < to.size()) {
      const ::ssize_t now = ::read(descriptor_, to.data() + got, to.size() - got);
      if (now < 0 && errno == EINTR) continue;
      if (now < 0) fail("bytes that can be read", std::strerror(errno));
      if (now == 0) break;
      got += static_cast<std::size_t>(now);
      offset_ += static_cast<std::uint64_t>(now);
    }
    return got;
  }
  std::uint64_t bytes() const override { return bytes_; }

 private:
  int descriptor_ = -1;
  std::uint64_t bytes_ = 0;
};

class MemoryInput : public Input {
 public:
  MemoryInput(std::span<const std::byte> bytes, std::string name) : Input(std::move(name)), left_(bytes) {
    bytes_ = bytes.size();
  }
  std::size_t read(std::span<std::byte> to) override {
    const std::size_t got = std::min(to.size(), left_.size());
    std::copy_n(left_.begin(), got, to.begin());
    left_ = left_.subspan(got);
    offset_ += got;
    return got;
  }
  std::uint64_t bytes() const override { return bytes_; }

 private:
  std::span<const std::byte> left_;
  std::uint64_t bytes_ = 0;
};

// A source whose first bytes are looked at before it is known who reads them.
template <class Source>
class WithHead {
 public:
  explicit WithHead(std::unique_ptr<Source> source) : source_(std::move(source)) { end_ = source_->read(head_); }

  std::span<const std::byte> head() const { return std::span(head_).first(end_); }
  const Source& source() const { return *source_; }

  std::size_t read(std::span<std::byte> to) {
    const std::size_t from_head = std::min(to.size(), end_ - begin_);
    std::copy_n(head_.begin() + static_cast<std::ptrdiff_t>(begin_), from_head, to.begin());
    begin_ += from_head;
    return from_head + (from_head < to.size() ? source_->read(to.subspan(from_head)) : 0);
  }

 private:
  std::unique_ptr<Source> source_;
  std::array<std::byte, 512> head_{};  // as far as tar's magic number
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};
using Peeked = WithHead<Input>;

class Plain : public ByteSource {
 public:
  explicit Plain(Peeked input) : input_(std::move(input)) {}
  std::size_t read(std::span<std::byte> to) override { return input_.read(to); }
  double progress() const override { return input_.source().progress(); }

 private:
  Peeked input_;
};

// What the decompressors share: a buffer of compressed bytes, the end, and the watch for bombs.
class Decompressor : public ByteSource {
 public:
  Decompressor(Peeked input, Zeros zeros) : input_(std::move(input)), zeros_(zeros), buffer_(input_bytes) {}

  std::size_t read(std::span<std::byte> to) final {
    std::size_t got = 0;
    while (got < to.size() && !ended_) {
      if (begin_ == end_ && !drained_) refill();
      const std::size_t before = got;
      const std::size_t consumed_before = begin_;
      got += inflate(to.subspan(got));
      if (got == before && begin_ == consumed_before && begin_ == end_ && drained_ && !ended_)
        input_.source().fail("the compressed data's end", "the file's end");
      produced_ += counted(to.subspan(before, got - before));
      if (produced_ > bomb_bytes_min && produced_ / bomb_ratio > input_.source().offset())
        input_.source().fail(fmt::format("data that inflates at most {} times", bomb_ratio),
                             fmt::format("{} bytes and more to come", produced_));
    }
    return got;
  }
  double progress() const final { return input_.source().progress(); }
  bool compressed() const final { return true; }

 protected:
  // Inflates from input() into `to`: calls consumed(), and ended() at the end of all frames. Returns bytes written.
  virtual std::size_t inflate(std::span<std::byte> to) = 0;

  std::span<std::byte> input() { return std::span(buffer_).subspan(begin_, end_ - begin_); }
  void consumed(std::size_t bytes) { begin_ += bytes; }
  // At the end of one frame: whether another follows it.
  bool more_follows() {
    if (begin_ == end_ && !drained_) refill();
    return begin_ < end_;
  }
  bool drained() const { return drained_ && begin_ == end_; }
  void ended() { ended_ = true; }
  [[noreturn]] void bad(std::string_view format, std::string_view found) const {
    input_.source().fail(fmt::format("intact {} data", format), found);
  }

 private:
  std::size_t counted(std::span<const std::byte> bytes) const {
    if (zeros_ == Zeros::counted) return bytes.size();
    std::size_t count = 0;
    while (!bytes.empty()) {
      const auto page = bytes.first(std::min<std::size_t>(bytes.size(), 4096));
      if (!all_zeros(page)) count += page.size();
      bytes = bytes.subspan(page.size());
    }
    return count;
  }
  void refill() {
    begin_ = 0;
    end_ = input_.read(buffer_);
    drained_ = end_ < buffer_.size();
  }

  Peeked input_;
  Zeros zeros_;
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t produced_ = 0;
  bool drained_ = false;
  bool ended_ = false;
};

class Zstd : public Decompressor {
 public:
  Zstd(Peeked input, Zeros zeros) : Decompressor(std::move(input), zeros), stream_(ZSTD_createDStream()) {
    // A frame may ask for a window of up to 128 MiB (zstd --long=27) and no more.
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, 27);
  }

 private:
  std::size_t inflate(std::span<std::byte> to) override {
    if (at_frame_end_ && !more_follows()) {
      ended();
      return 0;
    }
    ZSTD_inBuffer in{input().data(), input().size(), 0};
    ZSTD_outBuffer out{to.data(), to.size(), 0};
    const std::size_t left = ZSTD_decompressStream(stream_.get(), &out, &in);
    if (ZSTD_isError(left)) bad("zstd", ZSTD_getErrorName(left));
    consumed(in.pos);
    at_frame_end_ = left == 0;
    return out.pos;
  }

  struct Free {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };
  std::unique_ptr<ZSTD_DStream, Free> stream_;
  bool at_frame_end_ = false;
};

class Gzip : public Decompressor {
 public:
  Gzip(Peeked input, Zeros zeros) : Decompressor(std::move(input), zeros) {
    if (::inflateInit2(&stream_, 15 + 16) != Z_OK) throw std::bad_alloc();
  }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
  ~Gzip() override { ::inflateEnd(&stream_); }

 private:
  std::size_t inflate(std::span<std::byte> to) override {
    if (at_frame_end_) {
      if (!more_follows()) {
        ended();
        return 0;
      }
      ::inflateReset(&stream_);
      at_frame_end_ = false;
    }
    const std::size_t asked = std::min<std::size_t>(to.size(), 1 << 30);
    stream_.next_in = reinterpret_cast<Bytef*>(input().data());
    stream_.avail_in = static_cast<uInt>(input().size());
    stream_.next_out = reinterpret_cast<Bytef*>(to.data());
    stream_.avail_out = static_cast<uInt>(asked);
    const int result = ::inflate(&stream_, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
      bad("gzip", stream_.msg != nullptr ? stream_.msg : ::zError(result));
    consumed(input().size() - stream_.avail_in);
    at_frame_end_ = result == Z_STREAM_END;
    return asked - stream_.avail_out;
  }

  z_stream stream_{};
  bool at_frame_end_ = false;
};

class Xz : public Decompressor {
 public:
  Xz(Peeked input, Zeros zeros) : Decompressor(std::move(input), zeros) {
    constexpr std::uint64_t memory_bytes_max = 256 << 20;  // xz -9 asks for 65 MiB
    if (::lzma_stream_decoder(&stream_, memory_bytes_max, LZMA_CONCATENATED) != LZMA_OK) throw std::bad_alloc();
  }
  Xz(const Xz&) = delete;
  Xz& operator=(const Xz&) = delete;
  ~Xz() override { ::lzma_end(&stream_); }

 private:
  std::size_t inflate(std::span<std::byte> to) override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(input().data());
    stream_.avail_in = input().size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(to.data());
    stream_.avail_out = to.size();
    const lzma_ret result = ::lzma_code(&stream_, drained() ? LZMA_FINISH : LZMA_RUN);
    if (result != LZMA_OK && result != LZMA_STREAM_END && result != LZMA_BUF_ERROR) bad("xz", reason(result));
    consumed(input().size() - stream_.avail_in);
    if (result == LZMA_STREAM_END) ended();
    return to.size() - stream_.avail_out;
  }

  static std::string reason(lzma_ret result) {
    if (result == LZMA_MEMLIMIT_ERROR) return "a dictionary of more than 256 MiB";
    return result == LZMA_FORMAT_ERROR || result == LZMA_OPTIONS_ERROR ? "another format" : "damaged data";
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
};

class Bzip2 : public Decompressor {
 public:
  Bzip2(Peeked input, Zeros zeros) : Decompressor(std::move(input), zeros) { begin(); }
  Bzip2(const Bzip2&) = delete;
  Bzip2& operator=(const Bzip2&) = delete;
  ~Bzip2() override { ::BZ2_bzDecompressEnd(&stream_); }

 private:
  void begin() {
    if (::BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
  }
  std::size_t inflate(std::span<std::byte> to) override {
    if (at_stream_end_) {
      if (!more_follows()) {
        ended();
        return 0;
      }
      ::BZ2_bzDecompressEnd(&stream_);
      begin();
      at_stream_end_ = false;
    }
    const std::size_t asked = std::min<std::size_t>(to.size(), 1 << 30);
    stream_.next_in = reinterpret_cast<char*>(input().data());
    stream_.avail_in = static_cast<unsigned>(input().size());
    stream_.next_out = reinterpret_cast<char*>(to.data());
    stream_.avail_out = static_cast<unsigned>(asked);
    const int result = ::BZ2_bzDecompress(&stream_);
    if (result != BZ_OK && result != BZ_STREAM_END) bad("bzip2", "damaged data");
    consumed(input().size() - stream_.avail_in);
    at_stream_end_ = result == BZ_STREAM_END;
    return asked - stream_.avail_out;
  }

  bz_stream stream_{};
  bool at_stream_end_ = false;
};

class Inflated : public ByteSource {
 public:
  explicit Inflated(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}

  std::span<const std::byte> head() const { return source_.head(); }
  std::size_t read(std::span<std::byte> to) override { return source_.read(to); }
  double progress() const override { return source_.source().progress(); }
  bool compressed() const override { return true; }

 private:
  WithHead<ByteSource> source_;
};

using namespace std::literals;

struct Magic {
  std::size_t at;
  std::string_view bytes;
  bool starts(std::span<const std::byte> head) const {
    return head.size() >= at + bytes.size() && std::memcmp(head.data() + at, bytes.data(), bytes.size()) == 0;
  }
};

template <class Form>
std::unique_ptr<ByteSource> make(Peeked input, Zeros zeros) {
  return std::make_unique<Form>(std::move(input), zeros);
}

struct Compression {
  Magic magic;
  std::unique_ptr<ByteSource> (*open)(Peeked input, Zeros zeros);
};
constexpr std::array<Compression, 4> compressions{{{{0, "\x28\xb5\x2f\xfd"sv}, make<Zstd>},
                                                   {{0, "\x1f\x8b"sv}, make<Gzip>},
                                                   {{0,
                                                     "\xfd"
                                                     "7zXZ\0"sv},
                                                    make<Xz>},
                                                   {{0, "BZh"sv}, make<Bzip2>}}};

// What is not read: of several files in one, which of them is meant is not ours to guess.
struct Refused {
  Magic magic;
  std::string_view name;
};
constexpr std::array<Refused, 7> refused{{{{257, "ustar"sv}, "a tar archive"},
                                          {{0, "PK\3\4"sv}, "a zip archive"},
                                          {{0, "7z\xbc\xaf\x27\x1c"sv}, "a 7z archive"},
                                          {{0, "Rar!\x1a\7"sv}, "a rar archive"},
                                          {{0, "\4\x22\x4d\x18"sv}, "an lz4 file"},
                                          {{0, "LZIP"sv}, "an lzip file"},
                                          {{0, "\x89LZO\0"sv}, "an lzop file"}}};

void refuse(const std::string& name, std::span<const std::byte> head, std::string_view where) {
  for (const Refused& form : refused) {
    if (form.magic.starts(head))
      throw InputError(name, "", "one file: unpack it first", fmt::format("{}{}", form.name, where));
  }
}

std::unique_ptr<ByteSource> open_input(std::unique_ptr<Input> input, Zeros zeros) {
  const std::string name = input->name();
  Peeked peeked(std::move(input));
  for (const Compression& compression : compressions) {
    if (!compression.magic.starts(peeked.head())) continue;
    auto inflated = std::make_unique<Inflated>(compression.open(std::move(peeked), zeros));
    refuse(name, inflated->head(), ", compressed");
    return inflated;
  }
  refuse(name, peeked.head(), "");
  return std::make_unique<Plain>(std::move(peeked));
}

}  // namespace

bool all_zeros(std::span<const std::byte> bytes) {
  return bytes.empty() ||
         (bytes[0] == std::byte{0} && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

std::unique_ptr<ByteSource> open_bytes(const std::filesystem::path& path, Zeros zeros) {
  return open_input(std::make_unique<FileInput>(path), zeros);
}

std::unique_ptr<ByteSource> open_bytes(std::span<const std::byte> bytes, std::string name) {
  return open_input(std::make_unique<MemoryInput>(bytes, std::move(name)), Zeros::counted);
}

}  // namespace headway
