#include "partita/encode/parquet/thrift.h"

namespace partita {
namespace {

constexpr uint8_t kTrue = 1;
constexpr uint8_t kFalse = 2;

// Small numbers of either sign get small codes.
uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}

}  // namespace

void ThriftWriter::Varint(uint64_t value) {
  if (value < 0x80) {  // most are
    out_->push_back(static_cast<char>(value));
    return;
  }
  std::array<char, 10> bytes{};
  size_t size = 0;
  while (value >= 0x80) {
    bytes[size++] = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  bytes[size++] = static_cast<char>(value);
  out_->append(bytes.data(), size);
}

void ThriftWriter::Header(int id, uint8_t type) {
  const int step = id - last_ids_[depth_];
  last_ids_[depth_] = id;
  if (step > 0 && step <= 15) {
    out_->push_back(static_cast<char>(step << 4 | type));
    return;
  }
  out_->push_back(static_cast<char>(type));
  Varint(ZigZag(id));
}

void ThriftWriter::Bool(int id, bool value) { Header(id, value ? kTrue : kFalse); }

void ThriftWriter::I8(int id, int8_t value) {
  constexpr uint8_t kI8Type = 3;
  Header(id, kI8Type);
  out_->push_back(static_cast<char>(value));
}

void ThriftWriter::I16(int id, int16_t value) {
  constexpr uint8_t kI16Type = 4;
  Header(id, kI16Type);
  Varint(ZigZag(value));
}

void ThriftWriter::I32(int id, int32_t value) {
  Header(id, static_cast<uint8_t>(ThriftType::kI32));
  Varint(ZigZag(value));
}

void ThriftWriter::I64(int id, int64_t value) {
  Header(id, static_cast<uint8_t>(ThriftType::kI64));
  Varint(ZigZag(value));
}

void ThriftWriter::Binary(int id, std::string_view value) {
  Header(id, static_cast<uint8_t>(ThriftType::kBinary));
  ElementBinary(value);
}

void ThriftWriter::BeginStruct(int id) {
  Header(id, static_cast<uint8_t>(ThriftType::kStruct));
  BeginElement();
}

void ThriftWriter::BeginList(int id, ThriftType element, size_t size) {
  constexpr uint8_t kListType = 9;
  constexpr size_t kShortList = 14;
  Header(id, kListType);
  const auto type = static_cast<size_t>(element);
  if (size <= kShortList) {
    out_->push_back(static_cast<char>(size << 4 | type));
    return;
  }
  out_->push_back(static_cast<char>(0xF0 | type));
  Varint(size);
}

void ThriftWriter::ElementBool(bool value) {
  out_->push_back(static_cast<char>(value ? kTrue : kFalse));
}

void ThriftWriter::ElementI32(int32_t value) { Varint(ZigZag(value)); }

void ThriftWriter::ElementI64(int64_t value) { Varint(ZigZag(value)); }

void ThriftWriter::ElementBinary(std::string_view value) {
  Varint(value.size());
  out_->append(value);
}

void ThriftWriter::BeginElement() { last_ids_[++depth_] = 0; }

void ThriftWriter::EndStruct() {
  out_->push_back('\0');
  --depth_;
}

void ThriftWriter::Raw(std::string_view fields, int last_id) {
  out_->append(fields);
  last_ids_[depth_] = last_id;
}

}  // namespace partita
