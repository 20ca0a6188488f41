"""Small files, and what docs/format/crawl.md says a crawl makes of them."""
import pytest

from crawled_tables import crawl, entry, put, said

MANY = "".join(f"{i},x\n" for i in range(2000))
LONG = "n" * 150
TEN = '"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1'  # seven of ten


def csv(text, expected, *options, name="t.csv", table="t_csv"):
    return {name: text}, options, {table: expected}


# A name, files, options, and the tables that are found.
CASES = {
    # ---- header
    "values below names": csv("a,b\n1,x\n2,y\n", "csv , header: a bigint, b string"),
    "text alone keeps its header": csv("name,city\nann,oslo\nbob,rome\n", "csv , header: name string, city string"),
    "a name that is a value too": csv("x,y\nx,b\nz,c\n", "csv , no header: col0 string, col1 string"),
    "numbers are no names": csv("1,2\n3,4\n", "csv , no header: col0 bigint, col1 bigint"),
    "a date is no name": csv("2020-01-01,a\n2020-01-02,b\n", "csv , no header: col0 string, col1 string"),
    "true is no name": csv("true,a\nfalse,b\n", "csv , no header: col0 boolean, col1 string"),
    "a blank name": csv("a,,c\n1,2,3\n", "csv , header: a bigint, col1 bigint, c bigint"),
    "a name twice in four": csv("a,b,c,A\n1,2,3,4\n", "csv , header: a bigint, b bigint, c bigint, a_2 bigint"),
    "a name twice in two": csv("a,a\n1,x\n", "csv , no header: col0 string, col1 string"),
    "names are trimmed": csv(" Total Discharges ,DRG\n5,x\n", "csv , header: total discharges bigint, drg string"),
    "punctuation stays": csv("VIN (1-10),Größe/m.\n5,1.5\n", "csv , header: vin (1-10) bigint, größe/m. double"),
    "a long name": csv(f"{LONG},b\n1,x\n", "csv , no header: col0 string, col1 string"),
    "a long last name": csv(f"a,{LONG}\n1,2\n", f"csv , header: a bigint, {LONG} bigint"),
    "a header alone": csv("a,b\n", "csv , header: a string, b string"),
    "a header that is given": csv("2019,2020\n1,2\n", "csv , header: 2019 bigint, 2020 bigint",
                                  "--read-option", "header=true"),
    "no header that is given": csv("a,b\nc,d\n", "csv , no header: col0 string, col1 string",
                                   "--read-option", "header=false"),
    "a byte-order mark": csv(b"\xef\xbb\xbfa,b\n1,x\n", "csv , header: a bigint, b string"),
    "CRLF": csv("a,b\r\n1,x\r\n2,y\r\n", "csv , header: a bigint, b string"),
    "no line end at the end": csv("a,b\n1,x\n2,y", "csv , header: a bigint, b string"),
    # ---- separator
    "pipe": csv("a|b\n1|x,y\n2|z\n", "csv | header: a bigint, b string"),
    "tab": csv("a\tb\n1\tx\n", "csv \t header: a bigint, b string"),
    "semicolon": csv("a;b\n1;x\n", "csv ; header: a bigint, b string"),
    "Ctrl-A": csv("a\x01b\n1\x01x\n", "csv \x01 header: a bigint, b string"),
    "a comma within values": csv("a;b\n1,5;2\n2,5;3\n", "csv ; header: a string, b bigint"),
    "a separator within quotes": csv('a;b\n"1;2";3\n"4;5";6\n', "csv ; header: a string, b bigint"),
    "one that is given": csv("a~b\n1~x\n", "csv ~ header: a bigint, b string", "--read-option", "sep=~"),
    "a single column": csv("n\n1\n2\n", "csv , header: n bigint"),
    "any name": csv("a,b\n1,x\n", "csv , header: a bigint, b string", name="data", table="data"),
    # ---- quoting
    "all quoted": csv('"a","b"\n"1","x"\n', "csv , header: a bigint, b string"),
    "quotes within quotes": csv('a,b\n1,"x ""y"" z"\n', "csv , header: a bigint, b string"),
    "backslashes before quotes": csv('a,b\n1,"x \\"y\\", z"\n', "csv , header: a bigint, b string"),
    "line ends within quotes": csv('a,b\n1,"x\ny"\n2,z\n', "csv , header: a bigint, b string"),
    "another quote": csv("a,b\n1,'x,y'\n", "csv , header: a bigint, b string", "--read-option", "quote='"),
    # ---- types
    "integers": csv("a,b\n-1,9223372036854775807\n0,1\n", "csv , header: a bigint, b bigint"),
    "integers and fractions": csv("a,b\n1,.5\n2.5,1e3\n", "csv , header: a double, b double"),
    "true and false": csv("a,b\ntrue,x\nFALSE,y\n", "csv , header: a boolean, b string"),
    "leading zeros": csv("zip,n\n02020,1\n98125,2\n", "csv , header: zip string, n bigint"),
    "leading zeros for Glue": csv("zip,n\n02020,1\n98125,2\n", "csv , header: zip bigint, n bigint", "--glue-types"),
    "plus signs": csv("a,b\n+5,1\n", "csv , header: a string, b bigint", "--glue-types"),
    "dates": csv("day,n\n2020-01-31,1\n", "csv , header: day string, n bigint", "--glue-types"),
    "timestamps": csv("at,n\n2020-01-31 10:00:00,1\n", "csv , header: at string, n bigint"),
    "more than 64 bits": csv("a,b\n9223372036854775808,1\n", "csv , header: a string, b bigint"),
    "what a double loses": csv("a,b\n9007199254740993,1\n1.5,2\n", "csv , header: a string, b bigint"),
    "what Glue loses": csv("a,b\n9007199254740993,1\n1.5,2\n", "csv , header: a double, b bigint", "--glue-types"),
    "digits that a double loses": csv("a,b\n3.14159265358979323846,1\n", "csv , header: a string, b bigint"),
    "digits that Glue loses": csv("a,b\n3.14159265358979323846,1\n", "csv , header: a double, b bigint",
                                  "--glue-types"),
    "no number": csv("a,b\nNaN,1\n", "csv , header: a string, b bigint"),
    "money": csv("a,b\n$5,1\n$6,2\n", "csv , header: a string, b bigint"),
    "thousands": csv('a,b\n"1,000",1\n', "csv , header: a string, b bigint"),
    "blanks around": csv("a,b\n 5,1\n", "csv , header: a string, b bigint"),
    "a column without values": csv("a,b\n,1\n,2\n", "csv , header: a string, b bigint"),
    "some without a value": csv("a,b\n1,\n,2.5\n", "csv , header: a bigint, b double"),
    "a mixture": csv("a,b\n1,1\ntrue,2\n", "csv , header: a string, b bigint"),
    "one odd row of many": csv("a,b\n" + MANY + "x,x\n", "csv , header: a string, b string"),
    "an odd row behind the sample": csv("a,b\n" + MANY + "x,x\n", "csv , header: a bigint, b string", "--sample"),
    "no types wanted": csv("a,b\n1,2\n", "csv , header: a string, b string", "--read-option", "inferSchema=false"),
    "medicaid": csv(
        "DRG Definition,Provider Id, Total Discharges , Average Covered Charges \n"
        '039 - EXTRACRANIAL,10001,91,"$32,963.07"\n057 - X,10005,14,"$15,131.85"\n',
        "csv , header: drg definition string, provider id bigint, total discharges bigint, "
        "average covered charges string"),
    "medicaid with a bad row": csv(
        "DRG Definition,Provider Id\na,10001\nb,none\n", "csv , header: drg definition string, provider id string"),
    # ---- JSON
    "JSON": ({"persons.json": '{"id": 1, "Name": "ann", "ok": true, "x": 1.5}\n'}, [],
             {"persons_json": "json: name string, id bigint, ok boolean, x double"}),
    "nested JSON": ({"a.json": '{"Who": {"First": "ann", "tags": ["x"]}, "n": [1, 2.5]}\n'}, [],
                    {"a_json": "json: who struct<first:string,tags:array<string>>, n array<double>"}),
    "JSON members that come and go": ({"a.json": '{"a": 1}\n{"b": "x"}\n{"a": null}\n'}, [],
                                      {"a_json": "json: a bigint, b string"}),
    "JSON of several types": ({"a.json": '{"a": 1, "b": 1}\n{"a": "x", "b": 2.5}\n'}, [],
                              {"a_json": "json: a string, b double"}),
    "JSON nulls": ({"a.json": '{"a": null, "b": 1}\n'}, [], {"a_json": "json: a string, b bigint"}),
    "large JSON numbers": ({"a.json": '{"a": 12345678901234567890}\n'}, [], {"a_json": "json: a decimal(20,0)"}),
    "JSON arrays of objects": ({"a.json": '[{"a": 1}, {"a": 2}]\n'}, [], {"a_json": "json: a bigint"}),
    "JSON by any name": ({"a.txt": ' {"a": 1}\n'}, [], {"a_txt": "json: a bigint"}),
    "a sample of JSON": ({"a.json": '{"a": 1}\n' * 9}, ["--sample"], {"a_json": "json: a bigint"}),
    # ---- names
    "odd characters": csv("a,b\n1,x\n", "csv , header: a bigint, b string",
                          name="My Cars (2020).CSV", table="my_cars__2020__csv"),
    "a prefix": csv("a,b\n1,x\n", "csv , header: a bigint, b string", "--table-prefix", "Raw-", table="raw_t_csv"),
    "a long name of a file": csv("a,b\n1,x\n", "csv , header: a bigint, b string",
                                 name="x" * 200 + ".csv", table="x" * 128),
    "a name that is given": csv("a,b\n1,x\n", "csv , header: a bigint, b string", "--table", "Mine", table="mine"),
    # ---- folders
    "a folder": ({"t/a.csv": "a,b\n1,x\n", "t/b.csv": "A,b\n2.5,y\n"}, [], {"t": "csv , header: a double, b string"}),
    "folders that differ": ({"t/a/1.csv": "a,b\n1,x\n", "t/b/1.csv": "c,d\n1,x\n"}, [],
                            {"a": "csv , header: a bigint, b string", "b": "csv , header: c bigint, d string"}),
    "formats that differ": ({"t/a.csv": "a,b\n1,x\n", "t/b.json": '{"a": 1}\n'}, [],
                            {"a_csv": "csv , header: a bigint, b string", "b_json": "json: a bigint"}),
    "an order that differs": ({"t/1.csv": "a,b\n1,x\n", "t/2.csv": "b,a\nx,1\n"}, [],
                              {"1_csv": "csv , header: a bigint, b string",
                               "2_csv": "csv , header: b string, a bigint"}),
    "separators that differ": ({"t/1.csv": "a,b\n1,x\n", "t/2.csv": "a;b\n1;x\n"}, [],
                               {"1_csv": "csv , header: a bigint, b string",
                                "2_csv": "csv ; header: a bigint, b string"}),
    "a header that another file shows": (
        {"t/1.csv": "a,b\n1,x\n", "t/2.csv": "a,b\na,y\n"}, [], {"t": "csv , header: a string, b string"}),
    "JSON with 8 of 10 columns": (
        {"t/1.json": f'{{{TEN},"h":1,"i":1,"j":1}}\n', "t/2.json": f'{{{TEN},"h":1}}\n'}, [],
        {"t": "json: " + ", ".join(f"{c} bigint" for c in "abcdefghij")}),
    "JSON with 7 of 10 columns": (
        {"t/1.json": f'{{{TEN},"h":1,"i":1,"j":1}}\n', "t/2.json": f"{{{TEN}}}\n"}, [],
        {"1_json": "json: " + ", ".join(f"{c} bigint" for c in "abcdefghij"),
         "2_json": "json: " + ", ".join(f"{c} bigint" for c in "abcdefg")}),
    "key=value": ({"t/Year=2020/a.csv": "a,b\n1,x\n", "t/year=2021/a.csv": "a,b\n2,y\n"}, [],
                  {"t": "csv , header: a bigint, b string by year"}),
    "folders without keys": ({"t/2020/a.csv": "a,b\n1,x\n", "t/2021/a.csv": "a,b\n2,y\n"}, [],
                             {"t": "csv , header: a bigint, b string by partition_0"}),
    "both": ({"t/x/y=1/z/a.csv": "a,b\n1,x\n", "t/w/y=2/z/a.csv": "a,b\n2,y\n"}, [],
             {"t": "csv , header: a bigint, b string by partition_0, y, partition_1"}),
    "files at several depths": ({"t/a.csv": "a,b\n1,x\n", "t/more/b.csv": "a,b\n2,y\n"}, [],
                                {"t": "csv , header: a bigint, b string"}),
    "hidden and empty files": (
        {"t/a.csv": "a,b\n1,x\n", "t/_tmp/b": "rubbish", "t/.c": "rubbish", "t/d.csv": "", "t/_SUCCESS": ""}, [],
        {"t": "csv , header: a bigint, b string"}),
    "exclusions": (
        {"t/a.csv": "a,b\n1,x\n", "t/b.tmp": "rubbish", "t/log/c.txt": "more"},
        ["--exclude", "**.tmp", "--exclude", "log/**"], {"t": "csv , header: a bigint, b string"}),
    "exclusions with braces": (
        {"t/a.csv": "a,b\n1,x\n", "t/b.tmp": "rubbish", "t/c.log": "more"},
        ["--exclude", "*.{tmp,l?g}"], {"t": "csv , header: a bigint, b string"}),
}


def test_there_are_enough_cases():
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", CASES)
def test_a_crawl_decides_as_documented(partita, case):
    files, options, expected = CASES[case]
    put(partita.folder, files)
    [target] = {path.split("/")[0] for path in files}
    report = crawl(partita, target, *options)
    assert {table["name"]: said(partita, table["name"]) for table in report["tables"]} == expected
    assert all(table["outcome"] == "created" for table in report["tables"])


@pytest.mark.parametrize("case", [case for case in CASES if "sample" not in case])
def test_every_row_is_read_by_the_types_found(partita, case):
    """Whatever was decided: the table can be read as a whole, and has as many rows as the crawl has counted."""
    files, options, _ = CASES[case]
    put(partita.folder, files)
    [target] = {path.split("/")[0] for path in files}
    for table in crawl(partita, target, *options)["tables"]:
        rows = partita.ok("scan", "--table", f"d.{table['name']}", "--format", "json")
        assert rows.count("\n") == table["num_rows"]


def test_parameters_tell_how_values_are_quoted(partita):
    put(partita.folder, {"q.csv": '"a","b"\n"1","x"\n', "p.csv": 'a,b\n1,"x"\n', "e.csv": 'a,b\n1,"x \\" y"\n'})
    crawl(partita, "q.csv", "p.csv", "e.csv")
    assert entry(partita, "q_csv")["Parameters"]["areColumnsQuoted"] == "true"
    assert entry(partita, "p_csv")["Parameters"]["areColumnsQuoted"] == "false"
    serde = entry(partita, "e_csv")["StorageDescriptor"]["SerdeInfo"]
    assert serde["Parameters"] == {"escape.delim": "\\", "field.delim": ","}
