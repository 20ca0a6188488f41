#include "partita/store/stream_copy.h"

#include <string>

#include <gtest/gtest.h>

namespace partita {
namespace {

TEST(StreamCopyTest, CopiesWhatMemcpyDoesAndNothingBesides) {
  constexpr size_t kMost = 10'000;
  std::string from;
  for (size_t i = 0; i < kMost + 100; ++i) {
    from += static_cast<char>('a' + i % 23);
  }
  for (const size_t size : {0, 1, 63, 64, 4095, 4096, 4097, 4160, 9'999, 10'000}) {
    for (const size_t to_begin : {0, 1, 15, 63, 64}) {
      for (const size_t from_begin : {0, 7, 64}) {
        std::string to(to_begin + size + 64, '.');
        std::string expected = to;
        expected.replace(to_begin, size, from, from_begin, size);
        StreamCopy(to.data() + to_begin, from.data() + from_begin, size);
        EXPECT_TRUE(to == expected) << size << " " << to_begin << " " << from_begin;
      }
    }
  }
}

}  // namespace
}  // namespace partita
