"""CSV in other encodings is read as its twin in UTF-8, wherever it lies."""
import gzip

import pytest

TEXT = "id,name\n1,Zoë\n2,日本\n3,ß😀\n"
LATIN = "id,name\n1,Zoë\n2,ß\n"


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("encoding, text", [("UTF-16", TEXT), ("UTF-16LE", TEXT), ("ISO-8859-1", LATIN)])
def test_every_command_reads_what_the_utf_8_twin_holds(partita, encoding, text, packed):
    (partita.folder / "twin.csv").write_text(text)
    name = "in.csv.gz" if packed else "in.csv"
    content = text.encode(encoding)
    (partita.folder / name).write_bytes(gzip.compress(content) if packed else content)
    option = f"--read-option=encoding={encoding}"
    for command in (["schema"], ["show"], ["count"], ["scan", "--format=json"]):
        assert partita.ok(*command, name, option) == partita.ok(*command, "twin.csv"), command
    partita.ok("write", name, option, "--partition-by=id", "--output=json=out")
    partita.ok("write", "twin.csv", "--partition-by=id", "--output=json=twin")
    rows = {path.parent.name: path.read_text() for path in (partita.folder / "out").rglob("*.json")}
    assert rows == {path.parent.name: path.read_text() for path in (partita.folder / "twin").rglob("*.json")}
    assert len(rows) == text.count("\n") - 1


def test_files_below_partition_folders_are_read_too(partita):
    (partita.folder / "in/k=1").mkdir(parents=True)
    (partita.folder / "in/k=1/a.csv").write_bytes("1,Zoë\n".encode("utf-16"))
    rows = partita.ok("scan", "in", "--read-option=encoding=UTF-16", "--read-option=sep=,", "--format=csv")
    assert "Zoë,1" in rows


def test_utf_16_without_a_word_of_it_is_refused_with_the_option_to_give(partita):
    (partita.folder / "in.csv").write_bytes(TEXT.encode("utf-16"))
    for command in ("count", "show"):
        outcome = partita(command, "in.csv")
        assert outcome.code == 3
        assert "encoding=UTF-16" in outcome.stderr


@pytest.mark.parametrize("name", ["bad.csv", "bad.csv.gz"])
def test_what_is_no_text_of_its_encoding_is_named_or_left_out(partita, name):
    content = TEXT.encode("utf-16-le") + b"\x00\xdc"
    (partita.folder / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    (partita.folder / "good.csv").write_bytes(TEXT.encode("utf-16-le"))
    option = "--read-option=encoding=UTF-16LE"
    outcome = partita("count", "good.csv", name, option)
    assert outcome.code == 3
    assert f"{name} is not in UTF-16LE: there is no character at byte {len(content) - 1}" in outcome.stderr
    outcome = partita("count", "good.csv", name, option, "--skip-unreadable")
    assert outcome.code == 0
    assert outcome.stdout == "3\n"
    assert name in outcome.stderr
