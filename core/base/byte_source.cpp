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
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) throw InputError(name_, "", "a file that can be read", std::strerror(errno));
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0 || S_ISDIR(status.st_mode)) {
      ::close(descriptor_);
      throw InputError(name_, "", "a file", "a directory");
    }
    bytes_ = static_cast<std::uint64_t>(status.st_size);
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

// The first bytes are looked at before it is known who reads them.
class Peeked {
 public:
  explicit Peeked(std::unique_ptr<Input> input) : input_(std::move(input)) { head_end_ = input_->read(head_); }

  std::span<const std::byte> head() const { return std::span(head_).first(head_end_); }
  const Input& input() const { return *input_; }

  std::size_t read(std::span<std::byte> to) {
    const std::size_t from_head = std::min(to.size(), head_end_ - head_begin_);
    std::copy_n(head_.begin() + static_cast<std::ptrdiff_t>(head_begin_), from_head, to.begin());
    head_begin_ += from_head;
    return from_head + (from_head < to.size() ? input_->read(to.subspan(from_head)) : 0);
  }

  double progress() const {
    const std::uint64_t all = input_->bytes();
    return all == 0 ? 0 : std::min(1.0, static_cast<double>(input_->offset()) / static_cast<double>(all));
  }

 private:
  std::unique_ptr<Input> input_;
  std::array<std::byte, 512> head_{};  // as far as tar's magic
  std::size_t head_begin_ = 0;
  std::size_t head_end_ = 0;
};

class Plain : public ByteSource {
 public:
  explicit Plain(Peeked input) : input_(std::move(input)) {}
  std::size_t read(std::span<std::byte> to) override { return input_.read(to); }
  double progress() const override { return input_.progress(); }

 private:
  Peeked input_;
};

// What the decompressors share: a buffer of compressed bytes, the end, and the watch for bombs.
class Decompressor : public ByteSource {
 public:
  explicit Decompressor(Peeked input) : input_(std::move(input)), buffer_(input_bytes) {}

  std::size_t read(std::span<std::byte> to) final {
    std::size_t got = 0;
    while (got < to.size() && !ended_) {
      if (begin_ == end_ && !drained_) refill();
      const std::size_t before = got;
      const std::size_t consumed_before = begin_;
      got += inflate(to.subspan(got));
      if (got == before && begin_ == consumed_before && begin_ == end_ && drained_ && !ended_)
        input_.input().fail("the compressed data's end", "the file's end");
      produced_ += got - before;
      if (produced_ > bomb_bytes_min && produced_ / bomb_ratio > input_.input().offset())
        input_.input().fail(fmt::format("data that inflates at most {} times", bomb_ratio),
                            fmt::format("{} bytes and more to come", produced_));
    }
    return got;
  }
  double progress() const final { return input_.progress(); }

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
    input_.input().fail(fmt::format("intact {} data", format), found);
  }

 private:
  void refill() {
    begin_ = 0;
    end_ = input_.read(buffer_);
    drained_ = end_ < buffer_.size();
  }

  Peeked input_;
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t produced_ = 0;
  bool drained_ = false;
  bool ended_ = false;
};

class Zstd : public Decompressor {
 public:
  explicit Zstd(Peeked input) : Decompressor(std::move(input)), stream_(ZSTD_createDStream()) {
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
  explicit Gzip(Peeked input) : Decompressor(std::move(input)) {
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
  explicit Xz(Peeked input) : Decompressor(std::move(input)) {
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
  explicit Bzip2(Peeked input) : Decompressor(std::move(input)) { begin(); }
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

bool begins_with(std::span<const std::byte> head, std::initializer_list<unsigned> magic) {
  return head.size() >= magic.size() && std::equal(magic.begin(), magic.end(), head.begin(), [](unsigned a, std::byte b) {
           return a == std::to_integer<unsigned>(b);
         });
}

// Several files in one: which of them is meant is not ours to guess.
void refuse_archives(const std::string& name, std::span<const std::byte> head) {
  constexpr std::size_t tar_magic_at = 257;  // POSIX ustar and GNU tar alike
  const bool tar = head.size() > tar_magic_at && begins_with(head.subspan(tar_magic_at), {'u', 's', 't', 'a', 'r'});
  const bool zip = begins_with(head, {'P', 'K', 3, 4});
  if (tar || zip) throw InputError(name, "", "one file, unpacked", tar ? "a tar archive" : "a zip archive");
}

std::unique_ptr<ByteSource> open_input(std::unique_ptr<Input> input) {
  Peeked peeked(std::move(input));
  const auto head = peeked.head();
  if (begins_with(head, {0x28, 0xb5, 0x2f, 0xfd})) return std::make_unique<Zstd>(std::move(peeked));
  if (begins_with(head, {0x1f, 0x8b})) return std::make_unique<Gzip>(std::move(peeked));
  if (begins_with(head, {0xfd, '7', 'z', 'X', 'Z', 0})) return std::make_unique<Xz>(std::move(peeked));
  if (begins_with(head, {'B', 'Z', 'h'})) return std::make_unique<Bzip2>(std::move(peeked));
  refuse_archives(peeked.input().name(), head);
  return std::make_unique<Plain>(std::move(peeked));
}

}  // namespace

std::unique_ptr<ByteSource> open_bytes(const std::filesystem::path& path) {
  return open_input(std::make_unique<FileInput>(path));
}

std::unique_ptr<ByteSource> open_bytes(std::span<const std::byte> bytes, std::string name) {
  return open_input(std::make_unique<MemoryInput>(bytes, std::move(name)));
}

}  // namespace headway
