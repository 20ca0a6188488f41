"""Which shared libraries the program loads, and when."""
from conftest import SAMPLE


def test_no_library_is_loaded_from_the_working_directory(partita):
    for name in ("libsqlite3.so.0", "libarrow.so.2600", "libcurl.so.4", "libstdc++.so.6"):
        (partita.folder / name).write_text("no library")
    outcome = partita("--version")
    assert (outcome.code, outcome.stderr) == (0, "")


def test_local_jobs_need_no_libcurl_and_s3_says_that_it_does(partita, tmp_path_factory):
    broken = tmp_path_factory.mktemp("broken")
    (broken / "libcurl.so.4").write_text("no library")
    local = partita("count", SAMPLE, "--read-option", "header=true", LD_LIBRARY_PATH=str(broken))
    assert (local.code, local.stdout) == (0, "5305\n")
    remote = partita("count", "s3://bucket/folder", LD_LIBRARY_PATH=str(broken), AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b")
    assert remote.code == 2
    assert "libcurl, which cannot be loaded" in remote.stderr
    assert str(broken) in remote.stderr
