"""The commands that read: what they print, their exit codes, and that a mistake is one line."""

import json
import subprocess
import sys

import pytest

from transitionsim import __version__
from transitionsim.cli import main
from transitionsim.cli.output import table, written
from transitionsim.regions import region_codes
from transitionsim.regions.reading import PROFILES
from transitionsim.scenario import load_scenario
from transitionsim.usage import PACKAGE


@pytest.fixture
def cli(capsys):
    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


@pytest.fixture
def broken(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("extends: current-policy\nmonths: 0\nbasis: production\n", encoding="utf-8")
    return path


def test_without_a_command_the_help_is_shown(cli):
    code, out, err = cli()
    assert (code, err) == (0, "")
    for command in ("list", "check", "show", "run", "compare", "sweep", "new"):
        assert f"  {command} " in out
    assert cli("--help")[1] == out


def test_version(cli):
    assert cli("--version") == (0, f"transitionsim {__version__}\n", "")


def test_list_names_scenarios_and_regions(cli):
    code, out, _ = cli("list")
    assert code == 0
    assert "current-policy" in out
    assert "Sachsen" in out
    found = json.loads(cli("list", "--json")[1])
    rows = {row["code"]: row for row in found["regions"]}
    assert set(rows) == set(region_codes())
    assert rows["FRC"]["denominator"] == "INSEE automotive supply chain"
    assert any({"name": "fast", "title": "Fast"}.items() <= one.items() for one in found["scenarios"])


def test_check_passes_all_that_is_shipped_and_says_how_much_is_assumed(cli):
    code, out, err = cli("check")
    assert (code, err) == (0, "")
    assert "grade D" in out.splitlines()[0]
    found = json.loads(cli("check", "current-policy", "--json")[1])
    assert found["mistakes"] == []
    assert 0 < found["checked"][0]["input_of_grade_d"] < 1


def test_check_takes_profiles_of_regions_too(cli, tmp_path):
    path = tmp_path / "mine.yaml"
    text = (PROFILES / "DED.yaml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    (row,) = json.loads(cli("check", str(path), "--json")[1])["checked"]
    assert row["region"] == "DED"
    assert row["facts_of_grade_d"] > 0
    path.write_text(text.replace("value: 0.04,", "value: 4,"), encoding="utf-8")
    code, out, err = cli("check", str(path))
    assert (code, out) == (2, "")
    assert "facts.unemployment_rate: value is 4; at most 1 is allowed (share)" in err


def test_check_tells_every_mistake_and_leaves_with_2(cli, broken):
    code, out, err = cli("check", str(broken), "fast")
    assert code == 2
    assert "fast" in out
    lines = err.splitlines()
    assert lines[0] == f"{broken}:2: months: found 0; at least 1 is needed"
    assert lines[1].startswith(f"{broken}:3: basis: unknown key; ")
    assert len(lines) == 2
    code, out, err = cli("check", str(broken), "--json")
    assert code == 2
    assert json.loads(out)["mistakes"] == err.splitlines()


def test_show_prints_values_with_unit_source_and_grade(cli):
    code, out, _ = cli("show", "reskilling")
    assert code == 0
    (line,) = [line for line in out.splitlines() if line.startswith("policies.reskilling.cost_per_seat")]
    assert line.split()[1:4] == ["7521", "EUR", "C"]
    assert "COM(2023) 482" in line
    found = json.loads(cli("show", "reskilling", "--json")[1])
    assert found["digest"] == load_scenario("reskilling").digest()
    assert {"key", "value", "unit", "source", "grade"} == found["values"][0].keys()


def test_show_diff_prints_only_what_differs(cli):
    _, out, _ = cli("show", "sme-support", "--diff", "current-policy")
    numbers, evidence = (part.splitlines()[1:] for part in out.split("\n\n"))
    assert numbers
    assert all(line.startswith("policies.sme-support.") for line in numbers)
    assert all(line.startswith("sme-support ") for line in evidence)
    _, out, _ = cli("show", "fast", "--diff", "current-policy")
    told = [line for line in out.split("\n\n")[1].splitlines() if "electrification.mix" in line]
    assert [line.split()[0] for line in told] == ["fast", "current-policy"]
    found = json.loads(cli("show", "fast", "--diff", "slow", "--json")[1])
    assert (found["scenario"], found["baseline"]) == ("fast", "slow")
    assert found["differences"]
    assert cli("show", "fast", "--diff", "fast")[1] == "fast and fast assume the same.\n"


def test_show_month_prints_where_each_step_is_written(cli):
    lines = cli("show", "--month")[1].splitlines()
    (line,) = [line for line in lines if line.startswith("    look_for_work ")]
    place, _, words = line.removeprefix("    look_for_work (").partition("): ")
    file, _, number = place.partition(":")
    assert (file, words.split()[:3]) == ("rules/work.py", ["A", "person", "decides"])
    written = (PACKAGE / file).read_text(encoding="utf-8").splitlines()
    assert written[int(number)].startswith("def look_for_work("), "the line of its decorator"
    assert json.loads(cli("show", "--month", "--json")[1])["month"] == lines


def test_show_of_a_rule_prints_its_source_and_all_that_it_reads_and_writes(cli):
    code, out, err = cli("show", "look_for_work")
    assert (code, err) == (0, "")
    head, part, source = out.split("\n", 2)
    assert head.startswith("look_for_work (rules/work.py:")
    assert part == "Jobs: rule on workers; draws of luck: apply"
    assert '@rule(on="workers", draws=("apply",))\ndef look_for_work(worker: Any, world: Any, luck: Any)' in source
    assert "\n        worker.applications = 1\n\ncolumn  " in source, "whole"
    rows = {line.split()[0]: line for line in out.splitlines() if line and line[0].isalpha()}
    assert rows["workers.applications"].split()[1:4] == ["written", "a", "round"]
    assert rows["pull"].split()[1:3] == ["read", "vacancies"]
    assert rows["pull"].endswith(" post_vacancies"), "the step that writes it"
    assert rows["mobility"].endswith(" search.mobility"), "the parameter behind it"
    assert rows["search_on_the_job"].endswith(" mechanisms.search_on_the_job"), "the switch"
    assert rows["search.mobility"].split()[1:4] == ["0.6", "ratio", "D"]


def test_show_of_a_market_follows_what_it_calls(cli):
    found = json.loads(cli("show", "match_jobs", "--json")[1])
    assert (found["part"], found["kind"]) == ("Jobs", "market or account")
    assert found["at"].startswith("steps/work.py:")
    used = {row["column"]: row["use"] for row in found["columns"]}
    assert used["workers.wage"] == "read, written"
    assert used["employers.premium"] == "read"
    assert {row["world"]: row["written by"] for row in found["world"]}["entrant_profiles"] == "match_jobs"
    assert {"wages.curve_elasticity", "search.mobility"} <= {row["parameter"] for row in found["parameters"]}
    assert {"match", "hire"} <= {row["calls"] for row in found["calls"] if row["at"].startswith("markets/jobs.py:")}


def test_show_of_a_rule_has_the_values_of_a_scenario(cli, tmp_path):
    path = tmp_path / "mobile.yaml"
    path.write_text("extends: current-policy\nparameters: {search.mobility: 0.8}\n", encoding="utf-8")
    found = json.loads(cli("show", "look_for_work", "--scenario", str(path), "--json")[1])
    (row,) = [row for row in found["parameters"] if row["parameter"] == "search.mobility"]
    assert row == {"parameter": "search.mobility", "value": 0.8, "unit": "ratio", "grade": "D", "source": row["source"]}
    assert row["source"].startswith("own value")


OWN_RULE = """\
from transitionsim.rule import rule

BORNE = {"value": 3, "unit": "spells", "range": (1, 10), "source": "a survey", "grade": "C"}


@rule(on="workers", replaces="look_for_work", adds={"spells": "i2"}, needs={"spells_borne": BORNE})
def grow_tired(worker, world, luck):
    \"\"\"Who has become unemployed again and again applies no more.\"\"\"
    if worker.spells > world.spells_borne:
        worker.applications = 0
"""


def test_show_of_a_rule_of_one_s_own(cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mine.py"
    path.write_text(OWN_RULE, encoding="utf-8")
    own = ("--rules", "mine.py", "--allow-code")
    found = json.loads(cli("show", "grow_tired", *own, "--json")[1])
    assert found["at"] == "mine.py:6"
    assert found["columns"][-1] == {"column": "workers.spells", "use": "read", "unit": "", "meaning": "added by a rule"}
    (row,) = found["world"]
    assert (row["world"], row["unit"], row["written by"]) == ("spells_borne", "spells", "needs")
    (row,) = found["parameters"]
    assert tuple(row.values()) == ("spells_borne", 3, "spells", "C", "a survey")
    month = cli("show", "--month", *own)[1]
    assert "    grow_tired (mine.py:6): Who has become unemployed" in month
    assert "look_for_work" not in month
    assert cli("show", "look_for_work", *own)[1].startswith("look_for_work (rules/work.py:"), "what it replaces"
    assert cli("show", "grow_tird", *own)[2] == "grow_tird: no such step of the month; did you mean 'grow_tired'?\n"


def test_show_says_the_mistakes_of_a_rule_without_a_run(cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mine.py"
    path.write_text(OWN_RULE.replace("world.spells_borne", "world.seats_opn + world.employers[0].prmium"), "utf-8")
    code, out, err = cli("show", "grow_tired", "--rules", "mine.py", "--allow-code")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "mine.py:9: rule grow_tired: employers have no column 'prmium'; did you mean 'premium'?",
        "mine.py:9: rule grow_tired: the world has no 'seats_opn'; did you mean 'seats_open'?",
    ]


def test_schema_is_one_json_document(cli):
    code, out, _ = cli("check", "--schema", "scenario")
    assert code == 0
    assert json.loads(out)["title"] == "Scenario"


def test_parameters_prints_the_register(cli):
    code, out, _ = cli("list", "parameters", "--region", "ES22")
    assert code == 0
    assert any(line.startswith("firing.look_ahead_months  ") for line in out.splitlines())
    found = {row["key"]: row for row in json.loads(cli("list", "parameters", "--json")[1])}
    assert found["firing.look_ahead_months"]["high"] == 12


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["shwo"], "transitionsim: no such command 'shwo'"),
        (["show", "fast", "--dif", "slow"], "transitionsim show: no such option: --dif"),
        (["show", "xyzzy"], "xyzzy: no such file, scenario or step of the month; allowed are 'allocate_seats', "),
        (["show", "fst"], "fst: no such file, scenario or step of the month; did you mean 'fast'?"),
        (["show", "match_job"], "match_job: no such file, scenario or step of the month; did you mean 'match_jobs'?"),
        (["show", "fast", "--scenario", "slow"], "fast: no such step of the month; allowed are 'allocate_seats', "),
        (["show", "match_jobs", "--scenario", "slw"], "slw: no such file or scenario; did you mean 'slow'?"),
        (["show", "mine.yaml"], "mine.yaml: no such file or scenario"),
        (["show", "match_jobs", "--diff", "fast"], "match_jobs: no such file or scenario"),
        (["show", "match_jobs", "--diff", "fast", "--scenario", "slow"], "--diff: goes with a scenario, not with"),
        (
            ["show", "match_jobs", "--rules", "mine.py"],
            "--rules: mine.py holds code that would be executed; add --allow",
        ),
        (["show"], "transitionsim show: name a scenario or a step of the month, or ask for --month"),
        (["show", "fast", "--month"], "transitionsim show: name a scenario or a step of the month, or ask for --month"),
        (["list", "parameters", "--region", "SE3"], "region: no region 'SE3'; did you mean 'SE23'?"),
    ],
)
def test_a_mistake_is_one_line_on_standard_error(cli, arguments, expected):
    code, out, err = cli(*arguments)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.startswith(expected)


def test_plain_tables_never_wrap(capsys):
    table(("key", "value"), [("a", "x" * 300), ("bb", "y")])
    table(("number",), [(5,), (12_000_000,)])
    assert capsys.readouterr().out.splitlines() == [
        "key  value", "a    " + "x" * 300, "bb   y", "    number", "         5", "12,000,000",
    ]  # fmt: skip
    assert written(12_345.5) == "12,345.5"


def test_tables_on_a_terminal_are_drawn(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    table(("key", "value"), [("[a]", 1)])
    out = capsys.readouterr().out
    assert "[a]" in out
    assert "─" in out


def test_help_loads_nothing_heavy():
    code = (
        "import sys\nfrom transitionsim.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'numpy', 'pandas', 'numba', 'mesa', 'pydantic', 'matplotlib', 'ruamel', 'rich'}\n"
        "print(sorted(heavy & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
