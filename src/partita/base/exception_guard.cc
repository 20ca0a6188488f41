#include "partita/base/exception_guard.h"

#include <exception>
#include <new>

#include "partita/base/error.h"

namespace partita {

arrow::Status StatusOfException() {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return Error(ErrorCode::kStoreUnavailable,
                 "out of memory; give the job a smaller --memory or fewer --threads");
  } catch (const std::exception& error) {
    return Error(ErrorCode::kInternal, "unexpected exception: {}", error.what());
  } catch (...) {
    return Error(ErrorCode::kInternal, "unexpected exception of an unknown type");
  }
}

}  // namespace partita
