#!/usr/bin/env python3
"""Real S3 servers on free ports of the loopback device, for tests, and a client that is not ours.

As a program it runs a command beside a fresh MinIO with one bucket, which is gone when the command ends:
    s3_servers.py [--bucket NAME] COMMAND [ARGUMENT...]
The command's environment says where the server is and whose keys are good there.
"""
import argparse
import json
import os
import pathlib
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field, replace

import boto3
import botocore.client
import botocore.exceptions

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = pathlib.Path(os.environ.get("PARTITA_SERVERS", ROOT / ".tools/bin"))
SECONDS_TO_START = 90


def server_binary(name: str) -> pathlib.Path:
    path = BINARIES / name
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; run tools/servers.sh {name}")
    return path


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def address_of(endpoint: str) -> tuple:
    host, port = endpoint.split("//")[1].split(":")
    return host, int(port)


@dataclass(frozen=True)
class Access:
    """Where an S3 server is and whose keys are used there."""

    endpoint: str
    key: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    region: str = "us-east-1"
    ca_file: str = ""

    def through(self, endpoint: str) -> "Access":
        """The same server and keys by way of a proxy."""
        return replace(self, endpoint=endpoint)

    def environment(self) -> dict:
        """The variables by which any AWS client finds both."""
        variables = {
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.key,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_SESSION_TOKEN": self.token,
            "AWS_REGION": self.region,
            "AWS_CA_BUNDLE": self.ca_file,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        return {name: value for name, value in variables.items() if value}

    def client(self, service: str = "s3"):
        """boto3, which asks once and checks no more than it must."""
        settings = {
            "proxies": {},
            "retries": {"total_max_attempts": 1},
            "s3": {"addressing_style": "path"},
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
        }
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            aws_access_key_id=self.key,
            aws_secret_access_key=self.secret,
            aws_session_token=self.token or None,
            region_name=self.region,
            verify=self.ca_file or None,
            config=botocore.client.Config(**settings),
        )


class Process:
    """A server process: started with its output in a file, asked until it answers, ended by its own id."""

    def __init__(self, name: str, arguments: list, folder: pathlib.Path, **environment):
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.log = folder / f"{name}.log"
        # Dies with whoever has started it, however that ends.
        command = ["setpriv", "--pdeathsig", "KILL", str(server_binary(name)), *map(str, arguments)]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                env={"PATH": "/usr/bin:/bin", "HOME": str(folder), **environment},
            )  # fmt: skip

    def wait_until(self, answers):
        """Asks until `answers` raises nothing."""
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                return answers()
            except (OSError, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as problem:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    text = self.log.read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"{self.name} does not answer ({problem}); it said: {text}") from problem
                time.sleep(0.02)

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class S3Server:
    """A running S3 server and its owner's keys."""

    def __init__(self, process: Process, access: Access):
        self.process, self.access = process, access
        process.wait_until(access.client().list_buckets)

    @property
    def address(self) -> tuple:
        return address_of(self.access.endpoint)

    def new_bucket(self) -> "Bucket":
        name = f"test-{uuid.uuid4().hex[:12]}"
        self.access.client().create_bucket(Bucket=name)
        return Bucket(self.access, name)

    def stop(self):
        self.process.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def start_minio(folder: pathlib.Path, region="", certificates: pathlib.Path = None, ca_file="", domain="") -> S3Server:
    """`certificates` has public.crt and private.key: then it speaks TLS only. `domain`: hosts below it are buckets too."""
    scheme = "https" if certificates else "http"
    port, secret = free_port(), secrets.token_hex(20)
    access = Access(f"{scheme}://127.0.0.1:{port}", f"owner{secrets.token_hex(6)}", secret,
                    region=region or "us-east-1", ca_file=ca_file)  # fmt: skip
    arguments = ["server", "--quiet", "--address", f"127.0.0.1:{port}",
                 "--console-address", f"127.0.0.1:{free_port()}", folder / "data"]  # fmt: skip
    if certificates:
        arguments[1:1] = ["--certs-dir", certificates]
    environment = {"MINIO_ROOT_USER": access.key, "MINIO_ROOT_PASSWORD": secret,
                   "MINIO_BROWSER": "off", "MINIO_UPDATE": "off"}  # fmt: skip
    if region:
        environment["MINIO_SITE_REGION"] = region
    if domain:
        environment["MINIO_DOMAIN"] = domain
    return S3Server(Process("minio", arguments, folder, **environment), access)


def start_versitygw(folder: pathlib.Path) -> S3Server:
    port, secret = free_port(), secrets.token_hex(20)
    access = Access(f"http://127.0.0.1:{port}", f"owner{secrets.token_hex(6)}", secret)
    for name in ("users", "data"):
        (folder / name).mkdir(parents=True)
    arguments = ["--port", f"127.0.0.1:{port}", "--region", access.region, "--quiet",
                 "--iam-dir", folder / "users", "posix", folder / "data"]  # fmt: skip
    environment = {"ROOT_ACCESS_KEY": access.key, "ROOT_SECRET_KEY": secret}
    return S3Server(Process("versitygw", arguments, folder, **environment), access)


class Network:
    """toxiproxy in front of a server: delays and resets of the real connections."""

    def __init__(self, folder: pathlib.Path, upstream: tuple):
        self._api = f"http://127.0.0.1:{free_port()}"
        self.endpoint = f"http://127.0.0.1:{free_port()}"
        port = self._api.rsplit(":", 1)[1]
        self._process = Process("toxiproxy", ["-host", "127.0.0.1", "-port", port], folder)
        self._process.wait_until(lambda: self._ask("GET", "/version"))
        proxy = {"name": "s3", "listen": self.endpoint.split("//")[1], "upstream": f"{upstream[0]}:{upstream[1]}"}
        self._ask("POST", "/proxies", proxy)

    def _ask(self, method: str, path: str, content=None) -> bytes:
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self._api + path, data=body, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def add(self, kind: str, stream: str, toxicity: float = 1.0, **attributes):
        """A toxic on the share `toxicity` of all new connections."""
        self._ask("POST", "/proxies/s3/toxics",
                  {"name": f"{kind}-{stream}", "type": kind, "stream": stream, "toxicity": toxicity,
                   "attributes": attributes})  # fmt: skip

    def remove(self, kind: str, stream: str):
        self._ask("DELETE", f"/proxies/s3/toxics/{kind}-{stream}")

    @property
    def address(self) -> tuple:
        return address_of(self.endpoint)

    def stop(self):
        self._process.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Bucket:
    """One bucket as boto3 sees it: what our binary has left there, by no code of ours."""

    def __init__(self, access: Access, name: str):
        self.access, self.name = access, name
        self.client = access.client()

    def uri(self, key: str = "", scheme: str = "s3") -> str:
        return f"{scheme}://{self.name}" + (f"/{key}" if key else "")

    def put(self, key: str, content) -> str:
        body = content.encode() if isinstance(content, str) else content
        return self.client.put_object(Bucket=self.name, Key=key, Body=body)["ETag"]

    def upload(self, key: str, path):
        self.client.upload_file(str(path), self.name, key)

    def get(self, key: str) -> bytes:
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def delete(self, *keys: str):
        for key in keys:
            self.client.delete_object(Bucket=self.name, Key=key)

    def objects(self, prefix: str = "") -> dict:
        """(size, ETag) of every object, by key."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        return {
            entry["Key"]: (entry["Size"], entry["ETag"]) for page in pages for entry in page.get("Contents", [])
        }

    def contents(self, prefix: str = "") -> dict:
        return {key: self.get(key) for key in self.objects(prefix)}

    def uploads(self) -> list:
        """(key, id) of every upload that is neither completed nor aborted. Asked for without a prefix: MinIO
        knows only whole keys there."""
        pages = self.client.get_paginator("list_multipart_uploads").paginate(Bucket=self.name)
        return [(entry["Key"], entry["UploadId"]) for page in pages for entry in page.get("Uploads", [])]

    def download(self, prefix: str, folder: pathlib.Path) -> pathlib.Path:
        """The objects below `prefix/` as files below `folder`."""
        start = f"{prefix}/" if prefix else ""
        folder.mkdir(parents=True, exist_ok=True)
        for key in self.objects(start):
            path = folder / key[len(start):]
            path.parent.mkdir(parents=True, exist_ok=True)
            self.client.download_file(self.name, key, str(path))
        return folder


def state_prefix(target: str) -> str:
    """Where the state of a target lies (docs/format/commit-objects.md, section 2)."""
    if not target:
        return ".partita/"
    parent, _, name = target.rpartition("/")
    return f"{parent}/.{name}.partita/" if parent else f".{name}.partita/"


def is_data(path: str) -> bool:
    """Whether a plain reader takes the object for data: it and no folder above it is hidden."""
    return not any(part.startswith((".", "_")) for part in path.split("/"))


def state_names(bucket: Bucket, target: str) -> list:
    start = state_prefix(target)
    return sorted(key[len(start):] for key in bucket.objects(start))


def leavings(bucket: Bucket, *targets: str) -> list:
    """What lies about though no job is at work: all but each target's data, `_SUCCESS`, HEAD and its manifest."""
    found = [f"upload of {key}" for key, _ in bucket.uploads()]
    for target in targets:
        found += [state_prefix(target) + name for name in stray_state(bucket, target)]
    return found


def stray_state(bucket: Bucket, target: str) -> list:
    names = state_names(bucket, target)
    if not names:
        return []
    kept = {"HEAD"}
    if "HEAD" in names:
        kept |= {name for name in names if name.split(".")[0] == head_of(bucket, target).get("manifest")}
    return [name for name in names if name not in kept]


def head_of(bucket: Bucket, target: str) -> dict:
    """The lines of HEAD: key and first field (docs/format/commit.md, section 3)."""
    lines = bucket.get(state_prefix(target) + "HEAD").decode().splitlines()
    return dict(line.split(" ", 1) for line in lines if " " in line)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bucket", default="demo")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    if not arguments.command:
        parser.error("no command to run")
    with tempfile.TemporaryDirectory(prefix="partita-s3-") as folder:
        with start_minio(pathlib.Path(folder)) as server:
            server.access.client().create_bucket(Bucket=arguments.bucket)
            return subprocess.call(arguments.command, env={**os.environ, **server.access.environment()})


if __name__ == "__main__":
    sys.exit(main())
