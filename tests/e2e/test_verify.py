"""verify finds what is wrong with a data set, and nothing where it is whole."""
import json
import shutil

import pyarrow as pa
import pyarrow.parquet
import pytest


@pytest.fixture(scope="module")
def made(shared_partita):
    shared_partita.ok("generate", "--rows", 3000, "cars.csv")
    shared_partita.ok(
        "write", "cars.csv", "--partition-by", "Model Year", "--partition-by", "Make",
        "--output", "parquet=parquet", "--output", "csv=csv", "--output", "json=json",
    )  # fmt: skip
    return shared_partita


@pytest.fixture(params=["parquet", "csv", "json"])
def dataset(request, made, partita):
    """A data set and its state in the test's own folder."""
    for name in (request.param, f".{request.param}.partita"):
        shutil.copytree(made.folder / name, partita.folder / name)
    return partita.folder / request.param


def data_files(dataset):
    return sorted(path for path in dataset.rglob("part-*") if path.is_file())


def problems(partita, dataset, *options):
    outcome = partita("verify", dataset, "--json", *options)
    report = json.loads(outcome.stdout)
    assert outcome.code == (0 if report["is_whole"] else 3), outcome.stderr
    assert report["is_whole"] == (not report["problems"])
    return [(problem["kind"], problem["path"]) for problem in report["problems"]]


def test_a_whole_data_set_has_no_problems(partita, dataset):
    report = json.loads(partita.ok("verify", dataset, "--json"))
    assert report["has_record"] and report["generation"] == 1
    assert report["rows"] == 3000 and report["files"] == len(data_files(dataset))
    assert problems(partita, dataset, "--fast") == []
    assert partita.ok("verify", dataset).startswith("whole: ")


def test_a_removed_file_is_missing(partita, dataset):
    file = data_files(dataset)[3]
    file.unlink()
    wanted = [("missing", str(file.relative_to(dataset)))]
    assert problems(partita, dataset) == wanted
    assert problems(partita, dataset, "--fast") == wanted


def test_a_flipped_byte_is_damage(partita, dataset):
    file = data_files(dataset)[5]
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert problems(partita, dataset) == [("damaged", str(file.relative_to(dataset)))]


def test_a_truncated_file_is_damage(partita, dataset):
    file = data_files(dataset)[0]
    file.write_bytes(file.read_bytes()[:-1])
    wanted = [("damaged", str(file.relative_to(dataset)))]
    assert problems(partita, dataset) == wanted
    assert problems(partita, dataset, "--fast") == wanted


def test_an_added_file_is_foreign(partita, dataset):
    added = data_files(dataset)[0].with_name("part-added")
    added.write_bytes(b"x")
    assert problems(partita, dataset) == [("foreign", str(added.relative_to(dataset)))]


def test_an_exchanged_pair_of_files_is_damage(partita, dataset):
    one, other = data_files(dataset)[:2]
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    wanted = [("damaged", str(path.relative_to(dataset))) for path in sorted((one, other))]
    assert problems(partita, dataset) == wanted


def test_files_and_markers_that_are_no_data_are_no_problem(partita, dataset):
    (dataset / "_SUCCESS").unlink()
    (dataset / ".hidden").write_bytes(b"x")
    assert problems(partita, dataset) == []


def write_parts(folder, tables):
    folder.mkdir()
    for number, table in enumerate(tables):
        pa.parquet.write_table(table, folder / f"part-{number}.parquet")


def test_a_data_set_without_a_record_is_read(partita):
    folder = partita.folder / "others"
    write_parts(folder, [pa.table({"a": [1, 2]}), pa.table({"a": [3]})])
    report = json.loads(partita.ok("verify", folder, "--json"))
    assert not report["has_record"] and report["rows"] == 3
    file = folder / "part-1.parquet"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert problems(partita, folder) == [("damaged", "part-1.parquet")]


def test_a_file_with_other_columns_is_told(partita):
    folder = partita.folder / "mixed"
    write_parts(folder, [pa.table({"a": [1]}), pa.table({"a": [1], "b": [2]})])
    assert problems(partita, folder) == [("schema", "part-1.parquet")]


def test_a_path_that_is_no_data_set_is_refused(partita):
    (partita.folder / "file").write_text("x")
    for path in ("missing", "file"):
        outcome = partita("verify", path)
        assert outcome.code == 2 and path in outcome.stderr


def test_what_a_merge_adds_to_a_foreign_data_set_is_compared_alone(partita):
    folder = partita.folder / "mine"
    folder.mkdir()
    (folder / "k=1").mkdir()
    pa.parquet.write_table(pa.table({"a": [1]}), folder / "k=1" / "part-0.parquet")
    (partita.folder / "more.csv").write_text("a,k\n5,2\n")
    partita.ok("write", "more.csv", "--partition-by", "k", "--output", f"parquet={folder}", "--mode", "append")
    assert problems(partita, folder) == []
    added = next(iter((folder / "k=2").glob("*.parquet")))
    added.unlink()
    assert problems(partita, folder) == [("missing", str(added.relative_to(folder)))]
