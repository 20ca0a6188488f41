"""runs: which writes are remembered, what is told of them, and that the history never fails a write."""

import json
import signal
import sqlite3

import pytest


@pytest.fixture
def job(partita):
    """Writes rows given as (k, v) to `out`; the outcome."""

    def write(rows, *arguments):
        (partita.folder / "in.csv").write_text("k,v\n" + "".join(f"{k},{v}\n" for k, v in rows))
        return partita("write", "in.csv", "--partition-by=k", "--output=csv=out", *arguments)

    return write


def runs(partita):
    return json.loads(partita.ok("runs", "--json"))


def test_writes_are_listed_newest_first_with_their_outcome(partita, job):
    assert job([("a", 1)]).code == 0
    assert job([("a", 1)]).code == 5
    assert job([("a", 1), ("b", 2)], "--mode=overwrite", "--where=v > 1").code == 0
    newest, refused, first = runs(partita)
    assert [newest["mode"], refused["mode"], first["mode"]] == ["overwrite", "error", "error"]
    assert refused["failure"]["code"] == "already_exists"
    assert (newest["num_rows"], newest["num_rows_left_out"], newest["where"]) == (1, 1, "v > 1")
    assert first["source"] == "in.csv" and first["partition_by"] == ["k"]
    lines = partita.ok("runs").splitlines()
    assert len(lines) == 4
    assert "already_exists" in lines[2] and newest["job_id"][:8] in lines[1]
    assert len(partita.ok("runs", "--limit=1").splitlines()) == 2


def test_a_run_that_mode_ignore_kept_from_writing_is_told_from_others(partita, job):
    assert job([("a", 1)]).code == 0
    assert job([("a", 1)], "--mode=ignore").code == 0
    ignored, written = partita.ok("runs").splitlines()[1:]
    assert "nothing written" in ignored and "done" not in ignored
    assert "done" in written and "nothing written" not in written


@pytest.mark.parametrize("limit", ["0", "-1", "x"])
def test_a_wrong_limit_is_named(partita, limit):
    outcome = partita("runs", f"--limit={limit}")
    assert outcome.code == 2 and "whole number" in outcome.stderr and limit in outcome.stderr


def test_one_run_is_told_in_full(partita, job):
    job([("a", 1)])
    (run,) = runs(partita)
    text = partita.ok("runs", run["job_id"][:6])
    for part in (run["job_id"], "done", "source in.csv", "1 row in 1 partition", "scan", "CPU"):
        assert part in text
    assert json.loads(partita.ok("runs", run["job_id"], "--json")) == run


def test_wrong_calls_and_dry_runs_are_no_runs(partita, job):
    assert job([("a", 1)], "--where=v >").code == 2
    assert job([("a", 1)], "--dry-run").code == 0
    assert partita("write", "missing.csv", "--partition-by=k", "--output=csv=out").code == 2
    assert runs(partita) == []
    assert partita("runs", "abc").code == 2


def test_a_write_after_a_killed_one_says_that_it_healed(partita):
    partita.ok("generate", "--rows", 200000, "ev.csv")
    call = ["write", "ev.csv", "--partition-by=Make", "--output=json=out", "--mode=overwrite"]
    for _ in range(20):
        process = partita.start(*call)
        while not list(partita.folder.glob(".out.partita/stage-*/*")):
            if process.poll() is not None:
                break
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if process.returncode == -signal.SIGKILL:
            break
    assert process.returncode == -signal.SIGKILL
    partita.ok(*call)
    assert runs(partita)[0]["outputs"][0]["is_recovered"]
    partita.ok(*call)
    assert not runs(partita)[0]["outputs"][0]["is_recovered"]


def test_two_runs_are_compared(partita, job):
    job([("a", 1), ("b", 2)])
    job([("a", 1), ("b", 2), ("c", 3)], "--mode=overwrite")
    after, before = (run["job_id"] for run in runs(partita))
    difference = json.loads(partita.ok("runs", "diff", before, after, "--json"))
    assert difference["asked"] == {"mode": ["error", "overwrite"]}
    assert difference["figures"]["num_rows"] == [2, 3]
    assert difference["figures"]["num_partitions"] == [2, 3]
    assert "scan.cpu_seconds" in difference["figures"]
    text = partita.ok("runs", "diff", before[:8], after[:8])
    assert "+50.0 %" in text and "overwrite" in text


def test_pruning_keeps_the_newest(partita, job):
    for mode in ("error", "append", "overwrite"):
        assert job([("a", 1)], f"--mode={mode}").code == 0
    assert partita.ok("runs", "prune", "--keep=1") == "forgot 2 runs\n"
    assert [run["mode"] for run in runs(partita)] == ["overwrite"]


def test_a_catalog_that_cannot_be_written_is_a_warning(partita, job):
    (partita.folder / "catalog.db").write_text("no database")
    outcome = job([("a", 1)])
    assert outcome.code == 0
    assert "history" in outcome.stderr and "catalog.db" in outcome.stderr
    assert (partita.folder / "out/_SUCCESS").exists()


def test_a_catalog_of_the_first_layout_is_brought_up_to_date(partita, job):
    job([("a", 1)])
    with sqlite3.connect(partita.folder / "catalog.db") as catalog:
        for table in ("runs", "crawls", "crawlers"):
            catalog.execute(f"DROP TABLE {table}")
        catalog.execute("PRAGMA user_version = 1")
    catalog.close()
    before = (partita.folder / "catalog.db").read_bytes()
    assert runs(partita) == []
    assert partita.ok("catalog", "databases") == ""
    assert job([("a", 1)], "--mode=overwrite", "--dry-run").code == 0
    assert (partita.folder / "catalog.db").read_bytes() == before  # reading changes nothing
    assert job([("a", 1)], "--mode=overwrite").code == 0
    assert len(runs(partita)) == 1


def test_a_damaged_report_is_told(partita, job):
    job([("a", 1)])
    with sqlite3.connect(partita.folder / "catalog.db") as catalog:
        catalog.execute("UPDATE runs SET report = '{'")
    catalog.close()
    outcome = partita("runs")
    assert outcome.code == 4 and "damaged" in outcome.stderr and "prune" in outcome.stderr
    assert partita("runs", "--json").code == 4
