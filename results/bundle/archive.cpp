// See archive.h. The one file that knows libarchive.
#include "results/bundle/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <zstd.h>

#include <cerrno>
#include <fstream>
#include <stdexcept>

#include "core/base/error.h"
#include "core/base/input_file.h"
#include "core/base/sha256.h"
#include "core/base/whole_file.h"

namespace headway {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece_bytes = 1 << 18;
constexpr int compression_level = 9;

// The skippable frame at the end: magic number and length, both little-endian, then the text.
constexpr std::string_view seal_begin("\x5e\x2a\x4d\x18\x4f\x00\x00\x00headway sha256 ", 8 + 15);
constexpr std::size_t seal_bytes = seal_begin.size() + 64;

// Frames of zstd into a file.
class Frames {
 public:
  explicit Frames(OutputFile& file) : file_(file), context_(ZSTD_createCCtx()), out_(ZSTD_CStreamOutSize(), '\0') {
    if (!context_) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, compression_level);
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
  }

  void add(std::string_view bytes) { compress(bytes, ZSTD_e_continue); }
  void end_frame() { compress({}, ZSTD_e_end); }

 private:
  void compress(std::string_view bytes, ZSTD_EndDirective directive) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (std::size_t left = 1; left != 0;) {
      ZSTD_outBuffer out{out_.data(), out_.size(), 0};
      left = ZSTD_compressStream2(context_.get(), &out, &in, directive);
      if (ZSTD_isError(left) != 0) throw std::runtime_error(ZSTD_getErrorName(left));
      file_.write({out_.data(), out.pos});
      if (directive == ZSTD_e_continue && in.pos == in.size) break;
    }
  }

  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  OutputFile& file_;
  std::unique_ptr<ZSTD_CCtx, Free> context_;
  std::string out_;
};

// Bytes out of frames, never of two in one piece: what is wrong with a frame is found with the member that it holds.
class Unframed {
 public:
  explicit Unframed(const fs::path& file)
      : file_(file, std::ios::binary), context_(ZSTD_createDCtx()), in_(piece_bytes, '\0'), out_(piece_bytes, '\0') {
    if (!context_) throw std::bad_alloc();
  }

  // The next piece; empty at the end. Throws std::runtime_error.
  std::string_view next() {
    ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    while (out.pos < out.size && (out.pos == 0 || within_)) {
      if (read_.pos == read_.size && !refill()) {
        if (within_) throw std::runtime_error("it ends within a frame");
        break;
      }
      const std::size_t left = ZSTD_decompressStream(context_.get(), &out, &read_);
      if (ZSTD_isError(left) != 0) throw std::runtime_error(ZSTD_getErrorName(left));
      within_ = left != 0;
    }
    return {out_.data(), out.pos};
  }

 private:
  bool refill() {
    file_.read(in_.data(), static_cast<std::streamsize>(in_.size()));
    read_ = {in_.data(), static_cast<std::size_t>(file_.gcount()), 0};
    return read_.size > 0;
  }

  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::ifstream file_;
  std::unique_ptr<ZSTD_DCtx, Free> context_;
  std::string in_, out_;
  ZSTD_inBuffer read_{nullptr, 0, 0};
  bool within_ = false;  // a frame has begun and not ended
};

struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

// The tar archive, handed on as it is made.
class Tar {
 public:
  explicit Tar(Frames& frames) : archive_(archive_write_new()), sink_{frames, {}} {
    if (!archive_) throw std::bad_alloc();
    archive_write_set_format_pax_restricted(archive_.get());
    archive_write_set_bytes_per_block(archive_.get(), 0);  // as it comes: a frame ends where a member does
    hold(archive_write_open(archive_.get(), &sink_, nullptr, take, nullptr));
  }

  void add(const ArchiveMember& member) {
    const std::uint64_t bytes = fs::file_size(member.file);
    const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), member.name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_mtime(entry.get(), 0, 0);
    hold(archive_write_header(archive_.get(), entry.get()));
    std::ifstream in(member.file, std::ios::binary);
    std::string piece(piece_bytes, '\0');
    std::uint64_t written = 0;
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
      const auto got = static_cast<std::size_t>(in.gcount());
      written += got;
      if (written > bytes) break;
      if (archive_write_data(archive_.get(), piece.data(), got) < 0) hold(ARCHIVE_FATAL);
    }
    if (written != bytes) throw InputError(member.file.string(), "", "a file that stays as it is", "one that changes");
    hold(archive_write_finish_entry(archive_.get()));
    sink_.frames.end_frame();
  }

  void end() {
    hold(archive_write_close(archive_.get()));
    sink_.frames.end_frame();
  }

 private:
  struct Sink {
    Frames& frames;
    std::exception_ptr failure;  // which C code must not see
  };

  static la_ssize_t take(archive* /*archive*/, void* target, const void* bytes, std::size_t size) {
    auto& sink = *static_cast<Sink*>(target);
    try {
      sink.frames.add({static_cast<const char*>(bytes), size});
      return static_cast<la_ssize_t>(size);
    } catch (...) {
      sink.failure = std::current_exception();
      return -1;
    }
  }

  void hold(int code) const {
    if (sink_.failure) std::rethrow_exception(sink_.failure);
    if (code < ARCHIVE_WARN) throw std::runtime_error(archive_error_string(archive_.get()));
  }

  struct Free {
    void operator()(archive* made) const { archive_write_free(made); }
  };
  std::unique_ptr<archive, Free> archive_;
  Sink sink_;
};

// Whether the digest at the end is that of all bytes before.
bool is_intact(const fs::path& file) {
  const std::uint64_t bytes = fs::file_size(file);
  if (bytes < seal_bytes) return false;
  std::ifstream in(file, std::ios::binary);
  std::string seal(seal_bytes, '\0');
  in.seekg(static_cast<std::streamoff>(bytes - seal_bytes));
  in.read(seal.data(), static_cast<std::streamsize>(seal.size()));
  return in && seal.starts_with(seal_begin) &&
         seal.substr(seal_begin.size()) == sha256_of_file(file, bytes - seal_bytes);
}

std::string first_bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes(512, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

}  // namespace

void write_archive(const fs::path& out, const std::vector<ArchiveMember>& members) {
  write_whole(out, [&](const fs::path& part) {
    {
      OutputFile file(part, out);
      Frames frames(file);
      Tar tar(frames);
      for (const auto& member : members) tar.add(member);
      tar.end();
      file.close();
    }
    const std::string seal = std::string(seal_begin) + sha256_of_file(part);
    std::ofstream file(part, std::ios::binary | std::ios::app);
    if (!file.write(seal.data(), static_cast<std::streamsize>(seal.size())).flush())
      throw std::system_error(std::make_error_code(std::errc::no_space_on_device), out.string());
  });
}

struct ArchiveReader::State {
  explicit State(const fs::path& file) : bytes(file) {}

  static la_ssize_t give(archive* tar, void* source, const void** bytes) {
    try {
      const std::string_view piece = static_cast<Unframed*>(source)->next();
      *bytes = piece.data();
      return static_cast<la_ssize_t>(piece.size());
    } catch (const std::exception& error) {
      archive_set_error(tar, EIO, "%s", error.what());
      return ARCHIVE_FATAL;
    }
  }

  struct Free {
    void operator()(archive* read) const { archive_read_free(read); }
  };
  Unframed bytes;
  std::unique_ptr<archive, Free> tar{archive_read_new()};
  archive_entry* entry = nullptr;
};

ArchiveReader::ArchiveReader(const fs::path& file) : file_(file.string()) {
  constexpr std::string_view expected = "a bundle (`headway bundle` writes them)", zstd("\x28\xb5\x2f\xfd", 4);
  if (const auto why = why_unreadable(file); !why.empty()) throw InputError(file_, "", expected, why);
  if (!fs::is_regular_file(file)) throw InputError(file_, "", expected, "a pipe or a device");
  if (const std::string begin = first_bytes(file); !begin.starts_with(zstd)) {
    const std::string what = begin.empty() ? "an empty file" : not_text(begin);
    throw InputError(file_, "", expected, what.empty() ? "text" : what);
  }
  intact_ = is_intact(file);
  state_ = std::make_unique<State>(file);
  if (!state_->tar) throw std::bad_alloc();
  archive_read_support_format_tar(state_->tar.get());
  member_ = "its beginning";
  if (archive_read_open(state_->tar.get(), &state_->bytes, nullptr, State::give, nullptr) != ARCHIVE_OK)
    fail(archive_error_string(state_->tar.get()));
}

ArchiveReader::~ArchiveReader() = default;

void ArchiveReader::fail(std::string_view found) const {
  throw InputError(file_, member_, "what `headway bundle` wrote", found);
}

std::optional<ArchiveReader::Entry> ArchiveReader::next(std::string_view expected) {
  member_ = expected;
  const int code = archive_read_next_header(state_->tar.get(), &state_->entry);
  if (code == ARCHIVE_EOF) return std::nullopt;
  if (code != ARCHIVE_OK) fail(fmt::format("changed or missing bytes ({})", archive_error_string(state_->tar.get())));
  const char* const name = archive_entry_pathname(state_->entry);
  if (name == nullptr) fail("a name that is no text");
  if (archive_entry_filetype(state_->entry) != AE_IFREG || archive_entry_hardlink(state_->entry) != nullptr ||
      archive_entry_size_is_set(state_->entry) == 0)
    fail(fmt::format("\"{}\", which is no regular file", name));
  return Entry{name, static_cast<std::uint64_t>(archive_entry_size(state_->entry))};
}

void ArchiveReader::read(const std::function<void(std::string_view)>& take) {
  std::string piece(piece_bytes, '\0');
  while (true) {
    const la_ssize_t got = archive_read_data(state_->tar.get(), piece.data(), piece.size());
    if (got < 0) fail(fmt::format("changed or missing bytes ({})", archive_error_string(state_->tar.get())));
    if (got == 0) return;
    take(std::string_view(piece).substr(0, static_cast<std::size_t>(got)));
  }
}

}  // namespace headway
