"""How each contender is started."""
from __future__ import annotations

import pathlib
from dataclasses import dataclass

from .cases import Case, Contender
from .workplace import ROOT, Workplace

PEERS = ROOT / "bench/peers"
ENVIRONMENTS = ROOT / ".venv-bench"
# Environments in which a peer may be found, the first that is there (bench/peers/setup.sh).
PEER_ENVIRONMENTS = {
    "daft": ("daft",),
    "sail": ("sail",),
    "duckdb": ("peers", "quick"),
    "polars": ("peers", "quick"),
    "pyarrow": ("peers", "quick"),
}


@dataclass(frozen=True)
class Limits:
    """What a run may use; `memory` goes to those who take a limit (ours by its own settings)."""

    num_threads: int
    memory: str


def interpreter_of(peer: str) -> pathlib.Path | None:
    """The Python that a peer runs in; None where setup.sh did not bring it."""
    for name in PEER_ENVIRONMENTS.get(peer, ("peers",)):
        folder = ENVIRONMENTS / name
        if (folder / "installed").exists():
            return folder / "bin/python"
    return None


def command_of(
    contender: Contender, case: Case, work: Workplace, out: pathlib.Path, limits: Limits
) -> list[str] | None:
    """The command line that writes the case to `out`; None for a peer that is not installed."""
    data = case.data_of(contender)
    settings = contender.settings
    shared = ["--input", str(work.input(data)), "--out", str(out),
              "--threads", settings.get("threads", str(limits.num_threads))]  # fmt: skip
    if contender.who == "remove":
        return ["rm", "-r", str(out)]
    if contender.who == "floor":
        listing = str(work.outputs / f"{case.name}.listing")
        return [str(work.floor), *shared, "--way", settings["way"], "--listing", listing]
    shared += ["--format", case.formats]
    if contender.who == "ours":
        own = [[f"--{name}", settings[name]] for name in ("memory", "durability", "mode") if name in settings]
        return [str(PEERS / "ours.sh"), *shared, *sum(own, [])]
    interpreter = interpreter_of(contender.who)
    if interpreter is None:
        return None
    return [str(interpreter), str(PEERS / f"{contender.who}_peer.py"), *shared, "--memory", limits.memory]


def environment_of(contender: Contender, case: Case, work: Workplace) -> dict[str, str]:
    """The variables it runs with."""
    return {
        **work.environment,
        "PARTITA": str(work.binary),
        "PARTITA_TABLE": work.table(case.data_of(contender)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
