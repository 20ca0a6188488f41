#!/usr/bin/env python3
"""Runs one job on MinIO over a network that is slow, and over one that also loses connections, and prints both times.

toxiproxy delays every answer by 100 ms. It then also resets 5 % of all connections; and since connections are kept, a
second run loses 5 % of all requests, half of them before and half of them after the server has acted. Every run must
succeed, with all rows there for pyarrow and nothing left. Whether losses cost less than twice the time is printed, not
judged.
"""
import pathlib
import random
import sys
import tempfile
import time

from s3_jobs import FORMATS, CallFailed, Jobs, conclude, parser_of

import s3_fault_proxy as faults
import s3_readers
import s3_servers

LATENCY_MS = 100
SHARE = 0.05


def lose_some(seed: int):
    chance = random.Random(seed)

    def fault(exchange):
        fate = chance.random()
        if fate < SHARE / 2:
            faults.lose_request(exchange)
        elif fate < SHARE:
            faults.lose_answer(exchange)
        else:
            exchange.reply(exchange.forward())

    return fault


def run_job(arguments, folder: pathlib.Path, server, endpoint: str) -> float:
    """Seconds of one job in a fresh bucket."""
    bucket = server.new_bucket()
    jobs = Jobs(arguments.binary, folder, bucket, endpoint)
    outputs = [f"--output={name}={bucket.uri(f'out/{name}')}" for name in FORMATS]
    call = ["write", "--table=db.cars", "--partition-by=Model Year", "--partition-by=Make", *outputs,
            "--option=csv.header=true", "--quiet"]  # fmt: skip
    begin = time.monotonic()
    jobs.run(*call)
    seconds = time.monotonic() - begin
    found = {s3_readers.find_with_pyarrow(server.access, bucket.name, f"out/{name}", name) for name in FORMATS}
    if len(found) != 1 or next(iter(found))[0] != arguments.rows:
        raise CallFailed(f"rows are lost: {found}")
    if left := s3_servers.leavings(bucket, *(f"out/{name}" for name in FORMATS)):
        raise CallFailed(f"left behind: {left}")
    return seconds


def measure(arguments, folder: pathlib.Path) -> dict:
    """Seconds by what the network does."""
    seconds = {}
    with (
        s3_servers.start_minio(folder / "minio") as server,
        s3_servers.Network(folder / "network", server.address) as network,
        faults.FaultProxy(network.address) as proxy,
    ):
        jobs = Jobs(arguments.binary, folder, server.new_bucket())
        jobs.run("generate", "--rows", arguments.rows, "cars.csv")
        jobs.run("crawl", "cars.csv", "--database=db", "--table=cars")
        network.add("latency", "downstream", latency=LATENCY_MS)
        seconds["latency"] = run_job(arguments, folder, server, network.endpoint)
        network.add("reset_peer", "downstream", toxicity=SHARE, timeout=0)
        seconds["latency, connections reset"] = run_job(arguments, folder, server, network.endpoint)
        network.remove("reset_peer", "downstream")
        seconds["latency, by way of the proxy"] = run_job(arguments, folder, server, proxy.endpoint)
        proxy.befall(lose_some(arguments.seed), times=None)
        seconds["latency, requests lost"] = run_job(arguments, folder, server, proxy.endpoint)
    return seconds


def main() -> int:
    parser = parser_of(__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="partita-s3-network-") as folder:
        try:
            seconds = measure(arguments, pathlib.Path(folder))
        except CallFailed as problem:
            return conclude({}, [str(problem)])
    for name, value in seconds.items():
        print(f"{name}: {value:.1f} s")
    for name, base in (("latency, connections reset", "latency"),
                       ("latency, requests lost", "latency, by way of the proxy")):  # fmt: skip
        ratio = seconds[name] / seconds[base]
        print(f"{name}: {ratio:.2f} times {base}, {'within' if ratio <= 2 else 'OVER'} 2")
    return conclude({"jobs": len(seconds)}, [])


if __name__ == "__main__":
    sys.exit(main())
