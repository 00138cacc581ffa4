"""The commands that simulate: what they print and write, and that a mistake is one line and costs no run."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from transitionsim.cli import main

TINY = ("--set", "persons_per_agent=1000", "--set", "months=14")
WRITTEN = {
    "table.csv", "table.parquet", "tables.parquet", "indicators.parquet", "manifest.json", "plan.json", "lock", "parts",
    "records",
}  # fmt: skip


@pytest.fixture
def cli(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_run_prints_years_and_writes_a_folder(cli, tmp_path):
    code, out, err = cli("run", "reskilling", *TINY, "--out", "here")
    assert code == 0, err
    assert err.splitlines()[0] == "transitionsim 0.1.0 run: reskilling, 1 seed"
    assert err.splitlines()[-1] == "written: here"
    assert "2026-02" in out
    assert names(tmp_path / "here") == WRITTEN


def test_compare_as_json_is_one_document_and_nothing_else(cli, tmp_path):
    code, out, err = cli("compare", "current-policy", "fast", "--draws", "2", "--processes", "1", *TINY, "--json")
    assert code == 0, err
    content = json.loads(out)
    (folder,) = (tmp_path / "results").iterdir()
    assert content["folder"] == f"results/{folder.name}"
    assert folder.name == f"current-policy-{content['id']}"
    assert names(folder) == WRITTEN | {"comparison.csv", "indicators-compared.csv", "figure.png"}
    assert content["sentence"].endswith("simulated, not a forecast.")
    assert {row["scenario"] for row in content["comparison"]} == {"current-policy", "fast", "placebo seat"}
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["sentence"] == content["sentence"]
    assert "not a forecast" in manifest["figure"]["alt"].lower()
    assert str(tmp_path) not in (folder / "manifest.json").read_text()
    again = cli("compare", "current-policy", "fast", "--draws", "2", *TINY)
    assert again[0] == 2
    assert "exists and is not empty" in again[2]


RULES = '''
from transitionsim.rule import rule

@rule(on="workers", after="look_for_work")
def stay_home(worker, world, luck):
    """Nobody applies."""
    worker.applications = 0
'''


def test_rules_of_ones_own_run_only_when_allowed(cli, tmp_path):
    (tmp_path / "mine.py").write_text(RULES)
    assert cli("run", "no-transition", "--rules", "mine.py")[0] == 2
    code, out, err = cli("run", "no-transition", *TINY, "--rules", "mine.py", "--allow-code", "--out", "with")
    assert code == 0, err
    assert "rules from mine.py" in out
    assert json.loads((tmp_path / "with" / "plan.json").read_text())["plan"]["rules"][0]["file"] == "mine.py"


def test_a_mistaken_rule_is_a_line_and_leaves_nothing(cli, tmp_path):
    (tmp_path / "mine.py").write_text(RULES.replace("worker.applications", "worker.aplications"))
    code, _, err = cli("run", "no-transition", *TINY, "--rules", "mine.py", "--allow-code")
    assert code == 2
    assert "applications" in err
    assert "Traceback" not in err
    assert names(tmp_path) <= {"mine.py", "__pycache__"}


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("run", "no-transition", "--seeds", "0"), "--seeds: found 0, at least 1 is needed"),
        (("run", "no-transition", "--processes", "0"), "--processes: found 0, at least 1 is needed"),
        (("compare", "current-policy", "fast", "--draws", "0"), "--draws: found 0, at least 1 is needed"),
        (("compare", "current-policy", "fast", "--draws", "2", "--seeds", "2"), "--draws: not together with --seeds"),
        (("compare", "current-policy", "current-policy"), "current-policy: given twice"),
        (("run", "no-transition", "--set", "month=3"), "month: unknown key; did you mean 'months'?"),
        (("run", "no-transition", "--set", "months"), "is not key=value"),
        (("run", "no-transitio"), "did you mean 'no-transition'?"),
        (("run", "no-transition", "--rules", "none.py", "--allow-code"), "none.py: cannot be read"),
        (("run", "no-transition", "--out", "taken"), "taken is a file"),
        (("new", "rule", "2nd"), "'2nd' is not a Python name"),
        (("new", "rule", "class"), "'class' is not a Python name"),
    ],
)
def test_a_mistake_is_one_line_before_any_run(cli, tmp_path, arguments, text):
    (tmp_path / "taken").write_text("mine")
    code, out, err = cli(*arguments)
    assert (code, out) == (2, "")
    lines = [line for line in err.splitlines() if not line.startswith("transitionsim 0.1.0")]
    assert len(lines) == 1, err
    assert text in lines[0]
    assert names(tmp_path) == {"taken"}


def test_mistakes_in_two_scenarios_are_all_told(cli):
    code, _, err = cli("compare", "currentpolicy", "fastt")
    assert code == 2
    assert len(err.splitlines()) == 3


def test_a_setting_about_a_policy_changes_the_scenarios_that_have_it(cli, tmp_path):
    setting = ("--set", "policies.reskilling.budget=1000")
    code, _, err = cli("compare", "current-policy", "reskilling", "--seeds", "1", *TINY, *setting, "--out", "x")
    assert code == 0, err
    plan = json.loads((tmp_path / "x" / "plan.json").read_text())["plan"]
    arms = dict(zip((arm["label"] for arm in plan["arms"]), plan["scenarios"], strict=True))
    assert [policy["budget"]["value"] for policy in arms["reskilling"]["policies"]] == [1000]


def test_new_rule_writes_a_rule_that_is_read_and_a_test(cli, tmp_path):
    code, out, _ = cli("new", "rule", "lose_heart", "--out", "my")
    assert code == 0
    assert "pytest my/test_lose_heart.py" in out
    assert names(tmp_path / "my") == {"lose_heart.py", "test_lose_heart.py"}
    from transitionsim.plugins import rules_from_file

    (one,) = rules_from_file(tmp_path / "my" / "lose_heart.py")
    assert (one.name, one.draws) == ("lose_heart", ("lose_heart",))
    text = (tmp_path / "my" / "test_lose_heart.py").read_text()
    compile(text, "test_lose_heart.py", "exec")
    again = cli("new", "rule", "lose_heart", "--out", "my")
    assert again[0] == 2
    assert len(again[2].splitlines()) == 2
    assert (tmp_path / "my" / "test_lose_heart.py").read_text() == text


def test_the_test_of_a_new_rule_holds(cli, tmp_path):
    cli("new", "rule", "lose_heart")
    space: dict = {"__file__": str(tmp_path / "test_lose_heart.py")}
    exec((tmp_path / "test_lose_heart.py").read_text(), space)
    space["test_the_rule_changes_the_region"]()


def test_reading_the_commands_loads_nothing_heavy():
    code = (
        "import sys, transitionsim.cli.runs; "
        "heavy = {'numpy', 'pandas', 'numba', 'mesa', 'matplotlib', 'pydantic'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
