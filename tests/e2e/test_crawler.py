"""Crawlers that the catalog keeps, and what a second crawl does to entries."""
import json
import shutil
import sqlite3

import pytest

from crawled_tables import columns, crawl, entry, outcomes, partitions, put, said


def create(partita, name, *arguments):
    return partita.ok("crawler", "create", name, "--database", "d", *arguments)


def run(partita, name, *arguments) -> dict:
    return json.loads(partita.ok("crawler", "run", name, "--json", *arguments))


def shown(partita, name) -> dict:
    return json.loads(partita.ok("crawler", "show", name, "--json"))


@pytest.fixture
def cars(partita):
    """Cars by year, and a crawler of them."""
    put(partita.folder, {"cars/year=2020/a.csv": "vin,range\nA,1\n", "cars/year=2021/a.csv": "vin,range\nB,2\n"})
    create(partita, "eletricc_vehicles", "--target", "cars")
    return partita


# ---- Crawlers


def test_a_crawler_is_created_run_shown_and_dropped(cars):
    report = run(cars, "eletricc_vehicles")
    assert outcomes(report) == {"cars": "created"}
    assert said(cars, "cars") == "csv , header: vin string, range bigint by year"
    assert entry(cars, "cars")["Parameters"]["UPDATED_BY_CRAWLER"] == "eletricc_vehicles"
    assert cars.ok("crawler", "list") == "eletricc_vehicles\n"
    told = shown(cars, "eletricc_vehicles")
    assert told["Crawler"]["Targets"]["S3Targets"] == [{"Path": f"{cars.folder}/cars", "Exclusions": []}]
    assert told["Crawler"]["SchemaChangePolicy"] == {
        "UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DEPRECATE_IN_DATABASE"}  # fmt: skip
    assert [crawl["id"] for crawl in told["Crawls"]] == [report["id"]]
    text = cars.ok("crawler", "show", "eletricc_vehicles")
    assert f"targets        {cars.folder}/cars\n" in text and "tables: 1 created; partitions: 2 new, 0 gone" in text
    assert "its tables stay" in cars.ok("crawler", "drop", "eletricc_vehicles")
    assert cars.ok("crawler", "list") == ""
    assert cars.ok("count", "--table", "d.cars") == "2\n"


def test_a_crawler_is_made_and_named_once(cars):
    again = cars("crawler", "create", "eletricc_vehicles", "--database", "d", "--target", "x")
    assert again.code == 5 and "eletricc_vehicles" in again.stderr
    for command in (["run"], ["show"], ["drop"]):
        unknown = cars("crawler", *command, "electric_vehicles")
        assert unknown.code == 2
        assert 'did you mean "eletricc_vehicles"?' in unknown.stderr


def test_looking_for_crawlers_makes_no_catalog(partita, catalog):
    assert partita.ok("crawler", "list") == ""
    assert partita("crawler", "run", "x").code == 2
    assert partita("crawler", "show", "x").code == 2
    assert not catalog.exists()


@pytest.mark.parametrize(
    "arguments, part",
    [
        (["--exclude", "[a"], "[a"),
        (["--exclude", "{a,{b}}"], "{a,{b}}"),
        (["--database", "a.b"], "a.b"),
        (["--read-option", "hedaer=true"], '"header"'),
        (["--read-option", "quote="], "quote"),
        (["--new-folders-only", "--on-change", "update"], "log"),
        (["--table-prefix", "x" * 129], "128"),
        (["--on-vanish", "forget"], "forget"),
    ],
)
def test_a_wrong_definition_is_refused_when_it_is_made(partita, arguments, part):
    database = [] if "--database" in arguments else ["--database", "d"]
    outcome = partita("crawler", "create", "c", "--target", "cars", *database, *arguments)
    assert outcome.code == 2 and part in outcome.stderr
    assert partita.ok("crawler", "list") == ""


def test_what_became_of_runs_is_kept_also_of_failures(cars):
    run(cars, "eletricc_vehicles")
    put(cars.folder, {"cars/year=2022/a.csv": "vin,range\nC,3,x\n"})
    failed = cars("crawler", "run", "eletricc_vehicles")
    assert failed.code == 3
    shutil.rmtree(cars.folder / "cars/year=2022")
    run(cars, "eletricc_vehicles")
    newest, before, first = shown(cars, "eletricc_vehicles")["Crawls"]
    assert outcomes(newest) == {"cars": "unchanged"} and newest["failure"] is None
    assert before["failure"]["code"] == "bad_input"
    assert f"partita: error: {before['failure']['message']}\n" == failed.stderr
    assert outcomes(first) == {"cars": "created"}
    [only] = json.loads(cars.ok("crawler", "show", "eletricc_vehicles", "--json", "--limit", "1"))["Crawls"]
    assert only == newest


def test_a_missing_target_fails_and_deprecates_nothing(cars):
    run(cars, "eletricc_vehicles")
    (cars.folder / "cars").rename(cars.folder / "elsewhere")
    outcome = cars("crawler", "run", "eletricc_vehicles")
    assert outcome.code == 2 and "cars" in outcome.stderr
    assert "DEPRECATED_BY_CRAWLER" not in entry(cars, "cars")["Parameters"]


def locks(partita) -> list:
    return list(partita.folder.glob("catalog.db-crawler-*"))


@pytest.fixture
def standing(cars, catalog):
    """A run that has locked its crawler, and waits for its turn to change the catalog."""
    run(cars, "eletricc_vehicles")
    writer = sqlite3.connect(catalog, isolation_level=None)
    writer.execute("begin immediate")
    process = cars.start("crawler", "run", "eletricc_vehicles")
    while process.poll() is None and not any(lock.read_text() for lock in locks(cars)):
        pass
    yield process
    writer.rollback()
    writer.close()
    process.communicate()


def test_two_runs_of_a_crawler_at_once_are_refused(cars, standing):
    assert standing.poll() is None, standing.stderr.read()
    refused = cars("crawler", "run", "eletricc_vehicles")
    assert refused.code == 5
    assert "running already" in refused.stderr and f"/{standing.pid}" in refused.stderr


def test_a_run_that_waited_ends_well_and_leaves_no_lock(cars, catalog):
    run(cars, "eletricc_vehicles")
    with sqlite3.connect(catalog, isolation_level=None) as writer:
        writer.execute("begin immediate")
        process = cars.start("crawler", "run", "eletricc_vehicles")
        while process.poll() is None and not any(lock.read_text() for lock in locks(cars)):
            pass
        assert cars("crawler", "run", "eletricc_vehicles").code == 5
        writer.rollback()
    _, stderr = process.communicate()
    assert process.returncode == 0, stderr
    assert locks(cars) == []
    assert len(shown(cars, "eletricc_vehicles")["Crawls"]) == 2  # the refused one is not one of them


def test_the_lock_of_a_run_that_was_killed_has_ended(cars, standing):
    standing.kill()
    standing.wait()
    assert len(locks(cars)) == 1
    other = cars.start("crawler", "run", "eletricc_vehicles")  # waits as well: it was not refused
    while other.poll() is None and not any(f"/{other.pid}" in lock.read_text() for lock in locks(cars)):
        pass
    assert other.poll() is None, other.stderr.read()
    other.kill()
    other.communicate()


def test_an_older_catalog_learns_of_crawlers(partita, catalog):
    put(partita.folder, {"a.csv": "k,v\n1,x\n"})
    crawl(partita, "a.csv")
    with sqlite3.connect(catalog) as connection:
        connection.executescript("drop table crawls; drop table crawlers; pragma user_version = 2")
    assert partita.ok("crawler", "list") == ""
    assert partita("crawler", "show", "c").code == 2
    create(partita, "c", "--target", "a.csv")
    assert outcomes(run(partita, "c")) == {"a_csv": "updated"}  # it is this crawler's now


# ---- A second crawl


def test_a_crawl_of_the_same_files_changes_nothing(cars):
    run(cars, "eletricc_vehicles")
    before = entry(cars, "cars")
    assert outcomes(run(cars, "eletricc_vehicles")) == {"cars": "unchanged"}
    after = entry(cars, "cars")
    assert {**after, "UpdateTime": 0} == {**before, "UpdateTime": 0}


def test_changes_are_made_and_told(cars):
    run(cars, "eletricc_vehicles")
    for year in (2020, 2021):
        put(cars.folder, {f"cars/year={year}/a.csv": "vin,range,color\nA,far,red\n"})
    [table] = run(cars, "eletricc_vehicles")["tables"]
    assert table["outcome"] == "updated"
    assert table["changes"] == ["column range is string, was bigint", "column color is new: string"]
    assert said(cars, "cars") == "csv , header: vin string, range string, color string by year"


def test_changes_are_only_logged_if_that_is_the_policy(partita):
    put(partita.folder, {"t/y=1/a.csv": "k,v\n1,2\n"})
    crawl(partita, "t")
    put(partita.folder, {"t/y=1/a.csv": "k,v\n1,x\n", "t/y=2/a.csv": "k,v\n1,y\n"})
    [table] = crawl(partita, "t", "--on-change", "log")["tables"]
    assert table["outcome"] == "logged" and table["changes"] == ["column v is string, was bigint"]
    assert said(partita, "t") == "csv , header: k bigint, v bigint by y"
    assert [p["Values"] for p in partitions(partita, "t")] == [["1"], ["2"]]  # new ones are entered all the same


def test_a_comment_on_a_partition_key_is_no_change(partita, catalog):
    put(partita.folder, {"t/y=1/a.csv": "k,v\n1,2\n"})
    crawl(partita, "t")
    with sqlite3.connect(catalog) as connection:
        [[text]] = connection.execute("select definition from tables").fetchall()
        definition = json.loads(text)
        definition["PartitionKeys"][0]["Comment"] = "a year"
        connection.execute("update tables set definition = ?", [json.dumps(definition)])
    put(partita.folder, {"t/y=1/a.csv": "k,v\n1,x\n", "t/y=2/a.csv": "k,v\n1,y\n"})
    crawl(partita, "t", "--on-change", "log")
    assert [p["Values"] for p in partitions(partita, "t")] == [["1"], ["2"]]
    crawl(partita, "t")
    assert entry(partita, "t")["PartitionKeys"] == [{"Name": "y", "Type": "string", "Comment": "a year"}]


def test_partitions_by_another_key_are_not_of_the_table_any_more(partita):
    put(partita.folder, {"t/y=1/a.csv": "k,v\n1,2\n", "t/y=2/a.csv": "k,v\n1,2\n"})
    crawl(partita, "t")
    shutil.rmtree(partita.folder / "t/y=1")
    (partita.folder / "t/y=2").rename(partita.folder / "t/year=2")
    [table] = crawl(partita, "t")["tables"]
    assert "the partition key is year, was y" in table["changes"]
    assert [p["Values"] for p in partitions(partita, "t")] == [["2"]]


def test_types_of_partitioned_tables_stay_where_the_values_allow(partita):
    put(partita.folder, {"t/y=1/a.csv": "k,v,w\n1,1.5,true\n", "t/y=2/a.csv": "k,v,w\n2,2,\n"})
    crawl(partita, "t")
    shutil.rmtree(partita.folder / "t/y=1")
    assert outcomes(crawl(partita, "t")) == {"t": "updated"}
    assert said(partita, "t") == "csv , header: k bigint, v double, w boolean by y"
    put(partita.folder, {"t/y=3/a.csv": "k,v,w\nx,,7\n"})
    crawl(partita, "t")
    assert said(partita, "t") == "csv , header: k string, v double, w bigint by y"
    assert partita.ok("count", "--table", "d.t") == "2\n"


def test_types_of_other_tables_are_found_anew(partita):
    put(partita.folder, {"a.csv": "k,v\n1,x\n"})
    crawl(partita, "a.csv")
    put(partita.folder, {"a.csv": "k,v\n1,2\n"})
    crawl(partita, "a.csv")
    assert said(partita, "a_csv") == "csv , header: k bigint, v bigint"


def test_partitions_come_go_and_come_back(cars):
    run(cars, "eletricc_vehicles")
    put(cars.folder, {"cars/year=2022/a.csv": "vin,range\nC,3\n"})
    shutil.rmtree(cars.folder / "cars/year=2020")
    [table] = run(cars, "eletricc_vehicles")["tables"]
    assert (table["outcome"], table["num_partitions_added"], table["num_partitions_gone"]) == ("updated", 1, 1)
    deprecated = {p["Values"][0]: "DEPRECATED_BY_CRAWLER" in p["Parameters"] for p in partitions(cars, "cars")}
    assert deprecated == {"2020": True, "2021": False, "2022": False}
    assert cars.ok("count", "--table", "d.cars") == "2\n"  # the one without files is in nobody's way
    assert outcomes(run(cars, "eletricc_vehicles")) == {"cars": "unchanged"}
    put(cars.folder, {"cars/year=2020/b.csv": "vin,range\nD,4\n"})
    [table] = run(cars, "eletricc_vehicles")["tables"]
    assert (table["num_partitions_added"], table["num_partitions_gone"]) == (1, 0)
    assert all("DEPRECATED_BY_CRAWLER" not in p["Parameters"] for p in partitions(cars, "cars"))
    assert cars.ok("count", "--table", "d.cars", "--where", "year = '2020'") == "1\n"


@pytest.mark.parametrize("policy, left", [("delete", ["2021"]), ("log", ["2020", "2021"])])
def test_partitions_that_are_gone_by_policy(cars, policy, left):
    create(cars, "c", "--target", "cars", "--on-vanish", policy)
    run(cars, "c")
    shutil.rmtree(cars.folder / "cars/year=2020")
    [table] = run(cars, "c")["tables"]
    assert table["num_partitions_gone"] == 1
    listed = partitions(cars, "cars")
    assert [p["Values"][0] for p in listed] == left
    assert all("DEPRECATED_BY_CRAWLER" not in p["Parameters"] for p in listed)


@pytest.mark.parametrize(
    "policy, outcome, stays, is_marked",
    [("deprecate", "deprecated", True, True), ("delete", "deleted", False, False), ("log", "gone", True, False)],
)
def test_tables_that_are_gone_by_policy(partita, policy, outcome, stays, is_marked):
    put(partita.folder, {"in/cars/a.csv": "k,v\n1,x\n", "in/vans/a.csv": "x,y\n1,2\n", "in/z.json": '{"a": 1}\n'})
    create(partita, "c", "--target", "in", "--on-vanish", policy)
    assert outcomes(run(partita, "c")) == {"cars": "created", "vans": "created", "z_json": "created"}
    shutil.rmtree(partita.folder / "in/vans")
    report = run(partita, "c")
    assert outcomes(report) == {"cars": "unchanged", "z_json": "unchanged", "vans": outcome}
    tables = partita.ok("catalog", "tables", "d").split()
    assert ("vans" in tables) == stays
    if stays:
        assert ("DEPRECATED_BY_CRAWLER" in entry(partita, "vans")["Parameters"]) == is_marked
    put(partita.folder, {"in/vans/b.csv": "x,y\n1,2\n"})
    run(partita, "c")
    assert "DEPRECATED_BY_CRAWLER" not in entry(partita, "vans")["Parameters"]


def test_tables_of_others_are_never_gone(partita):
    put(partita.folder, {"in/a.csv": "k,v\n1,x\n", "in/b.json": '{"a": 1}\n'})
    crawl(partita, "in", "--name", "other")
    create(partita, "c", "--target", "in", "--table-prefix", "my_", "--exclude", "*.json")
    assert outcomes(run(partita, "c")) == {"my_in": "created"}
    assert "DEPRECATED_BY_CRAWLER" not in entry(partita, "b_json")["Parameters"]


def test_all_files_may_be_gone_of_a_crawler_that_has_found_some(partita):
    put(partita.folder, {"in/a.csv": "k,v\n1,x\n"})
    create(partita, "c", "--target", "in")
    run(partita, "c")
    (partita.folder / "in/a.csv").unlink()
    assert outcomes(run(partita, "c")) == {"in": "deprecated"}
    assert partita("crawl", "in", "--database", "other").code == 3  # nothing was ever there for this one


def test_a_table_of_another_place_keeps_its_name(partita):
    put(partita.folder, {"x/cars/a.csv": "k,v\n1,x\n", "y/cars/a.csv": "a,b\n1,x\n"})
    crawl(partita, "x/cars")
    [second] = crawl(partita, "y/cars")["tables"]
    assert second["name"].startswith("cars_") and len(second["name"]) == len("cars_") + 32
    assert entry(partita, "cars")["StorageDescriptor"]["Location"].endswith("/x/cars/")
    assert outcomes(crawl(partita, "y/cars")) == {second["name"]: "unchanged"}
    partita.ok("catalog", "drop", "d.cars")
    assert outcomes(crawl(partita, "y/cars")) == {second["name"]: "unchanged"}


def test_names_that_become_the_same_are_told_apart(partita):
    put(partita.folder, {"t/a-b.csv": "k,v\n1,x\n", "t/a_b.csv": "x,y\n1,2\n"})
    names = [table["name"] for table in crawl(partita, "t")["tables"]]
    assert names[0] == "a_b_csv" and names[1].startswith("a_b_csv_") and len(set(names)) == 2
    assert outcomes(crawl(partita, "t")) == {name: "unchanged" for name in names}


def test_words_of_users_stay(partita, catalog):
    put(partita.folder, {"a.csv": "k,v\n1,x\n"})
    crawl(partita, "a.csv")
    with sqlite3.connect(catalog) as connection:
        [[text]] = connection.execute("select definition from tables").fetchall()
        definition = json.loads(text)
        definition["Description"] = "letters"
        definition["StorageDescriptor"]["Columns"][1]["Comment"] = "a letter"
        connection.execute("update tables set definition = ?", [json.dumps(definition)])
    put(partita.folder, {"a.csv": "k,v,w\n1,x,2\n"})
    crawl(partita, "a.csv")
    table = entry(partita, "a_csv")
    assert table["Description"] == "letters"
    assert table["StorageDescriptor"]["Columns"][1]["Comment"] == "a letter"
    assert columns(table) == "k bigint, v string, w bigint"


# ---- New folders only


def test_only_new_folders_are_read(partita):
    put(partita.folder, {"t/y=1/a.csv": "k,v\n1,2\n"})
    create(partita, "c", "--target", "t", "--new-folders-only")
    assert outcomes(run(partita, "c")) == {"t": "created"}
    put(partita.folder, {"t/y=1/a.csv": "rubbish\n", "t/y=2/a.csv": "k,v\n3,4\n"})
    [table] = run(partita, "c")["tables"]
    assert (table["name"], table["num_files"], table["num_partitions_added"]) == ("t", 1, 1)
    assert [p["Values"] for p in partitions(partita, "t")] == [["1"], ["2"]]
    shutil.rmtree(partita.folder / "t/y=1")
    assert run(partita, "c")["tables"] == []
    assert [p["Values"] for p in partitions(partita, "t")] == [["1"], ["2"]]


def test_new_folders_that_do_not_fit_are_told_and_not_entered(partita):
    put(partita.folder, {"t/y=1/a.csv": "k,v\n1,2\n"})
    create(partita, "c", "--target", "t", "--new-folders-only")
    run(partita, "c")
    put(partita.folder, {"t/y=2/a.csv": "k,v\n3,x\n"})
    report = run(partita, "c")
    assert outcomes(report) == {"t": "logged"}
    assert "column v is string, was bigint" in report["notes"][0]
    assert [p["Values"] for p in partitions(partita, "t")] == [["1"]]
    put(partita.folder, {"t/y=2/a.csv": "k,v\n3,\n"})  # nothing that speaks against a number
    assert outcomes(run(partita, "c")) == {"t": "updated"}
    assert partita.ok("count", "--table", "d.t") == "2\n"


def test_new_folders_beside_tables_become_tables(partita):
    put(partita.folder, {"in/cars/a.csv": "k,v\n1,x\n", "in/vans/a.csv": "x,y\n1,2\n"})
    create(partita, "c", "--target", "in", "--new-folders-only")
    assert outcomes(run(partita, "c")) == {"cars": "created", "vans": "created"}
    put(partita.folder, {"in/bikes/a.csv": "k,v\n1,x\n"})
    assert outcomes(run(partita, "c")) == {"bikes": "created"}
    assert sorted(partita.ok("catalog", "tables", "d").split()) == ["bikes", "cars", "vans"]
