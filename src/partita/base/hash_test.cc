#include "partita/base/hash.h"

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

// Manifests keep these hashes: another machine or version must find the same. From the test vectors of xxHash.
TEST(Hash64Test, IsXxh3) { EXPECT_EQ(Hash64(""), 0x2d06800538d394c2U); }

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
