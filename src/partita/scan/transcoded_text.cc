#include "partita/scan/transcoded_text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

namespace partita {
namespace {

constexpr size_t kPieceBytes = size_t{64} << 10;

class TranscodedText : public TextStream {
 public:
  TranscodedText(std::unique_ptr<TextStream> text, std::string path,
                 TextEncoding encoding)
      : text_(std::move(text)), path_(std::move(path)), encoding_(encoding) {}

  arrow::Result<size_t> Read(size_t size, char* out) override {
    if (!decoder_) {
      ARROW_RETURN_NOT_OK(Begin());
    }
    while (given_ == utf8_.size() && !(is_at_end_ && raw_.empty())) {
      ARROW_RETURN_NOT_OK(Decode());
    }
    const size_t count = std::min(size, utf8_.size() - given_);
    std::memcpy(out, utf8_.data() + given_, count);
    given_ += count;
    return count;
  }

  int64_t file_position() const override { return text_->file_position(); }

  size_t likely_bytes() const override {
    return utf8_.size() - given_ + raw_.size() + text_->likely_bytes();
  }

 private:
  // Reads on until there is a piece, or all of the text.
  arrow::Status Load() {
    size_t have = raw_.size();
    raw_.resize(std::max(have, kPieceBytes));
    while (have < raw_.size() && !is_at_end_) {
      ARROW_ASSIGN_OR_RAISE(const size_t count,
                            text_->Read(raw_.size() - have, raw_.data() + have));
      have += count;
      is_at_end_ = count == 0;
    }
    raw_.resize(have);
    return arrow::Status::OK();
  }

  arrow::Status Begin() {
    ARROW_RETURN_NOT_OK(Load());
    ARROW_ASSIGN_OR_RAISE(const TextBegin begin, FindTextBegin(path_, raw_, encoding_));
    encoding_ = begin.encoding;
    position_ = begin.offset;
    raw_.erase(0, static_cast<size_t>(begin.offset));
    ARROW_ASSIGN_OR_RAISE(TextDecoder decoder, TextDecoder::Make(encoding_));
    decoder_.emplace(std::move(decoder));
    return arrow::Status::OK();
  }

  arrow::Status Decode() {
    ARROW_RETURN_NOT_OK(Load());
    utf8_.clear();
    given_ = 0;
    const size_t used = decoder_->Append(raw_, &utf8_);
    position_ += static_cast<int64_t>(used);
    raw_.erase(0, used);
    if (decoder_->has_fault()) {
      return NoCharacterError(path_, encoding_, position_);
    }
    return is_at_end_ && !raw_.empty() ? CutCharacterError(path_, encoding_, position_)
                                       : arrow::Status::OK();
  }

  std::unique_ptr<TextStream> text_;
  std::string path_;
  TextEncoding encoding_;
  std::optional<TextDecoder> decoder_;  // once it has begun
  std::string raw_;                     // what is not decoded yet
  int64_t position_ = 0;                // of that in the text
  std::string utf8_;
  size_t given_ = 0;  // bytes of it
  bool is_at_end_ = false;
};

}  // namespace

std::unique_ptr<TextStream> Transcoded(std::unique_ptr<TextStream> text, std::string path,
                                       TextEncoding encoding) {
  return std::make_unique<TranscodedText>(std::move(text), std::move(path), encoding);
}

}  // namespace partita
