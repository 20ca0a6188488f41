"""What a user says of the input, and what is found where nothing is said."""
import pytest

JOB = ["--partition-by", "k", "--output", "csv=out", "--mode", "overwrite"]


def written(partita) -> str:
    """The written rows in the order of their folders, with header."""
    return "".join(path.read_text() for path in sorted((partita.folder / "out").rglob("*.csv")))


def test_what_was_found_of_a_bare_csv_is_said(partita):
    (partita.folder / "a.csv").write_text("k;v\n1;x\n")
    found = "read as CSV: header (guessed), 2 columns, separator ';'\n"
    assert found in partita.ok("write", "a.csv", *JOB)
    assert found in partita.ok("crawl", "a.csv", "--database", "d")
    said = partita.ok("write", "a.csv", *JOB, "--read-option", "header=true")
    assert "read as CSV: header, 2 columns" in said
    assert "read as" not in partita.ok("write", "--table", "d.a_csv", *JOB)


def test_the_users_header_wins_over_the_guess(partita):
    (partita.folder / "text.csv").write_text("k,v\nann,bob\n")
    no_header = ["--read-option", "header=false"]
    assert partita.ok("count", "text.csv") == "1\n"
    assert partita.ok("count", "text.csv", *no_header) == "2\n"
    partita.ok("crawl", "text.csv", "--database", "d", *no_header)
    assert partita.ok("count", "--table", "d.text_csv") == "2\n"
    assert "col0" in partita.ok("schema", "--table", "d.text_csv")
    (partita.folder / "years.csv").write_text("k,2020\n1,2\n")
    assert "_c0" in partita.ok("schema", "years.csv", *no_header)
    partita.ok("crawl", "years.csv", "--database", "d", "--read-option", "header=true")
    assert "2020: long" in partita.ok("schema", "--table", "d.years_csv")


def test_a_missing_column_tells_how_the_header_was_guessed(partita):
    (partita.folder / "a.csv").write_text("1,2\n3,4\n")
    outcome = partita("write", "a.csv", *JOB)
    assert outcome.code == 2
    assert "no header (guessed)" in outcome.stderr


@pytest.mark.parametrize("sep", ["~", ":", "x", "\\u0002"])
def test_a_separator_that_nobody_would_guess_can_be_given(partita, sep):
    c = "\x02" if sep.startswith("\\") else sep
    (partita.folder / "a.txt").write_text(f"k{c}v\n1{c}a,b\n2{c}c\n")
    option = ["--read-option", f"sep={sep}"]
    assert partita.ok("count", "a.txt", *option) == "2\n"
    partita.ok("write", "a.txt", *JOB, *option)
    assert written(partita) == '"a,b"\nc\n'
    partita.ok("crawl", "a.txt", "--database", "d", *option)
    assert partita.ok("count", "--table", "d.a_txt") == "2\n"


def test_another_quote_can_be_given_and_is_recorded(partita):
    (partita.folder / "a.csv").write_text("k,v\n1,'a,b'\n2,'it''s'\n")
    option = ["--read-option", "quote='"]
    partita.ok("crawl", "a.csv", "--database", "d", *option)
    for source in (["a.csv", *option], ["--table", "d.a_csv"]):
        partita.ok("write", *source, *JOB)
        assert written(partita) == "\"a,b\"\nit's\n"


@pytest.mark.parametrize("command", ["write", "schema", "crawl"])
def test_types_are_found_unless_the_user_wants_strings(partita, command):
    (partita.folder / "a.csv").write_text("k,v\n1,2\n")

    def schema(value):
        option = ["a.csv", "--read-option", f"inferSchema={value}"]
        if command == "schema":
            return partita.ok("schema", *option)
        if command == "crawl":
            partita.ok("crawl", *option, "--database", "d")
            return partita.ok("schema", "--table", "d.a_csv")
        job = ["--partition-by", "k", "--output", "parquet=p", "--mode", "overwrite"]
        partita.ok("write", *option, *job)
        return partita.ok("schema", "p")

    assert "v: long" in schema("true")
    assert "v: string" in schema("false")
    outcome = partita(command, "a.csv", "--read-option", "inferSchema=maybe",
                      *({"write": JOB, "crawl": ["--database", "d"]}.get(command, [])))  # fmt: skip
    assert outcome.code == 2
    assert "inferSchema" in outcome.stderr


def test_a_tables_types_are_those_of_the_catalog(partita):
    (partita.folder / "a.csv").write_text("k,v\n1,2\n")
    partita.ok("crawl", "a.csv", "--database", "d")
    (partita.folder / "a.csv").write_text("k,v\n1,2\n3,x\n")
    option = ["--read-option", "inferSchema=false"]
    refused = partita("show", "--table", "d.a_csv", *option)
    assert refused.code == 2
    assert "catalog" in refused.stderr
    failed = partita("write", "--table", "d.a_csv", *JOB)
    assert failed.code == 3
    # Both ways out that the message names work.
    assert "crawl the table again" in failed.stderr
    assert "--read-option inferSchema=false" in failed.stderr
    partita.ok("write", "a.csv", *JOB, *option)
    partita.ok("crawl", "a.csv", "--database", "d")
    partita.ok("write", "--table", "d.a_csv", *JOB)


@pytest.mark.parametrize(
    "option, part",
    [
        ("ignoreLeadingWhiteSpace=true", "ignoreLeadingWhiteSpace"),
        ("enforceSchema=true", "enforceSchema"),
        ("quote=", "quote"),
        ("hedaer=true", '"header"'),
    ],
)
def test_crawl_refuses_what_no_table_can_hold(partita, option, part):
    (partita.folder / "a.csv").write_text("k,v\n1,x\n")
    outcome = partita("crawl", "a.csv", "--database", "d", "--read-option", option)
    assert outcome.code == 2
    assert part in outcome.stderr


@pytest.mark.parametrize(
    "name, data, parts",
    [
        ("a.xml", b"<?xml version='1.0'?>\n<rows/>\n", ["XML"]),
        ("a.bin", bytes(range(256)) * 8, ["NUL"]),
        ("a.csv", b"k~v\n1~x\n2~y\n", ["'~'", "--read-option sep="]),
        ("notes.txt", b"some words\nand more of them\n", ["--read-option sep="]),
    ],
)
def test_what_is_no_csv_is_called_by_its_name(partita, name, data, parts):
    (partita.folder / name).write_bytes(data)
    for command in (["crawl", name, "--database", "d"], ["write", name, *JOB]):
        outcome = partita(*command)
        assert outcome.code == 3
        for part in [name, *parts]:
            assert part in outcome.stderr


def test_json_that_is_called_csv_is_crawled_and_not_written(partita):
    (partita.folder / "a.csv").write_text('[{"a": 1, "b": 2}]\n')
    outcome = partita("write", "a.csv", *JOB)
    assert outcome.code == 3 and "a.csv" in outcome.stderr and "JSON" in outcome.stderr
    partita.ok("crawl", "a.csv", "--database", "d")
    assert "a: long" in partita.ok("schema", "--table", "d.a_csv")
