"""Fixtures of the end-to-end tests: the release binary, a catalog of their own, data, Spark."""
import os
import pathlib
import subprocess
import uuid
from dataclasses import dataclass

import pytest

import s3_fault_proxy
import s3_servers

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


class S3Partita(Partita):
    """Runs the binary against an S3 server, and looks for secrets in everything that it says and leaves."""

    def __init__(self, folder: pathlib.Path, access: s3_servers.Access):
        super().__init__(folder)
        self.access = access
        self.environment |= access.environment()
        self._secrets = set()

    def _remember_secrets(self, environment: dict):
        known = {**self.environment, **environment}
        self._secrets |= {known.get("AWS_SECRET_ACCESS_KEY", ""), known.get("AWS_SESSION_TOKEN", "")} - {""}

    def assert_no_secret(self, text, place: str):
        content = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
        for secret in self._secrets:
            assert secret.encode() not in content, f"a secret in {place}"
        assert b"Signature=" not in content, f"a signature in {place}"

    def assert_no_secret_in_files(self):
        """In whatever lies in the test's folder: reports, the catalog, temporary files."""
        for path in self.folder.rglob("*"):
            if path.is_file():
                self.assert_no_secret(path.read_bytes(), path)

    def __call__(self, *arguments, timeout: float = 300, **environment) -> Outcome:
        self._remember_secrets(environment)
        outcome = super().__call__(*arguments, timeout=timeout, **environment)
        self.assert_no_secret(outcome.stdout + outcome.stderr, "what it said")
        return outcome

    def start(self, *arguments, **environment) -> subprocess.Popen:
        self._remember_secrets(environment)
        return super().start(*arguments, **environment)

    def end_of(self, process: subprocess.Popen, timeout: float = 300) -> Outcome:
        """What a call that was started gave."""
        stdout, stderr = (text.decode("utf-8", "surrogateescape") for text in process.communicate(timeout=timeout))
        self.assert_no_secret(stdout + stderr, "what it said")
        return Outcome(process.returncode, stdout, stderr)


def pytest_configure(config):
    config.addinivalue_line("markers", "thorough: takes long or needs much; left to `make test-s3`")


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


@pytest.fixture
def small_disk(tmp_path):
    """A file system with room for 2 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"cannot mount a small disk: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


# ---- S3: servers of the session, each test in a bucket of its own


@pytest.fixture(scope="session")
def minio(tmp_path_factory):
    with s3_servers.start_minio(tmp_path_factory.mktemp("minio")) as server:
        yield server


@pytest.fixture(scope="session")
def versitygw(tmp_path_factory):
    with s3_servers.start_versitygw(tmp_path_factory.mktemp("versitygw")) as server:
        yield server


@pytest.fixture(scope="session", params=["minio", pytest.param("versitygw", marks=pytest.mark.thorough)])
def s3_server(request):
    """Whatever must hold on every server."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def bucket(s3_server) -> s3_servers.Bucket:
    return s3_server.new_bucket()


@pytest.fixture
def s3_partita(tmp_path, s3_server):
    """The binary with the server's address and keys in its environment."""
    runner = S3Partita(tmp_path, s3_server.access)
    yield runner
    runner.assert_no_secret_in_files()


@pytest.fixture
def minio_bucket(minio) -> s3_servers.Bucket:
    return minio.new_bucket()


@pytest.fixture
def proxy(minio):
    """A proxy in front of MinIO that lets things go wrong."""
    with s3_fault_proxy.FaultProxy(minio.address) as running:
        yield running


@pytest.fixture
def network(minio, tmp_path_factory):
    """The way to MinIO by toxiproxy, which breaks real connections."""
    with s3_servers.Network(tmp_path_factory.mktemp("network"), minio.address) as running:
        yield running


@pytest.fixture
def proxied(tmp_path, minio, proxy):
    """The binary, whose every request goes through the proxy."""
    runner = S3Partita(tmp_path, minio.access.through(proxy.endpoint))
    yield runner
    runner.assert_no_secret_in_files()


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
