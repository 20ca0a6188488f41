"""One system call of a write fails or falls short: the old or the new data set, whole."""
import errno
import json
import shutil
import subprocess

import pytest

from conftest import ROOT

COLUMNS = ("--partition-by", "Make")
STORE_FAILED = 4


@pytest.fixture(scope="session")
def shim(tmp_path_factory):
    """A library that, preloaded, breaks one call."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    library = tmp_path_factory.mktemp("shim") / "io_shim.so"
    source = ROOT / "tests/fault/io_shim.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def write(partita, source, **environment):
    return partita("write", source, *COLUMNS, "--output", "csv=out/csv", "--mode", "overwrite",
                   **environment)


@pytest.fixture
def old(partita):
    """An old data set and the input of a new one."""
    (partita.folder / "old.csv").write_text("Id,Make\n1,KIA\n2,TESLA\n")
    lines = [f"{i},{make}" for i in range(3, 40) for make in ("KIA", "BMW")]
    (partita.folder / "new.csv").write_text("\n".join(["Id,Make", *lines, ""]))
    assert write(partita, "old.csv").code == 0
    return tree(partita.folder / "out")


def ids(folder):
    return sorted(
        int(line) for path in folder.rglob("part-*") for line in path.read_text().splitlines()
    )


# The rename of HEAD, which decides the commit.
COMMIT_FAULT = f"renameat2:4:{errno.EIO}"

FAULTS = [
    (call, number, how)
    for call, hows in {
        "write": (errno.ENOSPC, errno.EIO, errno.EDQUOT, "short"),
        "fsync": (errno.EIO,),
        "syncfs": (errno.EIO,),
        "close": (errno.EIO,),
        "renameat2": (errno.EIO, errno.EACCES),
    }.items()
    for how in hows
    for number in (1, 2, 4, 7)
]


@pytest.mark.parametrize("call,number,how", FAULTS)
def test_a_broken_call_leaves_the_old_or_the_new_data(partita, shim, old, call, number, how):
    outcome = write(partita, "new.csv", LD_PRELOAD=str(shim), IO_SHIM=f"{call}:{number}:{how}",
                    IO_SHIM_BELOW=".partita")
    if outcome.code == 0:
        assert ids(partita.folder / "out/csv") == sorted([*range(3, 40)] * 2)
    else:
        assert outcome.code == STORE_FAILED, outcome.stderr
        assert ids(partita.folder / "out/csv") == [1, 2]
        assert tree(partita.folder / "out") == old, "something is left over"
    partita.ok("recover", "out/csv")
    assert len(list((partita.folder / "out/.csv.partita").iterdir())) == 2


def test_a_commit_that_fails_is_reported(partita, shim, old):
    outcome = partita("write", "new.csv", *COLUMNS, "--output", "csv=out/csv",
                      "--mode", "overwrite", "--report", "report.json", LD_PRELOAD=str(shim),
                      IO_SHIM=COMMIT_FAULT, IO_SHIM_BELOW=".partita")  # fmt: skip
    assert outcome.code == STORE_FAILED
    report = json.loads((partita.folder / "report.json").read_text())
    assert report["failure"]["code"] == "store_unavailable"
    assert report["failure"]["message"] in outcome.stderr
    assert report["num_rows"] == 74
    assert [stage["name"] for stage in report["stages"]] == ["scan", "encode"]
    assert [output["is_committed"] for output in report["outputs"]] == [False]
    assert report["outputs"][0]["num_files"] == 2
    assert tree(partita.folder / "out") == old


def test_a_file_system_without_exchange_is_overwritten_by_merging(partita, shim, old):
    outcome = write(partita, "new.csv", LD_PRELOAD=str(shim),
                    IO_SHIM=f"renameat2:1:{errno.EINVAL}", IO_SHIM_BELOW=".exchange-b")
    assert outcome.code == 0, outcome.stderr
    assert ids(partita.folder / "out/csv") == sorted([*range(3, 40)] * 2)
    assert len(list((partita.folder / "out/.csv.partita").iterdir())) == 2
