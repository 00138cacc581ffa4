"""The written record: decisions, assumptions, studies and verdicts are those of the code and the recorded files."""

from __future__ import annotations

from types import FunctionType

import numpy as np
import pandas as pd
import pytest
from experiments import studies

from tests.docs import decisions, evidence_tables
from tests.docs.blocks import ROOT
from transitionsim.evidence import Parameter
from transitionsim.month import MONTH, OF_POLICIES, name_of
from transitionsim.policies import kinds
from transitionsim.regions import base_register
from transitionsim.rule import Rule, rule
from transitionsim.rules.firms import plan_staff, weigh_conversion
from transitionsim.steps import match_jobs
from transitionsim.usage import readers


def test_every_step_and_every_policy_has_a_row() -> None:
    rows = [row[0] for row in decisions.decisions()]
    names = [f"`{name_of(step)}`" for heading in MONTH for step in heading.steps]
    assert rows == [*names, *(f"policy `{kind}`" for kind in sorted(kinds()))]
    free = {name_of(step) for heading in MONTH for step in heading.steps if not isinstance(step, Rule)}
    free -= {name_of(step) for step in OF_POLICIES}
    assert free == set(decisions.DECIDES)


def test_what_a_step_reads_is_found_in_its_code_and_in_what_it_calls() -> None:
    assert {"firing.speed", "firing.look_ahead_months", "firing.slack_share"} <= {*decisions.keys_read(plan_staff)}
    assert "training.wish" not in decisions.keys_read(plan_staff)
    assert {"wages.curve_elasticity", "training.certificate_discount"} <= {*decisions.keys_read(match_jobs)}
    assert {"`dependence`", "`liquidity`"} <= {*decisions.columns_read(weigh_conversion)}
    assert decisions.columns_read(match_jobs) == []


def test_a_rule_that_reads_one_more_number_changes_its_row() -> None:
    def wait(employer, world, luck):  # type: ignore[no-untyped-def]
        """A firm waits."""
        employer.dismissals = int(employer.staff * world.firing_speed)

    assert isinstance(wait, FunctionType)
    wait.__module__ = "transitionsim.rules.made_up"
    made = rule(on="employers")(wait)
    assert decisions.keys_read(made) == ["firing.speed"]
    assert decisions.columns_read(made) == ["`staff`"], "what is only written is not read"


def test_grades_are_counted_and_sources_named_that_are_more_than_assumptions() -> None:
    register = base_register()
    used = [register["notice.collective_small"], register["firing.speed"]]
    assert decisions.grades(used) == "A 1, D 1"
    assert decisions.sources(used).startswith("Directive 98/59/EC")
    assert decisions.sources(used).endswith("assumptions: 1 of 2")
    assert decisions.grades([]) == decisions.LAWS


def test_the_register_is_on_its_page_whole() -> None:
    page = (ROOT / "docs" / "assumptions.md").read_text(encoding="utf-8")
    used_by = readers(base_register())
    for key, one in base_register().items():
        line = next(line for line in page.splitlines() if line.startswith(f"| `{key}` |"))
        assert f"| {one.grade} |" in line, key
        assert ", ".join(used_by[key]) in line
    changed = page.replace("`firing.speed`", "`firing.haste`")
    from tests.docs.write_tables import with_tables

    assert with_tables(changed) != changed
    assert with_tables(page) == page


def test_validation_names_every_miss_of_the_checks() -> None:
    page = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    missed = [line for line in evidence_tables._checks() if line.missed_by > 0.0]
    assert missed
    for line in missed:
        assert line.verdict in page, line
        assert line.measure in page


def test_the_ladder_of_the_page_is_the_evidence_of_the_register() -> None:
    """The page says level 0 because inputs that matter most are assumptions; better grades make it untrue."""
    screening = (ROOT / "docs" / "experiments" / "what-matters.md").read_text(encoding="utf-8")
    keys = [line.split("`")[1] for line in screening.splitlines() if line.startswith("| `")][:5]
    grades = [found.grade for found in (base_register().get(key) for key in keys) if isinstance(found, Parameter)]
    assert grades.count("D") >= 4


class _Sweep:
    """Two arms of two draws, with levels that are easily reckoned."""

    def level(self, outcome: str, horizon: int, arm: str) -> object:
        del horizon
        base = {"posts_combustion": 90.0, "posts_electric": 10.0, "posts_automotive": 400.0}[outcome]
        change = 0.0 if arm == studies.STILL else {"posts_combustion": -40.0, "posts_electric": 15.0}.get(outcome, -8.0)
        return type("Pairs", (), {"numbers": np.array([base + change, base + change])})


def test_a_change_is_put_on_the_base_of_the_study() -> None:
    published = pd.read_csv(ROOT / "experiments" / "study-roads" / "published.csv").set_index("key")
    table = studies.compared({studies.BW: _Sweep(), studies.SPAIN: _Sweep()}, published)  # type: ignore[dict-item]
    net = table[table["published as"] == "bw"].iloc[0]
    assert net["model, %"] == pytest.approx(-25.0)
    assert net["model, jobs of the study"] == pytest.approx(-0.25 * 69_600)
    assert net["gap, jobs"] == pytest.approx(-0.25 * 69_600 + 31_200)
    gross = table[table["published as"] == "bw-gross"].iloc[0]
    assert gross["model, %"] == pytest.approx(-100 * 40 / 90, abs=0.01)
    spain = table[table["published as"] == "es-2030"].iloc[0]
    assert spain["study, jobs"] == 127_000 - 72_000
    assert spain["study, %"] == pytest.approx(100 * 55 / 72, abs=0.01)


def test_the_page_of_the_studies_says_what_the_table_says() -> None:
    table = pd.read_csv(ROOT / "docs" / "studies" / "compared.csv")
    early = table[(table["study"] == "es") & (table["year"] < 2035)]
    net = early[early["posts counted"].str.contains("electric")]
    assert (net["highest, %"] < 0).all()
    assert (net["study, %"] > 0).all(), "the page says: opposite signs in every arm and every draw"
    progressive = table[table["published as"] == "bw"].set_index("arm")["model, %"]
    steps = progressive.diff().abs().iloc[1:]
    assert steps.idxmax() == "bw-productivity", "the page says: productivity is the largest single term"
    assert (ROOT / "docs" / "studies" / "figure.png").is_file()
