"""What the save modes keep and replace, and what becomes of a write that is killed."""

import os
import signal

import pytest

import readers

HEADER = "k,v\n"


@pytest.fixture
def job(partita):
    """Writes rows given as (k, v) to `out` in three formats."""

    def write(rows, *arguments, check=True):
        (partita.folder / "in.csv").write_text(HEADER + "".join(f"{k},{v}\n" for k, v in rows))
        outputs = [f"--output={f}=out/{f}" for f in readers.ROWS]
        call = ["write", "in.csv", "--partition-by=k", *outputs, "--option=csv.header=true", *arguments]
        return partita.ok(*call) if check else partita(*call)

    return write


def rows_of(partita, file_format):
    """(k, v) of every row, from the folders and an independent reader of the files."""
    found = []
    for folder, rows in readers.rows_by_folder(partita.folder / "out" / file_format, file_format).items():
        for row, times in rows.items():
            value = row if file_format == "csv" else row.split('"')[3]
            found += [(folder.removeprefix("k="), value)] * times
    return sorted(found)


@pytest.mark.parametrize("file_format", list(readers.ROWS))
def test_append_keeps_what_is_there(partita, job, file_format):
    job([("a", "x"), ("b", "y")])
    job([("b", "z"), ("c", "w")], "--mode=append")
    assert rows_of(partita, file_format) == [("a", "x"), ("b", "y"), ("b", "z"), ("c", "w")]
    header = ["--read-option=header=true"] if file_format == "csv" else []
    assert partita.ok("count", f"out/{file_format}", *header) == "4\n"


@pytest.mark.parametrize("file_format", list(readers.ROWS))
def test_overwrite_partitions_replaces_only_those_that_get_rows(partita, job, file_format):
    job([("a", "x"), ("b", "y")])
    job([("b", "z"), ("c", "w")], "--mode=overwrite-partitions")
    assert rows_of(partita, file_format) == [("a", "x"), ("b", "z"), ("c", "w")]


@pytest.mark.parametrize("file_format", list(readers.ROWS))
def test_overwrite_replaces_all_and_ignore_nothing(partita, job, file_format):
    job([("a", "x"), ("b", "y")])
    job([("c", "w")], "--mode=overwrite")
    assert "left as it was" in job([("d", "u")], "--mode=ignore")
    assert rows_of(partita, file_format) == [("c", "w")]


@pytest.mark.parametrize("mode", ["append", "overwrite-partitions"])
@pytest.mark.parametrize(
    "arguments, named",
    [
        (["--partition-by=k", "--partition-by=w", "--output=parquet=out/parquet"], ["by k,", "by k, w"]),
        (["--partition-by=w", "--output=parquet=out/parquet"], ["by k,", "by w"]),
        (["--partition-by=K", "--output=json=out/json"], ["by k,", "by K"]),
        (["--partition-by=k", "--output=json=out/parquet"], ["parquet", "json"]),
        (["--partition-by=k", "--output=csv=out/csv"], ["csv.header=true", "v,w"]),
        (["--partition-by=k", "--output=csv=out/csv", "--option=csv.header=true", "--option=csv.sep=;"],
         ["v,w", "v;w"]),
    ],
)  # fmt: skip
def test_what_readers_could_not_make_out_is_not_added(partita, mode, arguments, named):
    (partita.folder / "in.csv").write_text("k,v,w\na,x,1\n")
    outputs = [f"--output={f}=out/{f}" for f in readers.ROWS]
    partita.ok("write", "in.csv", "--partition-by=k", *outputs, "--option=csv.header=true")
    before = sorted(partita.folder.glob("out/**/*"))
    outcome = partita("write", "in.csv", *arguments, f"--mode={mode}", "--force")
    assert outcome.code == 2
    for name in named:
        assert name in outcome.stderr
    assert sorted(partita.folder.glob("out/**/*")) == before


def test_error_mode_refuses_and_changes_nothing(partita, job):
    job([("a", "x")])
    outcome = job([("b", "y")], check=False)
    assert outcome.code == 5
    assert "--mode overwrite" in outcome.stderr
    assert rows_of(partita, "csv") == [("a", "x")]


def test_after_a_write_only_its_state_is_left_beside_the_data(partita, job):
    job([("a", "x")])
    job([("b", "y")], "--mode=append")
    assert sorted(path.name for path in (partita.folder / "out").iterdir()) == sorted(
        [*readers.ROWS, *[f".{f}.partita" for f in readers.ROWS]]
    )
    for file_format in readers.ROWS:
        names = [path.name for path in (partita.folder / "out" / f".{file_format}.partita").iterdir()]
        assert len(names) == 2 and "HEAD" in names


def test_a_killed_overwrite_loses_nothing_and_the_next_run_cleans_up(partita):
    partita.ok("generate", "--rows", 400_000, "old.csv")
    partita.ok("generate", "--rows", 400_000, "--seed", 2, "new.csv")
    keys = ["--partition-by=Model Year", "--partition-by=Make"]
    partita.ok("write", "old.csv", *keys, "--output=csv=out/csv")
    old = readers.rows_by_folder(partita.folder / "out/csv", "csv")
    process = partita.start("write", "new.csv", *keys, "--output=csv=out/csv", "--mode=overwrite")
    state = partita.folder / "out/.csv.partita"
    while process.poll() is None and not any(path.name.startswith("stage-") for path in state.iterdir()):
        os.sched_yield()
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert partita.ok("count", "out/csv", "--read-option=header=false") == "400000\n"
    assert readers.rows_by_folder(partita.folder / "out/csv", "csv") == old
    assert "removed" in partita.ok("recover", "--dry-run", "out/csv")
    assert "removed" in partita.ok("recover", "out/csv")
    assert partita.ok("recover", "out/csv") == "nothing to recover\n"
    assert len(list(state.iterdir())) == 2
    partita.ok("write", "new.csv", *keys, "--output=csv=out/csv", "--mode=overwrite")
    assert readers.rows_by_folder(partita.folder / "out/csv", "csv") != old


def test_a_second_writer_is_refused_or_waits(partita):
    partita.ok("generate", "--rows", 300_000, "in.csv")
    call = ["write", "in.csv", "--partition-by=Model Year", "--partition-by=Make", "--output=csv=out"]
    first = partita.start(*call)
    lock = partita.folder / ".out.partita" / "LOCK"
    while first.poll() is None and not lock.exists():
        os.sched_yield()
    os.kill(first.pid, signal.SIGSTOP)
    refused = partita(*call, "--mode=overwrite")
    waiting = partita.start(*call, "--mode=overwrite", "--wait=100s")
    os.kill(first.pid, signal.SIGCONT)
    assert first.wait() == 0
    assert waiting.wait() == 0
    assert refused.code == 5
    assert "another" in refused.stderr
    assert partita.ok("count", "out", "--read-option=header=false") == "300000\n"


def test_an_overwrite_may_read_what_it_replaces(partita):
    folder = partita.folder / "data"
    folder.mkdir()
    (folder / "part-00000-x.csv").write_text("k,v\na,1\nb,2\n")
    partita.ok("write", "data", "--partition-by=k", "--output=json=data", "--mode=overwrite")
    assert readers.folders(folder) == ["k=a", "k=b"]
