#include "partita/encode/parquet/thrift.h"

#include <cstdint>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using std::string_literals::operator""s;

template <typename Write>
std::string Written(Write write) {
  std::string bytes;
  ThriftWriter out(&bytes);
  out.BeginElement();
  write(&out);
  out.EndStruct();
  return bytes;
}

TEST(ThriftWriterTest, PutsTheStepToTheNextFieldBesideItsType) {
  EXPECT_EQ(Written([](ThriftWriter* out) {
              out->I32(1, 0);
              out->I32(3, 1);
              out->I64(4, -1);
            }),
            "\x15\x00\x25\x02\x16\x01\x00"s);
}

TEST(ThriftWriterTest, SpellsOutIdsThatAreFarAway) {
  EXPECT_EQ(Written([](ThriftWriter* out) { out->I32(16, 0); }), "\x05\x20\x00\x00"s);
  EXPECT_EQ(Written([](ThriftWriter* out) { out->I32(15, 0); }), "\xF5\x00\x00"s);
}

TEST(ThriftWriterTest, WritesNumbersOfAllLengths) {
  EXPECT_EQ(Written([](ThriftWriter* out) { out->I64(1, 64); }), "\x16\x80\x01\x00"s);
  EXPECT_EQ(Written([](ThriftWriter* out) {
              out->I64(1, std::numeric_limits<int64_t>::min());
            }),
            "\x16\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x00"s);
  EXPECT_EQ(Written([](ThriftWriter* out) {
              out->I32(1, std::numeric_limits<int32_t>::max());
            }),
            "\x15\xFE\xFF\xFF\xFF\x0F\x00"s);
  EXPECT_EQ(Written([](ThriftWriter* out) {
              out->I8(1, 16);
              out->I16(2, -2);
            }),
            "\x13\x10\x14\x03\x00"s);
}

TEST(ThriftWriterTest, KeepsBooleansInTheirType) {
  EXPECT_EQ(Written([](ThriftWriter* out) {
              out->Bool(1, true);
              out->Bool(2, false);
            }),
            "\x11\x12\x00"s);
}

TEST(ThriftWriterTest, CountsIdsAnewInAnInnerStruct) {
  EXPECT_EQ(Written([](ThriftWriter* out) {
              out->BeginStruct(2);
              out->Binary(1, "ab");
              out->EndStruct();
              out->I32(3, 0);
            }),
            "\x2C\x18\x02"
            "ab\x00\x15\x00\x00"s);
}

TEST(ThriftWriterTest, WritesShortAndLongLists) {
  EXPECT_EQ(Written([](ThriftWriter* out) {
              out->BeginList(1, ThriftType::kI32, 2);
              out->ElementI32(1);
              out->ElementI32(-1);
              out->BeginList(2, ThriftType::kBool, 1);
              out->ElementBool(false);
              out->BeginList(3, ThriftType::kI64, 15);
            }),
            "\x19\x25\x02\x01\x19\x11\x02\x19\xF6\x0F\x00"s);
}

TEST(ThriftWriterTest, GoesOnBehindFieldsWrittenBefore) {
  EXPECT_EQ(Written([](ThriftWriter* out) {
              out->Raw("\x15\x02", 1);
              out->I32(2, 2);
            }),
            "\x15\x02\x15\x04\x00"s);
}

}  // namespace
}  // namespace partita
