"""What a user meets on the command line: help, mistakes, exit codes, and plain pipes."""
import json
import os
import signal
import subprocess

import pytest

COMMANDS = [
    "generate",
    "crawl",
    "crawler",
    "crawler create",
    "crawler run",
    "crawler list",
    "crawler show",
    "crawler drop",
    "catalog",
    "catalog databases",
    "catalog tables",
    "catalog show",
    "catalog partitions",
    "catalog drop",
    "write",
    "schema",
    "show",
    "count",
    "recover",
    "doctor",
]


def assert_usage_error(outcome, *parts):
    """One line on stderr that names the mistake and where to look."""
    assert outcome.code == 2
    assert outcome.stdout == ""
    assert outcome.stderr.startswith("partita: error: ")
    assert outcome.stderr.count("\n") == 1
    for part in parts:
        assert part in outcome.stderr


def test_version(partita):
    assert partita.ok("--version") == "partita 0.1.0\n"


def test_no_arguments_print_the_help_and_fail(partita):
    outcome = partita()
    assert outcome.code == 2
    assert outcome.stdout == partita.ok("--help")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_examples_that_use_the_command(partita, command):
    text = partita.ok(*command.split(), "--help")
    assert "Examples:" in text
    assert f"  partita {command}" in text.split("Examples:")[1]


def test_main_help_names_every_command_and_exit_code(partita):
    text = partita.ok("--help")
    for command in COMMANDS:
        assert f"\n  {command.split()[0]} " in text
    for code in ("0 done", "2 wrong call", "3 bad input", "4 ", "5 ", "6 ", "7 ", "70 ", "130 "):
        assert code in text


@pytest.mark.parametrize(
    "arguments, parts",
    [
        (["wriet"], ["unknown command 'wriet'", 'did you mean "write"?', "partita --help"]),
        (["catalog", "shwo"], ["unknown command 'shwo'", 'did you mean "show"?']),
        (["catalog"], ["the command is missing", "see 'partita catalog --help'"]),
        (
            ["write", "--partiton-by=Make", "a.csv"],
            ["unknown option '--partiton-by'", 'did you mean "--partition-by"?'],
        ),
        (["count"], ["nothing to read", "--table"]),
        (["count", "a.csv", "--table", "d.t"], ["--table and INPUT do not go together"]),
        (["count", "--table", "no_dot"], ["--table", "no_dot"]),
        (["count", "a.csv", "--read-option", "sep"], ["--read-option", "KEY=VALUE", "'sep'"]),
        (["show", "-n", "many", "a.csv"], ["-n: must be a whole number from 0, not 'many'"]),
        (["show", "-n", "-1", "a.csv"], ["-n", "-1"]),
        (["crawl", "a.csv"], ["--database is required"]),
        (["generate", "--rows", "-5", "a.csv"], ["--rows", "-5"]),
        (["generate", "--seed", "x", "a.csv"], ["--seed = x"]),
        (["generate", "--rows"], ["--rows needs a value"]),
        (["schema", "--log-level", "LOUD", "a.csv"], ["--log-level"]),
    ],
)
def test_a_wrong_call_is_explained(partita, arguments, parts):
    assert_usage_error(partita(*arguments), *parts)


@pytest.mark.parametrize(
    "arguments, parts",
    [
        (["--output", "parquet"], ["--output", "FORMAT=PATH", "'parquet'"]),
        (["--output", "parquet="], ["--output", "FORMAT=PATH"]),
        (["--output", "parqet=out"], ["parqet", "parquet"]),
        (
            ["--output", "parquet=out", "--option", "parqet.compression=gzip"],
            ["no output of the format 'parqet'", 'did you mean "parquet"?'],
        ),
        (["--output", "csv=out", "--option", "header=true"], ["FORMAT.KEY=VALUE"]),
        (["--output", "csv=out", "--option", "csv.hedaer=true"], ["hedaer", "header"]),
        (["--output", "csv=out", "--mode", "upsert"], ["--mode: must be append or", "'upsert'"]),
        (["--output", "csv=out", "--mode", "error", "--mode", "append"], ["--mode takes one value"]),
        (["--output", "csv=out", "--durability", "some"], ["--durability", "some"]),
        (["--output", "csv=out", "--wait", "soon"], ["--wait", "soon"]),
        (["--output", "csv=out", "--memory", "lots"], ["--memory", "lots"]),
        (["--output", "csv=out", "--memory", "0"], ["--memory", "leave it out"]),
        (["--output", "csv=out", "--memory", "15MiB"], ["too little memory", "--memory 16MiB"]),
        (["--output", "csv=out", "--memory", "1000TiB"], ["give at most --memory "]),
        (["--output", "csv=out", "--target-file-size", "0"], ["--target-file-size"]),
        (["--output", "csv=out", "--threads", "0"], ["--threads"]),
        (["--output", "csv=out", "--compat", "hive"], ["--compat", "hive"]),
        (["--output", "csv=out", "--register", "t"], ["--register"]),
        (["--output", "csv=out", "--report", "no/r.json"], ["the report cannot be written", "no/r.json"]),
        (["--output", "csv=out", "--report", "out"], ["an output's folder", "out"]),
    ],
)
def test_a_wrong_write_is_explained_and_writes_nothing(partita, arguments, parts):
    (partita.folder / "a.csv").write_text("k,v\n1,x\n")
    assert_usage_error(partita("write", "a.csv", "--partition-by", "k", *arguments), *parts)
    assert sorted(path.name for path in partita.folder.iterdir()) == ["a.csv"]


def test_a_target_that_exists_does_not_hide_a_wrong_call(partita):
    (partita.folder / "a.csv").write_text("k,v\n1,x\n")
    partita.ok("write", "a.csv", "--partition-by", "k", "--output", "csv=out")
    good = {"input": "a.csv", "by": "k", "option": "csv.header=true"}
    for wrong, part in [({"by": "no"}, "no"), ({"input": "missing.csv"}, "missing.csv"),
                        ({"option": "csv.hedaer=true"}, "hedaer")]:  # fmt: skip
        call = {**good, **wrong}
        for mode in ("error", "ignore"):
            assert_usage_error(
                partita("write", call["input"], "--partition-by", call["by"], "--mode", mode,
                        "--output", "csv=out", "--option", call["option"]), part)  # fmt: skip


def test_an_emptied_data_set_is_warned_of(partita):
    (partita.folder / "a.csv").write_text("k,v\n1,x\n2,y\n")
    (partita.folder / "none.csv").write_text("k,v\n")
    job = ["--partition-by", "k", "--output", "csv=out", "--mode", "overwrite", "--report", "r.json"]

    def warnings(source, *more):
        outcome = partita("write", source, *job, *more)
        assert outcome.code == 0
        told = json.loads((partita.folder / "r.json").read_text())["warnings"]
        assert [warning in outcome.stderr for warning in told] == [True] * len(told)
        assert ("WARN" in outcome.stderr) == bool(told)
        return told

    assert warnings("none.csv") == []  # there was nothing
    assert warnings("a.csv") == []
    [told] = warnings("none.csv", "--quiet")
    assert "no rows" in told and "2, at out" in told
    assert (partita.folder / "out/_SUCCESS").exists()
    assert not list((partita.folder / "out").rglob("*.csv"))
    assert warnings("none.csv") == []  # it was empty


def test_one_is_not_spoken_of_as_many(partita):
    (partita.folder / "a.csv").write_text("k,v\n1,x\n")
    crawled = partita.ok("crawl", "a.csv", "--database", "d")
    written = partita.ok("write", "a.csv", "--partition-by", "k", "--output", "csv=out")
    assert ": 1 row, 1 file, " in crawled
    assert "1 row in 1 partition, " in written and "MB/s" not in written
    assert "wrote 1 row, " in partita.ok("generate", "--rows", "1", "b.csv")


def test_exit_codes_say_what_to_do(partita):
    (partita.folder / "a.csv").write_text("k,v\n1,x\n")
    (partita.folder / "short.csv").write_text("k,v\n1,x\n2\n")
    job = ["--partition-by", "k", "--output"]
    assert partita("count", "missing.csv").code == 2
    assert partita("count", "--table", "no.table").code == 2
    assert partita("write", "short.csv", *job, "csv=short").code == 3
    assert partita("generate", "--rows", "1", "no/such/folder.csv").code == 2
    assert partita("generate", "--rows", "1", "a.csv/x.csv").code == 2
    partita.ok("write", "a.csv", *job, "csv=out")
    assert partita("write", "a.csv", *job, "csv=out").code == 5
    partita.ok("write", "a.csv", *job, "csv=out", "--mode", "ignore")
    partita.ok("write", "a.csv", *job, "csv=out", "--mode", "overwrite")


def test_a_value_cannot_garble_the_terminal(partita):
    outcome = partita("count", "evil\n\x1b[2Jname.csv")
    assert outcome.code == 2
    assert outcome.stderr.count("\n") == 1
    assert "\x1b" not in outcome.stderr
    assert "evil\\n\\x1b[2Jname.csv" in outcome.stderr


def test_a_reader_that_goes_away_ends_the_program_quietly(partita):
    partita.ok("generate", "--rows", "20000", "ev.csv")
    process = partita.start("show", "-n", "20000", "--truncate", "0", "ev.csv")
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) == -signal.SIGPIPE
    assert process.stderr.read() == b""


def test_output_that_cannot_be_written_is_an_error(partita):
    (partita.folder / "a.csv").write_text("k,v\n1,x\n")
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            partita.command("count", "a.csv"),
            cwd=partita.folder,
            env=partita.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert result.returncode == 4
    assert b"writing to standard output failed: No space left on device" in result.stderr


def test_quiet_prints_nothing_and_report_goes_where_it_shall(partita):
    (partita.folder / "a.csv").write_text("k,v\n1,x\n2,y\n")
    job = ["write", "a.csv", "--partition-by", "k", "--mode", "overwrite", "--output", "csv=out"]
    quiet = partita(*job, "--quiet", "--report", "report.json")
    assert (quiet.code, quiet.stdout, quiet.stderr) == (0, "", "")
    assert (partita.folder / "report.json").read_text().startswith("{")
    assert partita.ok(*job, "--report", "-").startswith("{")
    assert "2 rows" in partita.ok(*job)


@pytest.mark.parametrize(
    "option, place", [("--report", "folder"), ("--temp-dir", "no/such"), ("--temp-dir", "a.csv")]
)
def test_a_place_that_cannot_be_written_is_found_out_before_the_job(partita, option, place):
    (partita.folder / "a.csv").write_text("k,v\na,x\n")
    (partita.folder / "folder").mkdir()
    outcome = partita("write", "a.csv", "--partition-by", "k", "--output", "csv=out", option, place)
    assert outcome.code in (2, 4)
    assert place in outcome.stderr
    found = {path.name for path in partita.folder.iterdir()}
    assert found - {"catalog.db"} == {"a.csv", "folder"}  # the history may tell of the attempt


def test_trying_the_report_leaves_nothing_and_loses_nothing(partita):
    (partita.folder / "a.csv").write_text("k,v\na,x\n")
    (partita.folder / "old.json").write_text("old")
    for report in ("new.json", "old.json"):
        outcome = partita("write", "a.csv", "--partition-by", "nope", "--output", "csv=out", "--report", report)
        assert outcome.code == 2
    assert not (partita.folder / "new.json").exists()
    assert (partita.folder / "old.json").read_text() == "old"


def test_generate_replaces_a_file_only_if_told_to(partita):
    (partita.folder / "ev.csv").write_text("precious")
    outcome = partita("generate", "--rows", "1", "ev.csv")
    assert outcome.code == 5 and "ev.csv" in outcome.stderr and "--force" in outcome.stderr
    assert (partita.folder / "ev.csv").read_text() == "precious"
    partita.ok("generate", "--rows", "1", "--force", "ev.csv")
    assert (partita.folder / "ev.csv").read_text() != "precious"


def test_recovering_a_path_that_is_not_there_is_an_error(partita):
    outcome = partita("recover", "no/such")
    assert outcome.code == 2 and "no/such" in outcome.stderr and outcome.stdout == ""
    (partita.folder / "there").mkdir()
    assert partita.ok("recover", "there") == "nothing to recover\n"


def test_an_output_is_registered_over_the_table_it_is_read_from_only_in_place(partita):
    (partita.folder / "t").mkdir()
    (partita.folder / "t" / "part-0.csv").write_text("k,v\na,x\n")
    partita.ok("crawl", "t", "--database", "d")
    for read in (["--table", "d.t"], ["t"]):
        outcome = partita("write", *read, "--partition-by", "k", "--output", "csv=out", "--register", "d.t")
        assert outcome.code == 2 and "d.t" in outcome.stderr
        assert not (partita.folder / "out").exists()
    in_place = ["--output", "csv=t", "--option", "csv.header=true", "--mode", "overwrite", "--register", "d.t"]
    partita.ok("write", "--table", "d.t", "--partition-by", "k", *in_place)
    assert partita.ok("count", "--table", "d.t") == "1\n"


def test_a_job_that_fails_leaves_its_report(partita):
    (partita.folder / "short.csv").write_text("k,v\n1,x\n2\n")
    job = ["write", "short.csv", "--partition-by", "k", "--output", "csv=out", "--report"]
    outcome = partita(*job, "report.json")
    assert outcome.code == 3
    report = json.loads((partita.folder / "report.json").read_text())
    assert report["failure"]["code"] == "bad_input"
    assert f"partita: error: {report['failure']['message']}\n" == outcome.stderr
    assert [output["is_committed"] for output in report["outputs"]] == [False]
    printed = partita(*job, "-")
    assert printed.code == 3
    assert json.loads(printed.stdout)["failure"] == report["failure"]


def test_a_wrong_call_leaves_no_report(partita):
    (partita.folder / "a.csv").write_text("k,v\n1,x\n")
    outcome = partita("write", "a.csv", "--partition-by", "no", "--output", "csv=out",
                      "--report", "report.json")  # fmt: skip
    assert outcome.code == 2
    assert not (partita.folder / "report.json").exists()


def test_a_report_within_an_output_is_refused_at_once(partita):
    (partita.folder / "a.csv").write_text("k,v\n1,x\n")
    job = ["write", "a.csv", "--partition-by", "k", "--output", "csv=out", "--mode", "overwrite"]
    partita.ok(*job)
    before = sorted(partita.folder.rglob("*"))
    for report in ("out/report.json", "out/k=1/report.json", "out/../out/report.json"):
        assert_usage_error(partita(*job, "--report", report), "an output's folder", report)
    assert sorted(partita.folder.rglob("*")) == before
    partita.ok(*job, "--report", "report.json")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_a_job_without_a_trace(partita, stop):
    process = partita.start("generate", "--rows", "100000000", "big.csv")
    while process.poll() is None and not any(partita.folder.glob("*big.csv*")):
        os.sched_yield()
    process.send_signal(stop)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"stopping and cleaning up" in errors
    assert b"partita: error: " in errors
    assert list(partita.folder.iterdir()) == []


def test_the_catalog_is_where_the_user_says(partita, catalog):
    (partita.folder / "a.csv").write_text("k,v\n1,x\n")
    partita.ok("crawl", "a.csv", "--database", "one", "--catalog", "other.db")
    assert not catalog.exists()
    assert partita.ok("catalog", "databases", "--catalog", "other.db") == "one\n"
    assert partita.ok("catalog", "databases") == ""
    partita.ok("crawl", "a.csv", "--database", "two")
    assert partita.ok("catalog", "databases") == "two\n"
    partita.ok("crawl", "a.csv", "--database", "three", PARTITA_CATALOG="",
               XDG_DATA_HOME=str(partita.folder / "xdg"))  # fmt: skip
    assert (partita.folder / "xdg/partita/catalog.db").is_file()
