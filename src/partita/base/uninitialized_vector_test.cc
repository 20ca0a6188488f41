#include "partita/base/uninitialized_vector.h"

#include <cstdint>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using ::testing::ElementsAre;

TEST(UninitializedVectorTest, KeepsWhatWasWrittenWhereverItMoves) {
  UninitializedVector<uint32_t> numbers = {7, 8};
  numbers.resize(100'000);
  std::iota(numbers.begin() + 2, numbers.end(), 9U);
  numbers.push_back(100'007);
  for (uint32_t i = 0; i < numbers.size(); ++i) {
    ASSERT_EQ(numbers[i], i + 7);
  }
  numbers.resize(3);
  const UninitializedVector<uint32_t> copy = numbers;
  EXPECT_THAT(copy, ElementsAre(7, 8, 9));
}

}  // namespace
}  // namespace partita
