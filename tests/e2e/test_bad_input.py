"""Each bad input is one clear error; nothing is lost, half-written or left behind."""

import os
import pathlib
import signal
import subprocess
import time

import pytest

import readers
from targets import GOOD, Target

CONFIGURATION, INPUT, STORE, CONFLICT, CANCELLED = 2, 3, 4, 5, 130


@pytest.fixture(name="target")
def make_target(partita, tmp_path) -> Target:
    return Target(partita, tmp_path)


def assert_fails(outcome, code, *parts):
    """The exit code, and one line of error that names the parts."""
    assert outcome.code == code, outcome.stderr
    # On a slow machine lines of progress stand before the one of the error.
    lines = outcome.stderr.splitlines()
    assert lines[-1].startswith("partita: error: ")
    assert sum("error:" in line for line in lines) == 1
    for part in parts:
        assert part in outcome.stderr


def assert_refused(target, outcome, code, *parts):
    assert_fails(outcome, code, *parts)
    target.assert_untouched()
    target.assert_nothing_lies_about()
    target.assert_next_run_is_clean()


# ---- Bytes that are no table


@pytest.mark.parametrize(
    "text, parts",
    [
        (b"id,Kind,note\n1,a,x\n2,b\n", ["row 2 (line 3)", "column note", "2 of 3 fields"]),
        (b"id,Kind,note\n1,a,x\n2,b,y,z\n", ["row 2 (line 3)", "more than 3 fields"]),
        (b'id,Kind,note\n1,a,x\n2,b,"y\n3,c,z\n', ["row 2 (line 3)", "column note", "never closed"]),
        (b'id,Kind,note\n1,a,"x"y\n', ["row 1 (line 2)", "column note", "closing quote"]),
        (b"id,Kind,note\n1,a,x\n2,b\0,y\n", ["row 2 (line 3)", "column Kind", "NUL"]),
        (b"id,Kind,note\n1,a,x\xff\n", ["row 1 (line 2)", "column note", "UTF-8"]),
        (b"id,Kind,note\n1,\xe9,x\n", ["row 1 (line 2)", "column Kind", "UTF-8"]),
        (b"id,Kind,note\n1," + b"k" * 300 + b",x\n", ["row 1 (line 2)", "column Kind", "255 bytes"]),
        (b'id,Kind,note\n1,a,"' + b"x" * 100_000_000 + b'"\n', ["row 1 (line 2)", "64 MiB"]),
        (b"id,Kind,note\n1,a," + b"x" * 100_000_000 + b"\n", ["row 1 (line 2)", "64 MiB"]),
        (b"id,Kind,note\n1,__HIVE_DEFAULT_PARTITION__,x\n",
         ["row 1 (line 2)", "column Kind", "--allow-default-partition-literal"]),
        (b"", ["empty"]),
        (b"\x1f\x8b\x08\0\0\0\0\0", ["gzip"]),
    ],
    ids=["few", "many", "open quote", "after quote", "NUL key", "UTF-8", "UTF-8 key", "300 bytes",
         "100 MB quoted", "100 MB", "NULL's name", "empty", "gzip"],
)  # fmt: skip
def test_broken_bytes_name_their_place(target, tmp_path, text, parts):
    path = tmp_path / "bad.csv"
    path.write_bytes(text)
    assert_refused(target, target.write(path), INPUT, "bad.csv", *parts)


def test_an_error_on_the_last_row_of_many_harms_nothing(target, tmp_path):
    path = tmp_path / "bad.csv"
    rows = 200_000
    path.write_text("id,Kind,note\n" + "".join(f"{i},{i % 50},x\n" for i in range(rows)) + "1,2\n")
    outcome = target.write(path, "--memory=16MiB")
    assert_refused(target, outcome, INPUT, f"row {rows + 1} (line {rows + 2})")


@pytest.mark.parametrize(
    "text, files",
    [
        (b"\xef\xbb\xbfid,Kind,note\n1,a,x\n2,b,y\n", {"Kind=a": b"id,note\n1,x\n", "Kind=b": b"id,note\n2,y\n"}),
        (b"id,Kind,note\r\n1,a,x\r\n2,b,y", {"Kind=a": b"id,note\n1,x\n", "Kind=b": b"id,note\n2,y\n"}),
        (b"id,Kind,note\n1,a,x\0y\n", {"Kind=a": b"id,note\n1,x\0y\n"}),
        (b"id,Kind,note\n\n1,a,x\n\n", {"Kind=a": b"id,note\n1,x\n"}),
        (b"id,Kind,note\n1,,x\n2,\"\",y\n", {"Kind=__HIVE_DEFAULT_PARTITION__": b"id,note\n1,x\n2,y\n"}),
        (b"id,Kind,note,ID\n1,a,x,2\n", {"Kind=a": b"id,note,ID_2\n1,x,2\n"}),
        (b"id,Kind,note\n1," + b"k" * 250 + b",x\n", {"Kind=" + "k" * 250: b"id,note\n1,x\n"}),
        (b"id,Kind,note\n", {}),
    ],
    ids=["BOM", "CRLF", "NUL", "blank lines", "empty keys", "same names", "255 bytes", "header only"],
)  # fmt: skip
def test_odd_bytes_lose_nothing(target, tmp_path, text, files):
    path = tmp_path / "odd.csv"
    path.write_bytes(text)
    outcome = target.write(path)
    assert outcome.code == 0, outcome.stderr
    found = readers.data_files(target.path)
    assert {folder: b"".join(p.read_bytes() for p in paths) for folder, paths in found.items()} == files
    assert (target.path / "_SUCCESS").is_file()
    target.assert_nothing_lies_about()


# ---- A table and files that do not agree


@pytest.mark.parametrize(
    "text, parts",
    [
        ("id,Kind,note\n1,a,x\nzwei,b,y\n", ["row 2 (line 3)", "column id", "bigint", '"zwei"']),
        ("id,Kind,remark\n1,a,x\n", ["line 1", "header", '"remark"', "enforceSchema"]),
        ("id,Kind\n1,a\n", ["line 1", "2 columns where 3 are expected"]),
    ],
    ids=["type", "other name", "missing column"],
)
def test_files_that_are_not_as_the_catalog_says(target, tmp_path, partita, text, parts):
    path = tmp_path / "table.csv"
    path.write_text(GOOD)
    partita.ok("crawl", path, "--database", "db", "--table", "t")
    path.write_text(text)
    outcome = target.partita(*target.arguments("--table", "db.t"))
    assert_refused(target, outcome, INPUT, "table.csv", *parts)


def test_files_that_do_not_agree_with_each_other(target, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text(GOOD)
    (folder / "b.csv").write_text("id,Kind,remark\n1,a,x\n")
    assert_refused(target, target.write(folder), INPUT, "a.csv", "b.csv", "remark")


def test_what_does_not_exist(target, tmp_path, partita):
    partita.ok("crawl", target.good, "--database", "db", "--table", "t")
    for arguments, parts in [
        ([tmp_path / "none.csv"], ["none.csv"]),
        (["--table", "db.tt"], ["db", "tt"]),
        (["--table", "dbb.t"], ["dbb"]),
        ([target.good, "--partition-by=Kinds"], ["`Kinds`", "Kind"]),
    ]:
        assert_refused(target, target.write(*arguments), CONFIGURATION, *parts)
    target.good.rename(tmp_path / "gone.csv")
    outcome = target.partita(*target.arguments("--table", "db.t"))
    (tmp_path / "gone.csv").rename(target.good)
    assert_refused(target, outcome, CONFIGURATION, "good.csv")


def test_partition_columns_that_cannot_be(target):
    for arguments, part in [
        (["--partition-by=id", "--partition-by=note"], "ALL_PARTITION_COLUMNS_NOT_ALLOWED"),
        (["--partition-by=KIND"], "COLUMN_ALREADY_EXISTS"),
    ]:
        assert_refused(target, target.write(target.good, *arguments), CONFIGURATION, part)


# ---- Targets that are not to be replaced


def test_a_target_that_is_a_file(partita, tmp_path, target):
    path = tmp_path / "file"
    path.write_text("mine")
    outcome = partita("write", target.good, "--partition-by=Kind", f"--output=csv={path}", "--mode=overwrite")
    assert_fails(outcome, CONFLICT, "file", str(path))
    assert path.read_text() == "mine"
    assert not (tmp_path / ".file.partita").exists()


def test_a_target_that_is_a_link(partita, tmp_path, target):
    link = tmp_path / "link"
    link.symlink_to(target.path)
    outcome = partita("write", target.good, "--partition-by=Kind", f"--output=csv={link}", "--mode=overwrite")
    assert_fails(outcome, CONFLICT, "link", str(link))
    assert link.is_symlink()
    target.assert_untouched()


@pytest.mark.parametrize("place", ["..", ".", "below"])
def test_a_target_around_or_in_the_input(partita, tmp_path, place):
    folder = tmp_path / "outer" / "in"
    folder.mkdir(parents=True)
    source = folder / "in.csv"
    source.write_text(GOOD)
    reads = source if place == "." else folder
    outcome = partita(
        "write", reads, "--partition-by=Kind", f"--output=csv={folder / place}", "--mode=overwrite"
    )
    assert_fails(outcome, CONFIGURATION, "input")
    assert source.read_text() == GOOD
    assert [p.name for p in (tmp_path / "outer").rglob("*")] == ["in", "in.csv"]


def test_the_input_folder_itself_may_be_replaced(partita, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "in.csv").write_text(GOOD)
    write = ["write", folder, "--partition-by=Kind", f"--output=csv={folder}", "--mode=overwrite"]
    assert_fails(partita(*write), CONFLICT, "in.csv", "--force")
    assert (folder / "in.csv").read_text() == GOOD
    partita.ok(*write, "--force", "--option=csv.header=true")
    assert {
        name: [p.read_text() for p in paths] for name, paths in readers.data_files(folder).items()
    } == {"Kind=a": ["id,note\n1,x\n"], "Kind=b": ["id,note\n2,y\n"]}


def test_a_column_that_only_folder_names_hold_is_not_lost(target):
    target.partita.ok(
        "write", target.path, "--read-option=header=true", "--partition-by=note", f"--output=csv={target.path}",
        "--option=csv.header=true", "--mode=overwrite",
    )  # fmt: skip
    assert {
        name: [p.read_text() for p in paths] for name, paths in readers.data_files(target.path).items()
    } == {"note=x": ["id,Kind\n1,a\n"], "note=y": ["id,Kind\n2,b\n"]}


def test_foreign_files_are_lost_only_by_force(target):
    foreign = target.path / "thesis.odt"
    foreign.write_text("years of work")
    target.before = target.snapshot()
    outcome = target.write(target.good)
    assert_fails(outcome, CONFLICT, "thesis.odt", "--force")
    target.assert_untouched()
    assert target.write(target.good, "--force").code == 0
    assert not foreign.exists()
    target.assert_nothing_lies_about()


def test_a_folder_as_spark_wrote_it_needs_no_force(partita, tmp_path, spark):
    path = tmp_path / "spark"
    source = tmp_path / "good.csv"
    source.write_text(GOOD)
    spark.read.csv(str(source), header=True).write.partitionBy("Kind").parquet(str(path))
    partita.ok("write", source, "--partition-by=Kind", f"--output=json={path}", "--mode=overwrite")
    assert partita.ok("count", path) == "2\n"
    assert not list(path.rglob("*.parquet")) and not list(path.rglob(".*.crc"))


def test_modes_that_leave_an_existing_target(target, partita):
    write = ["write", target.good, "--partition-by=note", f"--output=csv={target.path}"]
    assert_fails(partita(*write), CONFLICT, "exists", "--mode overwrite")
    target.assert_untouched()
    assert "left as it was" in partita.ok(*write, "--mode=ignore")
    target.assert_untouched()


# ---- Bad luck


def bound_by_rights(arguments, environment):
    """Runs a call whom the rights of files bind: root is made to lack what lets it past them."""
    if os.geteuid() == 0:
        arguments = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", *arguments]
    return subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("lacking", ["file", "folder", "parent of the target"])
def test_rights_that_are_missing(partita, lacking):
    source = partita.folder / "in" / "in.csv"
    source.parent.mkdir()
    source.write_text(GOOD)
    out = partita.folder / "out"
    out.mkdir()
    closed = {"file": source, "folder": source.parent, "parent of the target": out}[lacking]
    rights = closed.stat().st_mode
    closed.chmod(0o500 if closed == out else 0)
    try:
        arguments = partita.command("write", source.parent, "--partition-by=Kind", f"--output=csv={out / 'target'}")
        result = bound_by_rights(arguments, partita.environment)
    finally:
        closed.chmod(rights)
    assert result.returncode == STORE, result.stderr
    assert "Permission denied" in result.stderr and str(closed) in result.stderr
    assert not list(out.iterdir())


@pytest.fixture(name="large_input", scope="module")
def generate_large_input(shared_partita, tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "large.csv"
    shared_partita.ok("generate", "--rows", 300_000, path)
    return path


def test_a_full_disk_under_the_target(partita, small_disk, large_input):
    target = Target(partita, small_disk)
    outcome = partita(
        "write", large_input, "--partition-by=Make", f"--output=csv={target.path}", "--mode=overwrite"
    )
    assert_refused(target, outcome, STORE, "No space left on device", str(small_disk))


def test_a_full_disk_under_the_temporary_files(partita, small_disk, large_input, target):
    outcome = partita(
        "write", large_input, "--partition-by=Make", f"--output=csv={target.path}", "--mode=overwrite",
        f"--temp-dir={small_disk}", "--memory=16MiB",
    )  # fmt: skip
    assert not list(small_disk.iterdir())
    assert_refused(target, outcome, STORE, "No space left on device", str(small_disk), "--temp-dir")


def wait_for(process, condition):
    """Returns once the condition holds, which it must while the process lives."""
    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda s: s.name)
def test_signals_in_the_middle_of_writing(target, large_input, partita, sent):
    process = partita.start(
        "write", large_input, "--partition-by=Model Year", "--partition-by=Make", "--mode=overwrite",
        f"--output=csv={target.path}", f"--output=json={target.path}-json",
        f"--output=parquet={target.path}-parquet", f"--temp-dir={target.temp}", "--memory=16MiB",
    )  # fmt: skip
    wait_for(process, lambda: list(target.state.glob("stage-*/*")))
    process.send_signal(sent)
    _, error = process.communicate(timeout=60)
    target.assert_untouched()
    if sent != signal.SIGKILL:
        assert process.returncode == CANCELLED, error
        target.assert_nothing_lies_about()
        assert not list(target.path.parent.glob("*target-*"))
    target.assert_next_run_is_clean()


def test_a_signal_while_the_input_is_read(target, partita, large_input):
    process = partita.start(
        "write", large_input, "--partition-by=Make", f"--output=csv={target.path}", "--mode=overwrite",
        "--threads=1",
    )  # fmt: skip
    wait_for(process, (target.state / "LOCK").exists)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == CANCELLED, error
    target.assert_untouched()
    target.assert_nothing_lies_about()
    target.assert_next_run_is_clean()
