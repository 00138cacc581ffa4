"""Sweeps: planned first, stored chunk by chunk, the same bytes whatever stops them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import fake_model as fake
import numpy as np
import pandas as pd
import pytest
import sweep_process as own

from transitionsim.cli import main
from transitionsim.errors import InputError, RunError
from transitionsim.experiments.planning import prepare
from transitionsim.experiments.precision import checkpoints
from transitionsim.experiments.reading import read_sweep
from transitionsim.experiments.store import CSV, MANIFEST, PARTS, PLAN, TABLE, locked
from transitionsim.experiments.workers import Processes, workers

FILE = """
question: Does money avoid losses at every pace?
baseline: reskilling
set: {months: 60, policies.reskilling.budget: 0}
levers:
  pace: {key: electrification.pace, values: [0.5, 1.5]}
  funding: {key: policies.reskilling.budget, values: [0, 20_000_000]}
inputs: [firing.speed, search.mobility]
draws: 4
seeds: 2
indicators: [involuntary_losses, posts_lost, employment_automotive]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "question.yaml"
    path.write_text(FILE)
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """The folder of a sweep that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "question.yaml").write_text(FILE)
    ended = own.run(folder / "out", folder / "question.yaml", fake.simulate)
    assert ended.complete
    assert not ended.failures
    return folder / "out"


def values_of(folder: Path) -> pd.DataFrame:
    return read_sweep(folder).values  # noqa: PD011


def same(one: Path, other: Path) -> bool:
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in (CSV, TABLE, MANIFEST))


def test_a_plan_says_everything_before_anything_runs(file: Path) -> None:
    plan = prepare(file).plan
    assert [arm.role for arm in plan.arms] == ["no transition", "baseline", *["scenario"] * 4, "placebo"]
    assert [arm.point for arm in plan.arms] == [-1, -1, 0, 1, 2, 3, -1]
    assert plan.arms[2].levers == {"pace": 0.5, "funding": 0}
    assert plan.arms[3].label == "pace=0.5, funding=20_000_000"
    assert [(draw.seed, draw.inputs) for draw in plan.draws] == [(n, n // 2) for n in range(8)]
    assert {tuple(draw.values) for draw in plan.draws} == {("firing.speed", "search.mobility")}
    first, twin, other = (draw.values for draw in plan.draws[:3])  # noqa: PD011
    assert first == twin != other
    assert plan.horizons == (2029,)
    assert prepare(file).plan == plan


@pytest.mark.parametrize(
    ("design", "points"),
    [("list", 4), ("zip", 2), ("latin-hypercube\nsize: 5", 5), ("sobol\nsize: 3", 16), ("morris\nsize: 2", 6)],
)
def test_designs_make_their_points(file: Path, design: str, points: int) -> None:
    text = FILE
    if design.split("\n")[0] not in ("list", "zip"):
        text = text.replace("values: [0.5, 1.5]", "low: 0.5, high: 1.5").replace(
            "values: [0, 20_000_000]", "low: 0, high: 20_000_000"
        )
    file.write_text(f"{text}design: {design}\n")
    found = [arm for arm in prepare(file).plan.arms if arm.point >= 0]
    assert len(found) == points
    assert len({arm.label for arm in found}) == points or "morris" in design or "sobol" in design
    assert all(0.5 <= arm.levers.get("pace", 1.0) <= 1.5 for arm in found)


def test_screening_designs_share_their_seeds(file: Path) -> None:
    file.write_text(FILE + "inputs_design: morris\n")
    plan = prepare(file).plan
    assert len(plan.draws) == 4 * 3 * 2
    assert {draw.seed for draw in plan.draws} == {0, 1}
    assert plan.sampling["kind"] == "morris"
    assert plan.sampling["names"] == ["firing.speed", "search.mobility"]


def test_editors_get_the_schema_of_experiment_files(capsys) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--schema", "experiment"])
    schema = json.loads(capsys.readouterr().out)
    assert {"question", "levers", "smallest_effect"} <= schema["properties"].keys()
    assert schema["additionalProperties"] is False


def test_every_grade_d_parameter_can_vary(file: Path) -> None:
    file.write_text(FILE.replace("[firing.speed, search.mobility]", "grade D"))
    plan = prepare(file).plan
    assert len(plan.swept) > 50
    assert {one.grade for one in plan.swept} == {"D"}


def test_the_table_is_what_the_model_gave(whole: Path) -> None:
    table = pd.read_parquet(whole / TABLE)
    assert list(table.columns)[:6] == ["scenario", "role", "point", "draw", "inputs", "seed"]
    assert len(table) == 7 * 8 * (2 + 5 + 2), "an outcome at two horizons, a series by year, and two denominators"
    draw = table[(table["draw"] == 3) & (table["scenario"] == "pace=1.5, funding=0")]
    prepared = prepare(whole.parent / "question.yaml")
    place = next(n for n, arm in enumerate(prepared.plan.arms) if arm.label == "pace=1.5, funding=0")
    run = fake.simulate(prepared.scenarios[place].with_values(dict(prepared.plan.draws[3].values)), 3)
    jobs = draw[draw["indicator"] == "employment_automotive"]
    assert jobs["value"].tolist() == run.series["employment_automotive"][11::12].tolist()
    lost = draw.loc[draw["indicator"] == "involuntary_losses", "value"].item()
    assert lost == sum(run.series[name].sum() for name in ("dismissals", "closures", "temporary_not_renewed"))
    assert duckdb.sql(f"select count(*) from '{whole / TABLE}'").fetchall() == [(len(table),)]
    assert read_sweep(whole).complete


def test_one_worker_or_two_give_the_same_bytes(file: Path, whole: Path, tmp_path: Path) -> None:
    own.run(tmp_path / "one", file, fake.simulate, workers=1)
    assert same(tmp_path / "one", whole)


CLUSTER = """
import os, signal, sys, threading
from pathlib import Path

if __name__ == "__main__":
    import sweep_process
    from transitionsim.experiments.engine import work_through
    from transitionsim.experiments.planning import prepare
    from transitionsim.experiments.store import write_plan
    from transitionsim.experiments.workers import workers

    folder, prepared = Path(sys.argv[1]), prepare(Path(sys.argv[2]))
    write_plan(folder, prepared)
    with workers(2, "local", len(prepared.chunks)) as found:
        victim = list(found.client.run(os.getpid).values())[0]
        killer = threading.Timer(float(sys.argv[3]), os.kill, (victim, signal.SIGKILL))
        killer.start()
        ended = work_through(folder, prepared, found, simulate=sweep_process.slow)
        killer.cancel()
    sys.exit(0 if ended.complete and not ended.failures else 1)
"""


@pytest.mark.parametrize("killed_after", [1000.0, 0.3])
def test_a_cluster_gives_the_same_bytes_also_when_a_worker_is_killed(
    file: Path, whole: Path, tmp_path: Path, killed_after: float
) -> None:
    (tmp_path / "cluster.py").write_text(CLUSTER)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    command = [sys.executable, str(tmp_path / "cluster.py"), str(tmp_path / "out"), str(file), str(killed_after)]
    ended = subprocess.run(command, timeout=120, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert same(tmp_path / "out", whole)


def started(folder: Path, file: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    environment["SWEEP_OF_TEST"] = str(folder)
    script = str(Path(__file__).with_name("sweep_process.py"))
    return subprocess.Popen([sys.executable, script, str(folder), str(file)], env=environment)


def parts_of(folder: Path) -> list[Path]:
    return sorted((folder / PARTS).glob("0*.parquet"))


def wait_for(folder: Path, count: int) -> None:
    limit = time.monotonic() + 60
    while len(parts_of(folder)) < count and time.monotonic() < limit:
        time.sleep(0.01)


def nobody_is_left_of(folder: Path) -> bool:
    """Whether the workers of a killed sweep have ended too, looked for where Linux lists processes."""
    mark = f"SWEEP_OF_TEST={folder}".encode()
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        if not any(mark in environment_of(path) for path in Path("/proc").glob("[0-9]*/environ")):
            return True
        time.sleep(0.2)
    return False


def environment_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize("count", [0, 1, 5])
def test_killed_at_any_instant_it_goes_on_to_the_same_bytes(
    file: Path, whole: Path, tmp_path: Path, count: int
) -> None:
    folder = tmp_path / "killed"
    process = started(folder, file)
    wait_for(folder, count)
    if count == 0:
        time.sleep(0.7)
    process.kill()
    process.wait()
    assert not (folder / TABLE).exists()
    assert own.run(folder, file, fake.simulate).complete
    assert same(folder, whole)
    assert nobody_is_left_of(folder)


@pytest.mark.soak
@pytest.mark.parametrize("instant", range(20))
def test_killed_twenty_times_it_still_goes_on(file: Path, whole: Path, tmp_path: Path, instant: int) -> None:
    """Killed again and again, each time at another instant, until it is done."""
    folder, luck = tmp_path / "killed", np.random.default_rng(instant)
    for _ in range(4):
        process = started(folder, file)
        time.sleep(float(luck.uniform(0.1, 3.0)))
        process.kill()
        process.wait()
    own.run(folder, file, fake.simulate)
    assert same(folder, whole)


def test_where_nothing_can_be_written_it_says_so_and_can_go_on(
    file: Path, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    """As on a full disk: a part cannot take its name; with room again the sweep goes on to the same bytes."""
    folder = tmp_path / "out"
    real = Path.replace

    def full(self: Path, target: Path) -> Path:
        if Path(target).parent.name == PARTS and Path(target).name.startswith("000004"):
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(RunError, match=r"cannot write .*no space left on device; make room and resume"):
        own.run(folder, file, fake.simulate, workers=1)
    assert len(parts_of(folder)) == 4
    monkeypatch.setattr(Path, "replace", real)
    assert own.run(folder, file, fake.simulate).complete
    assert same(folder, whole)


def test_the_command_ends_with_3_where_it_can_go_on(file: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    def full(*_: object, **__: object) -> None:
        raise RunError("writing", "cannot write x: no space left on device; make room and resume")

    monkeypatch.setattr("transitionsim.experiments.engine.work_through", full)
    with pytest.raises(SystemExit) as left:
        main(["sweep", str(file), "--out", str(tmp_path / "out")])
    said = capsys.readouterr().err
    assert left.value.code == 3
    assert "no space left" in said
    assert "go on: transitionsim sweep --resume" in said


def test_ctrl_c_finishes_what_is_under_way(file: Path, whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "stopped"
    process = started(folder, file)
    wait_for(folder, 1)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 3
    assert 0 < len(parts_of(folder)) < 8
    assert own.run(folder, file, fake.simulate).complete
    assert same(folder, whole)


def test_a_second_ctrl_c_leaves_at_once_and_says_how_to_go_on(
    file: Path, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    """Nobody waits for runs that would take minutes; what is stored stays, and the sweep goes on from it."""
    real = own.work_through

    def endless(folder, prepared, found, **how):
        return real(folder, prepared, found, **{**how, "simulate": own.endless})

    def twice() -> None:
        limit = time.monotonic() + 60
        while not mark.exists() and time.monotonic() < limit:
            time.sleep(0.01)
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.5)

    mark, folder = tmp_path / "mark", tmp_path / "out"
    monkeypatch.setenv("SWEEP_MARK", str(mark))
    monkeypatch.setattr("transitionsim.experiments.engine.work_through", endless)
    threading.Thread(target=twice, daemon=True).start()
    begun = time.monotonic()
    with pytest.raises(SystemExit) as left:
        main(["sweep", str(file), "--processes", "1", "--out", str(folder)])
    assert left.value.code == 3
    assert time.monotonic() - begun < 300, "the run under way was not waited for"
    assert f"interrupted at once; go on: transitionsim sweep --resume {folder}" in capsys.readouterr().err
    assert own.run(folder, file, fake.simulate).complete
    assert same(folder, whole)


def test_a_run_that_fails_is_a_row_and_can_be_run_again(file: Path, whole: Path, tmp_path: Path) -> None:
    ended = own.run(tmp_path / "out", file, own.moody)
    assert ended.complete
    assert own.causes(ended) == {(3, "running")}
    assert "division by zero" in ended.failures[0].cause
    assert set(values_of(tmp_path / "out")["draw"]) == {0, 1, 2, 4, 5, 6, 7}
    ended = own.run(tmp_path / "out", file, fake.simulate, again=True)
    assert not ended.failures
    assert same(tmp_path / "out", whole)


def test_a_worker_that_dies_takes_nobody_with_it(
    file: Path, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWEEP_MARK", str(tmp_path / "mark"))
    ended = own.run(tmp_path / "out", file, own.deadly)
    assert ended.complete
    assert own.causes(ended) == {(2, "running")}
    assert "killed" in ended.failures[0].cause
    assert (tmp_path / "mark").exists(), "the other one died once and was run again"


def broken(part: Path, how: str) -> None:
    content = bytearray(part.read_bytes())
    if how == "cut":
        content = content[: len(content) // 2]
    elif how == "flipped":
        content[len(content) // 3] ^= 1
    part.write_bytes(bytes(content))


@pytest.mark.parametrize("how", ["cut", "flipped", "foreign"])
def test_a_part_that_is_not_whole_is_found_and_computed_again(
    file: Path, whole: Path, tmp_path: Path, how: str
) -> None:
    folder = tmp_path / "out"
    shutil.copytree(whole, folder)
    part = parts_of(folder)[3]
    if how == "foreign":
        file.write_text(FILE.replace("draws: 4", "draws: 5"))
        own.run(tmp_path / "other", file, fake.simulate)
        other = parts_of(tmp_path / "other")[3]
        part.unlink()
        shutil.copy(other, folder / PARTS / other.name)
    else:
        broken(part, how)
    ended = own.run(folder, file, fake.simulate)
    (sentence,) = ended.recomputed
    assert ("another sweep" if how == "foreign" else "cut or altered") in sentence
    assert same(folder, whole)


def test_a_damaged_table_is_read_from_its_parts_and_written_anew(file: Path, whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    shutil.copytree(whole, folder)
    table = pd.read_parquet(folder / TABLE)
    table.assign(value=2.0 * table["value"]).to_parquet(folder / TABLE)
    found = read_sweep(folder)
    assert found.complete
    assert found.values["value"].tolist() == values_of(whole)["value"].tolist()  # noqa: PD011
    (folder / TABLE).write_bytes(b"junk")
    assert len(values_of(folder)) == len(table)
    assert own.run(folder, file, fake.simulate).complete
    assert same(folder, whole)


@pytest.mark.parametrize("how", ["cut", "flipped", "copied"])
def test_readers_refuse_a_damaged_part_and_status_names_it(whole: Path, tmp_path: Path, how: str, capsys) -> None:
    folder = tmp_path / "out"
    shutil.copytree(whole, folder)
    for name in (TABLE, CSV, MANIFEST):
        (folder / name).unlink()
    first, second = parts_of(folder)[:2]
    if how == "copied":
        second.unlink()
        second = second.with_name(f"000001{first.name[6:]}")
        shutil.copy(first, second)
    else:
        broken(second, how)
    with pytest.raises(InputError, match="compute it again: transitionsim sweep --resume"):
        read_sweep(folder)
    before = sorted(one.name for one in (folder / PARTS).iterdir())
    with pytest.raises(SystemExit):
        main(["sweep", "--status", str(folder)])
    said = capsys.readouterr().out
    assert f"damaged: {second.name}" in said
    assert "not complete" in said
    assert sorted(one.name for one in (folder / PARTS).iterdir()) == before, "status only reads"


@pytest.mark.parametrize("name", [CSV, TABLE, MANIFEST])
def test_a_finished_sweep_is_left_alone_unless_something_is_missing(
    file: Path, whole: Path, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "out"
    shutil.copytree(whole, folder)
    before = (folder / CSV).stat().st_mtime_ns
    assert own.run(folder, file, fake.simulate).complete
    assert (folder / CSV).stat().st_mtime_ns == before
    (folder / name).unlink()
    assert own.run(folder, file, fake.simulate).complete
    assert same(folder, whole)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda plan: plan.unlink(), "holds no plan.json"),
        (lambda plan: plan.write_text("{"), "is damaged"),
        (lambda plan: plan.write_text(plan.read_text().replace('"seed": 5', '"seed": 6')), "was altered"),
    ],
)
def test_without_its_plan_nothing_goes_on(whole: Path, tmp_path: Path, change, said: str, capsys) -> None:
    folder = tmp_path / "out"
    shutil.copytree(whole, folder)
    change(folder / PLAN)
    with pytest.raises(SystemExit) as left:
        main(["sweep", "--resume", str(folder)])
    assert left.value.code == 2
    assert said in capsys.readouterr().err


def test_a_plan_of_another_version_is_refused(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    folder = tmp_path / "out"
    shutil.copytree(whole, folder)
    monkeypatch.setattr("transitionsim.experiments.store.__version__", "9.9.9")
    with pytest.raises(SystemExit) as left:
        main(["sweep", "--resume", str(folder)])
    assert left.value.code == 2
    assert "was planned by version" in capsys.readouterr().err


def test_two_sweeps_do_not_share_a_folder(file: Path, tmp_path: Path, capsys) -> None:
    folder = tmp_path / "out"
    with locked(folder), pytest.raises(SystemExit) as left:
        main(["sweep", str(file), "--out", str(folder)])
    assert left.value.code == 2
    assert "another sweep is running in it" in capsys.readouterr().err


def test_precision_is_looked_at_after_fixed_numbers_of_draws(file: Path, tmp_path: Path) -> None:
    assert checkpoints(8) == [8]
    assert checkpoints(100) == [8, 12, 16, 24, 32, 48, 64, 96, 100]
    text = FILE.replace("draws: 4", "draws: 24").replace("months: 60", "months: 24")
    file.write_text(text)
    tables = []
    for count in (1, 2):
        folder = tmp_path / f"out{count}"
        ended = own.run(folder, file, fake.simulate, workers=count, until=0.9)
        assert ended.complete
        assert ended.draws in checkpoints(48)
        assert ended.draws < 48
        tables.append((folder / CSV).read_bytes())
        assert set(values_of(folder)["draw"]) == set(range(ended.draws))
    assert tables[0] == tables[1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("question: Does", "questoin: Does"), "question"),
        (("baseline: reskilling", "baseline: reskiling"), "did you mean 'reskilling'?"),
        (("electrification.pace", "electrification.pase"), "levers.pace: electrification.pase: unknown key"),
        (("[0.5, 1.5]", "[0.5, 99]"), "levers.pace: electrification.pace: found 99; at most 10 is allowed"),
        (("values: [0.5, 1.5]", "values: []"), "values are needed, or low and high"),
        (("values: [0.5, 1.5]", "low: 1, high: 0.5"), "low 1 is not below high 0.5"),
        (("firing.speed", "firing.sped"), "did you mean 'firing.speed'?"),
        (("posts_lost", "post_lost"), "no outcome or series 'post_lost'; did you mean 'posts_lost'?"),
        (("draws: 4", "draws: 0"), "draws: found 0; at least 1 is needed"),
        (("seeds: 2", "seeds: two"), "seeds: found 'two'; a whole number is needed"),
        (("seeds: 2", "horizons: [2050]"), "horizons: found 2050; 2025 to 2029 is allowed"),
        (("seeds: 2", "smallest_effect: {outcome: lost, size: 5}"), "'lost' is not kept"),
        (("seeds: 2", "design: sobol"), "the design 'sobol' needs low and high"),
        (("months: 60", "months: 0"), "set: months: found 0; at least 1 is needed"),
    ],
)
def test_mistakes_in_an_experiment_have_their_line(file: Path, capsys, change: tuple[str, str], said: str) -> None:
    assert change[0] in FILE
    file.write_text(FILE.replace(*change))
    for command in (["sweep", str(file)], ["check", str(file)]):
        with pytest.raises(SystemExit) as left:
            main(command)
        error = capsys.readouterr().err
        assert left.value.code == 2
        assert said in error, error
        assert "question.yaml:" in error
        assert "Traceback" not in error


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "an experiment file is needed"),
        (["x.yaml", "--resume", "y"], "an experiment file is needed"),
        (["x.yaml", "--failed"], "goes with --resume"),
        (["x.yaml", "--until-precision", "much"], "such as 2%"),
        (["x.yaml", "--until-precision", "200%"], "such as 2%"),
        (["x.yaml", "--processes", "0"], "at least 1 is needed"),
        (["x.yaml"], "no such file"),
        (["--resume", "nowhere"], "no such folder"),
    ],
)
def test_mistaken_options_get_a_sentence(arguments: list[str], said: str, capsys, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["sweep", *arguments])
    assert left.value.code == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir()), "nothing is written"


def test_no_cluster_at_an_address(file: Path, tmp_path: Path, capsys) -> None:
    with pytest.raises(InputError, match="no address"), workers(None, "tcp://", 1):
        pass
    assert Processes(3).count == 3


def test_a_cluster_that_does_not_answer_leaves_no_folder(
    file: Path, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*given, **how):
        raise OSError("timed out")

    monkeypatch.setattr("distributed.Client", silent)
    with pytest.raises(SystemExit) as left:
        main(["sweep", str(file), "--cluster", "tcp://127.0.0.1:9", "--out", str(tmp_path / "out")])
    assert left.value.code == 2
    assert "no scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_status_tells_how_far_it_is(whole: Path, tmp_path: Path, capsys) -> None:
    folder = tmp_path / "out"
    shutil.copytree(whole, folder)
    for name in (TABLE, CSV, MANIFEST):
        (folder / name).unlink()
    for part in parts_of(folder)[5:]:
        part.unlink()
    with pytest.raises(SystemExit) as left:
        main(["sweep", "--status", str(folder)])
    said = capsys.readouterr().out
    assert left.value.code == 0
    assert "35 of 56 runs done, 0 failed; not complete" in said
    assert f"go on: transitionsim sweep --resume {folder}" in said
    assert np.isfinite(float(said.split("+- ")[1].split()[0].replace(",", "")))


def test_the_path_of_a_scenario_counts_from_the_experiment_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.yaml").write_text("extends: current-policy.yaml\nname: Mine\nmonths: 24\n")
    file = tmp_path / "question.yaml"
    file.write_text("question: Does it?\nbaseline: own/mine.yaml\nset: {persons_per_agent: 500}\ndraws: 2\n")
    monkeypatch.chdir("/")
    assert prepare(file).scenarios[0].months == 24
