"""scan takes exactly the rows for which real Spark says that the condition is true."""
import json
import random

import pytest

ROWS = 1500
SEED = 20

# Values that each column draws from, as Spark SQL spells them; NULL comes on top.
VALUES = {
    "i": ["-5", "0", "1", "7", "2011", "2147483647"],
    "l": ["-9223372036854775808L", "0L", "7L", "2011L", "9007199254740993L"],
    "f": ["float('0.1')", "float('1.5')", "float('NaN')", "float('-1e-5')", "float('inf')"],
    "d": ["0.1D", "-0.0D", "0.0D", "double('NaN')", "2011.5D", "double('-inf')", "1e300D"],
    "dec": ["1.50", "-99.99", "0.00", "2011.00"],
    "s": ["''", "'KIA'", "'kia'", "'TH!NK'", "'a%b'", "'a_b'", "'O''Fallon'", "'日本'", "'Größe'", "'a\\nb'"],
    "b": ["true", "false"],
    "dt": ["date'2024-02-29'", "date'1969-12-31'", "date'0001-01-01'"],
    "ts": ["timestamp'2024-02-29 12:00:00.5'", "timestamp'2024-02-29 00:00:00'", "timestamp'1600-01-01 00:00:01'"],
    "ntz": ["timestamp_ntz'2024-02-29 12:00:00.5'", "timestamp_ntz'1970-01-01 00:00:00'"],
    "p": ["2011", "2012", "7"],
    "q": ["'KIA'", "'a b'", "'50%'", "'x=y/z'", "'é'"],
}
TYPES = {"f": "float", "d": "double", "dec": "decimal(10,2)", "ts": "timestamp", "ntz": "timestamp_ntz"}

FIXED = [
    "i = 7", "i == 7", "i <> 7", "i != 7", "i < 7", "i <= 7", "i > 7", "i >= 7", "7 < i", "not i = 7",
    "i = '7'", "i in (7, 2011, null)", "i not in (7, 2011)", "i not in (7, null)", "i between 0 and 7",
    "i not between 0 and 7", "i > 6.5", "i = 7.0", "i < 1e9", "i > 99999999999", "i < -99999999999999999999",
    "i is null", "i is not null", "not (i is null or i = 7)", "i = l", "i < l", "l = 9007199254740993",
    "l = 9007199254740992.0", "l > -9223372036854775808", "l = dec", "dec = 1.5", "dec = 2011", "dec > 1.499999999999",
    "dec between -100 and 0", "dec in (1.5, 2011)", "f = '0.1'", "f > 1", "f = 1.5", "f < '0.2'", "f is not null",
    "d = 'NaN'", "d > 2011", "d >= 2011.5", "d < 'NaN'", "d <= 'NaN'", "d = 0", "d <> 0", "d in (0.1D, 1e300)",
    "not d in (0.1D)", "d = f", "d < f", "d between 0 and 1", "s = 'KIA'", "s <> 'KIA'", "s < 'a'", "s = ''",
    "s like 'K%'", "s like '%'", "s like ''", "s like 'a_b'", "s like 'a\\\\_b'", "s like 'a\\\\%b'",
    "s like 'a!_b' escape '!'", "s like '%!%' ", "s like 'Gr__e'", "s like '日_'", "s not like '%i%'",
    "s like 'a%b'", "s = 'O''Fallon'", "s = 'O\\'Fallon'", "s = 'a\\nb'", "s in ('KIA', 'kia', '')", "s = q", "s < q",
    "b", "not b", "b = true", "b <> false", "b or i = 7", "b is null", "b = 'true'", "dt = date'2024-02-29'",
    "dt < '2024-01-01'", "dt = '2024-02-29'", "dt <= ts", "dt = timestamp'2024-02-29 00:00:00'",
    "ts > timestamp'2000-01-01 00:00:00'", "ts = '2024-02-29 12:00:00.5'", "ts >= date'2024-02-29'",
    "ts between '1600-01-01' and '2024-02-29'", "ntz = '2024-02-29 12:00:00.5'", "ntz < ts", "ntz = ts",
    "p = 2011", "p = '2011'", "p == '2011' and q == 'KIA'", "p is null", "p > 7 and p < 2012", "p in (7, 2012)",
    "q = 'a b'", "q = '50%'", "q = 'x=y/z'", "q = 'é'", "q is null", "q like 'a%'", "p = i", "p = 2011 or i = 7",
    "p = 2011 and i = 7 or q = 'KIA' and b", "not (p = 2011 or q = 'KIA')", "p <> 2011", "null", "true", "false",
    "1 = 1", "1 = 2", "null is null", "i = null", "not null", "1 < 2.5 and 'a' < 'b'", "2011 = p",
]


def literal(column, rng):
    if rng.random() < 0.05:
        return "null"
    text = rng.choice(VALUES[column])
    for call in ("float(", "double("):
        text = text.removeprefix(call)
    return text.rstrip(")").removesuffix("D").removesuffix("L").replace("timestamp_ntz'", "'")


def predicate(rng):
    column = rng.choice(list(VALUES))
    kind = rng.randrange(8)
    if kind == 0:
        return f"`{column}` is {rng.choice(['', 'not '])}null"
    if kind == 1:
        values = ", ".join(literal(column, rng) for _ in range(rng.randrange(1, 5)))
        return f"{column} {rng.choice(['', 'not '])}in ({values})"
    if kind == 2:
        return f"{column} between {literal(column, rng)} and {literal(column, rng)}"
    operator = rng.choice(["=", "<>", "<", "<=", ">", ">="])
    return f"{column} {operator} {literal(column, rng)}"


def condition(rng, depth):
    kind = rng.randrange(4) if depth else 3
    if kind == 0:
        return f"({condition(rng, depth - 1)} and {condition(rng, depth - 1)})"
    if kind == 1:
        return f"({condition(rng, depth - 1)} or {condition(rng, depth - 1)})"
    if kind == 2:
        return f"not ({condition(rng, depth - 1)})"
    return predicate(rng)


def conditions():
    rng = random.Random(SEED)
    return FIXED + [condition(rng, rng.randrange(1, 4)) for _ in range(140)]


@pytest.fixture(scope="module")
def frame(spark):
    """Random rows, a few of each value, so that most conditions match some and not others."""
    rng = random.Random(SEED)
    rows = []
    for number in range(ROWS):
        values = ", ".join("null" if rng.random() < 0.15 else rng.choice(choices) for choices in VALUES.values())
        rows.append(f"({number}, {values})")
    columns = ", ".join(
        f"cast({name} as {TYPES[name]}) as {name}" if name in TYPES else name for name in VALUES
    )
    data = spark.sql(f"select id, {columns} from values {', '.join(rows)} as t(id, {', '.join(VALUES)})")
    return data.cache()


@pytest.fixture(scope="module")
def wanted(frame):
    """For each condition the ids of the rows that Spark takes."""
    from pyspark.sql import functions  # pylint: disable=import-outside-toplevel

    texts = conditions()
    flags = [functions.expr(text).cast("boolean").alias(f"c{i}") for i, text in enumerate(texts)]
    taken = {text: set() for text in texts}
    for row in frame.select("id", *flags).collect():
        for text, flag in zip(texts, row[1:]):
            if flag:
                taken[text].add(row[0])
    return taken


@pytest.fixture(scope="module", params=["parquet", "orderly"])
def folder(request, frame, tmp_path_factory):
    """The rows as Spark writes them: in no order, and in small row groups whose ranges differ."""
    target = tmp_path_factory.mktemp("scan") / request.param
    data = frame.coalesce(1).orderBy("i", "s") if request.param == "orderly" else frame.repartition(3)
    data.write.partitionBy("p", "q").option("parquet.block.size", 2048).parquet(str(target))
    return target


def test_every_condition_takes_the_rows_that_spark_takes(shared_partita, folder, wanted):
    assert len(wanted) >= 200
    assert sum(1 for ids in wanted.values() if 0 < len(ids) < ROWS) >= 150
    wrong = {}
    for text, ids in wanted.items():
        outcome = shared_partita("scan", folder, "--where", text, "--select", "id", "--format", "json")
        got = [json.loads(line)["id"] for line in outcome.stdout.splitlines()]
        if outcome.code != 0 or sorted(got) != sorted(ids):
            wrong[text] = outcome.stderr or f"{len(got)} rows for {len(ids)}"
    assert wrong == {}


def test_all_columns_come_back_as_spark_reads_them(shared_partita, folder, spark):
    names = ["id", "i", "l", "dec", "s", "b", "dt", "p", "q"]
    text = "i >= 0 or q = 'KIA'"
    rows = spark.read.parquet(str(folder)).where(text).select(*names).toJSON().collect()
    got = shared_partita.ok("scan", folder, "--where", text, "--select", ",".join(names), "--format", "json")
    assert sorted(got.splitlines()) == sorted(rows)
