#include "partita/store/write_route.h"

#include <chrono>
#include <optional>

#include <gtest/gtest.h>

namespace partita {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(WriteRouteTest, CachesOnlyWhileTheDeviceHasEnoughToDo) {
  WriteRoute route;
  EXPECT_FALSE(route.ShallCache());
  std::optional<WriteRoute::DirectWrite> first(&route);
  EXPECT_FALSE(route.ShallCache());
  std::optional<WriteRoute::DirectWrite> second(&route);
  EXPECT_TRUE(route.ShallCache());
  EXPECT_TRUE(route.ShallCache());
  first.reset();
  EXPECT_FALSE(route.ShallCache());
}

TEST(WriteRouteTest, ADearBlockSendsTheNextOnesToTheDevice) {
  WriteRoute route;
  const WriteRoute::DirectWrite first(&route);
  const WriteRoute::DirectWrite second(&route);
  route.TellCached(microseconds(200));
  EXPECT_TRUE(route.ShallCache());
  route.TellCached(milliseconds(2));
  for (int i = 0; i < 64; ++i) {
    EXPECT_FALSE(route.ShallCache()) << i;
  }
  EXPECT_TRUE(route.ShallCache());
}

}  // namespace
}  // namespace partita
