#include "partita/job/doctor/doctor_job.h"

#include <utility>

#include "partita/base/error.h"
#include "partita/job/doctor/doctor_folders.h"
#include "partita/job/doctor/doctor_objects.h"
#include "partita/store/folder_store.h"
#include "partita/store/object_store.h"
#include "partita/store/path.h"

namespace partita {

arrow::Result<DoctorReport> RunDoctorJob(Store* store, const DoctorOptions& options) {
  DoctorReport report;
  ARROW_ASSIGN_OR_RAISE(report.path, AbsolutePath(options.path));
  ARROW_ASSIGN_OR_RAISE(Store * place, store->At(report.path));
  if (ObjectStore* objects = place->AsObjectStore(); objects != nullptr) {
    ARROW_ASSIGN_OR_RAISE(report.checks,
                          DiagnoseObjects(objects, report.path, options.stop));
    return report;
  }
  FolderStore* folders = place->AsFolderStore();
  if (folders == nullptr) {
    return Error(ErrorCode::kInvalidConfig, "this store cannot be written to: {}",
                 report.path);
  }
  ARROW_ASSIGN_OR_RAISE(report.checks,
                        DiagnoseFolders(folders, report.path, options.stop));
  return report;
}

}  // namespace partita
