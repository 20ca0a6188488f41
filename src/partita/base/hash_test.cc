// Forced inlining of the streaming functions fails at -Og.
#ifndef NDEBUG
#define XXH_NO_INLINE_HINTS 1
#endif
#include "partita/base/hash.h"

#include <memory>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace partita {
namespace {

std::string RandomBytes(size_t size) {
  std::mt19937_64 random(size);
  std::string bytes(size, '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(random());
  }
  return bytes;
}

// Manifests keep these hashes: another machine or version must find the same. Of the letter p so many times, by the
// shared library of xxHash 0.8.1.
TEST(Hash64Test, IsXxh3) {
  EXPECT_EQ(Hash64(""), 0x2d06800538d394c2U);
  EXPECT_EQ(Hash64(std::string(240, 'p')), 0x350e6b2bb0ff3efaU);
  EXPECT_EQ(Hash64(std::string(241, 'p')), 0xd130aabf85c7df79U);
  EXPECT_EQ(Hash64(std::string(3000, 'p')), 0xb2c405da00d6fcb3U);
}

TEST(HashKernelsTest, AllGiveTheHashesOfThePlainOne) {
  const HashKernel& plain = HashKernels().back();
  for (size_t size = 0; size < 3000; size += size < 600 ? 1 : 97) {
    const std::string bytes = RandomBytes(size);
    const uint64_t expected = plain.hash(bytes.data(), size);
    EXPECT_EQ(Hash64(bytes), expected) << size;
    for (const HashKernel& kernel : HashKernels()) {
      EXPECT_EQ(kernel.hash(bytes.data(), size), expected) << size;
    }
  }
}

TEST(HashKernelsTest, AllMoveAStateOnAlike) {
  const std::string bytes = RandomBytes(9000);
  for (const HashKernel& first : HashKernels()) {
    for (const HashKernel& second : HashKernels()) {
      const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(
          XXH3_createState(), XXH3_freeState);
      XXH3_64bits_reset(state.get());
      first.update(state.get(), bytes.data(), 4321);
      second.update(state.get(), bytes.data() + 4321, bytes.size() - 4321);
      EXPECT_EQ(XXH3_64bits_digest(state.get()), Hash64(bytes));
    }
  }
}

TEST(StreamHash64Test, OfPiecesIsTheHashOfTheWhole) {
  const std::string bytes = RandomBytes(100'000);
  std::mt19937_64 random(1);
  for (const size_t most : {1UL, 100UL, 255UL, 256UL, 257UL, 5000UL, 100'000UL}) {
    StreamHash64 stream;
    size_t at = 0;
    while (at < bytes.size()) {
      const std::string piece = bytes.substr(at, 1 + random() % most);
      stream.Append(piece);
      at += piece.size();
      if (at % 64 == 0) {
        EXPECT_EQ(stream.value(), Hash64(bytes.substr(0, at))) << most << " " << at;
      }
    }
    EXPECT_EQ(stream.value(), Hash64(bytes)) << most;
  }
}

}  // namespace
}  // namespace partita
