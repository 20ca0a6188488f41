#include "partita/scan/transcoded_file.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>

#include "partita/base/error.h"

namespace partita {
namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;
constexpr int64_t kMarkBytes = 2;

// A piece of the file whose characters are whole.
struct Block {
  int64_t raw_begin = 0;
  int64_t text_begin = 0;
};

class TranscodedFile : public arrow::io::RandomAccessFile {
 public:
  TranscodedFile(InputFile input, const TextBegin& begin)
      : input_(std::move(input)), begin_(begin) {}

  // Reads all of it.
  arrow::Status FindBlocks() {
    ARROW_ASSIGN_OR_RAISE(TextDecoder decoder, TextDecoder::Make(begin_.encoding));
    std::string raw;
    std::string text;
    int64_t at = begin_.offset;
    while (at < input_.size) {
      raw.resize(std::min(kBlockBytes, static_cast<size_t>(input_.size - at)));
      ARROW_RETURN_NOT_OK(ReadExactly(input_, at, raw.size(), raw.data()));
      text.clear();
      const auto size = static_cast<int64_t>(decoder.Append(raw, &text));
      const bool is_last = at + static_cast<int64_t>(raw.size()) == input_.size;
      const bool is_whole = size == static_cast<int64_t>(raw.size());
      if (decoder.has_fault() || (is_last && !is_whole)) {
        return decoder.has_fault()
                   ? NoCharacterError(input_.path, begin_.encoding, at + size)
                   : CutCharacterError(input_.path, begin_.encoding, at + size);
      }
      blocks_.push_back({.raw_begin = at, .text_begin = text_size_});
      text_size_ += static_cast<int64_t>(text.size());
      at += size;
    }
    return arrow::Status::OK();
  }

  arrow::Status Close() override {
    is_closed_ = true;
    return arrow::Status::OK();
  }

  bool closed() const override { return is_closed_; }

  arrow::Result<int64_t> Tell() const override { return position_; }

  arrow::Status Seek(int64_t position) override {
    position_ = position;
    return arrow::Status::OK();
  }

  arrow::Result<int64_t> GetSize() override { return text_size_; }

  arrow::Result<int64_t> Read(int64_t bytes, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const int64_t got, ReadAt(position_, bytes, out));
    position_ += got;
    return got;
  }

  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t bytes) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, bytes));
    position_ += buffer->size();
    return buffer;
  }

  arrow::Result<int64_t> ReadAt(int64_t position, int64_t bytes, void* out) override {
    const int64_t wanted = std::min(bytes, text_size_ - position);
    if (wanted <= 0) {
      return 0;
    }
    ARROW_ASSIGN_OR_RAISE(TextDecoder decoder, TextDecoder::Make(begin_.encoding));
    std::string text;
    int64_t have = 0;
    for (size_t i = BlockOf(position); have < wanted; ++i) {
      ARROW_RETURN_NOT_OK(ReadBlock(i, &decoder, &text));
      const int64_t skipped = position + have - blocks_[i].text_begin;
      const int64_t count =
          std::min(wanted - have, static_cast<int64_t>(text.size()) - skipped);
      std::memcpy(static_cast<char*>(out) + have, text.data() + skipped,
                  static_cast<size_t>(count));
      have += count;
    }
    return wanted;
  }

  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t position,
                                                       int64_t bytes) override {
    std::string text(static_cast<size_t>(std::max<int64_t>(bytes, 0)), '\0');
    ARROW_ASSIGN_OR_RAISE(const int64_t got, ReadAt(position, bytes, text.data()));
    text.resize(static_cast<size_t>(got));
    return arrow::Buffer::FromString(std::move(text));
  }

 private:
  size_t BlockOf(int64_t position) const {
    const auto next = std::upper_bound(
        blocks_.begin(), blocks_.end(), position,
        [](int64_t at, const Block& block) { return at < block.text_begin; });
    return static_cast<size_t>(next - blocks_.begin()) - 1;
  }

  arrow::Status ReadBlock(size_t i, TextDecoder* decoder, std::string* text) const {
    const bool is_last = i + 1 == blocks_.size();
    const int64_t raw_end = is_last ? input_.size : blocks_[i + 1].raw_begin;
    const int64_t text_end = is_last ? text_size_ : blocks_[i + 1].text_begin;
    std::string raw(static_cast<size_t>(raw_end - blocks_[i].raw_begin), '\0');
    ARROW_RETURN_NOT_OK(
        ReadExactly(input_, blocks_[i].raw_begin, raw.size(), raw.data()));
    text->clear();
    decoder->Append(raw, text);
    if (static_cast<int64_t>(text->size()) != text_end - blocks_[i].text_begin) {
      return Error(ErrorCode::kBadInput,
                   "file {} changed while it was read; run again when it is at rest",
                   input_.path);
    }
    return arrow::Status::OK();
  }

  InputFile input_;
  TextBegin begin_;
  std::vector<Block> blocks_;
  int64_t text_size_ = 0;
  int64_t position_ = 0;
  bool is_closed_ = false;
};

}  // namespace

arrow::Result<InputFile> AsUtf8(InputFile input, TextEncoding encoding) {
  if (encoding == TextEncoding::kUtf8) {
    return input;
  }
  std::string first(static_cast<size_t>(std::min(input.size, kMarkBytes)), '\0');
  ARROW_RETURN_NOT_OK(ReadExactly(input, 0, first.size(), first.data()));
  ARROW_ASSIGN_OR_RAISE(const TextBegin begin,
                        FindTextBegin(input.path, first, encoding));
  const auto file = std::make_shared<TranscodedFile>(input, begin);
  ARROW_RETURN_NOT_OK(file->FindBlocks());
  ARROW_ASSIGN_OR_RAISE(const int64_t size, file->GetSize());
  return InputFile{.path = input.path, .file = file, .size = size};
}

}  // namespace partita
