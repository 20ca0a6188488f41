#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace partita {

/// \brief Element types of a list in Thrift's compact protocol.
enum class ThriftType : uint8_t {
  kBool = 1,
  kI32 = 5,
  kI64 = 6,
  kBinary = 8,
  kStruct = 12,
};

/// \brief Writes Thrift structs in the compact protocol, in which Parquet keeps its
/// metadata.
///
/// Shapes:        fields of a struct go in ascending order of their ids; every Begin… of
/// a struct has its EndStruct(), lists end by their count.
/// Ownership:     borrows the string it appends to.
/// Thread safety: one thread at a time.
/// Errors:        none.
class ThriftWriter {
 public:
  explicit ThriftWriter(std::string* out) : out_(out) {}

  void Bool(int id, bool value);
  void I8(int id, int8_t value);
  void I16(int id, int16_t value);
  void I32(int id, int32_t value);
  void I64(int id, int64_t value);
  void Binary(int id, std::string_view value);
  void BeginStruct(int id);
  void BeginList(int id, ThriftType element, size_t size);

  // Elements of the list begun last.
  void ElementBool(bool value);
  void ElementI32(int32_t value);
  void ElementI64(int64_t value);
  void ElementBinary(std::string_view value);

  /// A struct that is a list's element, or the outermost one.
  void BeginElement();
  void EndStruct();

  /// Appends fields that were written before, the last of them `last_id`.
  void Raw(std::string_view fields, int last_id);

 private:
  static constexpr size_t kMaxDepth = 12;

  void Header(int id, uint8_t type);
  void Varint(uint64_t value);

  std::string* out_;
  std::array<int, kMaxDepth> last_ids_{};
  size_t depth_ = 0;
};

}  // namespace partita
