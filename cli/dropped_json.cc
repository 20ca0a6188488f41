#include "cli/dropped_json.h"

#include <nlohmann/json.hpp>

namespace partita::cli {

std::string DroppedJson(std::string_view name) {
  const nlohmann::ordered_json json = {{"Dropped", name}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
         "\n";
}

}  // namespace partita::cli
