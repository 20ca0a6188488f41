"""What a wrong figure in the tables would come from."""
import pathlib
import sys

import pytest

from runner import goals, kept_trees, measured_process, output_tree, summary, table, workplace
from runner.case_run import CaseRun, in_turn, last_json_line
from runner.cases import Case, Contender, Data
from runner.contenders import Limits


def run(contender, seconds, end="done", missing=(), cpu=1.0):
    return {
        "contender": contender, "end": end, "seconds": seconds, "cpu_seconds": cpu, "peak_bytes": 5,
        "missing_formats": list(missing), "check": "right", "num_files": 1, "bytes": 2, "version": "",
    }  # fmt: skip


def run_case(case, folder):
    """The runs of `case` on a file of one row."""
    work = workplace.Workplace(folder, folder / "outputs", folder / "memory", folder, folder)
    work.input(case.data).write_text("a\n1\n", encoding="utf-8")
    return CaseRun(case, work, Limits(2, "1GiB"), is_every_run_checked=False).run()["runs"]


def test_who_leaves_out_a_format_or_fails_once_is_not_the_fastest():
    found = summary.summaries([
        run("pyarrow", 1.0, missing=["json"]), run("chdb", 2.0), run("chdb", 2.0, end="wrong rows"),
        run("duckdb", 4.0), run("duckdb", 6.0), run("duckdb", 3.0),
    ])  # fmt: skip
    best = summary.fastest(found.values())
    assert (best.contender, best.seconds) == ("duckdb", summary.Spread(4.0, 3.0, 6.0))
    assert found["chdb"].end == "wrong rows"


def test_the_floor_is_the_better_of_its_ways():
    found = summary.summaries([run("floor:way=buffered", 3.0), run("floor:way=direct", 2.0), run("ours", 5.0)])
    assert summary.floor_of(found).contender == "floor:way=direct"
    assert goals.against("c", summary.floor_of)({"c": {"runs": [run("floor:way=direct", 2.0), run("ours", 5.0)]}}) == (
        2.5,
        "floor:way=direct",
    )


def test_only_an_overwrite_and_a_removal_find_an_earlier_run():
    names = ["ours", "ours:durability=full,mode=overwrite", "remove", "duckdb", "floor:way=direct"]
    assert [name for name in names if Contender.parse(name).needs_old_run] == [names[1], "remove"]


def test_a_removal_is_nobody_s_rival():
    found = summary.summaries([run("remove", 0.1), run("ours", 2.0), run("duckdb", 9.0)])
    assert goals.fastest_peer()(found).contender == "duckdb"


def test_everyone_comes_first_and_last_in_turn():
    one, two, three = (Contender.parse(name) for name in ("ours", "duckdb", "polars"))
    rounds = [in_turn([one, two, three], number, 3) for number in range(3)]
    assert rounds == [[one, two, three], [two, three, one], [three, one, two]]
    assert [in_turn([one, two], number, 3)[0] for number in range(3)] == [one, two, one]
    assert in_turn([one], 2, 9) == [one]


def test_who_is_named_twice_runs_twice_in_a_round_each_time_into_a_fresh_folder(tmp_path, monkeypatch):
    folders = []

    def start(_, contender, out):
        out.mkdir()
        folders.append(out)
        return measured_process.Measured("failed", 1.0, 1.0, 5, "", "")

    monkeypatch.setattr(CaseRun, "_start", start)
    ours, peer = Contender.parse("ours"), Contender.parse("duckdb")
    runs = run_case(Case("twice", "Twice", Data(1), (ours, peer, ours), repeats=2), tmp_path)
    assert [(run["round"], run["contender"]) for run in runs if run["contender"] == "ours"] == [
        (0, "ours"), (0, "ours"), (1, "ours"), (1, "ours"),
    ]  # fmt: skip
    assert len(set(folders)) == len(folders) == 5


def test_who_has_no_writer_of_a_format_is_not_called_right(tmp_path, monkeypatch):
    def start(_, contender, out):
        out.mkdir()
        return measured_process.Measured("done", 1.0, 1.0, 5, "", "")

    monkeypatch.setattr(CaseRun, "_start", start)
    case = Case("json", "JSON", Data(1), (Contender.parse("pyarrow"),), formats="json", repeats=1)
    (only,) = run_case(case, tmp_path)
    assert (only["end"], only["check"], only["missing_formats"]) == ("done", "", ["json"])


def test_cpu_of_growth_is_per_row():
    runs = [run("ours:rows=1000000", 1, cpu=0.5), run("ours:rows=20000000", 1, cpu=11.0)]
    assert goals.growth({"growth": {"runs": runs}})[0] == pytest.approx(1.1)


def test_a_ratio_goal_says_how_far_it_is_missed():
    goal = goals.Goal("x", 1 / 8, "×", lambda results: (1 / 4, "duckdb"))
    assert table.goal_row(goal, {}) == "| x | duckdb | ≤ 1/8 | 1/4.0 | no, by 2.00 × |"


def test_partitions_are_told_from_folders_of_any_escaping():
    assert output_tree.partition_of("/parquet/Model%20Year=2011/Make=A%2FB =") == ("2011", "A/B =")
    assert output_tree.partition_of("") == ()


def test_a_listing_has_every_data_file_and_no_marker(tmp_path):
    folder = tmp_path / "out/csv/Model Year=1/Make=a b"
    folder.mkdir(parents=True)
    (folder / "part-0.csv").write_bytes(b"123")
    (tmp_path / "out/csv/_SUCCESS").touch()
    output_tree.write_listing(str(tmp_path / "out"), str(tmp_path / "listing"))
    assert (tmp_path / "listing").read_text() == "3 csv/Model Year=1/Make=a b/part-0.csv\n"


def test_the_last_json_line_is_what_a_script_told():
    assert last_json_line('{"a": 1}\nnoise\n{"a": 2}\n{broken\nbye') == {"a": 2}


CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', {!r}])"


def measure(program, seconds=60.0, limit_bytes=1 << 40):
    return measured_process.measure([sys.executable, "-c", program], {"PATH": "/usr/bin"}, seconds, limit_bytes)


def test_memory_and_cpu_of_children_count():
    busy = "x = bytearray(b'1') * (200 << 20)\nfor i in range(3000000): pass\nimport time; time.sleep(0.3)"
    measured = measure(CHILD.format(busy))
    assert measured.end == "done"
    assert measured.peak_bytes > 200 << 20
    assert measured.cpu_seconds > 0.05


def test_what_the_runner_itself_holds_does_not_count():
    ballast = bytearray(b"1") * (300 << 20)
    assert measure("import time; time.sleep(0.3)").peak_bytes < 200 << 20
    assert len(ballast) == 300 << 20


@pytest.mark.parametrize(
    ("limits", "end"),
    [({"seconds": 2.0}, "time limit"), ({"limit_bytes": 100 << 20}, "memory limit")],
)
def test_a_run_beyond_its_limit_ends_with_its_children(tmp_path, limits, end):
    witness = tmp_path / "child"
    endless = f"import os, time; open({str(witness)!r}, 'w').write(str(os.getpid())); x = bytearray(b'1') * (200 << 20); time.sleep(600)"
    assert measure(CHILD.format(endless), **limits).end == end
    if witness.exists():  # a slow machine may not come so far
        child = pathlib.Path("/proc") / witness.read_text() / "stat"
        assert not child.exists() or child.read_text().rpartition(") ")[2][0] == "Z"


def test_a_process_that_ends_while_it_is_looked_at_has_no_descendants(monkeypatch):
    def ended(path, pattern):
        raise FileNotFoundError(path)

    monkeypatch.setattr(pathlib.Path, "glob", ended)
    assert measured_process.descendants(12345) == [12345]


def test_the_oldest_trees_go_when_the_kept_ones_take_too_much(tmp_path):
    kept = kept_trees.KeptTrees(most_bytes=25)
    for name in ("first", "second", "third"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "part-0.csv").write_bytes(b"0123456789")
        kept.add(tmp_path / name, list(output_tree.data_files(str(tmp_path / name))))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["second", "third"]
    kept.remove_all()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("needed, is_kept", [(0, True), (1 << 80, False)])
def test_outputs_of_earlier_cases_go_only_where_the_next_could_fill_the_disk(tmp_path, monkeypatch, needed, is_kept):
    monkeypatch.setattr(workplace, "REST_AFTER_REMOVAL_SECONDS", 0)
    outputs = tmp_path / "outputs"
    file = outputs / "csv_100k" / "ours-0" / "csv" / "part-0.csv"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"row")
    workplace.Workplace(tmp_path / "inputs", outputs, tmp_path / "memory", tmp_path, tmp_path).make_room(needed)
    assert file.exists() == is_kept and outputs.exists()
