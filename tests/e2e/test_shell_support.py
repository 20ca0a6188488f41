"""Completion scripts in real shells, and the manual page."""

import subprocess

import pytest

from conftest import BINARY


def complete_in_bash(partita, line):
    words = line.split(" ")
    script = """
source <("$1" completion bash)
COMP_WORDS=("${@:2}")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_partita
printf '%s\\n' "${COMPREPLY[@]}"
"""
    return run(partita, ["bash", "-c", script, "bash", str(BINARY), *words])


def complete_in_zsh(partita, line):
    words = line.split(" ")
    script = """
_describe() { print -l -- ${${(P)2}%%:*} }
_files() { print FILES }
typeset -a words; words=("${@:2}"); CURRENT=$#words
compdef() { [[ "$*" == "_partita partita" ]] || print -u2 "compdef $*" }
source <("$1" completion zsh)
_partita
"""
    found = run(partita, ["zsh", "-fc", script, "zsh", str(BINARY), *words])
    return [word for word in found if word.startswith(words[-1])]


def complete_in_fish(partita, line):
    script = f"source ({BINARY} completion fish | psub); complete -C '{line}'"
    return [word.partition("\t")[0] for word in run(partita, ["fish", "-c", script])]


def run(partita, command):
    result = subprocess.run(
        command, cwd=partita.folder, env=partita.environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stderr == ""
    return result.stdout.split("\n")[:-1]


SHELLS = [complete_in_bash, complete_in_zsh, complete_in_fish]


@pytest.mark.parametrize("complete", SHELLS)
@pytest.mark.parametrize(
    "line, wanted",
    [
        ("partita wri", ["write"]),
        ("partita catalog dat", ["databases"]),
        ("partita write --mod", ["--mode"]),
        ("partita write in.csv --mode over", ["overwrite", "overwrite-partitions"]),
        ("partita catalog show --js", ["--json"]),
    ],
)
def test_commands_options_and_values_are_completed(partita, complete, line, wanted):
    assert complete(partita, line) == wanted


@pytest.mark.parametrize("complete", SHELLS)
def test_every_command_is_offered(partita, complete):
    lines = partita.ok("--help").partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    commands = {line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "}
    assert {"write", "scan", "runs", "completion"} <= commands
    assert commands <= set(complete(partita, "partita "))


def test_the_manual_page_is_sound_and_has_every_option(partita):
    page = partita.ok("manual")
    (partita.folder / "partita.1").write_text(page)
    lint = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", "partita.1"],
        cwd=partita.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert [line for line in lint.stdout.splitlines() if "missing date" not in line] == []
    shown = subprocess.run(
        ["mandoc", "-T", "utf8", "-O", "width=200", "partita.1"],
        cwd=partita.folder, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    shown = "".join(c for i, c in enumerate(shown) if c != "\b" and shown[i + 1 : i + 2] != "\b")
    for text in ("--partition-by", "partita catalog show", "--where CONDITION", "partita write ev.csv",
                 "PARTITA_CATALOG", ".NAME.partita/", "it is not known whether a commit took place"):  # fmt: skip
        assert text in shown
