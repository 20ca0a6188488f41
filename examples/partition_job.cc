// The reference job as a C++ program. Build it against an installed Partita:
//   cmake -S examples -B build/example -DCMAKE_PREFIX_PATH=/where/it/is && cmake --build build/example
//   partita crawl Electric_Vehicle_Population_Data.csv --database glue_db && build/example/partition_job out
#include <iostream>
#include <string>

#include <arrow/result.h>
#include <arrow/status.h>
#include <partita/glue.h>

namespace {

arrow::Status Run(const std::string& out) {
  const partita::GlueContext glue;
  const partita::DataFrame cars =
      glue.CreateDynamicFrameFromCatalog("glue_db",
                                         "electric_vehicle_population_data_csv")
          .ToDF();
  ARROW_RETURN_NOT_OK(cars.PrintSchema());
  partita::DataFrameWriter writer = cars.Write();
  writer.PartitionBy({"Model Year", "Make"}).Mode("overwrite");
  partita::DataFrameWriter parquet = writer;
  partita::DataFrameWriter json = writer;
  partita::DataFrameWriter csv = writer;
  ARROW_ASSIGN_OR_RAISE(
      const partita::JobReport report,
      partita::WriteAll({parquet.Format("parquet").Path(out + "/parquet"),
                         json.Format("json").Path(out + "/json"),
                         csv.Format("csv").Option("header", "true").Path(out + "/csv")}));
  std::cout << ToText(report);
  return arrow::Status::OK();
}

}  // namespace

int main(int argc, char** argv) {
  const arrow::Status status = Run(argc > 1 ? argv[1] : "out");
  if (!status.ok()) {
    std::cerr << "partition_job: " << status.message() << "\n";
    return 1;
  }
  return 0;
}
