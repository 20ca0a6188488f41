"""A data set that a good run has written and that a failing one must leave alone."""

import pathlib

KEY = "Kind"
GOOD = "id,Kind,note\n1,a,x\n2,b,y\n"


class Target:
    """A written folder, what lay in it, and what may lie beside it."""

    def __init__(self, partita, folder: pathlib.Path):
        self.partita = partita
        self.path = folder / "target"
        self.good = folder / "good.csv"
        self.temp = folder / "temp"
        self.state = folder / ".target.partita"
        self.temp.mkdir()
        self.good.write_text(GOOD)
        assert self.write(self.good).code == 0
        self.before = self.snapshot()

    def arguments(self, *arguments) -> list:
        return [
            "write", *arguments, "--mode=overwrite", f"--partition-by={KEY}",
            f"--output=csv={self.path}", "--option=csv.header=true", f"--temp-dir={self.temp}",
        ]

    def write(self, *arguments):
        return self.partita(*self.arguments(*arguments))

    def snapshot(self) -> dict:
        """Every file below the target, hidden ones too, with its bytes."""
        files = sorted(p for p in self.path.rglob("*") if p.is_file())
        return {str(p.relative_to(self.path)): p.read_bytes() for p in files}

    def assert_untouched(self):
        assert self.snapshot() == self.before

    def assert_nothing_lies_about(self):
        """No temporary file, no staging: only what the commit protocol keeps."""
        assert not list(self.temp.iterdir())
        left = sorted(p.name.split("-")[0] for p in self.state.iterdir())
        assert left == ["HEAD", "manifest"]

    def assert_next_run_is_clean(self):
        assert self.write(self.good).code == 0
        after = self.snapshot()
        assert sorted(after.values()) == sorted(self.before.values())
        self.before = after  # under new names
        self.assert_nothing_lies_about()
