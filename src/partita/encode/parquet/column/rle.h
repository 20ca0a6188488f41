#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace partita {

/// \brief The bits that hold every number up to `largest`; 0 for 0.
int BitWidth(uint32_t largest);

/// \brief Appends numbers of `width` bits in Parquet's RLE / bit-packing hybrid.
///
/// Eight and more equal numbers become a run; the rest is packed in groups of eight.
/// Requires each number to fit `width`, which is at most 32.
/// Thread safety: pure.
void AppendRle(std::span<const uint32_t> values, int width, std::string* out);

/// \brief The same for definition levels of a flat column: 0 for NULL, 1 for a value.
void AppendRleLevels(std::span<const uint8_t> levels, std::string* out);

/// \brief Appends `count` levels that all are 1 (no NULLs).
void AppendRleOnes(uint32_t count, std::string* out);

}  // namespace partita
