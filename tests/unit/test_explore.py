"""The explorer's page without a browser: what it holds, and that it is one file of text that runs our script only."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import claimed
import fake_sweep
import pytest

from transitionsim.claims.source import read_source
from transitionsim.cli import main
from transitionsim.errors import InputError
from transitionsim.pages.explorer import _answer, explored, explorer_html, warnings

EVIL = "</script><script>alert(1)</script>"


def source(**levers):
    points = {f"pace={pace}": {"pace": pace, **levers} for pace in (0.5, 1.0, 2_000_000.0)}

    def formula(arm, draw, outcome, year):
        return 1000 + 100 * min(3.0, arm.levers.get("pace", 1.0)) + fake_sweep.noise(draw.number, 3)

    sweep = fake_sweep.sweep(formula, arms=fake_sweep.arms(levers=points), draws=fake_sweep.draws(6, 2))
    return claimed.source_of(sweep)


def data_of(page: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.S).group(1))


def test_it_holds_the_stored_points_with_their_numbers_as_text() -> None:
    made = source()
    content = explored(made, made.measured())
    assert [lever["name"] for lever in content["levers"]] == ["pace"]
    assert content["levers"][0]["labels"] == ["0.5", "1", "2 million"]
    assert [point["at"] for point in content["points"]] == [[0], [1], [2]]
    lines = content["lines"]["involuntary_losses|2035|current-policy"]
    assert [lines[f"pace={pace}"]["median"] for pace in (0.5, 1.0, 2_000_000.0)] == ["−50", "0", "200"]
    assert lines["pace=0.5"]["n"] == 12


def test_the_total_interval_decides_what_is_said() -> None:
    made = source()
    lines = explored(made, made.measured())["lines"]["involuntary_losses|2035|current-policy"]
    assert lines["pace=0.5"]["answer"] == "less in nine draws of ten"
    assert lines["pace=2000000.0"]["answer"] == "more in nine draws of ten"
    assert lines["pace=1.0"]["answer"] == "no difference"
    row = SimpleNamespace(n=24, median=20.0, p05=3.0, p95=40.0, placebo_p05=-9.0, placebo_p95=4.0)
    assert _answer(row, 1) == "undecided: some of it lies within what one seat that cannot matter changes"
    assert _answer(row, 0) == "undecided: nine draws of ten span zero"


def test_what_forbids_citing_stands_above_the_numbers() -> None:
    made = source()
    few = explored(made, made.measured())
    assert "12 different seeds stand behind every interval, 20 are needed" in few["warnings"]
    assert "6 draws of inputs stand behind every interval, 10 are needed" in few["warnings"]
    other = replace(made, code={**made.code, "sources": "0" * 64}, problems=())
    assert any(one.startswith("made by other code") for one in warnings(other, other.measured()))
    whole = explorer_html(other)
    assert whole.index("Not for citing") < whole.index('id="controls"')
    facts = dict(few["facts"])
    assert facts["Level of purpose"].startswith("L0, illustration: ")
    assert facts["Persons for each agent"] == "1"
    assert facts["Assumptions that nobody has measured (grade D)"].startswith("0 of 0 varied inputs")
    good = claimed.made_up(500.0)
    assert warnings(good, good.measured()) == []
    assert "2 of 2 varied inputs, first of all carries;" in str(explored(good, good.measured())["facts"])
    unclear = claimed.made_up(500.0, inputs=12)
    assert "and the draws do not tell which" in str(explored(unclear, unclear.measured())["facts"])


def test_numbers_are_those_of_the_comparison() -> None:
    from transitionsim.experiments.comparing import compared

    made = source()
    found = made.measured()
    table = compared(found)
    content = explored(made, found)
    for row in table[table["role"] == "scenario"].itertuples():
        numbers = content["lines"][f"{row.outcome}|{row.horizon}|{row.against}"][row.scenario]["numbers"]
        assert numbers == pytest.approx([row.median, row.p05, row.p95, row.mean, row.low, row.high], abs=1e-5)


def test_one_file_that_runs_our_script_and_asks_for_nothing() -> None:
    page = explorer_html(source())
    assert page == explorer_html(source()), "the same bytes"
    assert not re.search(r'(src|href)="(?!data:)', page)
    assert "script-src 'sha256-" in page
    assert "default-src 'none'" in page
    assert "innerHTML" not in page
    assert len(page.encode()) < 1_500_000


def test_names_cannot_leave_the_data() -> None:
    page = explorer_html(source(**{EVIL: 1.0}))
    assert page.count("<script") == 2
    assert EVIL in json.dumps(data_of(page)["levers"])


def test_the_question_stands_below_our_heading_as_it_was_written() -> None:
    asked, made = "Does money help?", source()
    page = explorer_html(replace(made, sweep=replace(made.sweep, plan=replace(made.plan, question=asked))))
    assert "<h1>Navarra (ES22): scenarios beside each other</h1>" in page
    assert asked not in page[: page.index("</h1>")]
    assert f"Question, as it was written: “{asked}”" in page


def test_a_shipped_name_on_another_scenario_is_told_here_too(tmp_path: Path) -> None:
    made = read_source(claimed.comparison(tmp_path / "demo", draws=3))
    told = [text for name, text in explored(made, made.measured())["facts"] if name.startswith("Changed")]
    assert any("“reskilling”: " in text and "months 60, shipped 192" in text for text in told)


def test_a_comparison_gives_a_choice_of_scenarios(tmp_path: Path, capsys) -> None:
    folder = claimed.comparison(tmp_path / "demo", draws=3)
    with pytest.raises(SystemExit) as left:
        main(["report", str(folder), "--explore"])
    assert left.value.code == 0
    content = data_of((folder / "explore.html").read_text(encoding="utf-8"))
    assert content["levers"][0]["labels"] == ["current-policy", "fast", "reskilling"]
    assert str(tmp_path) not in (folder / "explore.html").read_text(encoding="utf-8")


def test_a_folder_without_anything_gets_a_sentence(tmp_path: Path, capsys) -> None:
    for folder, said in ((tmp_path / "none", "no such folder"), (tmp_path, "holds no results")):
        with pytest.raises(SystemExit) as left:
            main(["report", str(folder), "--explore"])
        assert left.value.code == 2
        assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    sweep = source().sweep
    arms = tuple(one for one in sweep.plan.arms if one.role not in ("baseline", "no transition"))
    alone = claimed.source_of(replace(sweep, plan=replace(sweep.plan, arms=arms)))
    with pytest.raises(InputError, match="nothing is compared"):
        explorer_html(alone)
