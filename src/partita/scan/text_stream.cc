#include "partita/scan/text_stream.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/util/compression.h>

#include "partita/base/error.h"
#include "partita/scan/compression.h"
#include "partita/scan/hadoop_snappy.h"
#include "partita/scan/transcoded_text.h"

namespace partita {
namespace {

using ::arrow::util::Codec;
using ::arrow::util::Decompressor;

// Enough to tell any compression by, and what a member says of itself.
constexpr size_t kMagicBytes = 18;
constexpr int64_t kLeastMaximum = int64_t{1} << 30;
constexpr int64_t kMostExpansion = 200;
constexpr size_t kUsualExpansion = 4;
constexpr size_t kLeastRead = 4096;

arrow::Result<std::unique_ptr<Codec>> MakeCodec(Compression compression) {
  arrow::util::GZipCodecOptions options;
  switch (compression) {
    case Compression::kBzip2:
      return Codec::Create(arrow::Compression::BZ2);
    case Compression::kZstd:
      return Codec::Create(arrow::Compression::ZSTD);
    case Compression::kDeflate:
      options.gzip_format = arrow::util::GZipFormat::ZLIB;
      break;
    default:
      options.gzip_format = arrow::util::GZipFormat::GZIP;
  }
  return Codec::Create(arrow::Compression::GZIP, options);
}

arrow::Result<std::shared_ptr<Decompressor>> MakeDecompressor(Compression compression) {
  if (compression == Compression::kSnappy) {
    return std::make_shared<HadoopSnappyDecompressor>();
  }
  ARROW_ASSIGN_OR_RAISE(const auto codec, MakeCodec(compression));
  return codec->MakeDecompressor();
}

// The bytes of a file in order.
class FileBytes {
 public:
  explicit FileBytes(InputFile file) : file_(std::move(file)) {}

  // Fewer bytes than `size` at the file's end only.
  arrow::Result<size_t> Read(size_t size, char* out) {
    const auto count =
        static_cast<size_t>(std::min(static_cast<int64_t>(size), file_.size - position_));
    if (count > 0) {
      ARROW_RETURN_NOT_OK(ReadExactly(file_, position_, count, out));
    }
    position_ += static_cast<int64_t>(count);
    return count;
  }

  const InputFile& file() const { return file_; }

  int64_t position() const { return position_; }

  size_t left() const { return static_cast<size_t>(file_.size - position_); }

  bool is_at_end() const { return position_ == file_.size; }

 private:
  InputFile file_;
  int64_t position_ = 0;
};

class PlainText : public TextStream {
 public:
  explicit PlainText(InputFile file) : bytes_(std::move(file)) {}

  arrow::Result<size_t> Read(size_t size, char* out) override {
    const bool is_first = bytes_.position() == 0;
    ARROW_ASSIGN_OR_RAISE(const size_t count, bytes_.Read(size, out));
    if (is_first) {
      const Compression found = CompressionOfBytes({out, std::min(count, kMagicBytes)});
      if (found != Compression::kNone) {
        return Error(
            ErrorCode::kBadInput,
            "file {} is {} by its first bytes, but not by its name; rename it, or "
            "unpack it",
            bytes_.file().path, CompressionName(found));
      }
    }
    return count;
  }

  int64_t file_position() const override { return bytes_.position(); }

  size_t likely_bytes() const override { return bytes_.left(); }

 private:
  FileBytes bytes_;
};

class UnpackedText : public TextStream {
 public:
  UnpackedText(InputFile file, size_t piece_bytes, Compression compression,
               std::shared_ptr<Decompressor> decompressor)
      : bytes_(std::move(file)),
        compression_(compression),
        decompressor_(std::move(decompressor)) {
    const InputFile& input = bytes_.file();
    piece_.resize(
        std::max(kMagicBytes, std::min(static_cast<size_t>(input.size), piece_bytes)));
    max_bytes_ = input.max_unpacked_bytes > 0 ? input.max_unpacked_bytes
                                              : DefaultMaxUnpackedBytes(input.size);
  }

  arrow::Result<size_t> Read(size_t size, char* out) override {
    size_t count = 0;
    while (count == 0) {
      if (!is_within_member_) {
        ARROW_ASSIGN_OR_RAISE(const bool is_there, BeginMember());
        if (!is_there) {
          return size_t{0};
        }
      }
      ARROW_ASSIGN_OR_RAISE(count, Unpack(size, out));
    }
    unpacked_ += static_cast<int64_t>(count);
    return unpacked_ <= max_bytes_ ? arrow::Result<size_t>(count) : TooMuch();
  }

  int64_t file_position() const override {
    return bytes_.position() - static_cast<int64_t>(end_ - begin_);
  }

  size_t likely_bytes() const override {
    return kUsualExpansion * (bytes_.left() + end_ - begin_);
  }

 private:
  // Moves what is left to the front and reads on.
  arrow::Status Load() {
    std::memmove(piece_.data(), piece_.data() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
    ARROW_ASSIGN_OR_RAISE(const size_t count,
                          bytes_.Read(piece_.size() - end_, piece_.data() + end_));
    end_ += count;
    return arrow::Status::OK();
  }

  // False at the end of the file.
  arrow::Result<bool> BeginMember() {
    if (end_ - begin_ < kMagicBytes && !bytes_.is_at_end()) {
      ARROW_RETURN_NOT_OK(Load());
    }
    if (begin_ == end_) {
      return false;
    }
    const std::string_view head(piece_.data() + begin_,
                                std::min(end_ - begin_, kMagicBytes));
    if (!MayBegin(head, compression_)) {
      return NoMember();
    }
    told_bytes_ = ToldTextBytes(head, compression_);
    member_bytes_ = 0;
    if (file_position() > 0) {
      ARROW_RETURN_NOT_OK(Classify(decompressor_->Reset(), ErrorCode::kStoreUnavailable));
    }
    is_within_member_ = true;
    return true;
  }

  // May give nothing and have gone on all the same.
  arrow::Result<size_t> Unpack(size_t size, char* out) {
    if (begin_ == end_) {
      ARROW_RETURN_NOT_OK(Load());
    }
    const auto step = decompressor_->Decompress(
        static_cast<int64_t>(end_ - begin_),
        reinterpret_cast<const uint8_t*>(piece_.data()) + begin_,
        static_cast<int64_t>(size), reinterpret_cast<uint8_t*>(out));
    if (!step.ok()) {
      return Error(
          ErrorCode::kBadInput,
          "file {} is damaged: its {} data cannot be unpacked at byte {} or before; "
          "get it anew ({})",
          path(), CompressionName(compression_), file_position(),
          step.status().message());
    }
    begin_ += static_cast<size_t>(step->bytes_read);
    is_within_member_ = !decompressor_->IsFinished();
    member_bytes_ += static_cast<uint64_t>(step->bytes_written);
    if (!is_within_member_ && member_bytes_ != told_bytes_.value_or(member_bytes_)) {
      return NotAsTold();  // libzstd itself does not look where a frame ends with an empty block
    }
    const bool is_stuck = step->bytes_read == 0 && step->bytes_written == 0;
    if (is_within_member_ && is_stuck) {
      if (begin_ == end_ && bytes_.is_at_end()) {
        return Error(
            ErrorCode::kBadInput,
            "file {} is cut off: its {} data go on behind its last byte, {}; get it "
            "anew",
            path(), CompressionName(compression_), bytes_.file().size);
      }
      ARROW_RETURN_NOT_OK(LoadWhereStuck());
    }
    return static_cast<size_t>(step->bytes_written);
  }

  // A decompressor that takes nothing of what is there needs more of it.
  arrow::Status LoadWhereStuck() {
    const size_t before = end_ - begin_;
    ARROW_RETURN_NOT_OK(Load());
    return end_ - begin_ > before
               ? arrow::Status::OK()
               : Error(ErrorCode::kBadInput,
                       "file {} is damaged: its {} data do not go on at byte {}; get it "
                       "anew",
                       path(), CompressionName(compression_), file_position());
  }

  arrow::Status NotAsTold() const {
    return Error(
        ErrorCode::kBadInput,
        "file {} is damaged: its {} data before byte {} unpack to {} bytes where "
        "they say {}; get it anew",
        path(), CompressionName(compression_), file_position(), member_bytes_,
        *told_bytes_);
  }

  arrow::Status NoMember() const {
    const std::string_view name = CompressionName(compression_);
    if (file_position() == 0) {
      return Error(
          ErrorCode::kBadInput,
          "file {} is not {} from its first byte on, as its name says; name it by "
          "what it is",
          path(), name);
    }
    return Error(
        ErrorCode::kBadInput,
        "file {}: from byte {} on, behind its {} data, stands something else; cut it "
        "off, or get the file anew",
        path(), file_position(), name);
  }

  arrow::Status TooMuch() const {
    return Error(
        ErrorCode::kBadInput,
        "file {}: its first {} of {} bytes unpack to more than {} bytes, as no honest "
        "file would; if this one does, allow it with the read option "
        "maxUnpackedBytes",
        path(), file_position(), bytes_.file().size, max_bytes_);
  }

  const std::string& path() const { return bytes_.file().path; }

  FileBytes bytes_;
  Compression compression_;
  std::shared_ptr<Decompressor> decompressor_;
  std::vector<char> piece_;
  size_t begin_ = 0;  // of what is not unpacked yet
  size_t end_ = 0;
  bool is_within_member_ = false;
  uint64_t member_bytes_ = 0;           // unpacked of the member
  std::optional<uint64_t> told_bytes_;  // that it says it has
  int64_t unpacked_ = 0;
  int64_t max_bytes_ = 0;
};

// The text as its bytes are.
arrow::Result<std::unique_ptr<TextStream>> OpenBytes(InputFile file, size_t piece_bytes) {
  const Compression compression = CompressionOfName(file.path);
  if (compression == Compression::kNone) {
    return std::make_unique<PlainText>(std::move(file));
  }
  ARROW_ASSIGN_OR_RAISE(auto decompressor, MakeDecompressor(compression));
  return std::make_unique<UnpackedText>(std::move(file), piece_bytes, compression,
                                        std::move(decompressor));
}

}  // namespace

int64_t DefaultMaxUnpackedBytes(int64_t file_bytes) {
  return std::max(kLeastMaximum, kMostExpansion * file_bytes);
}

arrow::Result<std::unique_ptr<TextStream>> TextStream::Open(InputFile file,
                                                            TextEncoding encoding,
                                                            size_t piece_bytes) {
  std::string path = file.path;
  ARROW_ASSIGN_OR_RAISE(auto bytes, OpenBytes(std::move(file), piece_bytes));
  return encoding == TextEncoding::kUtf8
             ? std::move(bytes)
             : Transcoded(std::move(bytes), std::move(path), encoding);
}

arrow::Status AppendText(TextStream* text, size_t size, std::string* out) {
  const size_t most = out->size() + size;
  size_t have = out->size();
  bool is_at_end = false;
  while (have < most && !is_at_end) {
    if (have == out->size()) {  // a byte more tells that there is none
      const size_t likely = std::max({text->likely_bytes() + 1, kLeastRead, have});
      out->resize(have + std::min(most - have, likely));
    }
    ARROW_ASSIGN_OR_RAISE(const size_t count,
                          text->Read(out->size() - have, out->data() + have));
    have += count;
    is_at_end = count == 0;
  }
  out->resize(have);
  return arrow::Status::OK();
}

int64_t FileHead::FileBytesOf(size_t size) const {
  return text.empty() ? 0
                      : static_cast<int64_t>(size) * file_bytes /
                            static_cast<int64_t>(text.size());
}

arrow::Result<FileHead> ReadFileHead(InputFile file, size_t size, TextEncoding encoding) {
  ARROW_ASSIGN_OR_RAISE(const auto text, TextStream::Open(std::move(file), encoding));
  FileHead head;
  ARROW_RETURN_NOT_OK(AppendText(text.get(), size + 1, &head.text));
  head.is_whole = head.text.size() <= size;
  head.file_bytes = text->file_position() - (head.is_whole ? 0 : 1);
  head.text.resize(std::min(head.text.size(), size));
  return head;
}

}  // namespace partita
