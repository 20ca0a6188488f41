#include "partita/encode/parquet/column/rle.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

namespace partita {
namespace {

constexpr size_t kGroup = 8;
// So many groups at most, the length of a packed run stays one byte.
constexpr size_t kMostGroups = 63;

void AppendVarint(uint32_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

void AppendRun(uint32_t value, size_t count, int width, std::string* out) {
  AppendVarint(static_cast<uint32_t>(count << 1), out);
  for (int shift = 0; shift < width; shift += 8) {
    out->push_back(static_cast<char>(value >> shift));
  }
}

// Packs whole groups of eight numbers; the width is a constant, so that the shifts are
// too.
template <size_t kWidth, typename T>
void PackGroups(const T* in, size_t groups, char* out) {
  for (size_t g = 0; g < groups; ++g, in += kGroup) {
    uint64_t bits = 0;
    size_t held = 0;
    for (size_t i = 0; i < kGroup; ++i) {
      bits |= static_cast<uint64_t>(in[i]) << held;
      held += kWidth;
      if (held >= 32) {
        const auto word = static_cast<uint32_t>(bits);
        std::memcpy(out, &word, sizeof(word));
        out += sizeof(word);
        bits >>= 32;
        held -= 32;
      }
    }
    for (; held > 0; held -= 8, bits >>= 8) {
      *out++ = static_cast<char>(bits);
    }
  }
}

template <typename T>
using Packer = void (*)(const T* in, size_t groups, char* out);

template <typename T, size_t... kWidths>
constexpr std::array<Packer<T>, sizeof...(kWidths)> MakePackers(
    std::index_sequence<kWidths...> /*widths*/) {
  return {PackGroups<kWidths, T>...};
}

// One stream: tells runs from numbers to pack, and writes both.
template <typename T>
class HybridWriter {
 public:
  HybridWriter(std::span<const T> values, int width, Packer<T> pack, std::string* out)
      : values_(values), width_(width), pack_(pack), out_(out) {}

  void Write() {
    while (at_ < values_.size()) {
      const size_t run = RunLength();
      if (run >= kGroup || at_ + run == values_.size()) {
        AppendRun(values_[at_], run, width_, out_);
        at_ += run;
      } else {
        WritePacked();
      }
    }
  }

 private:
  size_t RunLength() const {
    size_t end = at_ + 1;
    while (end < values_.size() && values_[end] == values_[at_]) {
      ++end;
    }
    return end - at_;
  }

  // True if eight equal numbers start at `begin`.
  bool IsRun(size_t begin) const {
    const T first = values_[begin];
    for (size_t i = begin + 1; i < begin + kGroup; ++i) {
      if (values_[i] != first) {
        return false;
      }
    }
    return true;
  }

  void WritePacked() {
    size_t groups = 1;
    while (groups < kMostGroups && at_ + (groups + 1) * kGroup <= values_.size() &&
           !IsRun(at_ + groups * kGroup)) {
      ++groups;
    }
    const size_t left = values_.size() - at_;
    out_->push_back(static_cast<char>(groups << 1 | 1));
    const size_t begin = out_->size();
    out_->resize(begin + groups * static_cast<size_t>(width_));
    if (left < kGroup) {
      std::array<T, kGroup> padded{};
      std::copy_n(values_.begin() + static_cast<ptrdiff_t>(at_), left, padded.begin());
      pack_(padded.data(), 1, out_->data() + begin);
      at_ = values_.size();
      return;
    }
    pack_(&values_[at_], groups, out_->data() + begin);
    at_ += groups * kGroup;
  }

  std::span<const T> values_;
  int width_;
  Packer<T> pack_;
  std::string* out_;
  size_t at_ = 0;
};

}  // namespace

int BitWidth(uint32_t largest) { return static_cast<int>(std::bit_width(largest)); }

void AppendRle(std::span<const uint32_t> values, int width, std::string* out) {
  static constexpr auto kPackers = MakePackers<uint32_t>(std::make_index_sequence<33>{});
  HybridWriter<uint32_t>(values, width, kPackers[static_cast<size_t>(width)], out)
      .Write();
}

void AppendRleLevels(std::span<const uint8_t> levels, std::string* out) {
  HybridWriter<uint8_t>(levels, 1, PackGroups<1, uint8_t>, out).Write();
}

void AppendRleOnes(uint32_t count, std::string* out) { AppendRun(1, count, 1, out); }

}  // namespace partita
