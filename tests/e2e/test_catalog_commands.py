"""The catalog's listings, as text and as JSON."""
import json
import os
import pathlib
import sqlite3

import pytest


@pytest.fixture
def crawled(partita):
    (partita.folder / "cars.csv").write_text("vin,model year\nA1,2011\nB2,2020\n")
    partita.ok("crawl", "cars.csv", "--database", "glue_db", "--name", "my_crawler")
    return partita


def test_listings_name_what_is_there(crawled):
    assert crawled.ok("catalog", "databases") == "glue_db\n"
    assert crawled.ok("catalog", "tables", "glue_db") == "cars_csv\n"
    text = crawled.ok("catalog", "show", "glue_db.cars_csv")
    assert "table          glue_db.cars_csv\n" in text
    assert "columns\n  vin  string\n  model year  bigint\n" in text
    assert "  UPDATED_BY_CRAWLER = my_crawler\n" in text
    assert crawled.ok("catalog", "partitions", "glue_db.cars_csv") == ""


def test_json_listings_use_glues_names(crawled):
    def listing(*arguments):
        return json.loads(crawled.ok("catalog", *arguments, "--json"))

    assert [entry["Name"] for entry in listing("databases")] == ["glue_db"]
    assert [entry["Name"] for entry in listing("tables", "glue_db")] == ["cars_csv"]
    table = listing("show", "glue_db.cars_csv")
    assert table["DatabaseName"] == "glue_db"
    columns = table["StorageDescriptor"]["Columns"]
    assert [column["Name"] for column in columns] == ["vin", "model year"]
    assert listing("partitions", "glue_db.cars_csv") == []
    assert listing("drop", "glue_db.cars_csv") == {"Dropped": "glue_db.cars_csv"}
    assert listing("tables", "glue_db") == []


@pytest.mark.parametrize("name", ['a "quoted" name', "back\\slash"])
def test_any_name_is_whole_in_json(crawled, name):
    crawled.ok("crawl", "cars.csv", "--database", name, "--table", "t")
    crawled.ok("crawler", "create", name, "--database", name, "--target", "cars.csv")
    for command in ("catalog", "crawler"):
        assert json.loads(crawled.ok(command, "drop", name, "--json")) == {"Dropped": name}


def test_registered_partitions_are_listed_with_their_folders(crawled):
    crawled.ok("write", "--table", "glue_db.cars_csv", "--partition-by", "model year",
               "--output", "parquet=out", "--register", "glue_db.cars")  # fmt: skip
    lines = crawled.ok("catalog", "partitions", "glue_db.cars").splitlines()
    assert [line.split("\t")[0] for line in lines] == ["2011", "2020"]
    assert lines[0].endswith("/out/model year=2011/")
    entries = json.loads(crawled.ok("catalog", "partitions", "glue_db.cars", "--json"))
    assert [entry["Values"] for entry in entries] == [["2011"], ["2020"]]


def test_drop_forgets_the_entry_and_keeps_the_data(crawled):
    assert crawled.ok("catalog", "drop", "glue_db.cars_csv").startswith("dropped ")
    assert crawled("catalog", "show", "glue_db.cars_csv").code == 2
    assert (crawled.folder / "cars.csv").exists()
    crawled.ok("crawl", "cars.csv", "--database", "glue_db")
    crawled.ok("catalog", "drop", "glue_db")
    assert crawled.ok("catalog", "databases") == ""


def test_a_wrong_name_gets_the_nearest_one(crawled):
    outcome = crawled("catalog", "show", "glue_db.cars_cvs")
    assert outcome.code == 2
    assert "cars_csv" in outcome.stderr


def test_reading_makes_no_catalog(partita, catalog):
    (partita.folder / "a.csv").write_text("k\n1\n")
    calls = [["catalog", "databases"], ["catalog", "tables", "d"], ["catalog", "show", "d.t"],
             ["catalog", "drop", "d"], ["count", "--table", "d.t"],
             ["write", "--table", "d.t", "--partition-by", "k", "--output", "csv=o"]]  # fmt: skip
    for call in calls:
        outcome = partita(*call, "--catalog", "typo.db")
        assert outcome.code == 2
        assert "no catalog at typo.db; `partita crawl` makes one" in outcome.stderr
    assert partita.ok("catalog", "databases") == ""
    assert "no database d" in partita("count", "--table", "d.t").stderr
    assert [path.name for path in partita.folder.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("name", ["a.b", ".", "", "two\nlines"])
def test_a_database_that_nothing_could_address_is_refused(partita, name):
    (partita.folder / "a.csv").write_text("k,v\n1,x\n")
    outcome = partita("crawl", "a.csv", "--database", name)
    assert outcome.code == 2
    assert "database" in outcome.stderr
    assert partita.ok("catalog", "databases") == ""


@pytest.mark.parametrize("name", ["My DB", "grün", "a-b", "x/y"])
def test_any_other_name_is_folded_and_found_again(partita, name):
    (partita.folder / "a.csv").write_text("k,v\n1,x\n")
    partita.ok("crawl", "a.csv", "--database", name, "--table", "T.1")
    assert partita.ok("catalog", "databases") == name.lower() + "\n"
    assert partita.ok("count", "--table", name + ".T.1") == "1\n"


@pytest.mark.parametrize("command", ["scan", "show", "count", "schema"])
def test_a_table_whose_folder_is_gone_is_told_by_its_place(crawled, command):
    (crawled.folder / "cars.csv").rename(crawled.folder / "moved.csv")
    outcome = crawled(command, "--table", "glue_db.cars_csv")
    assert outcome.code == 2
    assert f"no such file or folder: {crawled.folder / 'cars.csv'}" in outcome.stderr
    assert crawled.ok("catalog", "tables", "glue_db") == "cars_csv\n"


def test_a_damaged_catalog_is_told_and_left_as_it_is(crawled, catalog):
    for rest in ("-wal", "-shm"):
        catalog.with_name(catalog.name + rest).unlink(missing_ok=True)
    damaged = bytes(range(256)) * 64
    catalog.write_bytes(damaged)
    for command in (["catalog", "tables", "glue_db"], ["crawl", "cars.csv", "--database", "glue_db"]):
        outcome = crawled(*command)
        assert outcome.code == 4
        assert f"catalog file {catalog}" in outcome.stderr
    assert catalog.read_bytes() == damaged


def has_opened(process, file):
    """Whether the process holds the file open at this moment."""
    for descriptor in pathlib.Path(f"/proc/{process.pid}/fd").glob("*"):
        try:
            if os.readlink(descriptor) == str(file):
                return True
        except FileNotFoundError:
            pass  # closed meanwhile
    return False


def test_a_locked_catalog_is_waited_for(crawled, catalog):
    holder = sqlite3.connect(catalog, isolation_level=None)
    holder.execute("pragma locking_mode = exclusive")
    holder.execute("begin exclusive")
    waiting = crawled.start("catalog", "tables", "glue_db")
    while waiting.poll() is None and not has_opened(waiting, catalog):
        pass
    assert waiting.poll() is None
    holder.close()
    assert waiting.communicate(timeout=60)[0] == b"cars_csv\n"
