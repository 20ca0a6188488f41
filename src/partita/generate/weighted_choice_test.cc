#include "partita/generate/weighted_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

TEST(WeightedChoiceTest, DrawsInProportionToTheWeights) {
  const std::vector<uint32_t> weights{1, 0, 1000, 5, 300, 5};
  const WeightedChoice choice(weights);
  std::vector<int> drawn(weights.size());
  constexpr int kDraws = 1'311'000;  // a thousand times the sum
  for (uint64_t i = 0; i < kDraws; ++i) {
    ++drawn[choice.Draw(MixBits(i))];
  }
  for (size_t i = 0; i < weights.size(); ++i) {
    EXPECT_NEAR(drawn[i], 1000.0 * weights[i], 30 + 20.0 * weights[i]) << i;
  }
}

TEST(WeightedChoiceTest, OneWeightIsAlwaysDrawn) {
  const WeightedChoice choice({7});
  EXPECT_EQ(choice.Draw(0), 0U);
  EXPECT_EQ(choice.Draw(~uint64_t{0}), 0U);
}

TEST(WeightedChoiceTest, DrawsTheSameOnEveryMachine) {
  const WeightedChoice choice({3, 1, 4, 1, 5});
  std::string drawn;
  for (uint64_t i = 0; i < 12; ++i) {
    drawn += static_cast<char>('0' + choice.Draw(MixBits(i)));
  }
  EXPECT_EQ(drawn, "220444442420");
}

}  // namespace
}  // namespace partita
