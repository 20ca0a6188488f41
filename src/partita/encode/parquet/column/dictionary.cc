#include "partita/encode/parquet/column/dictionary.h"

namespace partita {

// The table is used up to its mask only, so that small files after a large one stay in a
// small, warm part of it. Growth and Clear() start a new epoch, which empties all slots.

void NumberDictionary::NextEpoch() {
  ++epoch_;
  if (epoch_ == 0) {  // old marks would count again
    slots_.assign(slots_.size(), Slot{});
    epoch_ = 1;
  }
}

void NumberDictionary::Clear() {
  values_.clear();
  mask_ = kLeastSlots - 1;
  NextEpoch();
}

void NumberDictionary::Insert(uint64_t value, uint32_t code) {
  size_t at = Place(value);
  while (slots_[at].epoch == epoch_) {
    at = (at + 1) & mask_;
  }
  slots_[at] = {.epoch = epoch_, .code = code};
}

uint32_t NumberDictionary::Add(uint64_t value) {
  const uint32_t code = size();
  values_.push_back(value);
  if (values_.size() * 2 > mask_ + 1) {
    Grow();
  } else {
    Insert(value, code);
  }
  return code;
}

void NumberDictionary::Grow() {
  mask_ = mask_ * 2 + 1;
  if (slots_.size() <= mask_) {
    slots_.resize(mask_ + 1);
  }
  NextEpoch();
  for (uint32_t code = 0; code < size(); ++code) {
    Insert(values_[code], code);
  }
}

void BytesDictionary::NextEpoch() {
  ++epoch_;
  if (epoch_ == 0) {
    slots_.assign(slots_.size(), Slot{});
    epoch_ = 1;
  }
}

void BytesDictionary::Clear() {
  entries_.clear();
  plain_.clear();
  mask_ = kLeastSlots - 1;
  NextEpoch();
}

void BytesDictionary::Insert(uint64_t hash, uint32_t code) {
  size_t at = hash & mask_;
  while (slots_[at].epoch == epoch_) {
    at = (at + 1) & mask_;
  }
  slots_[at] = {.hash = hash, .epoch = epoch_, .code = code};
}

uint32_t BytesDictionary::Add(std::string_view value, uint64_t hash) {
  const uint32_t code = size();
  const auto begin = static_cast<uint32_t>(plain_.size() + sizeof(uint32_t));
  AppendPlain(value, &plain_);
  entries_.push_back(
      {.begin = begin, .length = static_cast<uint32_t>(value.size()), .hash = hash});
  if (entries_.size() * 2 > mask_ + 1) {
    Grow();
  } else {
    Insert(hash, code);
  }
  return code;
}

void BytesDictionary::Grow() {
  mask_ = mask_ * 2 + 1;
  if (slots_.size() <= mask_) {
    slots_.resize(mask_ + 1);
  }
  NextEpoch();
  for (uint32_t code = 0; code < size(); ++code) {
    Insert(entries_[code].hash, code);
  }
}

}  // namespace partita
