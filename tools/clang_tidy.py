#!/usr/bin/env python3
"""Runs clang-tidy over the product's sources and prints what it finds.

usage: tools/clang_tidy.py [PATTERN...]

PATTERN is searched in the sources' paths; without one all are looked at. The sources alone: what a test macro unfolds to
takes clang-tidy a minute a file. Nothing is compiled, and nothing precompiled is used, so a forgotten include is found.

A file takes it seconds, so what was found clean is kept in the user's cache folder, by a hash of all that clang-tidy
sees: the preprocessed text with comments and definitions, the flags, .clang-tidy and the version. Remove the folder
~/.cache/partita/clang-tidy to look at everything anew. Exits with 1 at a finding, and where no file was looked for.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = ROOT / "build/tidy"
TIDY = "clang-tidy-14"
PREPROCESSOR = "clang++-14"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "partita/clang-tidy"
CACHE_DAYS = 60
# What clang-tidy counts for itself, and what its findings are followed by.
NOISE = re.compile(r"^(\d+ (warning|error)s?( and \d+ errors?)? generated|Suppressed |Use -header-filter)")


def sources(patterns: list[str]) -> list[dict]:
    """The entries of the compilation database that are looked at."""
    database = json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))
    chosen = []
    for entry in database:
        path = os.path.relpath(entry["file"], ROOT)
        is_product = path.startswith(("src/", "cli/")) and not re.search(r"_(test|bench)\.cc$", path)
        if is_product and (not patterns or any(re.search(pattern, path) for pattern in patterns)):
            chosen.append(entry)
    return chosen


def flags(entry: dict) -> list[str]:
    """Of the compiler, without its name and what it is to write where."""
    words = shlex.split(entry["command"])
    begin = next(i for i, word in enumerate(words) if word.startswith("-"))
    end = words.index("-o")
    return words[begin:end]


def rules() -> bytes:
    """What is the same for all files, as bytes to be hashed."""
    version = subprocess.run([TIDY, "--version"], capture_output=True, check=True).stdout
    return version + (ROOT / ".clang-tidy").read_bytes()


def hash_of(entry: dict, common: bytes) -> str:
    """Of all that clang-tidy sees, wherever the checkout lies; empty where the file cannot be preprocessed."""
    command = [PREPROCESSOR, "-E", "-C", "-dD", "-w", *flags(entry), entry["file"]]
    seen = subprocess.run(command, cwd=entry["directory"], capture_output=True, check=False)
    if seen.returncode != 0:
        return ""
    text = b"\0".join([common, " ".join(flags(entry)).encode(), seen.stdout])
    return hashlib.sha256(text.replace(str(ROOT).encode() + b"/", b"")).hexdigest()


def look_at(entry: dict, common: bytes) -> tuple[str, bool]:
    """What clang-tidy says of a file (nothing if it is clean), and whether the cache knew."""
    known = hash_of(entry, common)
    mark = CACHE / known
    if known and mark.exists():
        mark.touch()
        return "", True
    outcome = subprocess.run(
        [TIDY, "-quiet", "-p", str(BUILD), entry["file"]], capture_output=True, text=True, check=False
    )
    lines = [line for line in (outcome.stdout + outcome.stderr).splitlines() if not NOISE.match(line)]
    if outcome.returncode == 0 and not any(line.strip() for line in lines):
        if known:
            mark.touch()
        return "", False
    return "\n".join(lines) or f"{entry['file']}: {TIDY} ended with status {outcome.returncode}", False


def forget_old() -> None:
    for mark in CACHE.iterdir():
        if time.time() - mark.stat().st_mtime > CACHE_DAYS * 86400:
            mark.unlink(missing_ok=True)


def main() -> int:
    subprocess.run(
        ["cmake", "--preset", "tidy", f"-DPython3_EXECUTABLE={ROOT}/.venv/bin/python"],
        cwd=ROOT, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    CACHE.mkdir(parents=True, exist_ok=True)
    forget_old()
    entries = sources(sys.argv[1:])
    if not entries:
        print("clang-tidy: no source file matches")
        return 1
    common = rules()
    num_known = num_found = 0
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for found, is_known in pool.map(lambda entry: look_at(entry, common), entries):
            num_known += is_known
            num_found += bool(found)
            if found:
                print(found, flush=True)
    print(f"clang-tidy: {len(entries)} files, {num_known} of them known to be clean, {num_found} with findings")
    return 1 if num_found else 0


if __name__ == "__main__":
    sys.exit(main())
