#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "partita/encode/parquet/column/words.h"

namespace partita {

/// \brief Gives each distinct number of a column chunk a code, in order of first sight.
///
/// Ownership:     owns its table, which Clear() empties without touching it.
/// Thread safety: one thread at a time.
/// Cost:          8 bytes a slot, two to four slots a number, and 8 bytes a number.
class NumberDictionary {
 public:
  NumberDictionary() : slots_(kLeastSlots) {}

  /// The number's code, if it has one.
  std::optional<uint32_t> Find(uint64_t value) const {
    for (size_t at = Place(value); slots_[at].epoch == epoch_; at = (at + 1) & mask_) {
      if (values_[slots_[at].code] == value) {
        return slots_[at].code;
      }
    }
    return std::nullopt;
  }

  /// Asks the memory for what Find() will look at first.
  void Prefetch(uint64_t value) const { __builtin_prefetch(&slots_[Place(value)]); }

  /// Adds a number that Find() does not know and gives its code.
  uint32_t Add(uint64_t value);

  uint32_t size() const { return static_cast<uint32_t>(values_.size()); }

  const std::vector<uint64_t>& values() const { return values_; }

  int64_t memory_bytes() const {
    return static_cast<int64_t>((mask_ + 1) * sizeof(Slot) +
                                values_.size() * sizeof(uint64_t));
  }

  void Clear();

 private:
  static constexpr size_t kLeastSlots = 256;

  struct Slot {
    uint32_t epoch = 0;  // the slot is taken if this is the table's epoch
    uint32_t code = 0;
  };

  size_t Place(uint64_t value) const {
    // The product's upper half depends on all bits of the number.
    const uint64_t mixed = value * 0x9E3779B97F4A7C15U;
    return (mixed ^ (mixed >> 32)) & mask_;
  }

  void Insert(uint64_t value, uint32_t code);
  void Grow();
  void NextEpoch();

  std::vector<Slot> slots_;
  std::vector<uint64_t> values_;
  size_t mask_ = kLeastSlots - 1;
  uint32_t epoch_ = 1;
};

/// \brief Gives each distinct byte string of a column chunk a code, in order of first
/// sight.
///
/// Ownership:     owns copies of the strings, in the form of a Parquet dictionary page.
/// Thread safety: one thread at a time.
/// Cost:          16 bytes a slot, two to four slots a string, and the strings.
class BytesDictionary {
 public:
  BytesDictionary() : slots_(kLeastSlots) {}

  /// The string's code, if it has one.
  std::optional<uint32_t> Find(std::string_view value, uint64_t hash) const;

  /// Adds a string that Find() does not know and gives its code.
  uint32_t Add(std::string_view value, uint64_t hash);

  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }

  std::string_view value(uint32_t code) const {
    const Entry& entry = entries_[code];
    return {plain_.data() + entry.begin, entry.length};
  }

  /// All strings, each after its length in four bytes.
  const std::string& plain() const { return plain_; }

  int64_t memory_bytes() const {
    return static_cast<int64_t>((mask_ + 1) * sizeof(Slot) +
                                entries_.size() * sizeof(Entry) + plain_.size());
  }

  void Clear();

 private:
  static constexpr size_t kLeastSlots = 256;

  struct Slot {
    uint64_t hash = 0;
    uint32_t epoch = 0;  // the slot is taken if this is the table's epoch
    uint32_t code = 0;
  };

  struct Entry {
    uint32_t begin = 0;
    uint32_t length = 0;
    uint64_t hash = 0;
  };

  void Insert(uint64_t hash, uint32_t code);
  void Grow();
  void NextEpoch();

  std::vector<Slot> slots_;
  std::vector<Entry> entries_;
  std::string plain_;
  size_t mask_ = kLeastSlots - 1;
  uint32_t epoch_ = 1;
};

inline std::optional<uint32_t> BytesDictionary::Find(std::string_view value,
                                                     uint64_t hash) const {
  for (size_t at = hash & mask_; slots_[at].epoch == epoch_; at = (at + 1) & mask_) {
    if (slots_[at].hash == hash && SameBytes(this->value(slots_[at].code), value)) {
      return slots_[at].code;
    }
  }
  return std::nullopt;
}

/// \brief Appends a string in Parquet's PLAIN encoding: its length in four bytes, little
/// end first, and its bytes.
inline void AppendPlain(std::string_view value, std::string* out) {
  const auto length = static_cast<uint32_t>(value.size());
  // Parquet is little-endian, and so are the machines this builds for.
  const size_t begin = out->size();
  out->resize(begin + sizeof(length) + value.size());
  __builtin_memcpy(out->data() + begin, &length, sizeof(length));
  if (!value.empty()) {
    __builtin_memcpy(out->data() + begin + sizeof(length), value.data(), value.size());
  }
}

}  // namespace partita
