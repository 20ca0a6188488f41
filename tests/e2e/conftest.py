"""Fixtures of the end-to-end tests: the release binary, a catalog of their own, data, Spark."""
import os
import pathlib
import subprocess
import uuid
from dataclasses import dataclass

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("PARTITA_BIN", ROOT / "build/release/partita")).resolve()
SAMPLE = pathlib.Path(
    os.environ.get(
        "PARTITA_SAMPLE",
        ROOT.parent / "shared/data/Electric_Vehicle_Population_Data.sample.csv",
    )
)


@dataclass
class Outcome:
    """What one run of the binary gave."""

    code: int
    stdout: str
    stderr: str


class Partita:
    """Runs the binary in the test's own folder, with a catalog of its own."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.environment = {
            "HOME": str(folder),
            "PARTITA_CATALOG": str(folder / "catalog.db"),
            "PATH": "/usr/bin:/bin",
            "TERM": "dumb",
        }

    def command(self, *arguments) -> list:
        return [str(BINARY), *map(str, arguments)]

    def __call__(self, *arguments, timeout: float = 300, **environment) -> Outcome:
        result = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            timeout=timeout,
            check=False,
        )
        return Outcome(
            result.returncode,
            result.stdout.decode("utf-8", "surrogateescape"),
            result.stderr.decode("utf-8", "surrogateescape"),
        )

    def ok(self, *arguments, **keywords) -> str:
        """Runs a call that must succeed; its standard output."""
        outcome = self(*arguments, **keywords)
        assert outcome.code == 0, outcome.stderr
        return outcome.stdout

    def start(self, *arguments, **environment) -> subprocess.Popen:
        """Starts a call that the test will disturb."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


def pytest_sessionfinish(session):
    """Lets go of what tests have written. Trees of 100,000 folders take minutes to remove: nobody waits for that."""
    written = session.config._tmp_path_factory._basetemp  # None where no test has written anything
    if written is not None:
        garbage = written.rename(written.with_name(f"garbage-{uuid.uuid4()}"))  # as pytest calls what it removes
        subprocess.Popen(["rm", "-rf", garbage], start_new_session=True)


@pytest.fixture(scope="session", autouse=True)
def binary() -> pathlib.Path:
    assert BINARY.is_file(), f"{BINARY} is missing; run 'make build', or set PARTITA_BIN"
    return BINARY


@pytest.fixture
def partita(tmp_path) -> Partita:
    return Partita(tmp_path)


@pytest.fixture(scope="module")
def shared_partita(tmp_path_factory) -> Partita:
    """One folder and catalog for all tests of a module."""
    return Partita(tmp_path_factory.mktemp("partita"))


@pytest.fixture
def catalog(tmp_path) -> pathlib.Path:
    """The catalog file that `partita` uses."""
    return tmp_path / "catalog.db"


@pytest.fixture(scope="session")
def sample() -> pathlib.Path:
    """The register's sample file, which a clone does not bring along."""
    if not SAMPLE.is_file():
        pytest.skip(f"no sample file at {SAMPLE}; set PARTITA_SAMPLE")
    return SAMPLE


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """Real Spark, the judge of what we write."""
    from pyspark.sql import SparkSession  # pylint: disable=import-outside-toplevel

    folder = tmp_path_factory.mktemp("spark")
    session = (
        SparkSession.builder.master("local[2]")
        .appName("partita-tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.driver.memory", "2g")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.local.dir", str(folder))
        .config(
            "spark.driver.extraJavaOptions",
            "-Duser.timezone=UTC -Dfile.encoding=UTF-8 -Dsun.jnu.encoding=UTF-8 "
            f"-Dderby.system.home={folder}",
        )
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
