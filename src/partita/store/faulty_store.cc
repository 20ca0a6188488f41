#include "partita/store/faulty_store.h"

#include <utility>

#include <arrow/io/interfaces.h>

#include "partita/store/path.h"
#include "partita/store/store_facts.h"

namespace partita {
namespace {

class FaultyOutputFile : public arrow::io::OutputStream {
 public:
  FaultyOutputFile(FaultyStore* store, std::shared_ptr<arrow::io::OutputStream> file)
      : store_(store), file_(std::move(file)) {}

  using arrow::io::OutputStream::Write;

  arrow::Status Write(const void* data, int64_t bytes) override {
    Fault fault = Fault::kNone;
    return store_->Run(
        "write",
        [&] { return file_->Write(data, fault == Fault::kTruncate ? bytes / 2 : bytes); },
        &fault);
  }

  arrow::Status Flush() override {
    return store_->Run("flush", [&] { return file_->Flush(); });
  }

  arrow::Status Close() override {
    return store_->Run("close", [&] { return file_->Close(); });
  }

  arrow::Status Abort() override {
    return store_->Run("abort", [&] { return file_->Abort(); });
  }

  arrow::Result<int64_t> Tell() const override { return file_->Tell(); }

  bool closed() const override { return file_->closed(); }

 private:
  FaultyStore* store_;
  std::shared_ptr<arrow::io::OutputStream> file_;
};

class FaultyLock : public StoreLock {
 public:
  FaultyLock(FaultyStore* store, std::unique_ptr<StoreLock> lock)
      : store_(store), lock_(std::move(lock)) {}

  arrow::Status SetText(const std::string& text) override {
    return store_->Run("lock text", [&] { return lock_->SetText(text); });
  }

  arrow::Result<bool> IsHeld() override {
    return store_->Run("lock check", [&] { return lock_->IsHeld(); });
  }

  arrow::Status Remove() override {
    return store_->Run("unlock", [&] { return lock_->Remove(); });
  }

 private:
  FaultyStore* store_;
  std::unique_ptr<StoreLock> lock_;
};

}  // namespace

arrow::Result<EntryInfo> FaultyStore::Stat(const std::string& path) {
  return Run("stat", [&] { return store_->Stat(path); });
}

arrow::Result<std::vector<Entry>> FaultyStore::List(const std::string& folder) {
  return Run("list", [&] { return store_->List(folder); });
}

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> FaultyStore::OpenForReading(
    const std::string& path) {
  return Run("open", [&] { return store_->OpenForReading(path); });
}

arrow::Result<std::shared_ptr<arrow::io::OutputStream>> FaultyStore::Create(
    const std::string& path, const CreateOptions& options) {
  if (options.make_parents) {
    ARROW_RETURN_NOT_OK(MakeFolders(this, std::string(ParentPath(path))).status());
  }
  ARROW_ASSIGN_OR_RAISE(auto file,
                        Run("create", [&] { return store_->Create(path, options); }));
  return std::make_shared<FaultyOutputFile>(this, std::move(file));
}

arrow::Result<std::shared_ptr<arrow::io::OutputStream>> FaultyStore::CreateWhole(
    const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(auto file,
                        Run("create whole", [&] { return store_->CreateWhole(path); }));
  return std::make_shared<FaultyOutputFile>(this, std::move(file));
}

arrow::Status FaultyStore::RemoveFile(const std::string& path) {
  return Run("remove file", [&] { return store_->RemoveFile(path); });
}

arrow::Status FaultyStore::MakeFolder(const std::string& path) {
  return Run("make folder", [&] { return store_->MakeFolder(path); });
}

arrow::Status FaultyStore::Rename(const std::string& from, const std::string& to) {
  return Run("rename", [&] { return store_->Rename(from, to); });
}

arrow::Status FaultyStore::ReplaceFile(const std::string& from, const std::string& to) {
  return Run("replace file", [&] { return store_->ReplaceFile(from, to); });
}

arrow::Status FaultyStore::Exchange(const std::string& a, const std::string& b) {
  return Run("exchange", [&] { return store_->Exchange(a, b); });
}

arrow::Result<bool> FaultyStore::CanExchange(const std::string& folder) {
  return Run("can exchange", [&] { return store_->CanExchange(folder); });
}

arrow::Result<bool> FaultyStore::CanWrite(const std::string& folder) {
  return Run("can write", [&] { return store_->CanWrite(folder); });
}

arrow::Status FaultyStore::CopyRights(const std::string& from, const std::string& to) {
  return Run("copy rights", [&] { return store_->CopyRights(from, to); });
}

arrow::Status FaultyStore::RemoveFolder(const std::string& path) {
  return Run("remove folder", [&] { return store_->RemoveFolder(path); });
}

arrow::Status FaultyStore::RemoveTree(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const EntryInfo info, Stat(path));
  if (info.kind != EntryKind::kFolder) {
    return RemoveFile(path);
  }
  ARROW_ASSIGN_OR_RAISE(const auto entries, List(path));
  for (const Entry& entry : entries) {
    ARROW_RETURN_NOT_OK(RemoveTree(JoinPath(path, entry.name)));
  }
  return RemoveFolder(path);
}

arrow::Status FaultyStore::SyncFile(const std::string& path) {
  return Run("sync file", [&] { return store_->SyncFile(path); });
}

arrow::Status FaultyStore::SyncFolder(const std::string& path) {
  return Run("sync folder", [&] { return store_->SyncFolder(path); });
}

arrow::Status FaultyStore::SyncFileSystem(const std::string& path) {
  return Run("sync file system", [&] { return store_->SyncFileSystem(path); });
}

arrow::Result<std::unique_ptr<StoreLock>> FaultyStore::TryLock(const std::string& path) {
  using LockResult = arrow::Result<std::unique_ptr<StoreLock>>;
  return Run("lock", [&]() -> LockResult {
    ARROW_ASSIGN_OR_RAISE(auto lock, store_->TryLock(path));
    if (lock == nullptr) {
      return nullptr;
    }
    return std::make_unique<FaultyLock>(this, std::move(lock));
  });
}

arrow::Result<FolderFacts> FaultyStore::Facts(const std::string& folder) {
  return Run("facts", [&] { return store_->Facts(folder); });
}

}  // namespace partita
