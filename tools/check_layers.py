#!/usr/bin/env python3
"""Fails when a folder includes one it may not, or when a file grows too long.

The table below is the architecture; ARCHITECTURE.md explains it. A folder that is
missing from the table is an error, so that a new folder is a deliberate decision.
"""
import pathlib
import re
import sys

# Folders under src/partita. Stages share values from model/, never each other;
# job/ joins them. Bytes cross stages as Arrow's io interfaces, so only store/ knows where they live.
ALLOWED = {
    "base": set(),                              # errors, ids, clock, MemoryBudget
    "model": {"base"},                          # TableDefinition, RowBatch, PartitionKey, HivePath, DataFile: values, no I/O
    "http": {"base"},                           # signed, retried requests
    "config": {"base", "model"},                # job files, option texts
    "filter": {"base", "model"},                # SQL conditions: parse, bind, evaluate, prune
    "catalog": {"base", "model", "http"},
    "store": {"base", "model", "http"},
    "scan": {"base", "model", "filter"},
    "crawl": {"base", "model", "scan"},
    "partition": {"base", "model"},
    "spill": {"base", "model"},
    "encode": {"base", "model"},
    "report": {"base", "model"},
    "generate": {"base", "model"},              # register-shaped test data
    "commit": {"base", "model", "store"},
}
ALLOWED["job"] = set(ALLOWED)                   # the only folder that knows all stages
ALLOWED["api"] = set(ALLOWED)                   # implements include/partita on top of job/
# Folders within a stage that may not include another of the same stage.
APART = {"encode": ("text", "parquet")}
# Trees that see the public headers only.
PUBLIC_ONLY = ("cli", "python", "examples")
# Third-party headers that only the named folders may see.
CONTAINED = {
    r"arrow/filesystem/s3": {"http"},           # credentials only
    r"curl/": {"http"},
    r"openssl/": {"http"},
    r"pugixml": {"store"},
    r"isa-l/": {"store", "encode"},
    r"sqlite3\.h": {"catalog"},
    r"toml\+\+/": {"config"},
    r"parquet/": {"scan", "encode"},
    r"arrow/(csv|json|dataset)/": {"scan"},
}
MAX_LINES = {".h": 300, ".cc": 600}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def sources(root: pathlib.Path, *trees: str):
    for tree in trees:
        for path in sorted((root / tree).rglob("*")):
            if path.suffix in MAX_LINES:
                yield path, path.read_text()


def problems(root: pathlib.Path):
    public = {f"partita/{p.name}" for p in (root / "include" / "partita").glob("*.h")}
    for path, text in sources(root, "src/partita"):
        folder = path.relative_to(root / "src" / "partita").parts[0]
        if folder not in ALLOWED:
            yield f"{path}: folder '{folder}' is not in ALLOWED"
            continue
        if not path.stem.endswith("_test") and text.count("\n") > MAX_LINES[path.suffix]:
            yield f"{path}: more than {MAX_LINES[path.suffix]} lines"
        for name in INCLUDE.findall(text):
            parts = name.split("/")
            if parts[0] == "partita" and len(parts) > 2:
                if parts[1] != folder and parts[1] not in ALLOWED[folder]:
                    yield f"{path}: '{folder}' may not include '{parts[1]}' ({name})"
                own, other = path.relative_to(root / "src" / "partita").parts[1], parts[2]
                apart = APART.get(folder, ()) if parts[1] == folder else ()
                if own in apart and other in apart and own != other:
                    yield f"{path}: '{folder}/{own}' may not include '{folder}/{other}' ({name})"
            elif "/" in name and parts[0] in ALLOWED:
                yield f"{path}: write '{name}' as partita/{name}"
            for pattern, owners in CONTAINED.items():
                if re.match(pattern, name) and folder not in owners:
                    yield f"{path}: only {sorted(owners)} may include {name}"
    for path, text in sources(root, "include", *PUBLIC_ONLY):
        for name in INCLUDE.findall(text):
            if name.startswith("partita/") and name not in public:
                yield f"{path}: may include public headers only, not {name}"


if __name__ == "__main__":
    found = list(problems(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
    print("\n".join(found))
    sys.exit(1 if found else 0)
